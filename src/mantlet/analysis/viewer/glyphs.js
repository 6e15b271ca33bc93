// The shapes of things, each also used in the legend. All sizes are CSS pixels.

import { COLOURS } from "./palette.js";

const TURN = 2 * Math.PI;

/** A soft round light, drawn once: gradients are dear when made anew in every frame. */
function makeGlow(inner, outer) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const ctx = canvas.getContext("2d");
  const light = ctx.createRadialGradient(32, 32, 0, 32, 32, 32);
  light.addColorStop(0, inner);
  light.addColorStop(0.3, outer);
  light.addColorStop(1, "rgba(0, 0, 0, 0)");
  ctx.fillStyle = light;
  ctx.fillRect(0, 0, 64, 64);
  return canvas;
}

const glows = new Map();

export function drawGlow(ctx, x, y, radius, inner, outer) {
  const key = inner + outer;
  if (!glows.has(key)) glows.set(key, makeGlow(inner, outer));
  ctx.drawImage(glows.get(key), x - radius, y - radius, 2 * radius, 2 * radius);
}

export function ringPath(ctx, x, y, radius) {
  ctx.moveTo(x + radius, y);
  ctx.arc(x, y, radius, 0, TURN);
}

export function crossPath(ctx, x, y, size) {
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x - size, y + size);
  ctx.lineTo(x + size, y - size);
}

export function diamondPath(ctx, x, y, size) {
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
}

export function trianglePath(ctx, x, y, size) {
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size * 0.87, y + size * 0.6);
  ctx.lineTo(x - size * 0.87, y + size * 0.6);
  ctx.closePath();
}

export function starPath(ctx, x, y, size) {
  for (let ray = 0; ray < 8; ray += 1) {
    const angle = (ray * TURN) / 8;
    const far = ray % 2 ? size * 0.55 : size;
    ctx.moveTo(x + 0.25 * far * Math.cos(angle), y + 0.25 * far * Math.sin(angle));
    ctx.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
  }
}

/** Corners of a square about a point: a track that has been fired at. */
export function bracketPath(ctx, x, y, size) {
  const arm = size * 0.55;
  for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
    ctx.moveTo(x + sx * size, y + sy * (size - arm));
    ctx.lineTo(x + sx * size, y + sy * size);
    ctx.lineTo(x + sx * (size - arm), y + sy * size);
  }
}

export function drawRadar(ctx, x, y) {
  ctx.beginPath();
  ctx.moveTo(x, y + 1);
  ctx.lineTo(x + 5, y + 9);
  ctx.lineTo(x - 5, y + 9);
  ctx.closePath();
  ctx.fillStyle = COLOURS.track;
  ctx.fill();
  ctx.beginPath();
  for (const radius of [4, 8]) {
    ctx.moveTo(x + radius * Math.cos(-2.5), y + radius * Math.sin(-2.5));
    ctx.arc(x, y, radius, -2.5, -0.64);
  }
  ctx.strokeStyle = COLOURS.track;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

export function drawBattery(ctx, x, y) {
  ctx.fillStyle = "#0d2a22";
  ctx.strokeStyle = COLOURS.interceptor;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.rect(x - 6, y - 6, 12, 12);
  ctx.fill();
  ctx.stroke();
  ctx.beginPath();
  trianglePath(ctx, x, y, 4);
  ctx.fillStyle = COLOURS.interceptor;
  ctx.fill();
}

const RIGHT_TO_LEFT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** Direction of a text by its first letter, so that brackets and digits in it stay in place. */
export function textDirection(text) {
  return RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr";
}

const SPRITES_KEPT = 600;
const PAD = 3;
const sprites = new Map();

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

const SHARES = { left: 0, center: 0.5, right: 1 };

/** Text that stays readable over anything; `y` is its base line. */
export function drawText(ctx, text, x, y, { size = 12, weight = 500, colour = COLOURS.text, align = "left" }) {
  const ratio = ctx.getTransform().a;
  const font = `${weight} ${size}px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
  const key = `${text}|${font}|${colour}|${ratio}`;
  if (!sprites.has(key)) {
    if (sprites.size >= SPRITES_KEPT) sprites.clear();
    sprites.set(key, makeWord(text, font, colour, size, ratio));
  }
  const { canvas, width } = sprites.get(key);
  const whole = (value) => Math.round(value * ratio) / ratio; // whole device pixels stay sharp
  const left = whole(x - PAD - (width - 2 * PAD) * SHARES[align]);
  ctx.drawImage(canvas, left, whole(y - 1.15 * size), canvas.width / ratio, canvas.height / ratio);
}
