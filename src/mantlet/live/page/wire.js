// Binary frames of the stream, read without copying. The layout is that of docs/console.md.

const MAGIC = 0x31464d4d;
const HEADER_BYTES = 64;

const MOTION = ["lon", "lat", "height_m", "ve", "vn", "vu"];
const TRACKS = ["id:i", ...MOTION, "status:i", "major_m", "minor_m", "angle_rad", "impact_lon", "impact_lat",
  "impact_time_s", "impact_major_m", "impact_minor_m", "impact_angle_rad", "warning:i", "engagement:i", "probability"];
const INTERCEPTORS = ["id:i", ...MOTION, "track_id:i", "battery:i", "seconds_left", "aim_lon", "aim_lat"];

/** Blocks in file order: name, where the header counts its rows, columns (":i" are integers). */
const BLOCKS = [
  ["tracks", 24, TRACKS],
  ["interceptors", 28, INTERCEPTORS],
  ["zones", 32, ["row:i", "alert_id:i", "seconds_left", "probability"]],
  ["batteries", 36, ["row:i", "left:i", "reload_s"]],
  ["truth", 40, ["id:i", ...MOTION, "kind:i", "impact_lon", "impact_lat"]],
  ["plots", 44, ["lon", "lat", "height_m", "plot_id:i"]],
];

export const FLAGS = { playing: 1, live: 2, discontinuity: 4, truth: 8, quiet: 16 };

/**
 * @typedef {{rows: number} & Record<string, Float32Array | Int32Array>} Block columns of equal length
 * @typedef {{sequence: number, time_s: number, source: number, flags: number, speed: number,
 *   tracks: Block, interceptors: Block, zones: Block, batteries: Block, truth: Block, plots: Block}} Frame
 */

/** One block, its columns as views into the message. */
function readBlock(buffer, offset, rows, columns) {
  const block = { rows };
  for (const column of columns) {
    const whole = column.endsWith(":i");
    const Kind = whole ? Int32Array : Float32Array;
    block[whole ? column.slice(0, -2) : column] = new Kind(buffer, offset, rows);
    offset += 4 * rows;
  }
  return [block, offset];
}

/**
 * @param {ArrayBuffer} buffer one binary message
 * @returns {Frame}
 * @throws {Error} if it is no frame, or not a whole one
 */
export function readFrame(buffer) {
  if (buffer.byteLength < HEADER_BYTES) throw new Error("A message of the stream is cut short.");
  const header = new DataView(buffer, 0, HEADER_BYTES);
  if (header.getUint32(0, true) !== MAGIC) throw new Error("A message of the stream is no frame.");
  const frame = {
    sequence: header.getUint32(4, true),
    time_s: header.getFloat64(8, true),
    source: header.getUint8(16),
    flags: header.getUint8(17),
    speed: header.getFloat32(20, true),
  };
  const rows = BLOCKS.map(([, place]) => header.getUint32(place, true));
  const bytes = BLOCKS.reduce((sum, [, , columns], place) => sum + 4 * columns.length * rows[place], HEADER_BYTES);
  if (bytes !== buffer.byteLength) throw new Error("A frame of the stream has the wrong length.");
  let offset = HEADER_BYTES;
  BLOCKS.forEach(([name, , columns], place) => {
    [frame[name], offset] = readBlock(buffer, offset, rows[place], columns);
  });
  return frame;
}

/** The reverse, for tests and measurements: `blocks` as lists of rows in column order. */
export function writeFrame({ sequence = 0, time_s = 0, source = 0, flags = 0, speed = 1, ...blocks }) {
  const rows = BLOCKS.map(([name]) => blocks[name] ?? []);
  const bytes = BLOCKS.reduce((sum, [, , columns], place) => sum + 4 * columns.length * rows[place].length, HEADER_BYTES);
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, sequence, true);
  view.setFloat64(8, time_s, true);
  view.setUint8(16, source);
  view.setUint8(17, flags);
  view.setFloat32(20, speed, true);
  let offset = HEADER_BYTES;
  BLOCKS.forEach(([, place, columns], block) => {
    view.setUint32(place, rows[block].length, true);
    columns.forEach((column, at) => rows[block].forEach((row) => {
      if (column.endsWith(":i")) view.setInt32(offset, row[at], true);
      else view.setFloat32(offset, row[at], true);
      offset += 4;
    }));
  });
  return view.buffer;
}
