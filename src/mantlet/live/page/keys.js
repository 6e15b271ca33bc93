// Everything by keyboard; the list under "Legend and keys" is made from this table.

import { make } from "./dom.js";

/** key, action, words for the list */
export const KEYS = [
  [" ", "play", "play or pause"], ["ArrowLeft", "back", "one second back"], ["ArrowRight", "forward", "one second on"],
  ["n", "jump-next", "next event"], ["b", "jump-previous", "previous event"], ["[", "slower", "slower"], ["]", "faster", "faster"],
  ["l", "loop", "repeat the half minute about now"], ["Home", "start", "to the start"], ["End", "end", "to the end"],
  ["o", "object", "next object: why?"], ["Escape", "close", "close the explanation"], ["t", "truth", "show or hide the truth"],
  ["p", "plots", "show or hide plots"], ["s", "sound", "sound on or off"], ["+", "zoom-in", "zoom in"], ["-", "zoom-out", "zoom out"],
  ["0", "fit", "show everything"],
];
const SHOWN = { " ": "space", ArrowLeft: "←", ArrowRight: "→" };
const TYPING = "input:not([type=range]), textarea, select";

/** The action of a keystroke, or null if the key belongs to what is focused. */
export function actionOf({ key, ctrlKey, metaKey, altKey }, { typing, onButton, onMap, onSlider }) {
  if (ctrlKey || metaKey || altKey || typing) return null;
  if (onButton && key === " ") return null;
  if ((onMap || onSlider) && key.startsWith("Arrow")) return null;
  if (onSlider && (key === "Home" || key === "End")) return null;
  const name = key.length === 1 ? key.toLowerCase() : key;
  return KEYS.find(([held]) => held === name)?.[1] ?? null;
}

export function bindKeys(act) {
  document.addEventListener("keydown", (event) => {
    const on = (selector) => Boolean(event.target.closest?.(selector));
    const action = actionOf(event, { typing: on(TYPING), onButton: on("button, summary, a"), onMap: on(".map"), onSlider: on("#slider") });
    if (action && act(action)) event.preventDefault();
  });
}

export function listKeys(holder) {
  holder.replaceChildren(...KEYS.flatMap(([key, , words]) => [make("dt", {}, make("kbd", {}, SHOWN[key] ?? key)), make("dd", {}, words)]));
}
