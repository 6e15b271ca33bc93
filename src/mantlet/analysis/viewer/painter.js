// Moving things, drawn through an affine map of (east, north, height) to pixels: the same code
// serves the map and the altitude view. Measured without a graphics card (600 objects, Chromium):
// lines one pixel wide, all in one path, cost a tenth of wider ones (12 against 130 ms for 15,000
// pieces); filled shapes are the other way about, 1 ms one by one and 9 ms in one path.

import { bracketPath, crossPath, diamondPath, drawGlow, ringPath, starPath, trianglePath } from "./glyphs.js";
import { COLOURS } from "./palette.js";
import { FATES } from "./score.js";
import { between, countUpTo, flownRange, placeAt } from "./timeline.js";

const PLOT_LIFE_S = 4;
const TRAIL_S = 25;
const TRAIL_PARTS = 5;
const UNTHINNED_TRACKS = 150;
const THICK_TRACKS = 40;
const TRACK_HOLD_S = 1.2;
const FLASH_S = 1.4;
const STAR_S = 12;

export const PLOT_FALSE = 0;

/** Pixel coordinates of points under one matrix, without making objects. */
export class Screen {
  constructor(matrix) {
    this.m = matrix;
  }

  x(east, north, height) {
    const m = this.m;
    return m[0] + m[1] * east + m[2] * north + m[3] * height;
  }

  y(east, north, height) {
    const m = this.m;
    return m[4] + m[5] * east + m[6] * north + m[7] * height;
  }
}

/** Recent plots, fading. With `truth`, false ones become crosses of their own colour. */
export function drawPlots(ctx, screen, { plots }, time, speed, truth) {
  const life = Math.max(PLOT_LIFE_S, 0.6 * speed);
  const to = countUpTo(plots.time, time);
  const steps = 4;
  for (let step = 0; step < steps; step += 1) {
    const old = time - life * (1 - step / steps);
    const young = time - life * (1 - (step + 1) / steps);
    const from = countUpTo(plots.time, old, 0, to);
    const until = countUpTo(plots.time, young, from, to);
    ctx.globalAlpha = 0.2 + 0.22 * step;
    ctx.fillStyle = COLOURS.plot;
    for (let row = from; row < until; row += 1) {
      if (truth && plots.truth[row] === PLOT_FALSE) continue;
      const x = screen.x(plots.x[row], plots.y[row], plots.height[row]);
      const y = screen.y(plots.x[row], plots.y[row], plots.height[row]);
      ctx.fillRect(x - 1.5, y - 1.5, 3, 3);
    }
    if (truth) drawFalsePlots(ctx, screen, plots, from, until);
  }
  ctx.globalAlpha = 1;
}

function drawFalsePlots(ctx, screen, plots, from, until) {
  ctx.beginPath();
  for (let row = from; row < until; row += 1) {
    if (plots.truth[row] !== PLOT_FALSE) continue;
    const x = screen.x(plots.x[row], plots.y[row], plots.height[row]);
    const y = screen.y(plots.x[row], plots.y[row], plots.height[row]);
    crossPath(ctx, x, y, 2.5);
  }
  ctx.strokeStyle = COLOURS.falsePlot;
  ctx.lineWidth = 1.2;
  ctx.stroke();
}

/** Rows of `tracks` reported at a moment, with their place among the samples. */
export function liveTracks(model, time) {
  const { tracks, samples } = model;
  const live = [];
  for (let row = 0; row < tracks.id.length; row += 1) {
    const from = tracks.first[row];
    const to = tracks.first[row + 1];
    const place = placeAt(samples.time, from, to, time, TRACK_HOLD_S);
    if (place >= 0) live.push({ row, from, to, place });
  }
  return live;
}

/** The way a track has come, fading backwards; thinned where there are very many. */
export function drawTrails(ctx, screen, { samples }, live, time) {
  const stride = Math.ceil(live.length / UNTHINNED_TRACKS);
  const parts = Array.from({ length: TRAIL_PARTS }, () => new Path2D());
  for (const track of live) traceTrail(parts, screen, samples, track, time, stride);
  ctx.strokeStyle = COLOURS.track;
  parts.forEach((part, step) => {
    ctx.globalAlpha = 0.15 + (0.6 * (step + 1)) / TRAIL_PARTS;
    ctx.lineWidth = live.length <= THICK_TRACKS ? 1.6 : 1;
    ctx.stroke(part);
  });
  ctx.globalAlpha = 1;
}

