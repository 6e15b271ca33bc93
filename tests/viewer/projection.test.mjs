import assert from "node:assert/strict";
import { test } from "node:test";

import { AltitudeView, MapView, roundStep } from "../../src/mantlet/analysis/viewer/projection.js";

function mapOf(width = 800, height = 600) {
  const view = new MapView([-10000, -5000, 10000, 5000]);
  view.resize(width, height);
  return view;
}

test("all of the bounds are on screen at first, north up and east right", () => {
  const view = mapOf();
  const [left, bottom] = view.toScreen(-10000, -5000);
  const [right, top] = view.toScreen(10000, 5000);
  assert.ok(0 < left && left < right && right < 800);
  assert.ok(0 < top && top < bottom && bottom < 600);
});

test("zooming keeps the ground under the pointer where it is", () => {
  const view = mapOf();
  const before = view.toScreen(3000, 2000);
  view.zoom(3, ...before);
  const after = view.toScreen(3000, 2000);
  assert.ok(Math.hypot(after[0] - before[0], after[1] - before[1]) < 1e-9);
});

test("panning moves the ground with the pointer", () => {
  const view = mapOf();
  const before = view.toScreen(0, 0);
  view.pan(30, -20);
  const after = view.toScreen(0, 0);
  assert.ok(Math.abs(after[0] - before[0] - 30) < 1e-9 && Math.abs(after[1] - before[1] + 20) < 1e-9);
});

test("a view that was moved by hand stays so when the window changes size", () => {
  const view = mapOf();
  view.zoom(2, 400, 300);
  const scale = view.scale;
  view.resize(500, 900);
  assert.equal(view.scale, scale);
});

test("the altitude view puts the ground below and the highest flight inside", () => {
  const view = new AltitudeView([1, 0], [-5000, 5000], 8000);
  view.resize(600, 200);
  const m = view.matrix;
  const y = (height) => m[4] + m[7] * height;
  assert.ok(y(0) > y(8000) && y(8000) > 0 && y(0) < 200);
});

test("round steps are 1, 2 or 5 times a power of ten and not too many", () => {
  assert.deepEqual([[10, 5], [9, 4], [700, 3], [0.9, 3]].map(([span, most]) => roundStep(span, most)), [2, 5, 500, 0.5]);
});
