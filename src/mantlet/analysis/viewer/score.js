// The running score: counts up to a moment, from the whole tables, never from what is drawn.

import { countUpTo } from "./timeline.js";

export const DEBRIS = 3;
export const FATES = { intercepted: 0, zone: 1, open: 2, sea: 3, short: 4 };

function sorted(values) {
  return Float64Array.from(values).sort();
}

function timesWhere(count, test, time) {
  const times = [];
  for (let row = 0; row < count; row += 1) if (test(row)) times.push(time[row]);
  return sorted(times);
}

/** Time of the first row of each key. */
function firstTimes(keys, times) {
  const first = new Map();
  keys.forEach((key, row) => {
    if (!first.has(key) || times[row] < first.get(key)) first.set(key, times[row]);
  });
  return first;
}

/** People in the zones alerted during the replay, each zone counted once: running totals. */
function peopleAlerted(alerts, people) {
  const counts = (row) => alerts.kind[row] <= 1 && alerts.time[row] >= 0;
  const warned = Array.from(alerts.zone.keys()).filter(counts);
  const first = firstTimes(
    warned.map((row) => alerts.zone[row]),
    warned.map((row) => alerts.time[row]),
  );
  const steps = Array.from(first, ([zone, time]) => [time, people[zone] ?? 0]);
  steps.sort((a, b) => a[0] - b[0]);
  let total = 0;
  return {
    times: Float64Array.from(steps, (step) => step[0]),
    totals: steps.map((step) => (total += step[1])),
  };
}

/** Everything the score counts, as sorted moments. */
export function prepareScore({ threats, shots, alerts, zones }) {
  const count = threats.id.length;
  const own = (row) => threats.kind[row] !== DEBRIS;
  const fate = (...codes) => (row) => own(row) && codes.includes(threats.fate[row]);
  const threatening = (row) => own(row) && threats.threatening[row] === 1;
  const { intercepted, zone, open, sea, short } = FATES;
  return {
    launched: timesWhere(count, own, threats.launch),
    ended: timesWhere(count, own, threats.end),
    intercepted: timesWhere(count, fate(intercepted), threats.end),
    hits: timesWhere(count, fate(zone), threats.end),
    elsewhere: timesWhere(count, fate(open, sea, short), threats.end),
    threateningEnded: timesWhere(count, threatening, threats.end),
    threateningStopped: timesWhere(
      count,
      (row) => threatening(row) && threats.fate[row] === intercepted,
      threats.end,
    ),
    shots: sorted(shots.launch),
    engaged: sorted(firstTimes(shots.track, shots.launch).values()),
    people: peopleAlerted(alerts, zones.people),
  };
}

/** The score at a moment. */
export function scoreAt(moments, time) {
  const count = (name) => countUpTo(moments[name], time);
  const warned = countUpTo(moments.people.times, time);
  const threatening = count("threateningEnded");
  return {
    launched: count("launched"),
    flying: count("launched") - count("ended"),
    engaged: count("engaged"),
    shots: count("shots"),
    intercepted: count("intercepted"),
    hits: count("hits"),
    elsewhere: count("elsewhere"),
    people: warned > 0 ? moments.people.totals[warned - 1] : 0,
    threatening,
    stopped: count("threateningStopped"),
    rate: threatening > 0 ? count("threateningStopped") / threatening : null,
  };
}
