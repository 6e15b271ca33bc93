// The altitude view: height against distance along the main axis of motion.

import { drawBattery, drawRadar, drawText } from "./glyphs.js";
import {
  Screen, drawBursts, drawDebris, drawInterceptors, drawLandings, drawPlots, drawTracks, drawTrails,
  drawTruth, liveTracks, samplePosition,
} from "./painter.js";
import { COLOURS } from "./palette.js";
import { roundStep } from "./projection.js";
import { COUNTDOWN, alertedZones } from "./warnings.js";

function drawHeights(ctx, view) {
  const step = roundStep(view.top, Math.max(2, Math.floor(view.ground / 34)));
  ctx.beginPath();
  for (let height = 0; height <= view.top; height += step) {
    const y = view.ground - height * view.rise;
    ctx.moveTo(view.left, y);
    ctx.lineTo(view.width, y);
    drawText(ctx, `${height / 1000}`, view.left - 6, y + 4, { size: 11, colour: COLOURS.quiet, align: "right" });
  }
  ctx.strokeStyle = COLOURS.grid;
  ctx.lineWidth = 1;
  ctx.stroke();
}

function drawDistances(ctx, view) {
  const step = roundStep(view.to - view.from, Math.max(3, Math.floor(view.width / 90)));
  for (let place = 0; place <= view.to - view.from; place += step) {
    const x = view.left + place * view.scale;
    drawText(ctx, `${place / 1000}`, x, view.height - 6, { size: 11, colour: COLOURS.quiet, align: "center" });
  }
}

/** The fixed part: axes, ground, sites. */
export function drawProfile(ctx, view, { facts }) {
  ctx.fillStyle = "#0d1721";
  ctx.fillRect(0, 0, view.width, view.height);
  drawHeights(ctx, view);
  drawDistances(ctx, view);
  ctx.fillStyle = COLOURS.land;
  ctx.fillRect(view.left, view.ground, view.width, 4);
  ctx.strokeStyle = COLOURS.coast;
  ctx.beginPath();
  ctx.moveTo(view.left, view.ground);
  ctx.lineTo(view.width, view.ground);
  ctx.stroke();
  const title = view.width > 500 ? "height [km] over distance along the main direction [km]" : "height [km]";
  drawText(ctx, title, view.left + 8, 15, { size: 11, colour: COLOURS.quiet });
  const screen = new Screen(view.matrix);
  for (const radar of facts.radars) drawRadar(ctx, screen.x(radar.x, radar.y, 0), view.ground - 9);
  for (const site of facts.batteries) drawBattery(ctx, screen.x(site.x, site.y, 0), view.ground - 7);
}

/** Zones under alert as bars on the ground. */
function drawAlertBars(ctx, view, screen, { zones, outline }, time, messages) {
  for (const { zone, state } of alertedZones(messages, time)) {
    let low = Infinity;
    let high = -Infinity;
    for (let row = zones.first[zone]; row < zones.first[zone + 1]; row += 1) {
      const x = screen.x(outline.x[row], outline.y[row], 0);
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    ctx.fillStyle = state === COUNTDOWN ? COLOURS.alert : COLOURS.shelter;
    ctx.globalAlpha = state === COUNTDOWN ? 0.9 : 0.45;
    if (high > low) ctx.fillRect(low, view.ground, Math.max(high - low, 2), 4);
  }
  ctx.globalAlpha = 1;
}

/** Height to 1 standard deviation, where that is more than the mark itself. */
function drawHeightSigmas(ctx, view, screen, { samples }, live) {
  ctx.beginPath();
  for (const { place } of live) {
    const sigma = samples.sigmaHeight[Math.floor(place)] * view.rise;
    if (sigma < 3) continue;
    const at = samplePosition(samples, place);
    const x = screen.x(...at);
    const y = screen.y(...at);
    ctx.moveTo(x, y - sigma);
    ctx.lineTo(x, y + sigma);
  }
  ctx.strokeStyle = COLOURS.track;
  ctx.globalAlpha = 0.6;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** One frame of the altitude view. */
export function drawAltitude(ctx, view, model, { time, speed, truth }) {
  ctx.clearRect(0, 0, view.width, view.height);
  const screen = new Screen(view.matrix);
  const live = liveTracks(model, time);
  ctx.save();
  ctx.beginPath();
  ctx.rect(view.left, 0, view.width, view.ground + 6);
  ctx.clip();
  drawAlertBars(ctx, view, screen, model, time, model.messages);
  drawPlots(ctx, screen, model, time, speed, truth);
  drawLandings(ctx, screen, model, time, speed);
  drawTrails(ctx, screen, model, live, time);
  drawHeightSigmas(ctx, view, screen, model, live);
  drawInterceptors(ctx, screen, model, time);
  drawDebris(ctx, screen, model, time);
  if (truth) drawTruth(ctx, screen, model, time);
  drawTracks(ctx, screen, model, live, time);
  drawBursts(ctx, screen, model, time, speed);
  ctx.restore();
}
