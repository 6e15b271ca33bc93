import assert from "node:assert/strict";
import { test } from "node:test";

import { roundStep } from "../../../src/mantlet/live/page/altitude.js";
import { clockText, utcText } from "../../../src/mantlet/live/page/dom.js";
import { contains, latitudeOf, mercatorRings, mercatorY, middleOf } from "../../../src/mantlet/live/page/geo.js";
import { openAlerts } from "../../../src/mantlet/live/page/ground.js";
import { KEYS, actionOf } from "../../../src/mantlet/live/page/keys.js";
import { streamAddress, waitBefore } from "../../../src/mantlet/live/page/link.js";
import { EventLog, isListed, subjectOf, wording } from "../../../src/mantlet/live/page/log.js";
import { wantedFrom } from "../../../src/mantlet/live/page/main.js";
import { Screen } from "../../../src/mantlet/live/page/painter.js";
import { Taken, textDirection } from "../../../src/mantlet/live/page/text.js";
import { nextSpeed, rebin } from "../../../src/mantlet/live/page/timebar.js";

const SQUARE = { type: "Polygon", coordinates: [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]], [[0.5, 0.5], [1, 0.5], [1, 1], [0.5, 1], [0.5, 0.5]]] };

test("latitude survives the way to the map's plane and back", () => {
  for (const lat of [-60, -29.95, 0, 32, 70]) assert.ok(Math.abs(latitudeOf(mercatorY(lat)) - lat) < 1e-10);
});

test("a point in a hole is outside, in any part of a multipolygon inside", () => {
  assert.equal(contains(SQUARE, 1.5, 1.5), true);
  assert.equal(contains(SQUARE, 0.7, 0.7), false);
  assert.equal(contains(SQUARE, 3, 1), false);
  assert.equal(contains({ type: "MultiPolygon", coordinates: [[[[5, 5], [6, 5], [6, 6], [5, 5]]], SQUARE.coordinates] }, 1.5, 1.5), true);
});

test("a zone's name stands in the middle of its largest ring", () => {
  const [x, y] = middleOf(mercatorRings({ type: "MultiPolygon", coordinates: [[[[8, 8], [8.1, 8], [8.1, 8.1], [8, 8]]], SQUARE.coordinates] }));
  assert.ok(Math.abs(x - 111319.49) < 1);
  assert.ok(y > 110000 && y < 112000);
});

test("pixels grow to the right and down", () => {
  const screen = new Screen(1000, 5000, 10, 800, 600);
  assert.deepEqual([screen.x(1500), screen.y(4000)], [50, 100]);
});

test("a zone with two alerts shows the one with least time left, the most urgent zone last", () => {
  const zones = { rows: 4, row: [3, 3, 7, 9], alert_id: [1, 2, 3, 4], seconds_left: [40, 12, 30, -5] };
  const open = openAlerts({ zones }, 2);
  assert.deepEqual(open.map(({ row, left, alert }) => [row, left, alert]), [[9, -7, 4], [7, 28, 3], [3, 10, 2]]);
});

test("Hebrew and Arabic names run from right to left, brackets and digits before them too", () => {
  assert.equal(textDirection("שדרות"), "rtl");
  assert.equal(textDirection("(12) غزة"), "rtl");
  assert.equal(textDirection("Old Town"), "ltr");
  assert.equal(textDirection("12 s"), "ltr");
});

test("no two words take the same place", () => {
  const taken = new Taken();
  assert.equal(taken.take([0, 0, 10, 10]), true);
  assert.equal(taken.take([5, 5, 15, 15]), false);
  assert.equal(taken.take([10, 0, 20, 10]), true);
});

test("speeds go up and down the list from any speed and stop at its ends", () => {
  assert.equal(nextSpeed(1, 1), 2);
  assert.equal(nextSpeed(3, -1), 2);
  assert.equal(nextSpeed(3600, 1), 3600);
  assert.equal(nextSpeed(0.1, -1), 0.25);
});

