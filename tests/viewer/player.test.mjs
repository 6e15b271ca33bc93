import assert from "node:assert/strict";
import { test } from "node:test";

import { Player, fittingSpeed } from "../../src/mantlet/analysis/viewer/player.js";

test("time runs at the chosen speed, and only while playing", () => {
  const player = new Player(100, 4);
  player.advance(1);
  assert.equal(player.time, 0);
  player.toggle();
  player.advance(2);
  assert.equal(player.time, 8);
});

test("at the end it starts over, or stops there when not looping", () => {
  const player = new Player(10, 1);
  player.toggle();
  player.advance(11);
  assert.deepEqual([player.time, player.playing], [0, true]);
  player.loop = false;
  player.advance(11);
  assert.deepEqual([player.time, player.playing], [10, false]);
  player.toggle();
  assert.deepEqual([player.time, player.playing], [0, true]);
});

test("seeking stays inside the replay and the speed inside its list", () => {
  const player = new Player(10, 1);
  player.seek(-5);
  assert.equal(player.time, 0);
  player.seek(50);
  assert.equal(player.time, 10);
  player.shift(-1);
  assert.equal(player.speed, 1);
  for (let step = 0; step < 9; step += 1) player.shift(1);
  assert.equal(player.speed, 32);
});

test("a replay takes between one and two and a half minutes at first, short ones real time", () => {
  assert.equal(fittingSpeed(40), 1);
  for (const duration of [90, 177, 290, 300, 900, 1200]) {
    const seconds = duration / fittingSpeed(duration);
    assert.ok(seconds >= 60 && seconds <= 150, `${duration} s take ${seconds} s`);
  }
});