/** One trail, each piece into the path of its age. */
function traceTrail(parts, screen, samples, { from, to, place }, time, stride) {
  const since = time - TRAIL_S;
  let spot = Math.max(placeAt(samples.time, from, to, since, Infinity), from);
  let [x, y] = pixelsAt(screen, samples, spot);
  let before = -1;
  while (spot < place) {
    const share = (between(samples.time, spot) - since) / TRAIL_S;
    const part = Math.min(Math.max(Math.floor(share * TRAIL_PARTS), 0), TRAIL_PARTS - 1);
    if (part !== before) parts[part].moveTo(x, y);
    before = part;
    spot = Math.min(Math.floor(spot) + stride, place);
    [x, y] = pixelsAt(screen, samples, spot);
    parts[part].lineTo(x, y);
  }
}

function pixelsAt(screen, samples, place) {
  const at = samplePosition(samples, place);
  return [screen.x(...at), screen.y(...at)];
}

export function samplePosition(samples, place) {
  return [
    between(samples.x, place),
    between(samples.y, place),
    between(samples.height, place),
  ];
}

const COASTING = 2;

/** Track marks: a filled diamond, hollow while coasting; brackets once fired at. */
export function drawTracks(ctx, screen, model, live, time) {
  const { samples, engaged } = model;
  const hollow = new Path2D();
  const brackets = new Path2D();
  ctx.fillStyle = COLOURS.track;
  for (const { row, place } of live) {
    const [east, north, height] = samplePosition(samples, place);
    const x = screen.x(east, north, height);
    const y = screen.y(east, north, height);
    const coasting = samples.status[Math.floor(place)] >= COASTING;
    if (coasting) diamondPath(hollow, x, y, 4);
    else fillDiamond(ctx, x, y);
    if (engaged[row] <= time) bracketPath(brackets, x, y, 8);
  }
  ctx.lineWidth = 1;
  ctx.strokeStyle = COLOURS.track;
  ctx.stroke(hollow);
  ctx.strokeStyle = COLOURS.interceptor;
  ctx.stroke(brackets);
}

function fillDiamond(ctx, x, y) {
  ctx.beginPath();
  diamondPath(ctx, x, y, 4);
  ctx.fill();
}

/** Interceptors on their straight way from the battery to the predicted point. */
export function drawInterceptors(ctx, screen, model, time) {
  const { shots, facts } = model;
  const faint = new Path2D();
  const bright = new Path2D();
  const heads = new Path2D();
  for (let shot = 0; shot < shots.id.length; shot += 1) {
    if (time < shots.launch[shot] || time > shots.end[shot]) continue;
    const battery = facts.batteries[shots.battery[shot]];
    if (!battery) continue;
    const share = flownShare(battery, time - shots.launch[shot], shots.end[shot] - shots.launch[shot]);
    const at = (part) => {
      const east = battery.x + (shots.x[shot] - battery.x) * part;
      const north = battery.y + (shots.y[shot] - battery.y) * part;
      const height = battery.height + (shots.height[shot] - battery.height) * part;
      return [screen.x(east, north, height), screen.y(east, north, height)];
    };
    const head = at(share);
    faint.moveTo(...at(0));
    faint.lineTo(...head);
    bright.moveTo(...at(Math.max(share - 0.3, 0)));
    bright.lineTo(...head);
    trianglePath(heads, head[0], head[1], 4.5);
  }
  ctx.strokeStyle = COLOURS.interceptor;
  ctx.fillStyle = COLOURS.interceptor;
  ctx.lineWidth = 1.2;
  ctx.globalAlpha = 0.35;
  ctx.stroke(faint);
  ctx.lineWidth = 2;
  ctx.globalAlpha = 0.9;
  ctx.stroke(bright);
  ctx.globalAlpha = 1;
  ctx.fill(heads);
}

/** Share of the way flown, from the battery's table of ranges and times. */
export function flownShare(battery, elapsed, total) {
  const whole = flownRange(battery.flyoutRange, battery.flyoutTime, total);
  if (!(whole > 0)) return elapsed / total;
  return Math.min(flownRange(battery.flyoutRange, battery.flyoutTime, elapsed) / whole, 1);
}

/** Flashes where an interception succeeded, small puffs where it did not, at the aim point. */
export function drawBursts(ctx, screen, { shots }, time, speed) {
  const stars = new Path2D();
  for (let shot = 0; shot < shots.id.length; shot += 1) {
    const age = (time - shots.end[shot]) / speed;
    if (age < 0 || age > STAR_S) continue;
    const x = screen.x(shots.x[shot], shots.y[shot], shots.height[shot]);
    const y = screen.y(shots.x[shot], shots.y[shot], shots.height[shot]);
    if (shots.kill[shot]) {
      if (age < FLASH_S) drawFlash(ctx, x, y, age / FLASH_S);
      else starPath(stars, x, y, 5 * (1 - age / STAR_S) + 1.5);
    } else if (age < FLASH_S) {
      drawPuff(ctx, x, y, age / FLASH_S);
    }
  }
  ctx.globalAlpha = 0.75;
  ctx.strokeStyle = COLOURS.kill;
  ctx.lineWidth = 1.2;
  ctx.stroke(stars);
  ctx.globalAlpha = 1;
}

