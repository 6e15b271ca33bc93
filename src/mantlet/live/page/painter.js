// Moving things on the map. Measured without a graphics card: lines one pixel wide, all of a colour
// in one path, cost a tenth of wider ones; filled shapes are cheaper one by one.

import { bracketPath, crossPath, diamondPath, ringPath, starPath, trianglePath } from "./glyphs.js";
import { COLOURS } from "./palette.js";

const TRAIL_PARTS = 3;
const UNTHINNED_TRACKS = 120;
const FLASH_S = 2;
const STAR_S = 15;
const TAU = 2 * Math.PI;
export const COASTING = 2;
const TENTATIVE = 0;
const DEBRIS = 3;

/** Pixels of map places: x = (place - left) / resolution. */
export class Screen {
  constructor(left, top, resolution, width, height) {
    Object.assign(this, { left, top, resolution, width, height });
  }

  x(place) {
    return (place - this.left) / this.resolution;
  }

  y(place) {
    return (this.top - place) / this.resolution;
  }

  /** Is a pixel on the screen, or nearly? */
  sees(x, y, margin = 40) {
    return x > -margin && y > -margin && x < this.width + margin && y < this.height + margin;
  }
}

/** Lines of a colour in one go. */
export function strokePath(ctx, path, colour, width = 1, alpha = 1) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke(path);
  ctx.globalAlpha = 1;
}

/** The ways tracks have come, fading backwards; thinned where there are very many. */
export function drawTrails(ctx, screen, sky, ahead) {
  const { tracks } = sky.frame;
  const stride = Math.max(1, Math.round(tracks.rows / UNTHINNED_TRACKS));
  const parts = Array.from({ length: TRAIL_PARTS }, () => new Path2D());
  for (let row = 0; row < tracks.rows; row += 1) {
    const trail = sky.trails.get(tracks.id[row]);
    if (trail) traceTrail(parts, screen, trail, tracks, row, ahead, stride);
  }
  parts.forEach((part, age) => strokePath(ctx, part, COLOURS.track, 1, 0.75 - (0.55 * age) / (TRAIL_PARTS - 1)));
}

function traceTrail(parts, screen, trail, tracks, row, ahead, stride) {
  let x = screen.x(tracks.x[row] + tracks.vx[row] * ahead);
  let y = screen.y(tracks.y[row] + tracks.vy[row] * ahead);
  const { length } = trail;
  let before = -1;
  for (let age = 0; age < length; age += stride) {
    const part = Math.min(Math.floor((age * TRAIL_PARTS) / 40), TRAIL_PARTS - 1);
    if (part !== before) parts[part].moveTo(x, y);
    before = part;
    const slot = trail.slot(age);
    x = screen.x(trail.x[slot]);
    y = screen.y(trail.y[slot]);
    parts[part].lineTo(x, y);
  }
}

/** Marks of tracks: filled diamonds, hollow while coasting, small while tentative; brackets if engaged. */
export function drawTracks(ctx, screen, { tracks }, ahead, engaged) {
  const hollow = new Path2D();
  const brackets = new Path2D();
  ctx.fillStyle = COLOURS.track;
  for (let row = 0; row < tracks.rows; row += 1) {
    const x = screen.x(tracks.x[row] + tracks.vx[row] * ahead);
    const y = screen.y(tracks.y[row] + tracks.vy[row] * ahead);
    if (!screen.sees(x, y)) continue;
    if (tracks.status[row] >= COASTING || tracks.status[row] === TENTATIVE) diamondPath(hollow, x, y, tracks.status[row] ? 4 : 2.5);
    else {
      ctx.beginPath();
      diamondPath(ctx, x, y, 4);
      ctx.fill();
    }
    if (engaged.has(tracks.id[row])) bracketPath(brackets, x, y, 8);
  }
  strokePath(ctx, hollow, COLOURS.track);
  strokePath(ctx, brackets, COLOURS.interceptor);
}

/** Ellipses about predicted impacts, to two standard deviations; the point in the middle. */
export function drawImpacts(ctx, screen, { tracks }, { stretchOf }) {
  const outlines = new Path2D();
  const points = new Path2D();
  for (let row = 0; row < tracks.rows; row += 1) {
    if (!Number.isFinite(tracks.impact_lon[row])) continue;
    const { x: mx, y: my, scale } = stretchOf(tracks.impact_lon[row], tracks.impact_lat[row]);
    const x = screen.x(mx);
    const y = screen.y(my);
    if (!screen.sees(x, y, 300)) continue;
    const unit = (2 * scale) / screen.resolution;
    const major = Math.min(tracks.impact_major_m[row] * unit, 2000);
    const minor = Math.min(tracks.impact_minor_m[row] * unit, 2000);
    if (major > 2.5) addEllipse(outlines, x, y, major, minor, tracks.impact_angle_rad[row]);
    ringPath(points, x, y, 1.5);
  }
  strokePath(ctx, outlines, COLOURS.impact, 1, 0.75);
  strokePath(ctx, points, COLOURS.impact, 1);
}

