// The map's plane: spherical Mercator metres, as OpenLayers draws them.

const RADIUS_M = 6378137;
const RAD = Math.PI / 180;

export const mercatorX = (lon) => RADIUS_M * lon * RAD;
export const mercatorY = (lat) => RADIUS_M * Math.log(Math.tan(Math.PI / 4 + (lat * RAD) / 2));
export const latitudeOf = (y) => (2 * Math.atan(Math.exp(y / RADIUS_M)) - Math.PI / 2) / RAD;
export const longitudeOf = (x) => x / RADIUS_M / RAD;

/** Mercator metres per metre on the ground. */
export const stretch = (lat) => 1 / Math.cos(lat * RAD);

/** Map extent of [west, south, east, north] in degrees. */
export function extentOf([west, south, east, north]) {
  return [mercatorX(west), mercatorY(south), mercatorX(east), mercatorY(north)];
}

/** Is a point inside a GeoJSON polygon or multipolygon? Even-odd rule, any units. */
export function contains(geometry, x, y) {
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  return polygons.some((rings) => rings.reduce((inside, ring) => inside !== crossesOddly(ring, x, y), false));
}

function crossesOddly(ring, x, y) {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [x1, y1] = ring[at];
    const [x2, y2] = ring[before];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** Rings of a polygon or multipolygon as flat mercator arrays [x, y, x, y, ...]. */
export function mercatorRings(geometry) {
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  return polygons.flat().map((ring) => Float64Array.from(ring.flatMap(([lon, lat]) => [mercatorX(lon), mercatorY(lat)])));
}

/** Where to write a zone's name: the middle of its largest ring's box, mercator. */
export function middleOf(rings) {
  let best = [0, 0, -1];
  for (const ring of rings) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = 0; at < ring.length; at += 2) {
      box[0] = Math.min(box[0], ring[at]);
      box[1] = Math.min(box[1], ring[at + 1]);
      box[2] = Math.max(box[2], ring[at]);
      box[3] = Math.max(box[3], ring[at + 1]);
    }
    const area = (box[2] - box[0]) * (box[3] - box[1]);
    if (area > best[2]) best = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, area];
  }
  return best;
}
