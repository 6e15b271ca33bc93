// The user's own PMTiles as a layer, pictures or vector tiles. Loaded only where tiles were given.

import { COLOURS } from "./palette.js";

const VECTOR = 1; // the archive's tile type: Mapbox vector tile
const PICTURES = { 2: "image/png", 3: "image/jpeg", 4: "image/webp", 5: "image/avif" };

/** The reader is a classic script: the page's policy lets no text become a script. */
function loadReader() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "vendor/pmtiles/pmtiles.js";
    script.onload = () => resolve(globalThis.pmtiles);
    script.onerror = () => reject(new Error("The reader of map tiles did not load."));
    document.head.append(script);
  });
}

export async function tileLayer(address) {
  const pmtiles = await loadReader();
  const archive = new pmtiles.PMTiles(new URL(address, location.href).href);
  const header = await archive.getHeader();
  const grid = globalThis.ol.tilegrid.createXYZ({ minZoom: header.minZoom, maxZoom: header.maxZoom });
  return header.tileType === VECTOR ? vectorTiles(archive, grid) : pictureTiles(archive, header, grid);
}

function pictureTiles(archive, header, tileGrid) {
  const { ol } = globalThis;
  const loader = async (z, x, y) => {
    const found = await archive.getZxy(z, x, y);
    return createImageBitmap(new Blob(found ? [found.data] : [], { type: PICTURES[header.tileType] }));
  };
  return new ol.layer.Tile({ source: new ol.source.ImageTile({ loader, tileGrid }) });
}

function vectorTiles(archive, tileGrid) {
  const { ol } = globalThis;
  const format = new ol.format.MVT();
  const source = new ol.source.VectorTile({ format, tileGrid, url: "{z}/{x}/{y}" });
  source.setTileLoadFunction((tile) => {
    const [z, x, y] = tile.getTileCoord();
    tile.setLoader(async (extent, _resolution, projection) => {
      const found = await archive.getZxy(z, x, y);
      tile.setFeatures(found ? format.readFeatures(found.data, { extent, featureProjection: projection }) : []);
    });
  });
  const stroke = new ol.style.Stroke({ color: COLOURS.coast, width: 0.8 });
  return new ol.layer.VectorTile({ source, style: new ol.style.Style({ stroke }), opacity: 0.8 });
}
