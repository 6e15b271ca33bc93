// A run's fixed things, ready for drawing: sites and zones with their places on the map's plane.

import { ask } from "./api.js";
import { mercatorRings, mercatorX, mercatorY, middleOf, stretch } from "./geo.js";

const located = (site) => ({ ...site, x: mercatorX(site.lon), y: mercatorY(site.lat), scale: stretch(site.lat) });

function readZone({ geometry, properties }) {
  const rings = mercatorRings(geometry);
  return { ...properties, geometry, rings, middle: middleOf(rings) };
}

/** @param {object} scene as the server gives it, with its zones and land as GeoJSON collections */
export function makePlace(scene, zones, land) {
  const list = zones.features.map(readZone);
  return {
    scene,
    land,
    zonesGeojson: zones,
    zones: list,
    byPeople: [...list].sort((a, b) => (b.population ?? 0) - (a.population ?? 0)),
    radars: scene.radars.map(located),
    batteries: scene.batteries.map(located),
  };
}

export async function fetchPlace(run) {
  const base = `runs/${encodeURIComponent(run)}`;
  const [scene, zones, land] = await Promise.all([ask(`${base}/scene`), ask(`${base}/zones`), ask(`${base}/land`)]);
  return makePlace(scene, zones, land);
}

/** Mercator place and stretch of a point, without keeping it. */
const held = { x: 0, y: 0, scale: 1 };
export function stretchOf(lon, lat) {
  held.x = mercatorX(lon);
  held.y = mercatorY(lat);
  held.scale = stretch(lat);
  return held;
}
