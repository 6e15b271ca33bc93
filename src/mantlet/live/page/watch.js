// Watching one run, or two side by side under one clock.

import { ask } from "./api.js";
import { byId, clockText, complain, make, utcText, write } from "./dom.js";
import { extentOf } from "./geo.js";
import { Link } from "./link.js";
import { EventList, ScoreCard } from "./lists.js";
import { Pane } from "./pane.js";
import { fetchPlace } from "./place.js";
import { chime } from "./sound.js";
import { JUMP_KINDS, TimeBar } from "./timebar.js";
import { FLAGS } from "./wire.js";
import { WhyPanel } from "./why.js";

const LIST_PERIOD_MS = 200;
const COVERAGE_HEIGHT_M = 1000;
const JUMP_BEFORE_S = 1;

export class Watch {
  constructor(session) {
    this.session = session;
    /** @type {Pane[]} */
    this.panes = [];
    this.state = { truth: true, plots: true, reach: true, coverage: false, sound: false, only: "" };
    this.time = null;
    this.wantsPlay = true;
    this.frames = { count: 0, since: 0, spent: 0 };
    this.listDue = 0;
    this.bar = new TimeBar((command) => this.send(command), (direction) => this.jump(direction));
    this.why = new WhyPanel(() => this.now(), (object, source, told) => this.explained(object, source, told));
    this.list = new EventList(byId("events"), (object, source, time) => this.pickLine(object, source, time));
    byId("definition").addEventListener("change", (event) => this.send({ do: "score", definition: event.target.value }));
    for (const name of ["truth", "plots", "reach", "coverage", "sound"]) byId(name).addEventListener("click", () => this.toggle(name));
    byId("only-alerts").addEventListener("click", () => this.toggleOnly());
    requestAnimationFrame((now) => this.animate(now));
  }

  /** Open one run, or two beside each other. */
  async open(runs) {
    this.close();
    const places = await Promise.all(runs.map(fetchPlace));
    this.runs = runs;
    document.body.toggleAttribute("data-compare", runs.length > 1);
    byId("panes").replaceChildren();
    byId("scores").replaceChildren();
    this.panes = places.map((place, source) => this.addPane(place, source));
    this.cards = places.map(() => { const holder = make("div"); byId("scores").append(holder); return new ScoreCard(holder); });
    this.showScene(places[0].scene);
    if (this.session.tiles) this.panes.forEach((pane) => pane.base.addTiles().catch(complain));
    if (this.state.coverage) this.showCoverage();
    this.link = new Link(runs, {
      frame: (frame) => this.takeFrame(frame, runs[frame.source]),
      message: (message) => this.take(message),
      state: (state, reason) => this.showLink(state, reason),
      resume: () => ({ time_s: this.time, play: this.wantsPlay }),
      greet: () => this.greeting(),
    });
  }

  /** A frame after a jump has no past: ask where its tracks have been. */
  takeFrame(frame, run) {
    const pane = this.panes[frame.source];
    pane?.takeFrame(frame, performance.now());
    if (!pane || !(frame.flags & FLAGS.discontinuity) || !frame.tracks.rows) return;
    ask(`runs/${encodeURIComponent(run)}/trails?time_s=${frame.time_s}`)
      .then(({ trails }) => pane.recall(trails, frame.time_s))
      .catch(() => {}); // trails are a comfort: they grow again by themselves
  }

  close() {
    this.link?.close();
    this.why.close();
    this.panes.forEach((pane) => pane.base.map.setTarget(null));
    this.panes = [];
    this.time = null;
    this.wantsPlay = true;
  }

  greeting() {
    const { truth, plots } = this.state;
    const commands = [{ do: "show", truth, plots }];
    const definition = byId("definition").value;
    if (definition) commands.push({ do: "score", definition });
    return commands;
  }

