// The words and numbers beside the map.

import { clockText } from "./events.js";
import { drawBattery, drawRadar, bracketPath, crossPath, diamondPath, ringPath, starPath, trianglePath } from "./glyphs.js";
import { COLOURS } from "./palette.js";
import { scoreAt } from "./score.js";
import { countUpTo } from "./timeline.js";

const LINES = 60;
const MARKS = { alert: "▲", shot: "△", kill: "✶", hit: "✖", open: "○", doubt: "?" };

export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element "${id}".`);
  return found;
}

function write(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/** Numbers of the score, and its rate under the definition the page states. */
export function showScore(moments, time) {
  const score = scoreAt(moments, time);
  for (const key of ["launched", "flying", "engaged", "shots", "intercepted", "hits", "elsewhere"]) {
    write(`score-${key}`, String(score[key]));
  }
  write("score-people", score.people.toLocaleString("en"));
  const share = score.rate === null ? "–" : `${Math.round(100 * score.rate)} %`;
  write("score-rate", share);
  write("score-parts", `${score.stopped} of ${score.threatening}`);
}

function eventLine(event) {
  const line = document.createElement("li");
  line.className = event.kind;
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.time = event.time;
  const time = document.createElement("time");
  time.textContent = clockText(event.time);
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = MARKS[event.kind];
  const text = document.createElement("span");
  if (event.after) text.append(event.text);
  (event.names ?? []).forEach((name, place) => {
    const isolated = document.createElement("bdi"); // a right-to-left name keeps to itself
    isolated.textContent = name;
    text.append(place ? ", " : "", isolated);
  });
  if (!event.after) text.append(event.text);
  button.append(time, mark, text);
  line.append(button);
  return line;
}

/** The latest events up to a moment, newest first; redrawn only when one was added or taken. */
export class EventList {
  constructor(events, onPick) {
    // That an observation erred is nothing the defence could know.
    this.views = [events.filter((event) => event.kind !== "doubt"), events].map((shown) => ({
      events: shown,
      times: Float64Array.from(shown, (event) => event.time),
    }));
    this.list = byId("events");
    this.shown = "";
    this.list.addEventListener("click", (click) => {
      const button = click.target.closest("button");
      if (button) onPick(Number(button.dataset.time));
    });
  }

  show(time, truth) {
    const { events, times } = this.views[truth ? 1 : 0];
    const count = countUpTo(times, time);
    const key = `${count} ${truth}`;
    if (key === this.shown) return;
    this.shown = key;
    const recent = events.slice(Math.max(count - LINES, 0), count).reverse();
    this.list.replaceChildren(...recent.map(eventLine));
  }
}

function legendMark(draw) {
  const canvas = document.createElement("canvas");
  const ratio = 2;
  canvas.width = canvas.height = 22 * ratio;
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  draw(ctx);
  return canvas;
}

function stroked(path, colour, width = 1.5) {
  return (ctx) => {
    ctx.beginPath();
    path(ctx);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  };
}

function filled(path, colour) {
  return (ctx) => {
    ctx.beginPath();
    path(ctx);
    ctx.fillStyle = colour;
    ctx.fill();
  };
}

const LEGEND = [
  ["radar plot, fading (true or false: the defence cannot tell)", filled((c) => c.rect(9, 9, 3.5, 3.5), COLOURS.plot)],
  ["track with its trail; hollow: no recent plot", filled((c) => diamondPath(c, 11, 11, 5), COLOURS.track)],
  ["where the track is, to 1 and 3 σ (map) or 1 σ (height)", stroked((c) => c.ellipse(11, 11, 9, 5, 0.5, 0, 7), COLOURS.track)],
  ["predicted impact, to 2 σ", stroked((c) => c.ellipse(11, 11, 9, 5, -0.5, 0, 7), COLOURS.impact)],
  ["fired at", stroked((c) => bracketPath(c, 11, 11, 7), COLOURS.interceptor)],
  ["interceptor on its way", filled((c) => trianglePath(c, 11, 12, 6), COLOURS.interceptor)],
  ["interception (true)", stroked((c) => starPath(c, 11, 11, 8), COLOURS.kill)],
  ["missed (true)", stroked((c) => ringPath(c, 11, 11, 4), COLOURS.open)],
  ["debris (true)", filled((c) => c.rect(9, 9, 4, 4), COLOURS.debris)],
  ["impact in a zone (true)", stroked((c) => crossPath(c, 11, 11, 5), COLOURS.hit, 2.6)],
  ["impact elsewhere: open ground, sea (true)", stroked((c) => ringPath(c, 11, 11, 3), COLOURS.open)],
  ["zone alerted, seconds to the predicted impact", filled((c) => c.rect(4, 6, 14, 10), COLOURS.alert)],
  ["zone in shelter until the all-clear", filled((c) => c.rect(4, 6, 14, 10), "rgba(230, 159, 0, 0.45)")],
  ["radar; its reach is dotted", (c) => drawRadar(c, 11, 9)],
  ["battery with interceptors left; its reach is dashed", (c) => drawBattery(c, 11, 11)],
  ["with truth shown: an object really there", stroked((c) => ringPath(c, 11, 11, 5.5), COLOURS.truth)],
  ["with truth shown: a plot of nothing", stroked((c) => crossPath(c, 11, 11, 3), COLOURS.falsePlot)],
];

export function fillLegend() {
  byId("legend").replaceChildren(
    ...LEGEND.map(([text, draw]) => {
      const item = document.createElement("li");
      item.append(legendMark(draw), text);
      return item;
    }),
  );
}
