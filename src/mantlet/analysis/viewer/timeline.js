// Looking things up by time. Everything on screen is a function of the time alone, so the slider,
// playing backwards and looping need no state.

/** How many of the ascending `times[from..to)` are at or before `time`, counted from 0. */
export function countUpTo(times, time, from = 0, to = times.length) {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Where `time` falls among the ascending samples [from, to): a row with a fraction, to be used with
 * `between`. After the last sample it stays there for `hold` seconds; elsewhere -1.
 */
export function placeAt(times, from, to, time, hold) {
  if (to <= from || time < times[from] || time > times[to - 1] + hold) return -1;
  const row = countUpTo(times, time, from, to) - 1;
  if (row + 1 >= to) return row;
  return row + (time - times[row]) / (times[row + 1] - times[row]);
}

/** A column's value at a fractional row, on the straight line between its neighbours. */
export function between(column, place) {
  const row = Math.floor(place);
  const share = place - row;
  return share === 0 ? column[row] : column[row] + (column[row + 1] - column[row]) * share;
}

/** Distance covered after `elapsed` seconds, from a table of distances and times. */
export function flownRange(ranges, times, elapsed) {
  if (elapsed <= times[0]) return ranges[0];
  const row = countUpTo(times, elapsed);
  if (row >= times.length) return ranges[ranges.length - 1];
  const share = (elapsed - times[row - 1]) / (times[row] - times[row - 1]);
  return ranges[row - 1] + (ranges[row] - ranges[row - 1]) * share;
}

/** Rows of `keys` grouped by value, each group in row order. */
export function groupRows(keys) {
  const groups = new Map();
  keys.forEach((key, row) => {
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  });
  return groups;
}
