// Forms from the JSON Schema of a scenario file: what fields a block has, in which bounds.

const UNITS = { m: "m", s: "s", deg: "°", rad: "rad", mps: "m/s", min: "min", db: "dB", km: "km", k: "K", kgm2: "kg/m²", hz: "Hz", m2: "m²" };

/** "range_max_m" -> "range max [m]" */
export function labelOf(key) {
  const words = key.split("_");
  const unit = words.length > 1 ? UNITS[words.at(-1)] : undefined;
  return unit ? `${words.slice(0, -1).join(" ")} [${unit}]` : words.join(" ");
}

/** A schema node without references and without "or null". */
export function plain(schema, node) {
  if (!node) return {};
  if (node.$ref) return { ...plain(schema, schema.$defs[node.$ref.split("/").at(-1)]), ...omit(node, "$ref") };
  const options = node.anyOf?.filter(({ type }) => type !== "null");
  if (options?.length === 1) return { ...plain(schema, options[0]), ...omit(node, "anyOf") };
  return node;
}

function omit(node, key) {
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== key && name !== "default" && name !== "title"));
}

/** Which control a node gets; null where the map or the text serves better. */
export function controlOf(node) {
  if (node.enum) return "choice";
  if (node.type === "number" || node.type === "integer") return "number";
  if (node.type === "string") return "const" in node ? null : "text";
  if (node.type === "boolean") return "switch";
  if (node.type === "object" && node.additionalProperties?.type) return "pairs";
  if (node.type === "array" && ["number", "string"].includes(node.items?.type)) return "list";
  return null;
}

/** The schema of the block at a path; raids and the like by their `kind`. */
export function blockAt(schema, path, values) {
  let node = schema;
  let value = values;
  for (const part of path) {
    node = typeof part === "number" ? node.items : node.properties?.[part];
    value = value?.[part];
    node = plain(schema, node);
    const choice = node.discriminator?.mapping?.[value?.kind];
    if (choice) node = plain(schema, { $ref: choice });
  }
  return node;
}

/** Value at a path; undefined where there is none. */
export function valueAt(values, path) {
  return path.reduce((held, part) => held?.[part], values);
}

/**
 * Fields of a block, groups of nested blocks after the plain ones.
 * @returns {{path: (string|number)[], key: string, control: string|null, node: object, required: boolean, fields?: object[]}[]}
 */
export function fieldsOf(schema, path, values) {
  const block = blockAt(schema, path, values);
  const fields = Object.entries(block.properties ?? {}).map(([key, raw]) => {
    const node = plain(schema, raw);
    const at = [...path, key];
    const field = { path: at, key, node, control: controlOf(node), required: (block.required ?? []).includes(key) };
    return node.properties ? { ...field, fields: fieldsOf(schema, at, values) } : field;
  });
  return fields.filter(({ control, fields: inner }) => control || inner).sort((a, b) => rank(a) - rank(b));
}

/** What must be given comes first, nested blocks after plain fields. */
const rank = ({ required, fields }) => (required ? 0 : 2) + (fields ? 1 : 0);

/** What a person wrote, as a value; undefined for nothing, text as it is where it is no number. */
export function readControl(control, text) {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const number = (word) => (word.trim() !== "" && Number.isFinite(Number(word)) ? Number(word) : word.trim());
  if (control === "number") return number(trimmed);
  if (control === "list") return trimmed.split(",").map(number);
  if (control === "pairs") return Object.fromEntries(trimmed.split(",").map((pair) => { const [key, value = ""] = pair.split(":"); return [key.trim(), number(value)]; }));
  return trimmed;
}

/** A value as a person may write it. */
export function writeControl(control, value) {
  if (value === undefined || value === null) return "";
  if (control === "list" && Array.isArray(value)) return value.join(", ");
  if (control === "pairs" && typeof value === "object") return Object.entries(value).map(([key, number]) => `${key}: ${number}`).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const LISTS = [["radars", "radar"], ["batteries", "battery"], ["areas", "launch area"], ["zones", "zone"], ["raids", "raid"]];
const BLOCKS = ["warning", "engagement", "lethality", "observation", "air"];

/** The parts of a scenario that have a form of their own. */
export function partsOf(values) {
  const parts = [{ path: [], label: "scenario" }];
  for (const [list, word] of LISTS) {
    (Array.isArray(values?.[list]) ? values[list] : []).forEach((entry, at) =>
      parts.push({ path: [list, at], label: `${word} ${entry?.name ?? entry?.id ?? entry?.kind ?? at + 1}` }));
  }
  return [...parts, ...BLOCKS.map((block) => ({ path: [block], label: block }))];
}

/** An id that no entry of a list has yet. */
export function freeId(list, word) {
  const taken = new Set((list ?? []).map((entry) => entry?.id));
  for (let number = 1; ; number += 1) if (!taken.has(`${word}-${number}`)) return `${word}-${number}`;
}

export const samePath = (a, b) => a.length === b.length && a.every((part, at) => part === b[at]);
