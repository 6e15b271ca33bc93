// The map below everything: OpenLayers (vendored, global `ol`) with land, borders, zones, own tiles.

import { extentOf } from "./geo.js";
import { COLOURS } from "./palette.js";

const { ol } = globalThis;

const line = (colour, width = 1, lineDash = undefined) => new ol.style.Stroke({ color: colour, width, lineDash });
const fill = (colour) => new ol.style.Fill({ color: colour });

/** Styles are made afresh when the colours change. */
const STYLES = {
  land: () => new ol.style.Style({ fill: fill(COLOURS.land), stroke: line(COLOURS.coast) }),
  zones: () => new ol.style.Style({ fill: fill(COLOURS.zoneFill), stroke: line(COLOURS.zone) }),
  areas: () => new ol.style.Style({ stroke: line(COLOURS.area, 1, [3, 4]) }),
  coverage: () => new ol.style.Style({ stroke: line(COLOURS.track, 1.2), fill: fill("rgba(86, 180, 233, 0.08)") }),
};

export function readFeatures(collection) {
  return new ol.format.GeoJSON().readFeatures(collection, { featureProjection: "EPSG:3857" });
}

function vectorLayer(name) {
  const layer = new ol.layer.Vector({ source: new ol.source.Vector({ wrapX: false }), style: STYLES[name](), renderBuffer: 50 });
  layer.set("name", name);
  return layer;
}

export class Basemap {
  /** `view`: an ol.View to share with another map, or null for an own one. */
  constructor(target, view = null) {
    this.layers = Object.fromEntries(Object.keys(STYLES).map((name) => [name, vectorLayer(name)]));
    const { land, zones, areas, coverage } = this.layers;
    this.map = new ol.Map({
      target,
      layers: [land, coverage, areas, zones],
      view: view ?? new ol.View({ center: [0, 0], zoom: 2, enableRotation: false, maxZoom: 19 }),
      controls: [new ol.control.ScaleLine({ minWidth: 90 }), new ol.control.Attribution({ collapsible: true, collapsed: true })],
      interactions: ol.interaction.defaults.defaults({ altShiftDragRotate: false, pinchRotate: false }),
      maxTilesLoading: 8,
    });
    land.getSource().setAttributions("Natural Earth");
  }

  get view() {
    return this.map.getView();
  }

  /** Show a run's ground. */
  show({ scene, zonesGeojson, land }) {
    this.extent = scene.view ? extentOf(scene.view) : null;
    this.put("land", land);
    this.put("zones", zonesGeojson);
    this.put("areas", { type: "FeatureCollection", features: scene.areas.map((area) => ({ type: "Feature", geometry: area.geometry, properties: { id: area.id } })) });
  }

  put(name, collection) {
    const source = this.layers[name].getSource();
    source.clear(true);
    if (collection) source.addFeatures(readFeatures(collection));
  }

  fit(duration = 0) {
    if (this.extent) this.view.fit(this.extent, { padding: [24, 24, 24, 24], duration });
  }

  zoom(steps) {
    this.view.animate({ zoom: this.view.getZoom() + steps, duration: 150 });
  }

  /** The colours have changed. */
  restyle() {
    for (const [name, layer] of Object.entries(this.layers)) layer.setStyle(STYLES[name]());
  }

  /** Own tiles below the zones; a file that cannot be read leaves the map as it was. */
  async addTiles() {
    const { tileLayer } = await import("./tiles.js");
    this.map.getLayers().insertAt(1, await tileLayer("/api/tiles.pmtiles"));
  }
}