  addPane(place, source) {
    const holder = byId("pane").content.cloneNode(true).firstElementChild;
    byId("panes").append(holder);
    const view = this.panes[0]?.base.view ?? this.sharedView ?? null;
    const pane = new Pane(holder, { view, source, onPick: (object, from) => this.pick(object, from) });
    this.sharedView = source === 0 && this.runs?.length > 1 ? pane.base.view : null;
    pane.show(place, source === 0);
    Object.assign(pane.shown, this.state);
    const { scene } = place;
    write(holder.querySelector(".pane-title bdi"), `${"AB"[source]}: ${scene.title} (seed ${scene.seed})`);
    holder.querySelector(".zoom").addEventListener("click", (event) => this.zoom(event.target.dataset.zoom));
    return pane;
  }

  showScene(scene) {
    this.scene = scene;
    write(byId("title"), scene.title);
    document.title = `${scene.name}: Mantlet console (an exercise)`;
    this.bar.show(scene);
    const choose = byId("definition");
    const held = choose.value;
    choose.replaceChildren(...scene.definitions.map(({ name }) => make("option", { value: name }, name)));
    const names = scene.definitions.map(({ name }) => name);
    choose.value = names.includes(held) ? held : names.includes("true, of threatening") ? "true, of threatening" : names[0] ?? "";
    byId("truth").hidden = !scene.truth;
  }

  send(command) {
    if (command.do === "play" || command.do === "pause") this.wantsPlay = command.do === "play";
    if (command.do === "step") this.wantsPlay = false;
    this.link?.send(command);
  }

  take(message) {
    const pane = this.panes[message.source ?? 0];
    if (message.type === "hello") this.bar.takeClock(message.clock ?? {});
    else if (message.type === "clock") this.takeClock(message);
    else if (message.type === "events") this.takeEvents(pane, message);
    else if (message.type === "score") this.takeScore(message);
    else if (message.type === "scene") this.renew(message.source);
    else if (message.type === "error") complain(message.error);
  }

  takeClock(message) {
    this.bar.takeClock(message);
    this.wantsPlay = message.playing;
    const quiet = message.quiet_until_s;
    document.querySelectorAll(".quiet-note").forEach((note) => {
      note.hidden = !Number.isFinite(quiet);
      note.textContent = Number.isFinite(quiet) ? `nothing flies until ${clockText(quiet)}` : "";
    });
    if (message.error) complain(message.error);
  }

  takeEvents(pane, message) {
    const alerts = pane.log.take(message);
    pane.dirty = true;
    if (!alerts.length) return;
    if (this.state.sound) chime();
    byId("said").replaceChildren(...alerts.slice(-5).map((event) => make("p", {}, `Exercise: ${event.name} alerted`)));
  }

  takeScore(score) {
    if (score.source === 0 || score.source === undefined) write(byId("meaning"), score.meaning);
    this.cards[score.source ?? 0]?.show(score, this.state.truth);
    this.panes[score.source ?? 0].score = score;
  }

  /** A live run has grown: the density and the ends have changed. */
  async renew(source) {
    const scene = await ask(`runs/${encodeURIComponent(this.runs[source])}/scene`).catch(() => null);
    if (scene && source === 0) this.bar.show(scene);
  }

  showLink(state, reason) {
    const words = { open: "", waiting: "Connection lost, trying again …", refused: reason };
    byId("link").hidden = state === "open";
    byId("link").textContent = words[state];
  }

  /** Run time shown now. */
  now() {
    return this.panes[0]?.sky.time(performance.now()) ?? 0;
  }

  pick(object, source) {
    if (object) this.why.open(object, source, this.runs[source]);
    else this.why.close();
  }

  pickLine(object, source, time) {
    if (Math.abs(time - this.now()) > 3) this.send({ do: "seek", time_s: time });
    this.pick(object, source);
  }

  explained(object, source, told) {
    this.panes.forEach((pane) => Object.assign(pane, { selected: null, explained: null, dirty: true }));
    const pane = this.panes[source];
    if (pane && object) Object.assign(pane, { selected: object, explained: told, dirty: true });
  }

  /** Go through the objects of the first map by keyboard. */
  nextObject() {
    const objects = this.panes[0]?.objects().map(({ object }) => object) ?? [];
    if (!objects.length) return;
    this.pick(objects[(objects.indexOf(this.why.object) + 1) % objects.length], 0);
  }

