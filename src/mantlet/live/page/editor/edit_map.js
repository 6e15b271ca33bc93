// The map of the editor: what is drawn of the text, moved and placed with pointer or keys.

import { Basemap } from "../basemap.js";
import { extentOf, latitudeOf, longitudeOf, mercatorX, mercatorY, stretch } from "../geo.js";
import { COLOURS } from "../palette.js";

const { ol } = globalThis;
const OUTLINES = ["area", "zone"];
const round = (value) => Math.round(value * 1e5) / 1e5;

const ringOf = (corners) => [...corners, corners[0]].map(([lat, lon]) => [mercatorX(lon), mercatorY(lat)]);

/** [lat, lon] corners of a drawn polygon, the first not repeated. */
export function cornersOf(geometry) {
  return geometry.getCoordinates()[0].slice(0, -1).map(([x, y]) => [round(latitudeOf(y)), round(longitudeOf(x))]);
}

function pointStyle(feature, chosen) {
  const kind = feature.get("kind");
  const colour = kind === "radar" ? COLOURS.track : COLOURS.interceptor;
  const shape = { points: kind === "radar" ? 3 : 4, radius: chosen ? 11 : 9, angle: kind === "radar" ? 0 : Math.PI / 4 };
  const image = new ol.style.RegularShape({ ...shape, fill: new ol.style.Fill({ color: colour }), stroke: new ol.style.Stroke({ color: chosen ? COLOURS.text : COLOURS.halo, width: 2 }) });
  const reach = new ol.style.Style({
    geometry: () => new ol.geom.Circle(feature.getGeometry().getCoordinates(), feature.get("reach") * stretch(latitudeOf(feature.getGeometry().getCoordinates()[1]))),
    stroke: new ol.style.Stroke({ color: colour, width: 1, lineDash: kind === "radar" ? [2, 5] : [7, 5] }),
  });
  return [reach, new ol.style.Style({ image, text: words(feature, 16) })];
}

function words(feature, offset) {
  return new ol.style.Text({
    text: String(feature.get("label") ?? ""), offsetY: offset, font: "600 12px system-ui, sans-serif",
    fill: new ol.style.Fill({ color: COLOURS.text }), stroke: new ol.style.Stroke({ color: COLOURS.halo, width: 3 }),
  });
}

function outlineStyle(feature, chosen) {
  const colour = feature.get("kind") === "area" ? COLOURS.area : COLOURS.coast;
  const lineDash = feature.get("kind") === "area" ? [3, 4] : undefined;
  return new ol.style.Style({
    stroke: new ol.style.Stroke({ color: chosen ? COLOURS.text : colour, width: chosen ? 2.5 : 1.5, lineDash }),
    fill: new ol.style.Fill({ color: COLOURS.zoneFill }), text: words(feature, 0),
  });
}

export class EditMap {
  /** `moved(path, lat, lon)`, `reshaped(path, corners)`, `placed(kind, lat, lon)`, `drawn(kind, corners)`, `select(path)` */
  constructor(target, handlers) {
    Object.assign(this, { handlers, tool: "move", chosen: "" });
    this.base = new Basemap(target);
    this.source = new ol.source.Vector();
    this.layer = new ol.layer.Vector({ source: this.source, style: (feature) => this.styleOf(feature), updateWhileInteracting: true });
    this.base.map.addLayer(this.layer);
    this.bindMoving();
    this.base.map.on("click", (event) => this.clicked(event));
    target.addEventListener("keydown", (event) => { if (event.key === "Enter") this.placeAtCentre(); });
  }

  styleOf(feature) {
    const chosen = feature.get("key") === this.chosen;
    return OUTLINES.includes(feature.get("kind")) ? outlineStyle(feature, chosen) : pointStyle(feature, chosen);
  }

