// The editor: one text, drawn on the map and filled into forms; every change goes through the server,
// which keeps the comments and checks the whole.

import { ask, post, put } from "../api.js";
import { byId, complain, make, write } from "../dom.js";
import { EditMap } from "./edit_map.js";
import { Form } from "./form.js";
import { freeId } from "./schema.js";

const TYPING_MS = 500;
const UNDO_STEPS = 100;
const ZONE = { population: 1000, shelter_time_s: 30 };

export class Editor {
  /** `began(run)` when a run was begun */
  constructor(began) {
    Object.assign(this, { began, name: "", text: "", revision: null, path: [], errors: [], values: null, past: [], turn: 0 });
    this.map = new EditMap(byId("edit-map"), {
      moved: (path, lat, lon) => this.change([{ op: "set", path: [...path, "site", "lat"], value: lat }, { op: "set", path: [...path, "site", "lon"], value: lon }]),
      reshaped: (path, corners) => this.change([{ op: "set", path: [...path, "polygon"], value: corners }]),
      placed: (kind, lat, lon) => this.place(kind, lat, lon),
      drawn: (kind, corners) => this.outline(kind, corners),
      select: (path) => this.select(path),
    });
    this.bind();
  }

  bind() {
    byId("scenario").addEventListener("change", (event) => { location.hash = `edit=${event.target.value}`; });
    document.querySelectorAll("[data-tool]").forEach((button) => button.addEventListener("click", () => this.setTool(button.dataset.tool)));
    byId("yaml").addEventListener("input", () => { clearTimeout(this.typing); this.typing = setTimeout(() => this.typed(), TYPING_MS); });
    byId("save").addEventListener("click", () => this.save().catch((problem) => this.refused(problem)));
    byId("undo").addEventListener("click", () => this.undo());
    byId("run-it").addEventListener("click", () => this.run());
    byId("problems").addEventListener("click", (event) => {
      const path = event.target.closest("button")?.dataset.path;
      if (path) this.goTo(JSON.parse(path));
    });
  }

  async open(name) {
    const [list, schema] = await Promise.all([ask("scenarios"), this.form ? null : ask("schema")]);
    this.form ??= new Form(byId("form"), schema, { change: (changes) => this.change(changes), select: (path) => this.select(path) });
    const chosen = name || this.name || list[0]?.name;
    byId("scenario").replaceChildren(...list.map((entry) => make("option", { value: entry.name }, `${entry.name}${entry.source === "bundled" ? " (bundled)" : ""}`)));
    byId("scenario").value = chosen;
    if (chosen === this.name && this.text) return;
    const { text, revision } = await ask(`scenarios/${encodeURIComponent(chosen)}`);
    Object.assign(this, { name: chosen, revision, path: [], past: [], text: "" });
    byId("save-name").value = revision === null ? `my-${chosen}` : chosen;
    write(byId("saved"), revision === null ? "bundled: saved as a copy" : "");
    this.take({ text, ...(await this.checked(text)) }, true);
  }

  checked(text, zones = true) {
    return post("check", { name: this.name, text, zones });
  }

  /** Make changes to the text; the answer is the new text with its mistakes. */
  async change(changes) {
    this.turn += 1;
    const turn = this.turn;
    try {
      const answer = await post("edit", { name: this.name, text: this.text, changes, zones: changes.some(({ path }) => ["places", "zones"].includes(path[0])) });
      if (turn === this.turn) this.take(answer);
    } catch (problem) {
      this.refused(problem);
      this.show(false); // what was dragged goes back
    }
  }

  async typed() {
    const text = byId("yaml").value;
    this.turn += 1;
    const turn = this.turn;
    try {
      const answer = await this.checked(text);
      if (turn === this.turn) this.take({ text, ...answer });
    } catch (problem) {
      this.refused(problem);
    }
  }

  take({ text, errors, values, drawing }, fit = false) {
    if (this.text && text !== this.text) this.past = [...this.past, this.text].slice(-UNDO_STEPS);
    Object.assign(this, { text, errors, values: values ?? this.values, drawing: drawing ?? this.drawing });
    if (byId("yaml").value !== text) byId("yaml").value = text;
    this.show(fit);
  }

  show(fit) {
    byId("undo").disabled = !this.past.length;
    byId("run-it").disabled = this.errors.length > 0;
    write(byId("verdict"), this.errors.length ? `${this.errors.length} to mend` : "all right");
    byId("verdict").classList.toggle("bad", this.errors.length > 0);
    byId("problems").replaceChildren(...this.errors.map(problemLine));
    this.map.show(this.drawing, this.values, fit);
    this.map.choose(this.path);
    this.form.show(this.path, this.values, this.errors);
  }

  select(path) {
    this.path = path;
    this.map.choose(path);
    this.form.show(path, this.values, this.errors);
  }

  /** To the field of a mistake, opening its part. */
  goTo(path) {
    this.select(typeof path[1] === "number" ? path.slice(0, 2) : path.length > 1 ? path.slice(0, 1) : []);
    this.form.focus(path);
  }

  setTool(tool) {
    this.map.setTool(tool);
    document.querySelectorAll("[data-tool]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.tool === tool)));
  }

  async place(kind, lat, lon) {
    const list = kind === "radar" ? "radars" : "batteries";
    const value = { id: freeId(this.values?.[list], kind), site: { lat, lon } };
    await this.insert(list, value);
  }

  async outline(kind, polygon) {
    const list = kind === "area" ? "areas" : "zones";
    const held = this.values?.[list] ?? [];
    const number = Math.max(0, ...held.map(({ id }) => (Number.isInteger(id) ? id : 0))) + 1;
    const value = kind === "area" ? { id: freeId(held, "area"), polygon } : { id: number, name: `Zone ${number}`, ...ZONE, polygon };
    await this.insert(list, value);
  }

  async insert(list, value) {
    const held = this.values?.[list];
    this.setTool("move");
    this.path = [list, held?.length ?? 0];
    await this.change([held ? { op: "add", path: [list], value } : { op: "set", path: [list], value: [value] }]);
  }

  undo() {
    const text = this.past.pop();
    if (text === undefined) return;
    byId("yaml").value = text;
    const { past } = this;
    this.typed().then(() => { this.past = past; byId("undo").disabled = !past.length; });
  }

  async save() {
    const name = byId("save-name").value.trim();
    const revision = name === this.name ? this.revision : null;
    const answer = await put(`scenarios/${encodeURIComponent(name)}`, { text: this.text, revision });
    Object.assign(this, { name, revision: answer.revision });
    write(byId("saved"), `saved as ${name}.yaml`);
    history.replaceState(null, "", `#edit=${name}`);
    await this.open(name);
  }

  async run() {
    try {
      this.began(await post("runs", { text: this.text, name: this.name }));
    } catch (problem) {
      this.refused(problem);
    }
  }

  refused(problem) {
    complain(problem);
  }

  restyle() {
    this.map.base.restyle();
    this.map.layer.changed();
  }
}

function problemLine({ field, line, problem, fix, path }) {
  return make("li", {}, make("button", { type: "button", "data-path": JSON.stringify(path ?? []) },
    make("b", {}, field || "file"), line ? ` line ${line}: ` : ": ", `${problem}; ${fix}`));
}
