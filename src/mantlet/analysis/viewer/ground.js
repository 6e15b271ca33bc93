// What stands still on the map: sea, land, grid, zones, radars and batteries with their reach.

import { drawRadar, drawText } from "./glyphs.js";
import { COLOURS } from "./palette.js";
import { roundStep } from "./projection.js";

/** One closed outline out of a table's joined points. */
export function outlinePath(path, view, points, from, to) {
  const [x0, kx, , , y0, , ky] = view.matrix;
  for (let row = from; row < to; row += 1) {
    const x = x0 + kx * points.x[row];
    const y = y0 + ky * points.y[row];
    if (row === from) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
}

function drawLand(ctx, view, { land, coast }) {
  ctx.fillStyle = COLOURS.sea;
  ctx.fillRect(0, 0, view.width, view.height);
  const fills = new Path2D();
  const lines = new Path2D();
  for (let ring = 0; ring + 1 < land.first.length; ring += 1) {
    const from = land.first[ring];
    const to = land.first[ring + 1];
    if (land.filled[ring]) outlinePath(fills, view, coast, from, to);
    outlinePath(lines, view, coast, from, to);
  }
  ctx.fillStyle = COLOURS.land;
  ctx.fill(fills, "evenodd");
  ctx.strokeStyle = COLOURS.coast;
  ctx.lineWidth = 1.2;
  ctx.stroke(lines);
}

function drawGrid(ctx, view) {
  const step = roundStep(view.width / view.scale, 8);
  const [x0, kx, , , y0, , ky] = view.matrix;
  ctx.strokeStyle = COLOURS.grid;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let east = Math.ceil(-x0 / kx / step) * step; x0 + kx * east < view.width; east += step) {
    ctx.moveTo(x0 + kx * east, 0);
    ctx.lineTo(x0 + kx * east, view.height);
  }
  for (let north = Math.ceil((view.height - y0) / ky / step) * step; y0 + ky * north > 0; north += step) {
    ctx.moveTo(0, y0 + ky * north);
    ctx.lineTo(view.width, y0 + ky * north);
  }
  ctx.stroke();
}

function drawScale(ctx, view) {
  const length = roundStep(view.width / view.scale, 7);
  const pixels = length * view.scale;
  const x = 14;
  const y = view.height - 16;
  ctx.strokeStyle = COLOURS.quiet;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(x, y - 4);
  ctx.lineTo(x, y);
  ctx.lineTo(x + pixels, y);
  ctx.lineTo(x + pixels, y - 4);
  ctx.stroke();
  const label = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  drawText(ctx, label, x + 4, y - 5, { size: 11, colour: COLOURS.quiet });
}

function drawZones(ctx, view, { zones, outline }) {
  const path = new Path2D();
  for (let zone = 0; zone + 1 < zones.first.length; zone += 1) {
    outlinePath(path, view, outline, zones.first[zone], zones.first[zone + 1]);
  }
  ctx.fillStyle = "rgba(170, 195, 215, 0.09)";
  ctx.fill(path);
  ctx.strokeStyle = "rgba(170, 195, 215, 0.34)";
  ctx.lineWidth = 1;
  ctx.stroke(path);
}

/** A whole circle, or the sector between two azimuths [deg, clockwise from north]. */
function outlineReach(ctx, x, y, reach, sector) {
  if (!sector) return void ctx.arc(x, y, reach, 0, 2 * Math.PI);
  const [first, last] = sector.map((azimuth) => (azimuth - 90) * (Math.PI / 180));
  ctx.moveTo(x, y);
  ctx.arc(x, y, reach, first, last);
  ctx.closePath();
}

function drawReach(ctx, view, { facts }) {
  const [x0, kx, , , y0, , ky] = view.matrix;
  ctx.lineWidth = 1;
  for (const radar of facts.radars) {
    ctx.strokeStyle = "rgba(86, 180, 233, 0.35)";
    ctx.setLineDash([2, 5]);
    ctx.beginPath();
    outlineReach(ctx, x0 + kx * radar.x, y0 + ky * radar.y, radar.range * kx, radar.sector);
    ctx.stroke();
  }
  for (const battery of facts.batteries) {
    ctx.strokeStyle = "rgba(47, 201, 155, 0.5)";
    ctx.setLineDash([7, 5]);
    ctx.beginPath();
    ctx.arc(x0 + kx * battery.x, y0 + ky * battery.y, battery.range * kx, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  for (const radar of facts.radars) {
    const x = x0 + kx * radar.x;
    const y = y0 + ky * radar.y;
    drawRadar(ctx, x, y);
    drawText(ctx, radar.id, x, y + 21, { size: 11, colour: COLOURS.track, align: "center" });
  }
}

/** The whole layer; drawn anew only when the view changes. */
export function drawGround(ctx, view, model) {
  drawLand(ctx, view, model);
  drawGrid(ctx, view);
  drawZones(ctx, view, model);
  drawReach(ctx, view, model);
  drawScale(ctx, view);
}
