// Columns out of text: the other half of replay_pack.py.

const WIDTHS = { u8: 1, u16: 2, i16: 2, i32: 4 };
const ARRAYS = { u8: Uint8Array, u16: Uint16Array, i16: Int16Array, i32: Int32Array };

/** Bytes of base64 text holding a zlib stream. */
export async function inflateText(text) {
  if (typeof DecompressionStream === "undefined") {
    throw new Error("This browser is too old for the replay: it has no DecompressionStream.");
  }
  const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Whole numbers of one column: byte planes joined, differences summed up modulo the width. */
export function readWhole(bytes, start, kind, count) {
  const width = WIDTHS[kind];
  const numbers = new ARRAYS[kind](count);
  let value = 0;
  for (let row = 0; row < count; row += 1) {
    let step = 0;
    for (let plane = 0; plane < width; plane += 1) {
      step |= bytes[start + plane * count + row] << (8 * plane);
    }
    value = (value + step) | 0;
    numbers[row] = value; // a typed array keeps the low bits, which is the modulo
  }
  return numbers;
}

/** What whole numbers stand for: `step` times each, or lengths on a log scale (0 = none). */
export function readValues(numbers, entry) {
  if (entry.log) {
    const [floor, ratio] = entry.log;
    return Float32Array.from(numbers, (n) => (n === 0 ? 0 : floor * ratio ** (n - 1)));
  }
  return entry.step === 1 ? numbers : Float32Array.from(numbers, (n) => n * entry.step);
}

/** All columns by table: `samples.impact.x` becomes `.samples.impactX`. */
export function readColumns(header, bytes) {
  const tables = {};
  let start = 0;
  for (const entry of header) {
    const numbers = readWhole(bytes, start, entry.kind, entry.count);
    start += entry.count * WIDTHS[entry.kind];
    const [table, ...words] = entry.name.split(".");
    const key = words.map((w, i) => (i ? w[0].toUpperCase() + w.slice(1) : w)).join("");
    tables[table] ??= {};
    tables[table][key] = readValues(numbers, entry);
  }
  if (start !== bytes.length) {
    throw new Error(`The replay's data are damaged: ${bytes.length} bytes, expected ${start}.`);
  }
  return tables;
}
