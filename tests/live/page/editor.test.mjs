import assert from "node:assert/strict";
import { test } from "node:test";

import { blockAt, fieldsOf, freeId, labelOf, partsOf, readControl, writeControl } from "../../../src/mantlet/live/page/editor/schema.js";

const SCHEMA = {
  $defs: {
    Site: { type: "object", properties: { lat: { type: "number", minimum: -90 }, lon: { type: "number" } }, required: ["lat", "lon"] },
    Radar: {
      type: "object", required: ["id", "site"], properties: {
        range_max_m: { anyOf: [{ type: "number" }, { type: "null" }], default: null }, id: { type: "string" },
        site: { $ref: "#/$defs/Site" }, kind: { const: "search-3d", type: "string" }, wind: { type: "array", items: { type: "object" } },
      },
    },
    Volley: { type: "object", properties: { mixture: { type: "object", additionalProperties: { type: "number" } } } },
    Campaign: { type: "object", properties: { areas: { type: "array", items: { type: "string" } } } },
  },
  type: "object",
  properties: {
    radars: { type: "array", items: { $ref: "#/$defs/Radar" } },
    raids: { type: "array", items: { oneOf: [], discriminator: { propertyName: "kind", mapping: { volley: "#/$defs/Volley", campaign: "#/$defs/Campaign" } } } },
  },
};

test("units stand in brackets", () => {
  assert.deepEqual(["range_max_m", "reload_min", "cost_ratio", "elevation_min_deg"].map(labelOf), ["range max [m]", "reload [min]", "cost ratio", "elevation min [°]"]);
});

test("fields of a block: what must be given first, nested blocks as groups, lists of blocks left out", () => {
  const fields = fieldsOf(SCHEMA, ["radars", 0], { radars: [{}] });
  assert.deepEqual(fields.map(({ key }) => key), ["id", "site", "range_max_m"]);
  assert.deepEqual(fields[1].fields.map(({ path }) => path), [["radars", 0, "site", "lat"], ["radars", 0, "site", "lon"]]);
});

test("a raid's fields follow its kind", () => {
  const values = { raids: [{ kind: "volley" }, { kind: "campaign" }] };
  assert.deepEqual(Object.keys(blockAt(SCHEMA, ["raids", 0], values).properties), ["mixture"]);
  assert.deepEqual(Object.keys(blockAt(SCHEMA, ["raids", 1], values).properties), ["areas"]);
});

test("what is written is read back as the same value", () => {
  for (const [control, value] of [["number", 12.5], ["text", "שדרות"], ["list", [1, 2.5]], ["list", ["a", "b"]], ["pairs", { "rocket-20": 1, "mortar-81": 0.5 }]]) {
    assert.deepEqual(readControl(control, writeControl(control, value)), value);
  }
  assert.equal(readControl("number", " "), undefined);
  assert.equal(readControl("number", "far"), "far", "no number goes to the checker as it is");
});

test("every entry of a list is a part, and new ones get an id of their own", () => {
  const values = { radars: [{ id: "cape" }, null], raids: [{ kind: "volley", id: "opening" }] };
  const labels = partsOf(values).map(({ label }) => label);
  assert.deepEqual(labels.slice(0, 4), ["scenario", "radar cape", "radar 2", "raid opening"]);
  assert.equal(freeId([{ id: "radar-1" }, { id: "radar-3" }], "radar"), "radar-2");
  assert.equal(freeId(undefined, "area"), "area-1");
});