test("the density keeps every count when bins are gathered", () => {
  const density = { start_s: 0, step_s: 1, shots: Array.from({ length: 300 }, (_, at) => at % 3) };
  const bins = rebin(density, "shots", 0, 300, 17);
  assert.equal(bins.length, 17);
  assert.equal(bins.reduce((sum, count) => sum + count), 300);
  assert.equal(rebin(density, "hits", 0, 300, 4).reduce((sum, count) => sum + count), 0);
});

test("clock texts say minutes, hours and days", () => {
  assert.deepEqual([5, 65, 3700, 95000].map(clockText), ["0:05", "1:05", "1:01:40", "1d 02:23:20"]);
  assert.equal(utcText("2030-06-01T09:00:00Z", 3661), "2030-06-01 10:01:01 UTC");
});

test("axis steps are 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([roundStep(7200, 4), roundStep(900, 9), roundStep(35000, 5)], [2000, 100, 10000]);
});

test("every event has an object that explains it, and words", () => {
  const events = [
    { kind: "alert", alert_id: 4, name: "Hafen", lead_s: 40 }, { kind: "shot", shot_id: 2, battery: "b1", track_id: 7 },
    { kind: "observed", shot_id: 2, observed: "miss", track_id: 7 }, { kind: "decision", track_id: 7, verdict: "engage" },
    { kind: "outcome", threat_id: 9, fate: "sea" },
  ];
  assert.deepEqual(events.map(subjectOf), ["alert:4", "interceptor:2", "interceptor:2", "track:7", "threat:9"]);
  for (const event of events) assert.ok((wording(event).before ?? wording(event).after).length > 3);
  assert.equal(wording({ kind: "update", lead_s: -3 }).after, " updated");
});

test("what only the truth knows is listed only with the truth shown", () => {
  assert.equal(isListed({ kind: "outcome" }, false), false);
  assert.equal(isListed({ kind: "outcome" }, true), true);
  assert.equal(isListed({ kind: "launch", class: "debris" }, true), false);
  assert.equal(isListed({ kind: "alert" }, false), true);
});

test("after a seek the log starts anew and rings no alert", () => {
  const log = new EventLog();
  const alert = { kind: "alert", time_s: 1, alert_id: 1 };
  assert.equal(log.take({ events: [alert], reset: false }).length, 1);
  const hit = { kind: "observed", observed: "hit", time_s: 0.5, lon: 1, lat: 2, height_m: 3 };
  assert.equal(log.take({ events: [hit, alert], reset: true }).length, 0);
  assert.equal(log.events.length, 2);
  assert.deepEqual(log.marks.map(({ what, time, height }) => [what, time, height]), [["observed hit", 0.5, 3]]);
});

test("a lost connection is tried again ever more slowly, at the time last shown", () => {
  assert.deepEqual([0, 1, 2, 9].map(waitBefore), [400, 800, 1600, 5000]);
  const address = streamAddress({ protocol: "http:", host: "x:1" }, ["a", "b"], 12.5, true);
  assert.equal(address, "ws://x:1/api/stream?run=a&run=b&time_s=12.5&play=1");
  assert.equal(streamAddress({ protocol: "https:", host: "x" }, ["a"], null, false), "wss://x/api/stream?run=a");
});

test("keys act unless they belong to what is focused", () => {
  const free = { typing: false, onButton: false, onMap: false, onSlider: false };
  assert.equal(actionOf({ key: " " }, free), "play");
  assert.equal(actionOf({ key: " " }, { ...free, onButton: true }), null);
  assert.equal(actionOf({ key: "ArrowLeft" }, { ...free, onMap: true }), null);
  assert.equal(actionOf({ key: "N" }, free), "jump-next");
  assert.equal(actionOf({ key: "n" }, { ...free, typing: true }), null);
  assert.equal(actionOf({ key: "l", ctrlKey: true }, free), null);
  assert.equal(new Set(KEYS.map(([key]) => key)).size, KEYS.length);
});

test("the address says what to show", () => {
  assert.deepEqual(wantedFrom("#run=a&beside=b"), { run: "a", beside: "b", edit: null });
  assert.equal(wantedFrom("#edit=").edit, "");
});