function drawFlash(ctx, x, y, age) {
  ctx.globalAlpha = (1 - age) ** 1.5;
  drawGlow(ctx, x, y, 12 + 22 * age, "#ffffff", "rgba(255, 226, 120, 0.85)");
  ctx.globalAlpha = 1 - age;
  ctx.strokeStyle = COLOURS.kill;
  ctx.lineWidth = 1.8;
  ctx.beginPath();
  starPath(ctx, x, y, 10 + 5 * age);
  ringPath(ctx, x, y, 6 + 20 * age);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function drawPuff(ctx, x, y, age) {
  ctx.globalAlpha = 0.8 * (1 - age);
  ctx.strokeStyle = COLOURS.open;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ringPath(ctx, x, y, 2 + 6 * age);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** Where a true object is; null when it is not in the air. */
function truePosition({ threats, states }, row, time) {
  if (time < threats.launch[row] || time > threats.end[row]) return null;
  const place = placeAt(states.time, threats.first[row], threats.first[row + 1], time, 1);
  if (place < 0) return null;
  return [between(states.x, place), between(states.y, place), between(states.height, place)];
}

/** Pieces falling after an interception. */
export function drawDebris(ctx, screen, model, time) {
  ctx.fillStyle = COLOURS.debris;
  for (const row of model.pieces) {
    const at = truePosition(model, row, time);
    if (at) ctx.fillRect(screen.x(...at) - 1.75, screen.y(...at) - 1.75, 3.5, 3.5);
  }
}

/** True objects: shown only on request, the defence never sees them. */
export function drawTruth(ctx, screen, model, time) {
  ctx.beginPath();
  for (const row of model.flights) {
    const at = truePosition(model, row, time);
    if (at) ringPath(ctx, screen.x(...at), screen.y(...at), 5.5);
  }
  ctx.strokeStyle = COLOURS.truth;
  ctx.lineWidth = 1.2;
  ctx.stroke();
}

/** What reached the ground: fresh ones flare, all leave a mark. Debris leaves a dot. */
export function drawLandings(ctx, screen, { threats, flights, pieces }, time, speed) {
  const marks = { zone: new Path2D(), open: new Path2D(), sea: new Path2D() };
  for (const row of flights) {
    const age = (time - threats.end[row]) / speed;
    const fate = threats.fate[row];
    if (age < 0 || fate === FATES.intercepted || fate > FATES.short) continue;
    const x = screen.x(threats.x[row], threats.y[row], 0);
    const y = screen.y(threats.x[row], threats.y[row], 0);
    if (age < FLASH_S) drawLanding(ctx, x, y, age / FLASH_S, fate);
    if (fate === FATES.zone) crossPath(marks.zone, x, y, 5);
    else ringPath(fate === FATES.sea ? marks.sea : marks.open, x, y, 3);
  }
  strokeMarks(ctx, marks.open, COLOURS.open, 1.2, 0.8);
  strokeMarks(ctx, marks.sea, COLOURS.water, 1.2, 0.9);
  strokeMarks(ctx, marks.zone, COLOURS.hit, 2.6, 1);
  ctx.fillStyle = COLOURS.debris;
  ctx.globalAlpha = 0.6;
  for (const row of pieces) {
    if (time < threats.end[row]) continue;
    const x = screen.x(threats.x[row], threats.y[row], 0);
    ctx.fillRect(x - 1, screen.y(threats.x[row], threats.y[row], 0) - 1, 2, 2);
  }
  ctx.globalAlpha = 1;
}

function strokeMarks(ctx, path, colour, width, alpha) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke(path);
  ctx.globalAlpha = 1;
}

function drawLanding(ctx, x, y, age, fate) {
  const zone = fate === FATES.zone;
  ctx.globalAlpha = 1 - age;
  if (zone) drawGlow(ctx, x, y, 14 + 20 * age, "#fff1c9", "rgba(255, 106, 31, 0.9)");
  ctx.strokeStyle = zone ? COLOURS.hit : fate === FATES.sea ? COLOURS.water : COLOURS.open;
  ctx.lineWidth = zone ? 2.5 : 1.5;
  ctx.beginPath();
  ringPath(ctx, x, y, (zone ? 6 : 3) + (zone ? 22 : 9) * age);
  ctx.stroke();
  ctx.globalAlpha = 1;
}
