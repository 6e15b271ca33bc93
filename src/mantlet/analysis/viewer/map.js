// The map's moving layer: zones under alert, predictions, and everything in the air.

import { drawBattery } from "./glyphs.js";
import { outlinePath } from "./ground.js";
import { Taken, drawCountdowns, drawMagazines, drawNames } from "./labels.js";
import {
  Screen, drawBursts, drawDebris, drawInterceptors, drawLandings, drawPlots, drawTracks, drawTrails,
  drawTruth, liveTracks, samplePosition,
} from "./painter.js";
import { COLOURS } from "./palette.js";
import { COUNTDOWN, alertedZones } from "./warnings.js";

const SMALLEST_ELLIPSE_PX = 2;
const VAGUE_M = 1500; // a prediction vaguer than this stays in the background
const FILLED_ELLIPSES = 100; // more of them are a blot, and dear to draw

function drawAlertedZones(ctx, view, model, alerted, pulse) {
  for (const { zone, state } of alerted) {
    const path = new Path2D();
    outlinePath(path, view, model.outline, model.zones.first[zone], model.zones.first[zone + 1]);
    path.closePath();
    const counting = state === COUNTDOWN;
    ctx.fillStyle = counting ? COLOURS.alert : COLOURS.shelter;
    ctx.globalAlpha = counting ? 0.3 + 0.14 * pulse : 0.14;
    ctx.fill(path);
    ctx.globalAlpha = counting ? 1 : 0.6;
    ctx.strokeStyle = ctx.fillStyle;
    ctx.lineWidth = counting ? 2 : 1.2;
    ctx.stroke(path);
  }
  ctx.globalAlpha = 1;
}

function ellipseOnMap(path, view, east, north, major, minor, angle, sigmas) {
  const [x0, kx, , , y0, , ky] = view.matrix;
  const a = Math.max(sigmas * major * kx, SMALLEST_ELLIPSE_PX);
  const b = Math.max(sigmas * minor * kx, SMALLEST_ELLIPSE_PX);
  const x = x0 + kx * east;
  const y = y0 + ky * north;
  path.moveTo(x + a * Math.cos(-angle), y + a * Math.sin(-angle));
  path.ellipse(x, y, a, b, -angle, 0, 2 * Math.PI);
}

/** Where each track is, to 1 and 3 standard deviations. */
function drawUncertainty(ctx, view, { samples }, live) {
  const inner = new Path2D();
  const outer = new Path2D();
  for (const { place } of live) {
    const row = Math.floor(place);
    const [east, north] = samplePosition(samples, place);
    const shape = [samples.major[row], samples.minor[row], samples.angle[row]];
    if (shape[0] * view.scale * 3 < 5) continue; // smaller than the track's own mark
    ellipseOnMap(inner, view, east, north, ...shape, 1);
    ellipseOnMap(outer, view, east, north, ...shape, 3);
  }
  ctx.strokeStyle = COLOURS.track;
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.75;
  ctx.stroke(inner);
  ctx.globalAlpha = 0.3;
  ctx.stroke(outer);
  ctx.globalAlpha = 1;
}

/** Where each track is predicted to land: 2 standard deviations, and a dot in the middle. */
function drawPredictions(ctx, view, { samples }, live) {
  const sharp = new Path2D();
  const vague = new Path2D();
  const dots = new Path2D();
  const [x0, kx, , , y0, , ky] = view.matrix;
  for (const { place } of live) {
    const row = Math.floor(place);
    if (samples.impactMajor[row] === 0) continue;
    const next = row === place || samples.impactMajor[row + 1] === 0 ? row : row + 1;
    const share = place - row;
    const east = samples.impactX[row] * (1 - share) + samples.impactX[next] * share;
    const north = samples.impactY[row] * (1 - share) + samples.impactY[next] * share;
    const shape = [samples.impactMajor[row], samples.impactMinor[row], samples.impactAngle[row]];
    ellipseOnMap(shape[0] < VAGUE_M ? sharp : vague, view, east, north, ...shape, 2);
    dots.rect(x0 + kx * east - 1, y0 + ky * north - 1, 2, 2);
  }
  ctx.fillStyle = ctx.strokeStyle = COLOURS.impact;
  ctx.globalAlpha = 0.09;
  if (live.length <= FILLED_ELLIPSES) ctx.fill(sharp);
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.35;
  ctx.stroke(vague);
  ctx.globalAlpha = 0.85;
  ctx.stroke(sharp);
  ctx.fill(dots);
  ctx.globalAlpha = 1;
}

function drawBatteries(ctx, view, { facts }, taken) {
  for (const battery of facts.batteries) {
    const [x, y] = view.toScreen(battery.x, battery.y);
    drawBattery(ctx, x, y);
    taken.take([x - 8, y - 8, x + 8, y + 8]);
  }
}

function drawLabels(ctx, view, model, time, alerted, taken) {
  drawCountdowns(ctx, view, model, alerted, taken);
  drawMagazines(ctx, view, model, time, taken);
  drawNames(ctx, view, model, taken);
}

/** One frame of the map. `pulse` runs from 0 to 1 and back; it stays 0 when motion is unwanted. */
export function drawMap(ctx, view, model, { time, speed, truth, pulse }) {
  ctx.clearRect(0, 0, view.width, view.height);
  const screen = new Screen(view.matrix);
  const live = liveTracks(model, time);
  const alerted = alertedZones(model.messages, time);
  const taken = new Taken();
  drawAlertedZones(ctx, view, model, alerted, pulse);
  drawPredictions(ctx, view, model, live);
  drawPlots(ctx, screen, model, time, speed, truth);
  drawLandings(ctx, screen, model, time, speed);
  drawTrails(ctx, screen, model, live, time);
  drawUncertainty(ctx, view, model, live);
  drawBatteries(ctx, view, model, taken);
  drawLabels(ctx, view, model, time, alerted, taken);
  drawInterceptors(ctx, screen, model, time);
  drawDebris(ctx, screen, model, time);
  if (truth) drawTruth(ctx, screen, model, time);
  drawTracks(ctx, screen, model, live, time);
  drawBursts(ctx, screen, model, time, speed);
}
