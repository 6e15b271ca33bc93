// Height against time: where each track has been, is, and comes down.

import { diamondPath, ringPath, trianglePath } from "./glyphs.js";
import { COLOURS } from "./palette.js";
import { drawMarks, strokePath } from "./painter.js";
import { drawText } from "./text.js";

const PAST_S = 60;
const COMING_S = 60;
const LEFT = 40;
const BOTTOM = 20;
const STEPS = [1, 2, 5];

/** A round step, at most `parts` of them in `span`. */
export function roundStep(span, parts) {
  const least = span / Math.max(parts, 1);
  const power = 10 ** Math.floor(Math.log10(least));
  return (STEPS.find((step) => step * power >= least) ?? 10) * power;
}

export class AltitudeView {
  constructor() {
    this.top = 2000;
  }

  /** Pixels of times and heights; the ceiling follows what flies, slowly down and at once up. */
  scale(width, height, now, highest) {
    this.top = Math.max(highest * 1.15, this.top * 0.995, 1000);
    const ground = height - BOTTOM;
    const perSecond = (width - LEFT) / (PAST_S + COMING_S);
    return {
      ground, width, height, now, top: this.top,
      x: (time) => LEFT + (time - now + PAST_S) * perSecond,
      y: (metres) => ground - (metres / this.top) * (ground - 8),
      sees: (x, y) => x >= LEFT && x <= width && y > -20 && y <= height,
    };
  }

  draw(ctx, width, height, { sky, marks, ahead, speed, selected }) {
    ctx.clearRect(0, 0, width, height);
    if (!sky.frame) return;
    const { tracks, interceptors } = sky.frame;
    const now = sky.frame.time_s + ahead;
    let highest = 0;
    for (const block of [tracks, interceptors]) for (let row = 0; row < block.rows; row += 1) highest = Math.max(highest, block.height_m[row]);
    const scale = this.scale(width, height, now, highest);
    drawAxes(ctx, scale);
    ctx.save();
    ctx.beginPath();
    ctx.rect(LEFT, 0, width - LEFT, height - BOTTOM + 5);
    ctx.clip();
    drawWays(ctx, scale, sky, ahead);
    drawHeads(ctx, scale, sky, ahead, selected);
    drawMarks(ctx, scale, marks, now, speed, (mark) => [scale.x(mark.time), scale.y(mark.height)]);
    ctx.restore();
  }
}

function drawAxes(ctx, scale) {
  const { ground, width, height, top, now } = scale;
  const lines = new Path2D();
  const step = roundStep(top, Math.max(2, Math.floor(ground / 30)));
  for (let metres = 0; metres <= top; metres += step) {
    lines.moveTo(LEFT, scale.y(metres));
    lines.lineTo(width, scale.y(metres));
    drawText(ctx, String(metres / 1000), LEFT - 6, scale.y(metres) + 4, { size: 11, colour: COLOURS.quiet, align: "right" });
  }
  strokePath(ctx, lines, COLOURS.grid);
  const apart = width < 600 ? 30 : 20;
  for (let away = -PAST_S; away <= COMING_S; away += apart) {
    const text = away ? `${away > 0 ? "+" : "−"}${Math.abs(away)} s` : "now";
    const align = away === -PAST_S ? "left" : away === COMING_S ? "right" : "center";
    drawText(ctx, text, scale.x(now + away), height - 5, { size: 11, colour: COLOURS.quiet, align });
  }
  const present = new Path2D();
  present.moveTo(scale.x(now), 0);
  present.lineTo(scale.x(now), ground);
  strokePath(ctx, present, COLOURS.quiet, 1, 0.5);
  drawText(ctx, "height [km] over time", LEFT + 8, 14, { size: 11, colour: COLOURS.quiet });
}

/** Ways come, and a thin line from each track to its predicted landing. */
function drawWays(ctx, scale, sky, ahead) {
  const { tracks } = sky.frame;
  const ways = new Path2D();
  const coming = new Path2D();
  const landings = new Path2D();
  const stride = Math.max(1, Math.round(tracks.rows / 120));
  for (let row = 0; row < tracks.rows; row += 1) {
    const height = tracks.height_m[row] + (tracks.vu[row] || 0) * ahead;
    const trail = sky.trails.get(tracks.id[row]);
    ways.moveTo(scale.x(scale.now), scale.y(height));
    for (let age = 0; trail && age < trail.length; age += stride) {
      const slot = trail.slot(age);
      ways.lineTo(scale.x(trail.time[slot]), scale.y(trail.height[slot]));
    }
    const left = tracks.impact_time_s[row] - ahead;
    if (left > 0) traceFall(coming, landings, scale, height, tracks.vu[row] || 0, left);
  }
  strokePath(ctx, coming, COLOURS.track, 1, 0.3);
  strokePath(ctx, ways, COLOURS.track, 1, 0.75);
  strokePath(ctx, landings, COLOURS.impact, 1.2);
}

/** A parabola through height and climb now and the ground at the predicted moment: a guide for the eye. */
function traceFall(path, landings, scale, height, climb, left) {
  const bend = -(height + climb * left) / (left * left);
  path.moveTo(scale.x(scale.now), scale.y(height));
  for (let part = 1; part <= 6; part += 1) {
    const after = (left * part) / 6;
    path.lineTo(scale.x(scale.now + after), scale.y(height + climb * after + bend * after * after));
  }
  ringPath(landings, scale.x(scale.now + left), scale.y(0), 2.5);
}

function drawHeads(ctx, scale, { frame }, ahead, selected) {
  const x = scale.x(scale.now);
  ctx.fillStyle = COLOURS.track;
  for (let row = 0; row < frame.tracks.rows; row += 1) {
    const y = scale.y(frame.tracks.height_m[row] + (frame.tracks.vu[row] || 0) * ahead);
    ctx.beginPath();
    diamondPath(ctx, x, y, 3.5);
    ctx.fill();
    if (selected === `track:${frame.tracks.id[row]}`) {
      const ring = new Path2D();
      ringPath(ring, x, y, 8);
      strokePath(ctx, ring, COLOURS.text, 1.5);
    }
  }
  ctx.fillStyle = COLOURS.interceptor;
  for (let row = 0; row < frame.interceptors.rows; row += 1) {
    ctx.beginPath();
    trianglePath(ctx, x, scale.y(frame.interceptors.height_m[row] + (frame.interceptors.vu[row] || 0) * ahead), 4.5);
    ctx.fill();
  }
}
