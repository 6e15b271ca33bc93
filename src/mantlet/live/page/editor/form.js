// The form of one part of a scenario; the checker's mistakes stand at their fields.

import { make } from "../dom.js";
import { fieldsOf, labelOf, partsOf, readControl, samePath, valueAt, writeControl } from "./schema.js";

const idOf = (path) => `field-${path.join("-").replaceAll(/[^\w-]/g, "_")}`;

export class Form {
  /** `change(changes)`, `select(path)` */
  constructor(holder, schema, { change, select }) {
    Object.assign(this, { holder, schema, change, select, path: [] });
    holder.addEventListener("change", (event) => this.edited(event.target));
    holder.addEventListener("click", (event) => this.clicked(event.target.closest("button")));
  }

  /** Show a part, its values and what is wrong in it. */
  show(path, values, errors) {
    const focused = this.holder.contains(document.activeElement) ? document.activeElement.id : "";
    Object.assign(this, { path, values, errors });
    const fields = fieldsOf(this.schema, path, values).filter(({ path: at, fields: inner }) => path.length || !inner || at.length > 1);
    this.holder.replaceChildren(this.chooser(), ...this.rows(fields), ...this.leftOver(fields));
    if (focused) document.getElementById(focused)?.focus();
  }

  chooser() {
    const chosen = JSON.stringify(this.path);
    const options = partsOf(this.values).map(({ path, label }) => {
      const bad = path.length && this.errors.some((error) => path.every((part, at) => error.path?.[at] === part));
      return make("option", { value: JSON.stringify(path) }, `${bad ? "⚠ " : ""}${label}`);
    });
    const select = make("select", { id: "part", "aria-label": "Part of the scenario" }, ...options);
    select.value = chosen;
    const remove = this.path.length === 2 ? make("button", { type: "button", "data-remove": true }, "Remove") : null;
    return make("h2", {}, "Settings", make("span", { className: "tools" }, select, remove));
  }

  rows(fields) {
    return fields.flatMap((field) => {
      if (!field.fields) return [this.row(field)];
      if (!field.fields.length) return [];
      return [make("fieldset", {}, make("legend", {}, labelOf(field.key)), ...this.rows(field.fields))];
    });
  }

  row({ path, key, control, node, required }) {
    const id = idOf(path);
    const value = valueAt(this.values, path);
    const error = this.errors.find((wrong) => wrong.path && samePath(wrong.path, path));
    const common = {
      id, "data-path": JSON.stringify(path), "data-control": control, "aria-invalid": error ? "true" : undefined,
      "aria-describedby": error ? `${id}-wrong` : undefined, title: node.description,
    };
    const input = control === "choice"
      ? make("select", common, ...(required ? [] : [make("option", { value: "" }, "default")]), ...node.enum.map((option) => make("option", { value: option }, option)))
      : make("input", { ...common, inputmode: control === "number" ? "decimal" : undefined, placeholder: required ? "" : "default", dir: "auto", autocomplete: "off" });
    input.value = writeControl(control, value);
    return make("div", { className: "field" }, make("label", { for: id }, labelOf(key)), input,
      error ? make("span", { className: "wrong", id: `${id}-wrong` }, `${error.problem}; ${error.fix}`) : null);
  }

  /** Mistakes inside this part that have no field of their own. */
  leftOver(fields) {
    const shown = new Set();
    const collect = (list) => list.forEach(({ path, fields: inner }) => (inner ? collect(inner) : shown.add(JSON.stringify(path))));
    collect(fields);
    const inside = this.errors.filter(({ path }) => this.path.length && path && this.path.every((part, at) => path[at] === part));
    return inside.filter(({ path }) => !shown.has(JSON.stringify(path)))
      .map(({ field, problem, fix }) => make("p", { className: "error" }, `${field}: ${problem}; ${fix}`));
  }

  edited(input) {
    if (input.id === "part") { this.select(JSON.parse(input.value)); return; }
    const { path, control } = input.dataset;
    if (!path) return;
    const value = readControl(control, input.value);
    const place = JSON.parse(path);
    if (value !== undefined) this.change([{ op: "set", path: place, value }]);
    else if (valueAt(this.values, place) !== undefined) this.change([{ op: "remove", path: place }]);
  }

  clicked(button) {
    if (!button?.hasAttribute("data-remove")) return;
    const { path } = this;
    this.select([]);
    this.change([{ op: "remove", path }]);
  }

  /** Put the hand on the field of a mistake. */
  focus(path) {
    document.getElementById(idOf(path))?.focus();
  }
}
