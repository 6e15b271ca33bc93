import assert from "node:assert/strict";
import { test } from "node:test";

import {
  COUNTDOWN, QUIET, SHELTER, alertedZones, messagesByZone, zoneState,
} from "../../src/mantlet/analysis/viewer/warnings.js";

const [ALERT, UPDATE, CANCEL, CLEAR] = [0, 1, 2, 3];
const alerts = {
  zone: [0, 1, 0, 1, 0],
  time: [10, 12, 15, 20, 90],
  kind: [ALERT, ALERT, UPDATE, CANCEL, CLEAR],
  impact: [40, 50, 35, 50, 35],
};
const messages = messagesByZone(alerts);
const of = (zone) => messages.find((entry) => entry.zone === zone);

test("an alerted zone counts down to the impact of its latest message", () => {
  assert.deepEqual(zoneState(of(0), 12), { state: COUNTDOWN, left: 28 });
  assert.deepEqual(zoneState(of(0), 16), { state: COUNTDOWN, left: 19 });
});

test("after the predicted impact a zone shelters until the all-clear", () => {
  assert.equal(zoneState(of(0), 36).state, SHELTER);
  assert.equal(zoneState(of(0), 89.9).state, SHELTER);
  assert.equal(zoneState(of(0), 90).state, QUIET);
});

test("a cancelled alert is over at once, and before the first message there is none", () => {
  assert.equal(zoneState(of(1), 20).state, QUIET);
  assert.equal(zoneState(of(1), 11.9).state, QUIET);
});

test("the zone with least time left is drawn last, on top", () => {
  assert.deepEqual(alertedZones(messages, 16).map((entry) => entry.zone), [1, 0]);
});
