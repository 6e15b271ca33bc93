// The state of every zone at a moment, from the messages sent to it.

import { countUpTo, groupRows } from "./timeline.js";

export const QUIET = 0;
export const COUNTDOWN = 1;
export const SHELTER = 2;

const ALERT = 0;
const UPDATE = 1;

/** Messages of each zone in time order. */
export function messagesByZone(alerts) {
  return Array.from(groupRows(Array.from(alerts.zone)), ([zone, rows]) => ({
    zone,
    times: Float64Array.from(rows, (row) => alerts.time[row]),
    kinds: rows.map((row) => alerts.kind[row]),
    impacts: rows.map((row) => alerts.impact[row]),
  })).filter((entry) => entry.zone >= 0);
}

/**
 * What a zone has been told by `time`: counting down to the predicted impact, staying in shelter
 * after it until the all-clear, or nothing.
 */
export function zoneState(messages, time) {
  const row = countUpTo(messages.times, time) - 1;
  if (row < 0 || (messages.kinds[row] !== ALERT && messages.kinds[row] !== UPDATE)) {
    return { state: QUIET, left: 0 };
  }
  const left = messages.impacts[row] - time;
  return left > 0 ? { state: COUNTDOWN, left } : { state: SHELTER, left: 0 };
}

/** Zones under alert at `time`, those with least time left last, so that they are drawn on top. */
export function alertedZones(messages, time) {
  return messages
    .map((entry) => ({ zone: entry.zone, ...zoneState(entry, time) }))
    .filter((entry) => entry.state !== QUIET)
    .sort((a, b) => (a.state === b.state ? b.left - a.left : b.state - a.state));
}
