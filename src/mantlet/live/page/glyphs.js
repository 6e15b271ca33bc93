// The shapes of things, each also used in the legend. All sizes are CSS pixels.

import { COLOURS } from "./palette.js";

const TURN = 2 * Math.PI;

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

/** Corners of a square about a point: a track that is being fired at. */
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
  ctx.fillStyle = COLOURS.site;
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
