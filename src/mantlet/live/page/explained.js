// What the panel tells of an object, drawn on the map: plots, uncertainty, prediction.

import { mercatorX, mercatorY, stretch } from "./geo.js";
import { ringPath } from "./glyphs.js";
import { COLOURS } from "./palette.js";
import { addEllipse, strokePath } from "./painter.js";

const SIGMAS = [1, 2, 3];

function linePath(screen, points) {
  const path = new Path2D();
  points.forEach(([lon, lat], at) => {
    const x = screen.x(mercatorX(lon));
    const y = screen.y(mercatorY(lat));
    if (at) path.lineTo(x, y);
    else path.moveTo(x, y);
  });
  return path;
}

/** Ellipses at one, two and three standard deviations about a place in pixels. */
function drawEllipses(ctx, screen, x, y, lat, { major_m: major, minor_m: minor, angle_rad: angle }, colour) {
  const unit = stretch(lat) / screen.resolution;
  SIGMAS.forEach((sigmas) => {
    const path = new Path2D();
    addEllipse(path, x, y, Math.max(sigmas * major * unit, 1), Math.max(sigmas * minor * unit, 1), angle);
    strokePath(ctx, path, colour, 1.3, 1.1 - 0.25 * sigmas);
  });
}

/** Where the selected object is drawn now; null if it is not in the frame. */
function placeNow(sky, selected, ahead) {
  const [kind, id] = selected.split(":");
  const block = sky.frame?.[{ track: "tracks", interceptor: "interceptors", threat: "truth" }[kind]];
  const row = block ? block.id.indexOf(Number(id)) : -1;
  return row < 0 ? null : [block.x[row] + block.vx[row] * ahead, block.y[row] + block.vy[row] * ahead];
}

export function drawExplained(ctx, screen, told, selected, sky, ahead) {
  const now = selected ? placeNow(sky, selected, ahead) : null;
  if (told.trail) strokePath(ctx, linePath(screen, told.trail.map(([, lon, lat]) => [lon, lat])), COLOURS.text, 1, 0.8);
  ctx.fillStyle = COLOURS.plot;
  for (const plot of told.plots ?? []) ctx.fillRect(screen.x(mercatorX(plot.lon)) - 2, screen.y(mercatorY(plot.lat)) - 2, 4, 4);
  const landing = told.prediction;
  if (landing) {
    if (landing.path) {
      ctx.setLineDash([6, 4]);
      strokePath(ctx, linePath(screen, landing.path), COLOURS.impact, 1.5);
      ctx.setLineDash([]);
    }
    const [x, y] = [screen.x(mercatorX(landing.lon)), screen.y(mercatorY(landing.lat))];
    drawEllipses(ctx, screen, x, y, landing.lat, landing, COLOURS.impact);
  }
  if (!now) return;
  const [x, y] = [screen.x(now[0]), screen.y(now[1])];
  if (told.ellipse && told.state) drawEllipses(ctx, screen, x, y, told.state.lat, told.ellipse, COLOURS.track);
  const ring = new Path2D();
  ringPath(ring, x, y, 12);
  strokePath(ctx, ring, COLOURS.text, 2);
}
