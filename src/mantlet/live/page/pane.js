// One run on the screen: base map, moving layer over it, height view, and picking with the pointer.

import { AltitudeView } from "./altitude.js";
import { Basemap } from "./basemap.js";
import { contains, latitudeOf, longitudeOf } from "./geo.js";
import { drawAlerts, drawCountdowns, drawNames, drawReaches, drawSites, openAlerts } from "./ground.js";
import { EventLog } from "./log.js";
import { Screen, drawImpacts, drawInterceptors, drawMarks, drawPlots, drawTracks, drawTrails, drawTruth } from "./painter.js";
import { stretchOf } from "./place.js";
import { Sky } from "./sky.js";
import { Taken } from "./text.js";
import { drawExplained } from "./explained.js";

const PICK_PIXELS = 14;
const MOST_PIXELS_PER_PIXEL = 2;

/** Fit a canvas to its holder; sharp on dense screens. Returns its size in CSS pixels. */
export function fitCanvas(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(window.devicePixelRatio || 1, MOST_PIXELS_PER_PIXEL);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  }
  return { width, height };
}

export class Pane {
  /** `options`: {view: ol.View to share or null, onPick(object), source} */
  constructor(holder, { view, onPick, source }) {
    this.source = source;
    this.holder = holder;
    this.sky = new Sky();
    this.log = new EventLog();
    this.altitude = new AltitudeView();
    this.base = new Basemap(holder.querySelector(".map"), view);
    this.canvas = document.createElement("canvas");
    this.canvas.className = "moving";
    holder.querySelector(".map").after(this.canvas); // OpenLayers unsets all canvases within its own
    this.heights = holder.querySelector(".altitude canvas");
    this.dirty = true;
    this.explained = null;
    this.selected = null;
    this.engaged = new Set();
    this.shown = { truth: true, plots: true, reach: true };
    this.base.map.on("postrender", () => this.draw(performance.now()));
    this.base.map.on("singleclick", (event) => onPick(this.pick(event.pixel), source));
  }

  /** @param {ReturnType<import("./place.js").makePlace>} place */
  show(place, fit) {
    this.place = place;
    this.base.show(place);
    if (fit) this.base.fit();
    this.dirty = true;
  }

  takeFrame(frame, nowMs) {
    this.sky.take(frame, nowMs);
    this.engaged = new Set(frame.interceptors.track_id);
    this.dirty = true;
  }

  recall(trails, time_s) {
    this.sky.recall(trails, time_s);
    this.dirty = true;
  }

  /** Where the map's plane lies on the canvas right now; null before the first layout. */
  screen(width, height) {
    const centre = this.base.view.getCenter();
    const resolution = this.base.view.getResolution();
    if (!centre || !resolution) return null;
    return new Screen(centre[0] - (width / 2) * resolution, centre[1] + (height / 2) * resolution, resolution, width, height);
  }

  draw(nowMs) {
    const { width, height } = fitCanvas(this.canvas);
    const screen = this.screen(width, height);
    this.dirty = false;
    if (!screen || !this.place || !width) return;
    const ctx = this.canvas.getContext("2d");
    ctx.clearRect(0, 0, width, height);
    const ahead = this.sky.ahead(nowMs);
    const alerts = this.sky.frame ? openAlerts(this.sky.frame, ahead) : [];
    drawAlerts(ctx, screen, this.place, alerts);
    if (this.shown.reach) drawReaches(ctx, screen, this.place);
    if (this.sky.frame) this.drawMoving(ctx, screen, ahead);
    this.drawWords(ctx, screen, alerts);
    if (this.explained) drawExplained(ctx, screen, this.explained, this.selected, this.sky, ahead);
    this.drawHeights(ahead);
  }

  drawMoving(ctx, screen, ahead) {
    const { sky, place, shown } = this;
    const { frame } = sky;
    if (shown.plots) drawPlots(ctx, screen, frame, { stretchOf });
    drawMarks(ctx, screen, this.log.marks, frame.time_s + ahead, frame.speed);
    drawTrails(ctx, screen, sky, ahead);
    drawImpacts(ctx, screen, frame, { stretchOf });
    drawInterceptors(ctx, screen, frame, ahead, { stretchOf }, place.batteries);
    if (shown.truth) drawTruth(ctx, screen, frame, ahead);
    drawTracks(ctx, screen, frame, ahead, this.engaged);
  }

  drawWords(ctx, screen, alerts) {
    const taken = new Taken();
    const loads = new Map();
    const batteries = this.sky.frame?.batteries;
    for (let at = 0; batteries && at < batteries.rows; at += 1) loads.set(batteries.row[at], batteries.left[at]);
    drawSites(ctx, screen, this.place, loads, taken);
    drawCountdowns(ctx, screen, this.place, alerts, taken);
    drawNames(ctx, screen, this.place, taken);
  }

  drawHeights(ahead) {
    const { width, height } = fitCanvas(this.heights);
    if (!width) return;
    const { sky, log: { marks }, selected } = this;
    this.altitude.draw(this.heights.getContext("2d"), width, height, { sky, marks, ahead, speed: sky.frame?.speed ?? 1, selected });
  }

  /** The object nearest to a pixel, else the zone under it, else null. */
  pick([px, py]) {
    const screen = this.screen(this.canvas.clientWidth, this.canvas.clientHeight);
    if (!screen || !this.place) return null;
    let best = { object: null, away: PICK_PIXELS };
    for (const { object, x, y } of this.objects()) {
      const away = Math.hypot(screen.x(x) - px, screen.y(y) - py);
      if (away < best.away) best = { object, away };
    }
    return best.object ?? this.zoneAt(screen.left + px * screen.resolution, screen.top - py * screen.resolution);
  }

  zoneAt(x, y) {
    const zone = this.place.zones.find(({ geometry }) => contains(geometry, longitudeOf(x), latitudeOf(y)));
    return zone ? `zone:${zone.zone_id}` : null;
  }

  /** Everything that can be picked, tracks first. */
  objects() {
    const found = [];
    const ahead = this.sky.ahead(performance.now());
    const blocks = [["track", "tracks"], ["interceptor", "interceptors"], ...(this.shown.truth ? [["threat", "truth"]] : [])];
    for (const [kind, name] of this.sky.frame ? blocks : []) {
      const block = this.sky.frame[name];
      for (let row = 0; row < block.rows; row += 1) {
        found.push({ object: `${kind}:${block.id[row]}`, x: block.x[row] + block.vx[row] * ahead, y: block.y[row] + block.vy[row] * ahead });
      }
    }
    for (const site of this.place.batteries) found.push({ object: `battery:${site.id}`, x: site.x, y: site.y });
    for (const site of this.place.radars) found.push({ object: `radar:${site.id}`, x: site.x, y: site.y });
    return found;
  }
}
