// Beside the map: the events passed, and the running score under a named definition.

import { clockText, make, named, write } from "./dom.js";
import { isListed, subjectOf, wording } from "./log.js";

const LINES = 80;
const COUNTS = [
  ["launched", "launched (true)"], ["tracks", "tracks"], ["alerts", "zone alerts"], ["shots", "shots"],
  ["hits_observed", "observed hits"], ["intercepted", "intercepted (true)"], ["leaked", "hit a zone (true)"], ["zones_under_alert", "zones under alert"],
];
const TRUE_COUNTS = ["launched", "intercepted", "leaked"];

function eventLine(event, source, mark) {
  const { mark: sign, before = "", after = "", named: withName } = wording(event);
  const name = after || withName ? named(event.name) : null;
  const words = make("span", { className: "words" }, before, name, after);
  return make("li", { className: `${event.kind} ${event.fate === "hit zone" ? "leak" : ""}` },
    make("button", { type: "button", className: "line", "data-object": subjectOf(event), "data-source": source, "data-time": event.time_s },
      make("time", {}, clockText(event.time_s)), make("span", { className: "mark", "aria-hidden": "true" }, sign),
      mark ? make("span", { className: "run-mark" }, mark) : null, words));
}

/** The latest events, newest first; built anew only when something was added. */
export class EventList {
  /** `onPick(object, source, time)` */
  constructor(list, onPick) {
    this.list = list;
    this.shown = "";
    list.addEventListener("click", (click) => {
      const button = click.target.closest("button");
      if (button) onPick(button.dataset.object, Number(button.dataset.source), Number(button.dataset.time));
    });
  }

  show(panes, { truth, only }) {
    const key = `${panes.map(({ log }) => log.version)} ${truth} ${only}`;
    if (key === this.shown) return;
    this.shown = key;
    const wanted = (event) => isListed(event, truth) && (only !== "alerts" || "alert_id" in event);
    const lines = panes.flatMap(({ log, source }) => log.events.filter(wanted).slice(-LINES).map((event) => ({ event, source })));
    lines.sort((a, b) => b.event.time_s - a.event.time_s || b.event.seq - a.event.seq);
    const two = panes.length > 1;
    this.list.replaceChildren(...lines.slice(0, LINES).map(({ event, source }) => eventLine(event, source, two ? "AB"[source] : "")));
    if (!lines.length) this.list.append(make("li", { className: "none" }, "Nothing yet."));
  }
}

const percent = (share) => `${Math.round(100 * share)} %`;

/** One run's score. */
export class ScoreCard {
  constructor(holder) {
    this.rate = make("strong", {}, "–");
    this.parts = make("span", { className: "parts" });
    this.counts = make("dl", {});
    this.cells = new Map();
    holder.replaceChildren(make("p", { className: "rate" }, this.rate, this.parts), this.counts);
  }

  show(score, truth) {
    write(this.rate, score.rate === null ? "–" : percent(score.rate));
    const interval = score.interval ? `, 95 % interval ${percent(score.interval[0])} to ${percent(score.interval[1])}` : "";
    write(this.parts, `${score.numerator} of ${score.denominator}${score.rate === null ? "" : interval}`);
    for (const [key, label] of COUNTS) {
      const known = key in score.counts && (truth || !TRUE_COUNTS.includes(key));
      if (known && !this.cells.has(key)) this.addCell(key, label);
      const cell = this.cells.get(key);
      if (!cell) continue;
      cell.parentElement.hidden = !known;
      write(cell, Number(score.counts[key] ?? 0).toLocaleString("en"));
    }
  }

  addCell(key, label) {
    const value = make("dd", {}, "0");
    this.counts.append(make("div", { className: key }, make("dt", {}, label), value));
    this.cells.set(key, value);
  }
}