  async jump(direction) {
    // What was jumped to lies JUMP_BEFORE_S ahead: half a second to either side of it counts as it.
    const time = this.now() + JUMP_BEFORE_S + (direction === "next" ? 0.5 : -0.5);
    const kinds = this.state.truth ? JUMP_KINDS : "alert,shot";
    const query = new URLSearchParams({ time_s: String(time), direction, kinds });
    try {
      const { event } = await ask(`runs/${encodeURIComponent(this.runs[0])}/jump?${query}`);
      if (event) this.send({ do: "seek", time_s: event.time_s - JUMP_BEFORE_S });
    } catch (problem) {
      complain(problem);
    }
  }

  toggle(name) {
    this.state[name] = !this.state[name];
    byId(name).setAttribute("aria-pressed", String(this.state[name]));
    if (name === "truth" || name === "plots") this.send({ do: "show", truth: this.state.truth, plots: this.state.plots });
    if (name === "coverage") this.showCoverage();
    if (name === "sound" && this.state.sound) chime();
    for (const pane of this.panes) {
      Object.assign(pane.shown, this.state);
      pane.dirty = true;
      if (pane.score) this.takeScore(pane.score);
    }
    this.listDue = 0;
  }

  toggleOnly() {
    this.state.only = this.state.only ? "" : "alerts";
    byId("only-alerts").setAttribute("aria-pressed", String(Boolean(this.state.only)));
  }

  showCoverage() {
    this.panes.forEach(async (pane, source) => {
      if (!this.state.coverage) { pane.base.put("coverage", null); return; }
      const path = `runs/${encodeURIComponent(this.runs[source])}/coverage?height_m=${COVERAGE_HEIGHT_M}`;
      pane.base.put("coverage", await ask(path).catch((problem) => { complain(problem); return null; }));
    });
  }

  zoom(how) {
    const base = this.panes[0]?.base;
    if (!base || !how) return;
    if (how === "fit") base.view.fit(extentOf(this.scene.view), { padding: [24, 24, 24, 24], duration: 200 });
    else base.zoom(how === "in" ? 1 : -1);
  }

  /** An action by its name in the table of keys; true if it was one. */
  act(name) {
    const actions = {
      start: () => this.send({ do: "seek", time_s: this.scene.start_s }), end: () => this.send({ do: "seek", time_s: this.scene.end_s }),
      object: () => this.nextObject(), close: () => this.why.close(), fit: () => this.zoom("fit"),
      "zoom-in": () => this.zoom("in"), "zoom-out": () => this.zoom("out"),
    };
    const found = this.bar.actions[name] ?? actions[name] ?? (name in this.state ? () => this.toggle(name) : null);
    found?.();
    return Boolean(found);
  }

  animate(now) {
    if (this.panes.length && document.body.dataset.mode === "watch") this.drawFrame(now);
    requestAnimationFrame((next) => this.animate(next));
  }

  drawFrame(now) {
    const begun = performance.now();
    const moving = this.bar.clock.playing;
    for (const pane of this.panes) if (moving || pane.dirty) pane.draw(now);
    const time = this.now();
    if (this.panes[0].sky.frame) this.time = time;
    this.measure(now, performance.now() - begun);
    if (now < this.listDue) return;
    this.listDue = now + LIST_PERIOD_MS;
    this.bar.tick(time);
    this.list.show(this.panes, this.state);
    this.why.refresh(now);
    write(byId("clock"), clockText(time));
    write(byId("date"), utcText(this.scene.epoch, time));
  }

  measure(now, spent) {
    const { frames } = this;
    frames.count += 1;
    frames.spent += spent;
    if (now - frames.since < 1000) return;
    write(byId("frames"), `${Math.round((1000 * frames.count) / (now - frames.since))} frames/s, ${(frames.spent / frames.count).toFixed(1)} ms each`);
    this.frames = { count: 0, since: now, spent: 0 };
  }
}
