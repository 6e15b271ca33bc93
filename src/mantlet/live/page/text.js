// Words on a canvas: readable over anything, none over another, right-to-left names correct.

import { COLOURS } from "./palette.js";

const RIGHT_TO_LEFT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const SPRITES_KEPT = 800;
const PAD = 3;
const SHARES = { left: 0, center: 0.5, right: 1 };
const sprites = new Map();
const widths = new Map();

/** Direction of a text by its first letter, so that brackets and digits in it stay in place. */
export function textDirection(text) {
  return RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr";
}

/** A word with its halo as a picture: stroking letters anew in every frame costs ten times as much. */
function makeWord(text, font, colour, size, ratio) {
  const canvas = document.createElement("canvas");
  const ctx = canvas.getContext("2d");
  ctx.font = font;
  const width = Math.ceil(ctx.measureText(text).width) + 2 * PAD;
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(1.6 * size * ratio);
  ctx.scale(ratio, ratio);
  ctx.font = font; // changing the size of a canvas forgets its settings
  ctx.direction = textDirection(text);
  ctx.textAlign = "center";
  ctx.lineWidth = 3;
  ctx.lineJoin = "round";
  ctx.strokeStyle = COLOURS.halo;
  ctx.strokeText(text, width / 2, 1.15 * size);
  ctx.fillStyle = colour;
  ctx.fillText(text, width / 2, 1.15 * size);
  return { canvas, width };
}

/** Draw a text; `y` is its base line. */
export function drawText(ctx, text, x, y, { size = 12, weight = 500, colour = COLOURS.text, align = "left" } = {}) {
  const ratio = ctx.getTransform().a;
  const font = `${weight} ${size}px ${FONT}`;
  const key = `${text}|${font}|${colour}|${ratio}|${COLOURS.halo}`;
  if (!sprites.has(key)) {
    if (sprites.size >= SPRITES_KEPT) sprites.clear();
    sprites.set(key, makeWord(text, font, colour, size, ratio));
  }
  const { canvas, width } = sprites.get(key);
  const whole = (value) => Math.round(value * ratio) / ratio; // whole device pixels stay sharp
  const left = whole(x - PAD - (width - 2 * PAD) * SHARES[align]);
  ctx.drawImage(canvas, left, whole(y - 1.15 * size), canvas.width / ratio, canvas.height / ratio);
}

/** Half the width of a name at 12 pixels: measured once per name. */
export function halfWidth(text) {
  if (!widths.has(text)) {
    const ctx = document.createElement("canvas").getContext("2d");
    ctx.font = `600 12px ${FONT}`;
    widths.set(text, ctx.measureText(text).width / 2 + 3);
  }
  return widths.get(text);
}

export function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/** Boxes [left, top, right, bottom] in pixels that are already written on. */
export class Taken {
  constructor() {
    this.boxes = [];
  }

  /** Take a box if it is free. */
  take(box) {
    if (this.boxes.some((held) => overlap(held, box))) return false;
    this.boxes.push(box);
    return true;
  }
}
