import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { FLAGS, readFrame, writeFrame } from "../../../src/mantlet/live/page/wire.js";

const track = (id, lon = 35, lat = 32) => [id, lon, lat, 900, 10, -20, 30, 1, 50, 20, 0.5, 34.9, 31.9, 12.5, 300, 100, 0.2, -1, 7, 0.25];

test("a frame comes back column by column as it was written", () => {
  const frame = readFrame(writeFrame({
    sequence: 9, time_s: 12.25, source: 1, flags: FLAGS.playing | FLAGS.truth, speed: 4,
    tracks: [track(5), track(6, 36)], zones: [[3, 8, 21.5, 0.5]], plots: [[35, 32, 100, 77]],
  }));
  assert.deepEqual([frame.sequence, frame.time_s, frame.source, frame.flags, frame.speed], [9, 12.25, 1, 9, 4]);
  assert.deepEqual([...frame.tracks.id], [5, 6]);
  assert.deepEqual([...frame.tracks.lon], [35, 36]);
  assert.deepEqual([...frame.tracks.engagement], [7, 7]);
  assert.deepEqual([frame.zones.row[0], frame.zones.seconds_left[0]], [3, 21.5]);
  assert.equal(frame.plots.plot_id[0], 77);
  assert.equal(frame.truth.rows, 0);
});

test("what is no whole frame is refused in words", () => {
  assert.throws(() => readFrame(new ArrayBuffer(20)), /cut short/);
  assert.throws(() => readFrame(new ArrayBuffer(64)), /no frame/);
  assert.throws(() => readFrame(writeFrame({ tracks: [track(1)] }).slice(0, -4)), /wrong length/);
});

if (process.env.MANTLET_FRAME) {
  test("the page reads what the server packs", () => {
    const { frame, expected } = JSON.parse(readFileSync(process.env.MANTLET_FRAME, "utf8"));
    const bytes = Buffer.from(frame, "base64");
    const read = readFrame(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    assert.deepEqual([read.time_s, read.sequence, read.source, read.flags, read.speed], expected.header);
    for (const [block, columns] of Object.entries(expected.blocks)) {
      for (const [column, values] of Object.entries(columns)) assert.deepEqual(Array.from(read[block][column]), values, `${block}.${column}`);
    }
  });
}
