// The events passed so far, as the list shows them and the map marks them.

import { mercatorX, mercatorY } from "./geo.js";

const KEPT = 2000;
const MESSAGES = ["alert", "update", "cancel", "all-clear"];

/** Text before and after the name of the place, and the mark, of one event. */
export function wording(event) {
  const lead = event.lead_s > 0 ? `, ${Math.round(event.lead_s)} s to impact` : "";
  switch (event.kind) {
    case "alert": return { mark: "▲", after: ` alerted${lead}` };
    case "update": return { mark: "△", after: ` updated${lead}` };
    case "cancel": return { mark: "▽", after: " alert cancelled" };
    case "all-clear": return { mark: "✓", after: " all clear" };
    case "shot": return { mark: "➚", before: `${event.battery} fires at track ${event.track_id}` };
    case "observed": return { mark: { hit: "✶", miss: "○" }[event.observed] ?? "?", before: `track ${event.track_id}: observed ${event.observed}` };
    case "outcome": return fateWording(event);
    case "launch": return { mark: "•", before: `${event.class ?? "object"} launched` };
    default: return { mark: "·", before: `track ${event.track_id}: ${event.verdict ?? event.kind}` };
  }
}

function fateWording({ fate, threat_id: id }) {
  if (fate === "intercepted") return { mark: "✸", before: `threat ${id} intercepted (true)` };
  if (fate === "hit zone") return { mark: "✖", before: `threat ${id} came down in `, named: true };
  return { mark: "◦", before: `threat ${id}: ${fate} (true)` };
}

/** The object that explains an event. */
export function subjectOf(event) {
  if (MESSAGES.includes(event.kind)) return `alert:${event.alert_id}`;
  if (event.kind === "shot" || event.kind === "observed") return `interceptor:${event.shot_id}`;
  if (event.kind === "outcome" || event.kind === "launch") return `threat:${event.threat_id}`;
  return `track:${event.track_id}`;
}

/** Does the list show it? Decisions are many; they are told where one asks why. */
export function isListed(event, truth) {
  if (event.kind === "decision") return false;
  if (event.kind === "launch") return truth && !isDebris(event);
  return truth || event.kind !== "outcome";
}

const isDebris = (event) => event.class === "debris";

export class EventLog {
  constructor() {
    /** @type {object[]} in time order */
    this.events = [];
    this.marks = [];
    this.version = 0;
  }

  /** Take in a message of the stream; returns the alerts that are new (none after a seek). */
  take({ events, reset }) {
    if (reset) [this.events, this.marks] = [[], []];
    for (const event of events) this.keep(event);
    if (this.events.length > 2 * KEPT) this.events = this.events.slice(-KEPT);
    if (this.marks.length > 2 * KEPT) this.marks = this.marks.slice(-KEPT);
    this.version += 1;
    return reset ? [] : events.filter((event) => event.kind === "alert");
  }

  keep(event) {
    this.events.push(event);
    if (event.kind !== "observed" && event.kind !== "outcome") return;
    if (!Number.isFinite(event.lon) || !Number.isFinite(event.lat)) return;
    const what = event.kind === "observed" ? `observed ${event.observed}` : event.fate;
    this.marks.push({
      what, event, time: event.time_s, height: event.height_m ?? 0, x: mercatorX(event.lon), y: mercatorY(event.lat),
    });
  }
}
