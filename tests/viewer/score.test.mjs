import assert from "node:assert/strict";
import { test } from "node:test";

import { prepareScore, scoreAt } from "../../src/mantlet/analysis/viewer/score.js";

const [ROCKET, DEBRIS] = [0, 3];
const [STOPPED, ZONE, OPEN] = [0, 1, 2];
const tables = {
  threats: {
    id: [0, 1, 2, 3],
    kind: [ROCKET, ROCKET, ROCKET, DEBRIS],
    launch: [1, 2, 3, 20],
    end: [20, 30, 40, 45],
    fate: [STOPPED, ZONE, OPEN, ZONE],
    threatening: [1, 1, 0, 1],
  },
  shots: { track: [7, 7, 8], launch: [10, 15, 12] },
  alerts: { zone: [2, 0, 0, 1, 0], kind: [0, 0, 1, 0, 3], time: [-9, 5, 6, 8, 50] },
  zones: { people: [100, 40, 7] },
};
const moments = prepareScore(tables);

test("before anything happens every count is zero and there is no rate", () => {
  const score = scoreAt(moments, 0);
  assert.equal(score.rate, null);
  assert.equal(score.launched + score.shots + score.people + score.flying, 0);
});

test("a track fired at twice is one engagement and two shots", () => {
  const score = scoreAt(moments, 16);
  assert.deepEqual([score.engaged, score.shots], [2, 3]);
});

test("a zone alerted twice counts its people once", () => {
  assert.equal(scoreAt(moments, 7).people, 100);
  assert.equal(scoreAt(moments, 100).people, 140);
});

test("an alert from before the replay is not counted again", () => {
  assert.equal(scoreAt(moments, 4).people, 0);
});

test("debris is neither launched nor a hit", () => {
  const score = scoreAt(moments, 100);
  assert.deepEqual([score.launched, score.intercepted, score.hits, score.elsewhere], [3, 1, 1, 1]);
});

test("launched is always in the air, stopped, in a zone or elsewhere", () => {
  for (let time = 0; time < 60; time += 0.5) {
    const s = scoreAt(moments, time);
    assert.equal(s.launched, s.flying + s.intercepted + s.hits + s.elsewhere);
  }
});

test("the rate is of threatening flights whose fate is known", () => {
  assert.equal(scoreAt(moments, 20).rate, 1);
  assert.equal(scoreAt(moments, 41).rate, 0.5);
});
