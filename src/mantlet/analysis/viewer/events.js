// What happened, as lines of text: the event list and the density behind the slider.

import { DEBRIS, FATES } from "./score.js";

const SEEN = ["", "hit", "miss", "unknown"];
const KINDS = ["rocket", "shell", "mortar bomb", "debris"];

/** Minutes and seconds, with tenths only if asked. */
export function clockText(seconds) {
  const whole = Math.floor(Math.abs(seconds) + 1e-6);
  const hours = Math.floor(whole / 3600);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (hours) parts.unshift(hours);
  const sign = seconds < 0 ? "-" : "";
  return sign + parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Alerts decided at the same moment make one line. */
function alertEvents({ alerts, facts }) {
  const together = new Map();
  alerts.time.forEach((time, row) => {
    if (alerts.kind[row] !== 0 || alerts.zone[row] < 0) return;
    const key = time.toFixed(2);
    if (!together.has(key)) together.set(key, { time, names: [], least: Infinity });
    const group = together.get(key);
    group.names.push(facts.zoneNames[alerts.zone[row]]);
    group.least = Math.min(group.least, alerts.impact[row] - time);
  });
  return Array.from(together.values(), ({ time, names, least }) => ({
    time,
    kind: "alert",
    names: names.slice(0, 3),
    text: `${names.length > 3 ? ` and ${names.length - 3} more` : ""} alerted, ${Math.max(Math.round(least), 0)} s to impact`,
  }));
}

function shotEvents({ shots, facts }) {
  const events = [];
  shots.launch.forEach((time, row) => {
    const from = facts.batteries[shots.battery[row]]?.id ?? "?";
    const again = shots.wave[row] > 0 ? ` (shot ${shots.wave[row] + 1})` : "";
    events.push({ time, kind: "shot", text: `${from} fires at track ${shots.track[row]}${again}` });
    const seen = SEEN[shots.seenAs[row]];
    const honest = seen === (shots.kill[row] ? "hit" : "miss");
    if (seen && !honest) {
      const truth = shots.kill[row] ? "a hit" : "a miss";
      const text = `shot at track ${shots.track[row]} assessed: ${seen}, in truth ${truth}`;
      events.push({ time: shots.seenAt[row], kind: "doubt", text });
    }
  });
  return events;
}

function fateEvents({ threats, facts }) {
  const events = [];
  threats.end.forEach((time, row) => {
    if (threats.kind[row] === DEBRIS) return;
    const what = KINDS[threats.kind[row]] ?? "object";
    const zone = facts.zoneNames[threats.zone[row]];
    const fate = threats.fate[row];
    if (fate === FATES.intercepted) {
      events.push({ time, kind: "kill", text: `${what} intercepted in mid-air` });
    } else if (fate === FATES.zone) {
      events.push({ time, kind: "hit", text: `${what} hits `, after: true, names: zone ? [zone] : [] });
    } else if (fate <= FATES.short) {
      const where = { [FATES.open]: "open ground", [FATES.sea]: "the sea", [FATES.short]: "short" }[fate];
      const verb = fate === FATES.short ? "falls" : "falls into";
      events.push({ time, kind: "open", text: `${what} ${verb} ${where}` });
    }
  });
  return events;
}

/** All events inside the replay, in time order. */
export function listEvents(model) {
  return [...alertEvents(model), ...shotEvents(model), ...fateEvents(model)]
    .filter((event) => event.time >= 0 && event.time <= model.facts.duration)
    .sort((a, b) => a.time - b.time);
}

/** How many events of each kind fall into each of `bins` equal parts of the replay. */
export function eventDensity(events, duration, bins) {
  const counts = {};
  for (const { kind, time } of events) {
    counts[kind] ??= new Uint16Array(bins);
    counts[kind][Math.min(Math.floor((time / duration) * bins), bins - 1)] += 1;
  }
  return counts;
}
