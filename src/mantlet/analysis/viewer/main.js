// The page: reads its own data, then draws one frame after the other.

import { drawAltitude, drawProfile } from "./altitude.js";
import { bindControls, bindMap, drawDensity, showControls } from "./controls.js";
import { clockText, listEvents } from "./events.js";
import { drawGround } from "./ground.js";
import { drawMap } from "./map.js";
import { buildModel } from "./model.js";
import { EventList, byId, fillLegend, showScore } from "./panel.js";
import { Player, fittingSpeed } from "./player.js";
import { AltitudeView, MapView } from "./projection.js";
import { inflateText, readColumns } from "./unpack.js";

const PANEL_PERIOD_MS = 150;
const MOST_PIXELS_PER_PIXEL = 2;
const LONGEST_FRAME_S = 0.25;

/** Errors are for reading, not for the console. */
function showError(problem) {
  const box = document.getElementById("error");
  box.hidden = false;
  box.textContent = `This replay cannot be shown: ${problem?.message ?? problem}`;
}

/** A pair of canvases over each other: the fixed layer and the moving one. */
class Stage {
  constructor(holder) {
    this.holder = holder;
    [this.fixed, this.moving] = holder.querySelectorAll("canvas");
  }

  /** Fit both to the holder; true if the size changed. */
  resize(view) {
    const { clientWidth: width, clientHeight: height } = this.holder;
    const ratio = Math.min(window.devicePixelRatio || 1, MOST_PIXELS_PER_PIXEL);
    for (const canvas of [this.fixed, this.moving]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    view.resize(width, height);
  }
}

class Replay {
  constructor(model, calm) {
    this.model = model;
    this.calm = calm;
    this.view = { truth: false };
    this.player = new Player(model.facts.duration, fittingSpeed(model.facts.duration));
    this.map = { stage: new Stage(byId("map")), view: new MapView(model.facts.view) };
    this.profile = {
      stage: new Stage(byId("altitude")),
      view: new AltitudeView(model.facts.axis, model.along, model.top),
    };
    this.events = listEvents(model);
    this.list = new EventList(this.events, (time) => { this.player.seek(time - 1); this.touch(); });
    this.stale = true;
    this.frames = { count: 0, drawn: 0, since: 0 };
    this.panelDue = 0;
  }

  start() {
    bindControls(this.player, this.view, () => this.touch());
    bindMap(this.map.stage.moving, this.map.view, () => { this.stale = true; });
    byId("zoom-in").addEventListener("click", () => this.zoom(1.5));
    byId("zoom-out").addEventListener("click", () => this.zoom(1 / 1.5));
    byId("zoom-fit").addEventListener("click", () => { this.map.view.fit(); this.stale = true; });
    new ResizeObserver(() => this.resize()).observe(byId("stage"));
    this.resize();
    const wanted = Number(new URLSearchParams(location.hash.slice(1)).get("t"));
    if (wanted) this.player.seek(wanted);
    this.player.playing = !this.calm && !location.hash.includes("paused");
    this.touch();
    requestAnimationFrame((now) => this.frame(now, now));
  }

  zoom(factor) {
    const { view } = this.map;
    view.zoom(factor, view.width / 2, view.height / 2);
    this.stale = true;
  }

  resize() {
    this.map.stage.resize(this.map.view);
    this.profile.stage.resize(this.profile.view);
    drawProfile(this.profile.stage.fixed.getContext("2d"), this.profile.view, this.model);
    drawDensity(byId("density"), this.events, this.player.duration);
    this.stale = true;
  }

  touch() {
    this.panelDue = 0;
  }

  frame(now, before) {
    const elapsed = Math.min((now - before) / 1000, LONGEST_FRAME_S);
    this.player.advance(elapsed);
    const begun = performance.now();
    this.draw(now);
    this.measure(now, performance.now() - begun);
    if (now >= this.panelDue) {
      this.panelDue = now + PANEL_PERIOD_MS;
      this.showPanel();
    }
    requestAnimationFrame((next) => this.frame(next, now));
  }

  draw(now) {
    const { map, profile, player, model } = this;
    if (this.stale) drawGround(map.stage.fixed.getContext("2d"), map.view, model);
    this.stale = false;
    const pulse = this.calm || !player.playing ? 0 : 0.5 + 0.5 * Math.sin(now / 160);
    const moment = { time: player.time, speed: player.speed, truth: this.view.truth, pulse };
    drawMap(map.stage.moving.getContext("2d"), map.view, model, moment);
    drawAltitude(profile.stage.moving.getContext("2d"), profile.view, model, moment);
  }

  measure(now, spent) {
    const { frames } = this;
    frames.count += 1;
    frames.drawn += spent;
    if (now - frames.since < 1000) return;
    const rate = (1000 * frames.count) / (now - frames.since);
    byId("frames").textContent = `${Math.round(rate)} frames/s, ${(frames.drawn / frames.count).toFixed(1)} ms each`;
    this.frames = { count: 0, drawn: 0, since: now };
  }

  showPanel() {
    const { player, model } = this;
    showControls(player, this.view);
    showScore(model.score, player.time);
    this.list.show(player.time, this.view.truth);
    byId("clock").textContent = `${clockText(player.time)} / ${clockText(player.duration)}`;
    const moment = Date.parse(model.facts.epoch) + 1000 * (model.facts.start + player.time);
    byId("date").textContent = `${new Date(moment).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  }
}

function describe(facts) {
  const [from, to] = [facts.start - facts.run[0], facts.run[1] - facts.run[0]];
  const excerpt = facts.excerpt
    ? `The busiest ${Math.round(facts.duration / 60)} minutes of a run of ${(to / 86400).toFixed(1)} days, from its hour ${(from / 3600).toFixed(1)} on; counted is what flies in them. `
    : "";
  byId("about").textContent = `${excerpt}Seed ${facts.seed}.`;
}

async function open() {
  const facts = JSON.parse(byId("replay-facts").textContent);
  const bytes = await inflateText(byId("replay-data").textContent);
  const model = buildModel(facts, readColumns(facts.columns, bytes));
  describe(facts);
  fillLegend();
  new Replay(model, matchMedia("(prefers-reduced-motion: reduce)").matches).start();
}

window.addEventListener("error", (event) => showError(event.error ?? event.message));
window.addEventListener("unhandledrejection", (event) => showError(event.reason));
open().catch(showError);
