// What moves: the latest frame carried on by its velocities, and the ways tracks have come.

import { mercatorX, mercatorY, stretch } from "./geo.js";
import { FLAGS } from "./wire.js";

const TRAIL_S = 40;
const TRAIL_POINTS = 40;
const LONGEST_AHEAD_S = 1.5;

/** A ring of past places of one track. */
class Trail {
  constructor() {
    this.time = new Float64Array(TRAIL_POINTS);
    this.x = new Float64Array(TRAIL_POINTS);
    this.y = new Float64Array(TRAIL_POINTS);
    this.height = new Float32Array(TRAIL_POINTS);
    this.count = 0;
    this.seen = 0;
  }

  /** Slot of the n-th newest point, 0 the newest. */
  slot(age) {
    return (this.count - 1 - age + TRAIL_POINTS) % TRAIL_POINTS;
  }

  get length() {
    return Math.min(this.count, TRAIL_POINTS);
  }

  add(time, x, y, height) {
    if (this.count && time - this.time[this.slot(0)] < TRAIL_S / TRAIL_POINTS) return;
    const slot = this.count % TRAIL_POINTS;
    this.time[slot] = time;
    this.x[slot] = x;
    this.y[slot] = y;
    this.height[slot] = height;
    this.count += 1;
  }
}

/** Mercator places and speeds of a block's objects, worked out once a frame. */
function place(block) {
  const { rows } = block;
  const placed = { x: new Float64Array(rows), y: new Float64Array(rows), vx: new Float64Array(rows), vy: new Float64Array(rows) };
  for (let row = 0; row < rows; row += 1) {
    const scale = stretch(block.lat[row]);
    placed.x[row] = mercatorX(block.lon[row]);
    placed.y[row] = mercatorY(block.lat[row]);
    placed.vx[row] = (block.ve[row] || 0) * scale;
    placed.vy[row] = (block.vn[row] || 0) * scale;
  }
  return Object.assign(block, placed);
}

export class Sky {
  constructor() {
    /** @type {import("./wire.js").Frame | null} */
    this.frame = null;
    this.trails = new Map();
    this.receivedMs = 0;
  }

  /** Take in a frame received at `nowMs` of the page's clock. */
  take(frame, nowMs) {
    for (const name of ["tracks", "interceptors", "truth"]) place(frame[name]);
    if (frame.flags & FLAGS.discontinuity || (this.frame && frame.time_s < this.frame.time_s)) this.trails.clear();
    this.frame = frame;
    this.receivedMs = nowMs;
    this.lengthenTrails(frame);
  }

  lengthenTrails({ tracks, time_s, sequence }) {
    for (let row = 0; row < tracks.rows; row += 1) {
      const id = tracks.id[row];
      let trail = this.trails.get(id);
      if (!trail) this.trails.set(id, (trail = new Trail()));
      trail.seen = sequence;
      trail.add(time_s, tracks.x[row], tracks.y[row], tracks.height_m[row]);
    }
    if (this.trails.size === tracks.rows) return;
    for (const [id, trail] of this.trails) if (trail.seen !== sequence) this.trails.delete(id);
  }

  /** Put the ways that tracks had come by `time_s` before what has been seen since. */
  recall(trails, time_s) {
    if (!this.frame || this.frame.time_s < time_s) return;
    for (const [id, points] of Object.entries(trails)) {
      const seen = this.trails.get(Number(id));
      if (!seen) continue;
      const whole = new Trail();
      whole.seen = seen.seen;
      for (const [time, lon, lat, height] of points) if (time < time_s) whole.add(time, mercatorX(lon), mercatorY(lat), height);
      for (let age = seen.length - 1; age >= 0; age -= 1) {
        const slot = seen.slot(age);
        whole.add(seen.time[slot], seen.x[slot], seen.y[slot], seen.height[slot]);
      }
      this.trails.set(Number(id), whole);
    }
  }

  /** Run seconds since the frame, at most what velocities carry. */
  ahead(nowMs) {
    const { frame } = this;
    if (!frame || !(frame.flags & FLAGS.playing)) return 0;
    return Math.min(((nowMs - this.receivedMs) / 1000) * frame.speed, LONGEST_AHEAD_S, Math.max(0.4 * frame.speed, 0.2));
  }

  /** The run time shown. */
  time(nowMs) {
    return this.frame ? this.frame.time_s + this.ahead(nowMs) : 0;
  }
}
