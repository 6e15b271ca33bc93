import assert from "node:assert/strict";
import { test } from "node:test";

import { longitudeOf, latitudeOf } from "../../../src/mantlet/live/page/geo.js";
import { Sky } from "../../../src/mantlet/live/page/sky.js";
import { FLAGS, readFrame, writeFrame } from "../../../src/mantlet/live/page/wire.js";

const track = (id, lon, ve = 0) => [id, lon, 32, 900, ve, 0, 0, 1, 50, 20, 0, 35, 32, 10, 300, 100, 0, 0, 7, 0];
let sequence = 0;
const frame = (time_s, tracks, flags = FLAGS.playing, speed = 1) => readFrame(writeFrame({ sequence: (sequence += 1), time_s, tracks, flags, speed }));

test("between frames an object goes on by its velocity", () => {
  const sky = new Sky();
  sky.take(frame(10, [track(1, 35, 100)]), 5000);
  const ahead = sky.ahead(5100);
  assert.ok(Math.abs(ahead - 0.1) < 1e-9);
  const { x, vx, y } = sky.frame.tracks;
  const metres = (longitudeOf(x[0] + vx[0] * ahead) - 35) * 111320 * Math.cos((32 * Math.PI) / 180);
  assert.ok(Math.abs(metres - 10) < 0.1, `${metres} m`);
  assert.ok(Math.abs(latitudeOf(y[0]) - 32) < 1e-6);
});

test("a paused sky stands still, and no velocity carries longer than 1.5 s", () => {
  const sky = new Sky();
  sky.take(frame(10, [track(1, 35, 100)], 0), 0);
  assert.equal(sky.ahead(60000), 0);
  sky.take(frame(11, [track(1, 35, 100)], FLAGS.playing, 3600), 0);
  assert.equal(sky.ahead(60000), 1.5);
});

test("trails grow by the second of the run, not by the frame", () => {
  const sky = new Sky();
  for (let tick = 0; tick <= 50; tick += 1) sky.take(frame(tick / 10, [track(1, 35 + tick / 1000)]), tick);
  assert.equal(sky.trails.get(1).length, 6);
  assert.equal(sky.trails.get(1).time[sky.trails.get(1).slot(0)], 5);
});

test("a jump in time drops trails, and so does the end of a track", () => {
  const sky = new Sky();
  sky.take(frame(1, [track(1, 35), track(2, 36)]), 0);
  sky.take(frame(2, [track(1, 35)]), 0);
  assert.deepEqual([...sky.trails.keys()], [1]);
  sky.take(frame(50, [track(1, 35)], FLAGS.discontinuity), 0);
  assert.equal(sky.trails.get(1).length, 1);
});

test("after a jump the trails asked for come before what has been seen since", () => {
  const sky = new Sky();
  sky.take(frame(100, [track(1, 35), track(2, 36)], FLAGS.playing | FLAGS.discontinuity), 0);
  sky.take(frame(101, [track(1, 35.001), track(2, 36)]), 1000);
  sky.recall({ 1: [[96, 34.996, 32, 700], [98, 34.998, 32, 800], [100, 35, 32, 900]], 9: [[98, 1, 1, 1]] }, 100);
  const trail = sky.trails.get(1);
  const times = Array.from({ length: trail.length }, (_, age) => trail.time[trail.slot(age)]);
  assert.deepEqual(times, [101, 100, 98, 96]);
  assert.ok(Math.abs(longitudeOf(trail.x[trail.slot(3)]) - 34.996) < 1e-9);
  assert.equal(sky.trails.has(9), false);
  assert.equal(sky.trails.get(2).length, 2);
});