/** The angle runs from east towards north; on the screen north is up, so it turns the other way. */
export function addEllipse(path, x, y, major, minor, angle) {
  const cos = Math.cos(angle);
  path.moveTo(x + major * cos, y - major * Math.sin(angle));
  path.ellipse(x, y, Math.max(major, 0.5), Math.max(minor, 0.5), -angle, 0, TAU);
}

/** Interceptors on their way, each with a dotted line to the point it is sent to. */
export function drawInterceptors(ctx, screen, { interceptors }, ahead, { stretchOf }, batteries) {
  const ways = new Path2D();
  const tails = new Path2D();
  ctx.fillStyle = COLOURS.interceptor;
  for (let row = 0; row < interceptors.rows; row += 1) {
    const x = screen.x(interceptors.x[row] + interceptors.vx[row] * ahead);
    const y = screen.y(interceptors.y[row] + interceptors.vy[row] * ahead);
    const aim = stretchOf(interceptors.aim_lon[row], interceptors.aim_lat[row]);
    const home = batteries[interceptors.battery[row]];
    ways.moveTo(x, y);
    ways.lineTo(screen.x(aim.x), screen.y(aim.y));
    if (home) {
      tails.moveTo(screen.x(home.x), screen.y(home.y));
      tails.lineTo(x, y);
    }
    ctx.beginPath();
    trianglePath(ctx, x, y, 5);
    ctx.fill();
  }
  strokePath(ctx, tails, COLOURS.interceptor, 1, 0.75);
  strokePath(ctx, ways, COLOURS.interceptor, 1, 0.3);
}

/** True objects, on request: rings; debris as squares. The defence never sees them. */
export function drawTruth(ctx, screen, { truth }, ahead) {
  const rings = new Path2D();
  ctx.fillStyle = COLOURS.debris;
  for (let row = 0; row < truth.rows; row += 1) {
    const x = screen.x(truth.x[row] + truth.vx[row] * ahead);
    const y = screen.y(truth.y[row] + truth.vy[row] * ahead);
    if (!screen.sees(x, y)) continue;
    if (truth.kind[row] === DEBRIS) ctx.fillRect(x - 1.75, y - 1.75, 3.5, 3.5);
    else ringPath(rings, x, y, 6);
  }
  strokePath(ctx, rings, COLOURS.truth, 1, 0.7);
}

/** Radar plots of the last second, true and false alike. */
export function drawPlots(ctx, screen, { plots }, { stretchOf }) {
  ctx.fillStyle = COLOURS.plot;
  for (let row = 0; row < plots.rows; row += 1) {
    const { x, y } = stretchOf(plots.lon[row], plots.lat[row]);
    ctx.fillRect(screen.x(x) - 1.5, screen.y(y) - 1.5, 3, 3);
  }
}

/** What happened where: flashes of hits, puffs of misses, crosses and rings on the ground. */
export function drawMarks(ctx, screen, marks, time, speed, placeOf = (mark) => [screen.x(mark.x), screen.y(mark.y)]) {
  const paths = { star: new Path2D(), zone: new Path2D(), open: new Path2D(), sea: new Path2D() };
  for (const mark of marks) {
    const age = (time - mark.time) / Math.max(speed, 1);
    if (age < 0) continue;
    const [x, y] = placeOf(mark);
    if (screen.sees(x, y)) drawMark(ctx, paths, mark, x, y, age);
  }
  strokePath(ctx, paths.star, COLOURS.kill, 1.2, 0.75);
  strokePath(ctx, paths.zone, COLOURS.hit, 2.6);
  strokePath(ctx, paths.open, COLOURS.open, 1.2, 0.8);
  strokePath(ctx, paths.sea, COLOURS.water, 1.2, 0.9);
}

function drawMark(ctx, paths, { what }, x, y, age) {
  if (what === "observed hit") {
    if (age < FLASH_S) drawFlash(ctx, x, y, age / FLASH_S, COLOURS.kill, COLOURS.alert);
    if (age < STAR_S) starPath(paths.star, x, y, 5 * (1 - age / STAR_S) + 1.5);
  } else if (what === "observed miss") {
    if (age < FLASH_S) ringPath(paths.open, x, y, 2 + 4 * age);
  } else if (what === "hit zone") {
    if (age < FLASH_S) drawFlash(ctx, x, y, age / FLASH_S, COLOURS.hit, COLOURS.hit);
    crossPath(paths.zone, x, y, 5);
  } else if (what === "sea") ringPath(paths.sea, x, y, 3);
  else if (what !== "intercepted" && what !== "observed unknown") ringPath(paths.open, x, y, 3);
}

function drawFlash(ctx, x, y, age, line, fill) {
  ctx.globalAlpha = (1 - age) * 0.55;
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.arc(x, y, 6 + 12 * age, 0, TAU);
  ctx.fill();
  ctx.globalAlpha = 1 - age;
  ctx.strokeStyle = line;
  ctx.lineWidth = 1.8;
  ctx.beginPath();
  starPath(ctx, x, y, 10 + 5 * age);
  ringPath(ctx, x, y, 6 + 20 * age);
  ctx.stroke();
  ctx.globalAlpha = 1;
}
