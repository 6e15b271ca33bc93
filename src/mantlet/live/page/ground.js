// What stands: sites with their reach, zones under alert, names. Drawn over the base map.

import { drawBattery, drawRadar } from "./glyphs.js";
import { COLOURS } from "./palette.js";
import { strokePath } from "./painter.js";
import { drawText, halfWidth } from "./text.js";

const RAD = Math.PI / 180;
const SHIFTS = [0, -16, 16];
const NAMES_PER_PIXEL = 1 / 24000;

/** A circle or sector about a site; azimuths clockwise from north. */
export function reachPath(x, y, radius, centreDeg = 0, widthDeg = 360) {
  const path = new Path2D();
  if (widthDeg >= 360) {
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return path;
  }
  const middle = (centreDeg - 90) * RAD;
  path.moveTo(x, y);
  path.arc(x, y, radius, middle - (widthDeg * RAD) / 2, middle + (widthDeg * RAD) / 2);
  path.closePath();
  return path;
}

/** Reaches of radars (dotted) and batteries (dashed, with the least range). */
export function drawReaches(ctx, screen, place) {
  ctx.setLineDash([2, 5]);
  for (const radar of place.radars) {
    const radius = (radar.range_m * radar.scale) / screen.resolution;
    const path = reachPath(screen.x(radar.x), screen.y(radar.y), radius, radar.azimuth_centre_deg, radar.azimuth_width_deg);
    strokePath(ctx, path, COLOURS.track, 1, 0.5);
  }
  ctx.setLineDash([7, 5]);
  for (const battery of place.batteries) {
    for (const range of [battery.range_m, battery.range_min_m]) {
      const radius = ((range ?? 0) * battery.scale) / screen.resolution;
      if (radius > 4) strokePath(ctx, reachPath(screen.x(battery.x), screen.y(battery.y), radius), COLOURS.interceptor, 1, 0.55);
    }
  }
  ctx.setLineDash([]);
}

/** Path of a zone in pixels. */
function zonePath(screen, rings) {
  const path = new Path2D();
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const x = screen.x(ring[at]);
      const y = screen.y(ring[at + 1]);
      if (at) path.lineTo(x, y);
      else path.moveTo(x, y);
    }
    path.closePath();
  }
  return path;
}

/** Zones with an open alert: one entry each, least time left last so that it lies on top. */
export function openAlerts({ zones }, ahead) {
  const byRow = new Map();
  for (let at = 0; at < zones.rows; at += 1) {
    const left = zones.seconds_left[at] - ahead;
    const held = byRow.get(zones.row[at]);
    if (held && urgency(held.left) <= urgency(left)) continue;
    byRow.set(zones.row[at], { row: zones.row[at], left, alert: zones.alert_id[at] });
  }
  return [...byRow.values()].sort((a, b) => urgency(b.left) - urgency(a.left));
}

/** Positive times count down; what is past comes after all that is to come. */
const urgency = (left) => (left > 0 ? left : 1e9 - left);

export function drawAlerts(ctx, screen, place, alerts) {
  for (const { row, left } of alerts) {
    const zone = place.zones[row];
    if (!zone) continue;
    const counting = left > 0;
    const path = zonePath(screen, zone.rings);
    ctx.fillStyle = counting ? COLOURS.alertFill : COLOURS.shelterFill;
    ctx.fill(path, "evenodd");
    strokePath(ctx, path, counting ? COLOURS.alert : COLOURS.shelter, counting ? 2 : 1);
  }
}

/** The time left over the name, on two lines: a right-to-left name never mixes with the number. */
export function drawCountdowns(ctx, screen, place, alerts, taken) {
  for (const { row, left } of alerts.toReversed()) {
    const zone = place.zones[row];
    if (!zone) continue;
    const x = screen.x(zone.middle[0]);
    const y = screen.y(zone.middle[1]);
    if (!screen.sees(x, y)) continue;
    const counting = left > 0;
    const text = counting ? `${Math.ceil(left)} s` : "shelter";
    const style = { size: counting ? 16 : 11, weight: 700, colour: counting ? COLOURS.alert : COLOURS.shelter, align: "center" };
    const half = Math.max(halfWidth(zone.name), 22);
    const shift = SHIFTS.find((dy) => taken.take([x - half, y + dy - 23, x + half, y + dy + 8]));
    if (shift !== undefined) {
      drawText(ctx, zone.name, x, y + shift + 4, { weight: 600, align: "center" });
      drawText(ctx, text, x, y + shift - 9, style);
    } else if (counting && taken.take([x - 20, y - 8, x + 20, y + 8])) drawText(ctx, text, x, y + 6, style);
  }
}

/** Sites with their names; batteries with what their magazines hold. */
export function drawSites(ctx, screen, place, loads, taken) {
  place.batteries.forEach((battery, row) => {
    const [x, y] = [screen.x(battery.x), screen.y(battery.y)];
    const held = loads.get(row) ?? battery.interceptors;
    drawBattery(ctx, x, y);
    label(ctx, screen, taken, x, y, `${battery.id}: ${held}`, held > 0 ? COLOURS.interceptor : COLOURS.hit);
  });
  for (const radar of place.radars) {
    const [x, y] = [screen.x(radar.x), screen.y(radar.y)];
    drawRadar(ctx, x, y);
    label(ctx, screen, taken, x, y, radar.id, COLOURS.track);
  }
}

function label(ctx, screen, taken, x, y, text, colour) {
  if (!screen.sees(x, y, 0)) return;
  const width = 2 * halfWidth(text);
  const right = x + 12 + width < screen.width;
  taken.take([x - 9, y - 9, x + 9, y + 9]);
  const box = right ? [x + 10, y - 8, x + 12 + width, y + 8] : [x - 12 - width, y - 8, x - 10, y + 8];
  if (taken.take(box)) drawText(ctx, text, x + (right ? 11 : -11), y + 4, { weight: 700, colour, align: right ? "left" : "right" });
}

/** Names of the largest places first, as many as the map bears. */
export function drawNames(ctx, screen, place, taken) {
  let room = Math.ceil(screen.width * screen.height * NAMES_PER_PIXEL);
  for (const zone of place.byPeople) {
    if (room === 0) return;
    const x = screen.x(zone.middle[0]);
    const y = screen.y(zone.middle[1]);
    if (!zone.name || !screen.sees(x, y, 0)) continue;
    const half = halfWidth(zone.name) + 4;
    if (!taken.take([x - half, y - 10, x + half, y + 8])) continue;
    room -= 1;
    drawText(ctx, zone.name, x, y + 4, { size: 11, colour: COLOURS.quiet, align: "center" });
  }
}
