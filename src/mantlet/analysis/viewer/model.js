// The replay's tables, indexed for drawing.

import { countUpTo, groupRows } from "./timeline.js";
import { DEBRIS, prepareScore } from "./score.js";
import { messagesByZone } from "./warnings.js";

/** Distances along an axis that hold all true positions and the sites, with a margin. */
function extentAlong(axis, states, sites) {
  let low = Infinity;
  let high = -Infinity;
  const take = (x, y) => {
    const along = x * axis[0] + y * axis[1];
    low = Math.min(low, along);
    high = Math.max(high, along);
  };
  for (let row = 0; row < states.x.length; row += 1) take(states.x[row], states.y[row]);
  sites.forEach((site) => take(site.x, site.y));
  if (!(high > low)) [low, high] = [-5000, 5000];
  const margin = 0.03 * (high - low);
  return [low - margin, high + margin];
}

function highest(...columns) {
  let top = 1000;
  for (const column of columns) for (const value of column) if (value > top) top = value;
  return top;
}

/** Magazine changes of each battery: moments and what was left. */
function loadsByBattery(magazines, count) {
  const rows = groupRows(Array.from(magazines.battery));
  return Array.from({ length: count }, (_, battery) => {
    const mine = (rows.get(battery) ?? []).sort((a, b) => magazines.time[a] - magazines.time[b]);
    return {
      times: Float64Array.from(mine, (row) => magazines.time[row]),
      left: mine.map((row) => magazines.left[row]),
    };
  });
}

export function loadAt(loads, time) {
  return loads.left[Math.max(countUpTo(loads.times, time) - 1, 0)] ?? 0;
}

/** When each track was first fired at, by row of `tracks`; Infinity if never. */
function engagedSince(tracks, shots) {
  const rows = new Map(Array.from(tracks.id, (id, row) => [id, row]));
  const since = new Float64Array(tracks.id.length).fill(Infinity);
  shots.track.forEach((id, shot) => {
    const row = rows.get(id);
    if (row !== undefined) since[row] = Math.min(since[row], shots.launch[shot]);
  });
  return since;
}

export function buildModel(facts, tables) {
  const { threats, states, shots, zones } = tables;
  const sites = [...facts.radars, ...facts.batteries];
  return {
    facts,
    ...tables,
    messages: messagesByZone(tables.alerts),
    score: prepareScore(tables),
    loads: loadsByBattery(tables.magazines, facts.batteries.length),
    engaged: engagedSince(tables.tracks, shots),
    along: extentAlong(facts.axis, states, sites),
    top: highest(states.height, shots.height) * 1.08,
    pieces: Array.from(threats.id.keys()).filter((row) => threats.kind[row] === DEBRIS),
    flights: Array.from(threats.id.keys()).filter((row) => threats.kind[row] !== DEBRIS),
    byPeople: Array.from(zones.people.keys()).sort((a, b) => zones.people[b] - zones.people[a]),
  };
}
