// The legend draws its signs with the very functions that draw the map.

import { make } from "./dom.js";
import { bracketPath, crossPath, diamondPath, drawBattery, drawRadar, ringPath, starPath, trianglePath } from "./glyphs.js";
import { COLOURS } from "./palette.js";

const stroked = (path, colour, width = 1.5) => (ctx) => {
  ctx.beginPath();
  path(ctx);
  ctx.strokeStyle = COLOURS[colour];
  ctx.lineWidth = width;
  ctx.stroke();
};
const filled = (path, colour) => (ctx) => {
  ctx.beginPath();
  path(ctx);
  ctx.fillStyle = COLOURS[colour];
  ctx.fill();
};

const SIGNS = [
  ["radar plot (true or false: the defence cannot tell)", filled((c) => c.rect(9, 9, 3.5, 3.5), "plot")],
  ["track with its trail", filled((c) => diamondPath(c, 11, 11, 5), "track")],
  ["track tentative or coasting", stroked((c) => diamondPath(c, 11, 11, 4), "track", 1)],
  ["being fired at", stroked((c) => bracketPath(c, 11, 11, 7), "interceptor")],
  ["predicted impact, to 2 σ", stroked((c) => c.ellipse(11, 11, 9, 5, -0.5, 0, 7), "impact")],
  ["interceptor on its way", filled((c) => trianglePath(c, 11, 12, 6), "interceptor")],
  ["observed hit", stroked((c) => starPath(c, 11, 11, 8), "kill")],
  ["observed miss; true fall in the open", stroked((c) => ringPath(c, 11, 11, 3), "open")],
  ["true fall in a zone", stroked((c) => crossPath(c, 11, 11, 5), "hit", 2.6)],
  ["true object", stroked((c) => ringPath(c, 11, 11, 6), "truth", 1)],
  ["true debris", filled((c) => c.rect(9, 9, 4, 4), "debris")],
  ["zone alerted, seconds to the predicted impact", filled((c) => c.rect(3, 6, 16, 10), "alertFill")],
  ["zone in shelter until the all-clear", filled((c) => c.rect(3, 6, 16, 10), "shelterFill")],
  ["launch area", stroked((c) => { c.setLineDash([3, 4]); c.rect(3, 6, 16, 10); }, "area")],
  ["radar; its reach is dotted", (c) => drawRadar(c, 11, 9)],
  ["battery with interceptors left; its reach is dashed", (c) => drawBattery(c, 11, 11)],
];

function sign(draw) {
  const canvas = make("canvas", { width: 44, height: 44, "aria-hidden": "true" });
  const ctx = canvas.getContext("2d");
  ctx.scale(2, 2);
  draw(ctx);
  return canvas;
}

export function fillLegend(holder) {
  holder.replaceChildren(...SIGNS.map(([text, draw]) => make("li", {}, sign(draw), text)));
}
