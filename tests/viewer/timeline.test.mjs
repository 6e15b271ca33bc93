import assert from "node:assert/strict";
import { test } from "node:test";

import { between, countUpTo, flownRange, groupRows, placeAt } from "../../src/mantlet/analysis/viewer/timeline.js";

test("counting up to a time includes samples at that very time", () => {
  const times = [1, 2, 2, 5];
  assert.deepEqual([0, 1, 2, 4.9, 5, 9].map((t) => countUpTo(times, t)), [0, 1, 3, 3, 4, 4]);
});

test("counting stays inside the rows it is given", () => {
  assert.equal(countUpTo([1, 2, 3, 4], 99, 1, 3), 3);
  assert.equal(countUpTo([1, 2, 3, 4], 0, 1, 3), 1);
});

test("a moment between two samples lies on the straight line between them", () => {
  const times = [10, 11, 13];
  const place = placeAt(times, 0, 3, 12.5, 0);
  assert.ok(Math.abs(between([0, 100, 400], place) - 325) < 1e-9);
});

test("nothing is shown before the first sample or longer than held after the last", () => {
  const times = [10, 11];
  assert.equal(placeAt(times, 0, 2, 9.9, 5), -1);
  assert.equal(placeAt(times, 0, 2, 15.9, 5), 1);
  assert.equal(placeAt(times, 0, 2, 16.1, 5), -1);
  assert.equal(placeAt(times, 1, 1, 11, 5), -1);
});

test("an interceptor's way follows its table and ends where the table ends", () => {
  const ranges = [0, 2000, 6000];
  const times = [1, 5, 12];
  assert.deepEqual([0, 1, 3, 5, 8.5, 20].map((t) => flownRange(ranges, times, t)), [0, 0, 1000, 2000, 4000, 6000]);
});

test("rows are grouped by key in their order", () => {
  assert.deepEqual([...groupRows([7, 3, 7])], [[7, [0, 2]], [3, [1]]]);
});
