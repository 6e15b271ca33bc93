// The time bar: slider over the whole run, density of events, play, step, speed, loop, jumps.

import { byId, clockText, write } from "./dom.js";
import { COLOURS } from "./palette.js";

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 60, 120, 300, 600, 1800, 3600];
const SEEK_GAP_MS = 90;
const LOOP_S = 30;
const SHOWN = [["launches", "launch"], ["alerts", "alert"], ["shots", "interceptor"], ["hits", "kill"]];
export const JUMP_KINDS = "alert,shot,outcome";

/** The next speed up (1) or down (-1) from any speed. */
export function nextSpeed(speed, direction) {
  if (direction > 0) return SPEEDS.find((step) => step > speed * 1.001) ?? SPEEDS.at(-1);
  return SPEEDS.findLast((step) => step < speed * 0.999) ?? SPEEDS[0];
}

/** Counts of a density gathered into `bins` equal parts of the run; a list of counts per kind. */
export function rebin(density, kind, start, end, bins) {
  const counts = new Float64Array(bins);
  density[kind]?.forEach((count, at) => {
    const share = (density.start_s + (at + 0.5) * density.step_s - start) / Math.max(end - start, 1e-9);
    if (share >= 0 && share < 1) counts[Math.floor(share * bins)] += count;
  });
  return counts;
}

/** Draw where things happen, stacked; heights go with the square root, so that few still show. */
export function drawDensity(canvas, scene) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !scene?.density) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const bins = Math.max(Math.floor(width / 4), 1);
  const layers = SHOWN.map(([kind, colour]) => [rebin(scene.density, kind, scene.start_s, scene.end_s, bins), COLOURS[colour]]);
  const totals = Array.from({ length: bins }, (_, bin) => layers.reduce((sum, [counts]) => sum + counts[bin], 0));
  const most = Math.max(1, ...totals);
  for (let bin = 0; bin < bins; bin += 1) {
    const whole = Math.sqrt(totals[bin] / most) * (height - 2);
    let base = height;
    for (const [counts, colour] of layers) {
      const rise = totals[bin] ? (counts[bin] / totals[bin]) * whole : 0;
      ctx.fillStyle = colour;
      ctx.fillRect(bin * 4, base - rise, 3, rise);
      base -= rise;
    }
  }
}

export class TimeBar {
  /** `send(command)` goes to the server, `jump(direction)` to the next or previous event. */
  constructor(send, jump) {
    this.send = send;
    this.clock = { time_s: 0, playing: false, speed: 1, live: false, loop: null };
    this.slider = byId("slider");
    this.dragged = false;
    this.seekDue = 0;
    this.actions = {
      play: () => send({ do: this.clock.playing ? "pause" : "play" }),
      back: () => send({ do: "step", ticks: -1 }),
      forward: () => send({ do: "step", ticks: 1 }),
      "jump-previous": () => jump("previous"),
      "jump-next": () => jump("next"),
      slower: () => send({ do: "speed", speed: nextSpeed(this.clock.speed, -1) }),
      faster: () => send({ do: "speed", speed: nextSpeed(this.clock.speed, 1) }),
      loop: () => this.toggleLoop(),
      live: () => send({ do: "live" }),
    };
    for (const [id, act] of Object.entries(this.actions)) byId(id).addEventListener("click", act);
    this.slider.addEventListener("input", () => this.drag());
    this.slider.addEventListener("change", () => { this.seek(Number(this.slider.value)); this.dragged = false; });
    new ResizeObserver(() => drawDensity(byId("density"), this.scene)).observe(byId("density"));
  }

  /** While dragged the latest place is asked for, not every one. */
  drag() {
    this.dragged = true;
    const now = performance.now();
    if (now < this.seekDue) return;
    this.seekDue = now + SEEK_GAP_MS;
    this.seek(Number(this.slider.value));
  }

  seek(time) {
    this.send({ do: "seek", time_s: time });
  }

  /** Repeat the half minute about now, or stop repeating. */
  toggleLoop() {
    const { loop, time_s: time } = this.clock;
    if (loop) this.send({ do: "loop", start_s: null, end_s: null });
    else this.send({ do: "loop", start_s: Math.max(this.scene.start_s, time - LOOP_S / 2), end_s: Math.min(this.scene.end_s, time + LOOP_S / 2) });
  }

  show(scene) {
    this.scene = scene;
    this.slider.min = String(scene.start_s);
    this.slider.max = String(scene.end_s);
    drawDensity(byId("density"), scene);
  }

  takeClock(clock) {
    this.clock = { ...this.clock, ...clock };
    const { playing, speed, live, loop } = this.clock;
    const play = byId("play");
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.classList.toggle("playing", playing);
    write(byId("speed"), `${speed}×`);
    byId("loop").setAttribute("aria-pressed", String(Boolean(loop)));
    byId("live").hidden = this.scene?.kind !== "live";
    byId("live").setAttribute("aria-pressed", String(live));
  }

  /** Move the slider to a time, unless a hand is on it. */
  tick(time) {
    this.clock.time_s = time;
    if (this.dragged) return;
    this.slider.value = String(time);
    this.slider.setAttribute("aria-valuetext", clockText(time));
  }
}
