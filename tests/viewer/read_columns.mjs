// Prints what the viewer reads out of packed columns: `node read_columns.mjs FILE`.
import { readFileSync } from "node:fs";

import { inflateText, readColumns } from "../../src/mantlet/analysis/viewer/unpack.js";

const { header, text } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const tables = readColumns(header, await inflateText(text));
console.log(JSON.stringify(tables, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)));
