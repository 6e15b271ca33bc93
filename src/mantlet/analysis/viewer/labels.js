// Words on the map: the important first, none over another.

import { drawText } from "./glyphs.js";
import { loadAt } from "./model.js";
import { COLOURS } from "./palette.js";
import { COUNTDOWN } from "./warnings.js";

const SHIFTS = [0, -14, 14];
const NAMES_PER_PIXEL = 1 / 26000;

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

/** Half the width of a name at 12 pixels: a measure per name, not per frame. */
const widths = new Map();

function halfWidth(text) {
  if (!widths.has(text)) {
    const ctx = document.createElement("canvas").getContext("2d");
    ctx.font = "600 12px system-ui, sans-serif";
    widths.set(text, ctx.measureText(text).width / 2 + 3);
  }
  return widths.get(text);
}

/**
 * Seconds left over the name, on two lines: a right-to-left name never mixes with the number. Where
 * there is no room for both the number stands alone; those with least time left come first.
 */
export function drawCountdowns(ctx, view, { facts, zones }, alerted, taken) {
  for (const { zone, state, left } of alerted.toReversed()) {
    const name = facts.zoneNames[zone];
    const [x, y] = view.toScreen(zones.x[zone], zones.y[zone]);
    const counting = state === COUNTDOWN;
    const text = counting ? `${Math.ceil(left)} s` : "shelter";
    const colour = counting ? COLOURS.alert : COLOURS.shelter;
    const style = { size: counting ? 16 : 11, weight: 700, colour, align: "center" };
    const half = Math.max(halfWidth(name), 22);
    const shift = SHIFTS.find((dy) => taken.take([x - half, y + dy - 23, x + half, y + dy + 8]));
    if (shift !== undefined) {
      drawText(ctx, name, x, y + shift + 4, { size: 12, weight: 600, align: "center" });
      drawText(ctx, text, x, y + shift - 9, style);
    } else if (counting && taken.take([x - 20, y - 8, x + 20, y + 8])) {
      drawText(ctx, text, x, y + 6, style);
    }
  }
}

/** What each battery has left, with its name where there is room. */
export function drawMagazines(ctx, view, { facts, loads }, time, taken) {
  facts.batteries.forEach((battery, row) => {
    const [x, y] = view.toScreen(battery.x, battery.y);
    const held = loadAt(loads[row], time);
    const colour = held > 0 ? COLOURS.interceptor : COLOURS.hit;
    const style = { size: 12, weight: 700, colour };
    const long = `${battery.id}: ${held}`;
    const short = String(held);
    for (const text of [long, short]) {
      const width = 2 * halfWidth(text);
      const right = [x + 8, y - 8, x + 10 + width, y + 8];
      if (right[2] < view.width && taken.take(right)) return drawText(ctx, text, x + 10, y + 4, style);
      const left = [x - 10 - width, y - 8, x - 8, y + 8];
      if (left[0] > 0 && taken.take(left)) {
        return drawText(ctx, text, x - 10, y + 4, { ...style, align: "right" });
      }
    }
    return drawText(ctx, short, x + 10, y + 4, style);
  });
}

/** Names of the largest places first, as many as the map bears. */
export function drawNames(ctx, view, { facts, zones, byPeople }, taken) {
  let room = Math.ceil(view.width * view.height * NAMES_PER_PIXEL);
  for (const zone of byPeople) {
    if (room === 0) return;
    const [x, y] = view.toScreen(zones.x[zone], zones.y[zone]);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    const half = halfWidth(facts.zoneNames[zone]) + 4;
    if (!taken.take([x - half, y - 10, x + half, y + 8])) continue;
    room -= 1;
    drawText(ctx, facts.zoneNames[zone], x, y + 4, { size: 11, colour: COLOURS.quiet, align: "center" });
  }
}
