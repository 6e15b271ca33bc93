import assert from "node:assert/strict";
import { test } from "node:test";

import { clockText, eventDensity, listEvents } from "../../src/mantlet/analysis/viewer/events.js";
import { textDirection } from "../../src/mantlet/analysis/viewer/glyphs.js";
import { Taken } from "../../src/mantlet/analysis/viewer/labels.js";

const model = {
  facts: { duration: 100, zoneNames: ["A", "B", "C", "D"], batteries: [{ id: "b1" }] },
  alerts: { time: [5, 5, 5, 5, 7], kind: [0, 0, 0, 0, 1], zone: [0, 1, 2, 3, 0], impact: [50, 40, 45, 60, 50] },
  shots: { launch: [10, 12], battery: [0, 0], track: [4, 4], wave: [0, 1], kill: [0, 1], seenAs: [1, 1], seenAt: [20, 30] },
  threats: { end: [35, 60, 300], kind: [0, 2, 0], zone: [-1, 1, -1], fate: [0, 1, 2] },
};
const events = listEvents(model);

test("alerts of one moment make one line with the least time to impact", () => {
  const alerts = events.filter((event) => event.kind === "alert");
  assert.equal(alerts.length, 1);
  assert.deepEqual(alerts[0].names, ["A", "B", "C"]);
  assert.equal(alerts[0].text, " and 1 more alerted, 35 s to impact");
});

test("an observation that erred is an event, one that was right is not", () => {
  const doubts = events.filter((event) => event.kind === "doubt");
  assert.deepEqual(doubts.map((event) => [event.time, event.text]), [[20, "shot at track 4 assessed: hit, in truth a miss"]]);
});

test("events are in time order and inside the replay", () => {
  const times = events.map((event) => event.time);
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
  assert.ok(Math.max(...times) <= 100);
});

test("the density counts every event once", () => {
  const counts = eventDensity(events, 100, 10);
  const total = Object.values(counts).flatMap((bins) => [...bins]).reduce((a, b) => a + b, 0);
  assert.equal(total, events.length);
});

test("times read as minutes and seconds", () => {
  assert.deepEqual([0, 61.9, 3723, -5].map(clockText), ["00:00", "01:01", "01:02:03", "-00:05"]);
});

test("a name's direction is that of its first letter", () => {
  assert.deepEqual(
    ["Harbour", "(2) נמל", "المرفأ", "12", "Яр (א)"].map(textDirection),
    ["ltr", "rtl", "rtl", "ltr", "ltr"],
  );
});

test("two words never share a place", () => {
  const taken = new Taken();
  assert.ok(taken.take([0, 0, 10, 10]));
  assert.ok(!taken.take([9, 9, 20, 20]));
  assert.ok(taken.take([10, 0, 20, 9]));
});
