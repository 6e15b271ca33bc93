// Hands on the replay: buttons, slider, keys, and moving the map.

import { clockText, eventDensity } from "./events.js";
import { COLOURS } from "./palette.js";
import { byId } from "./panel.js";

const STEP_S = 5;
const DENSITY = [
  ["alert", COLOURS.alert],
  ["shot", COLOURS.interceptor],
  ["kill", COLOURS.kill],
  ["hit", COLOURS.hit],
];

/** Buttons, slider and keys. `changed` is called after anything a person did. */
export function bindControls(player, view, changed) {
  const actions = {
    play: () => player.toggle(),
    back: () => player.seek(player.time - STEP_S),
    forward: () => player.seek(player.time + STEP_S),
    slower: () => player.shift(-1),
    faster: () => player.shift(1),
    loop: () => { player.loop = !player.loop; },
    truth: () => { view.truth = !view.truth; },
  };
  const act = (name) => { actions[name](); changed(); };
  for (const name of Object.keys(actions)) byId(name).addEventListener("click", () => act(name));
  const slider = byId("slider");
  slider.max = String(player.duration);
  slider.addEventListener("input", () => { player.seek(Number(slider.value)); changed(); });
  bindKeys(act, (time) => { player.seek(time === "end" ? player.duration : 0); changed(); });
}

const KEYS = {
  " ": "play", k: "play", ArrowLeft: "back", ArrowRight: "forward",
  "[": "slower", "]": "faster", l: "loop", t: "truth",
};

function bindKeys(act, jump) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target.closest?.("button, summary, a");
    if (event.key === " " && onButton) return; // the button's own key
    if (event.key === "Home") jump("start");
    else if (event.key === "End") jump("end");
    else if (KEYS[event.key]) act(KEYS[event.key]);
    else return;
    event.preventDefault();
  });
}

/** Buttons and slider show the state of the player. */
export function showControls(player, view) {
  const play = byId("play");
  const label = player.playing ? "Pause" : "Play";
  if (play.dataset.label !== label) {
    play.dataset.label = label;
    play.setAttribute("aria-label", label);
    play.firstElementChild.textContent = player.playing ? "❚❚" : "▶";
  }
  byId("speed").textContent = `${player.speed}×`;
  byId("loop").setAttribute("aria-pressed", String(player.loop));
  byId("truth").setAttribute("aria-pressed", String(view.truth));
  byId("slider").value = String(player.time);
  byId("slider").setAttribute("aria-valuetext", clockText(player.time));
}

/** Where in the replay things happen, behind the slider. */
export function drawDensity(canvas, events, duration) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width || !height) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const bins = Math.max(Math.floor(width / 4), 1);
  const counts = eventDensity(events, duration, bins);
  const total = (bin) => DENSITY.reduce((sum, [kind]) => sum + (counts[kind]?.[bin] ?? 0), 0);
  const most = Math.max(1, ...Array.from({ length: bins }, (_, bin) => total(bin)));
  for (let bin = 0; bin < bins; bin += 1) {
    let base = height;
    for (const [kind, colour] of DENSITY) {
      const rise = ((counts[kind]?.[bin] ?? 0) / most) * (height - 2);
      ctx.fillStyle = colour;
      ctx.fillRect(bin * 4, base - rise, 3, rise);
      base -= rise;
    }
  }
}

/** Drag to move, wheel or two fingers to zoom, double click for everything. */
export function bindMap(element, view, changed) {
  const fingers = new Map();
  const local = (event) => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.zoom(Math.exp(-event.deltaY * 0.0015), ...local(event));
    changed();
  }, { passive: false });
  element.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, local(event));
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    moveFinger(view, fingers, event.pointerId, local(event));
    changed();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    element.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  element.addEventListener("dblclick", () => { view.fit(); changed(); });
}

function moveFinger(view, fingers, id, now) {
  const before = fingers.get(id);
  fingers.set(id, now);
  if (fingers.size === 1) {
    view.pan(now[0] - before[0], now[1] - before[1]);
    return;
  }
  const other = Array.from(fingers).find(([key]) => key !== id)[1];
  const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
  if (apart(before) > 0) view.zoom(apart(now) / apart(before), ...other);
}