  bindMoving() {
    const points = (feature) => !OUTLINES.includes(feature.get("kind"));
    this.translate = new ol.interaction.Translate({ layers: [this.layer], filter: points, hitTolerance: 6 });
    this.modify = new ol.interaction.Modify({ source: this.source, pixelTolerance: 8, filter: (feature) => !points(feature) });
    this.translate.on("translateend", ({ features }) => features.forEach((feature) => {
      const [x, y] = feature.getGeometry().getCoordinates();
      this.handlers.moved(feature.get("path"), round(latitudeOf(y)), round(longitudeOf(x)));
    }));
    this.modify.on("modifyend", ({ features }) => features.forEach((feature) => {
      if (!points(feature)) this.handlers.reshaped(feature.get("path"), cornersOf(feature.getGeometry()));
    }));
    this.base.map.addInteraction(this.modify);
    this.base.map.addInteraction(this.translate);
  }

  /** Show what can be drawn; `zones` of the text itself can be reshaped, those of files cannot. */
  show(drawing, values, fit) {
    if (!drawing) return;
    this.source.clear(true);
    if (drawing.zones && drawing.whole) this.base.put("zones", drawing.zones);
    if (drawing.land) this.base.put("land", drawing.land);
    for (const [list, kind] of [["radars", "radar"], ["batteries", "battery"]]) {
      for (const site of drawing[list]) this.add(kind, site.path, site.id, new ol.geom.Point([mercatorX(site.lon), mercatorY(site.lat)]), site.range_m);
    }
    for (const [list, kind] of [["areas", "area"], ["zones", "zone"]]) {
      (Array.isArray(values?.[list]) ? values[list] : []).forEach(({ id, name, polygon } = {}, at) => {
        if (isRing(polygon)) this.add(kind, [list, at], name ?? id, new ol.geom.Polygon([ringOf(polygon)]));
      });
    }
    if (drawing.view) this.base.extent = extentOf(drawing.view);
    if (fit) this.base.fit();
  }

  add(kind, path, label, geometry, reach = 0) {
    this.source.addFeature(new ol.Feature({ geometry, kind, path, label, reach, key: JSON.stringify(path) }));
  }

  choose(path) {
    this.chosen = JSON.stringify(path);
    this.layer.changed();
  }

  setTool(tool) {
    this.tool = tool;
    for (const interaction of [this.translate, this.modify]) interaction.setActive(tool === "move");
    if (this.draw) this.base.map.removeInteraction(this.draw);
    this.draw = null;
    if (!OUTLINES.includes(tool)) return;
    this.draw = new ol.interaction.Draw({ type: "Polygon" });
    this.draw.on("drawend", ({ feature }) => this.handlers.drawn(tool, cornersOf(feature.getGeometry())));
    this.base.map.addInteraction(this.draw);
  }

  clicked({ pixel, coordinate }) {
    if (this.tool === "move") {
      const found = this.base.map.forEachFeatureAtPixel(pixel, (feature) => feature, { layerFilter: (layer) => layer === this.layer, hitTolerance: 5 });
      if (found) this.handlers.select(found.get("path"));
    } else if (!OUTLINES.includes(this.tool)) this.handlers.placed(this.tool, round(latitudeOf(coordinate[1])), round(longitudeOf(coordinate[0])));
  }

  /** By keyboard: the chosen thing in the middle of the map, an outline as a square there. */
  placeAtCentre() {
    const [x, y] = this.base.view.getCenter();
    if (this.tool === "move") return;
    if (!OUTLINES.includes(this.tool)) { this.handlers.placed(this.tool, round(latitudeOf(y)), round(longitudeOf(x))); return; }
    const half = 60 * this.base.view.getResolution();
    const corner = ([dx, dy]) => [round(latitudeOf(y + dy * half)), round(longitudeOf(x + dx * half))];
    this.handlers.drawn(this.tool, [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(corner));
  }
}

const isRing = (polygon) => Array.isArray(polygon) && polygon.length > 2
  && polygon.every((corner) => Array.isArray(corner) && corner.length === 2 && corner.every(Number.isFinite));
