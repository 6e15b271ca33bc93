// Why: what the decision record says of one object. The sentences are the server's, word for word.

import { ask } from "./api.js";
import { byId, clockText, make, named } from "./dom.js";

const AGAIN_MS = 1000;
const NAMES = { track: "track", interceptor: "interceptor", threat: "threat", zone: "zone", battery: "battery", radar: "radar", alert: "alert" };

const number = (value, digits = 0) => (Number.isFinite(value) ? value.toLocaleString("en", { maximumFractionDigits: digits }) : "–");
const percent = (value) => (value > 0 && value < 0.001 ? "< 0.1 %" : `${number(100 * value, 1)} %`);
const section = (title, ...content) => make("section", {}, make("h3", {}, title), ...content);

function facts(list) {
  const rows = list.map(({ name, value, unit }) => {
    const shown = typeof value === "number" ? number(value, 1) : value ?? "–";
    return make("div", {}, make("dt", {}, name), make("dd", {}, named(String(shown)), unit ? ` ${unit}` : ""));
  });
  return make("dl", { className: "facts" }, ...rows);
}

/** Spread of where it is, in words: one standard deviation. */
function spread({ ellipse, covariance }) {
  const rows = [];
  if (ellipse) {
    rows.push({ name: "Horizontally, long axis", value: ellipse.major_m, unit: "m" }, { name: "Horizontally, short axis", value: ellipse.minor_m, unit: "m" });
    rows.push({ name: "Height", value: ellipse.sigma_height_m, unit: "m" });
  }
  const speeds = covariance?.velocity_sigma_mps;
  if (speeds) rows.push({ name: "Velocity east, north, up", value: speeds.map((sigma) => number(sigma, 1)).join(", "), unit: "m/s" });
  if (covariance?.ballistic_factor_1sigma) rows.push({ name: "Ballistic coefficient", value: `×/÷ ${number(covariance.ballistic_factor_1sigma, 2)}`, unit: "" });
  return rows;
}

function prediction(landing, time) {
  if (!landing) return make("p", {}, "No landing is predicted.");
  const left = landing.impact_time_s - time;
  return facts([
    { name: left >= 0 ? "Comes down in" : "Came down", value: `${number(Math.abs(left), 1)} s${left < 0 ? " ago" : ""}`, unit: `± ${number(landing.sigma_s, 1)} s` },
    { name: "At", value: `${landing.lat.toFixed(4)}, ${landing.lon.toFixed(4)}`, unit: "" },
    { name: "Spread (1 σ)", value: `${number(landing.major_m)} × ${number(landing.minor_m)}`, unit: "m" },
  ]);
}

function bars(zones) {
  return make("ol", { className: "bars" }, ...zones.slice(0, 8).map(({ name, probability }) =>
    make("li", {}, named(name), make("meter", { min: 0, max: 1, value: probability, "aria-label": `${name}: ${percent(probability)}` }), make("span", {}, percent(probability)))));
}

function plotTable(plots) {
  const latest = plots.slice(-12).reverse();
  const row = (plot) => make("tr", {}, make("td", {}, clockText(plot.time_s)), make("td", {}, named(plot.radar)), make("td", {}, `${number(plot.height_m)} m`), make("td", {}, `#${plot.plot_id}`));
  return make("details", {}, make("summary", {}, `${plots.length} plots it rests on`),
    make("table", {}, make("thead", {}, make("tr", {}, ...["time", "radar", "height", "plot"].map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...latest.map(row))));
}

function decisions(list) {
  return make("details", {}, make("summary", {}, `${list.length} decisions on record`),
    make("ol", { className: "record" }, ...list.slice(-40).reverse().map((entry) =>
      make("li", {}, make("time", {}, clockText(entry.time_s)), ` ${entry.stage}: ${entry.verdict}`,
        Number.isFinite(entry.probability) ? ` (${percent(entry.probability)} against ${percent(entry.threshold)})` : ""))));
}

/** The panel's content for an explanation. */
export function tell(told) {
  const parts = [make("ul", { className: "sentences" }, ...told.sentences.map((sentence) => make("li", { dir: "auto" }, sentence)))];
  if (told.facts?.length) parts.push(facts(told.facts));
  if (told.zones?.length) parts.push(section("Probability of impact by zone", bars(told.zones)));
  if ("prediction" in told) parts.push(section("Prediction", prediction(told.prediction, told.time_s)));
  const sigmas = spread(told);
  if (sigmas.length) parts.push(section("How sure (1 σ)", facts(sigmas)));
  if (told.plots?.length) parts.push(plotTable(told.plots));
  if (told.decisions?.length) parts.push(decisions(told.decisions));
  if (told.related?.length) parts.push(section("See also", make("p", { className: "related" }, ...told.related.slice(0, 12).map((object) =>
    make("button", { type: "button", "data-object": object }, object.replace(":", " "))))));
  return parts;
}

export class WhyPanel {
  /** `timeNow()` run time shown; `chosen(object, source, told)` after each answer, null when closed. */
  constructor(timeNow, chosen) {
    Object.assign(this, { timeNow, chosen, object: null, due: 0, asked: -1, busy: false });
    this.panel = byId("why");
    byId("why-close").addEventListener("click", () => this.close());
    byId("why-body").addEventListener("click", (click) => {
      const object = click.target.closest("[data-object]")?.dataset.object;
      if (object) this.open(object, this.source, this.run);
    });
  }

  open(object, source, run) {
    Object.assign(this, { object, source, run, asked: -Infinity, due: 0, busy: false });
    this.panel.hidden = false;
    const [kind, id] = [object.slice(0, object.indexOf(":")), object.slice(object.indexOf(":") + 1)];
    byId("why-title").textContent = `${NAMES[kind] ?? kind} ${id}`;
    byId("why-body").replaceChildren(make("p", {}, "Asking the record …"));
    this.refresh(performance.now());
  }

  close() {
    if (!this.object) return;
    this.object = null;
    this.panel.hidden = true;
    this.chosen(null, this.source, null);
  }

  /** Ask again when time went on, at most once a second and never twice at once. */
  async refresh(nowMs) {
    const time = this.timeNow();
    if (!this.object || this.busy || nowMs < this.due || Math.abs(time - this.asked) < 0.5) return;
    [this.busy, this.due, this.asked] = [true, nowMs + AGAIN_MS, time];
    const { object, run } = this;
    try {
      const query = new URLSearchParams({ object, time_s: String(time) });
      const told = await ask(`runs/${encodeURIComponent(run)}/explain?${query}`);
      if (object === this.object) this.show(told);
    } catch (problem) {
      if (object === this.object) byId("why-body").replaceChildren(make("p", { className: "error" }, problem.message));
    } finally {
      if (object === this.object) this.busy = false;
    }
  }

  show(told) {
    const body = byId("why-body");
    const open = new Set(Array.from(body.querySelectorAll("details"), (part, at) => (part.open ? at : -1)));
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.object : undefined;
    byId("why-title").textContent = told.title;
    body.replaceChildren(...tell(told));
    body.querySelectorAll("details").forEach((part, at) => { part.open = open.has(at); });
    if (focused) body.querySelector(`[data-object="${CSS.escape(focused)}"]`)?.focus();
    this.chosen(this.object, this.source, told);
  }
}
