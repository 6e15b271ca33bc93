// The console: asks who is there, then shows what was asked for.

import { ask, post } from "./api.js";
import { byId, complain, make } from "./dom.js";
import { bindKeys, listKeys } from "./keys.js";
import { fillLegend } from "./legend.js";
import { followScheme } from "./palette.js";
import { Watch } from "./watch.js";

const state = { session: null, watch: null, editor: null };

/** Ask for the token until it is right. */
function login() {
  const form = byId("login");
  form.hidden = false;
  byId("token").focus();
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      try {
        await post("login", { token: byId("token").value });
        form.hidden = true;
        resolve();
      } catch (problem) {
        byId("login-error").textContent = problem.message;
      }
    };
  });
}

async function enter() {
  const session = await ask("session");
  if (!session.login) return session;
  await login();
  return ask("session");
}

/** What the address asks for: #run=a&beside=b or #edit=name. */
export function wantedFrom(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  return { run: query.get("run"), beside: query.get("beside"), edit: query.get("edit") };
}

function fillRuns({ runs }, run, beside) {
  const plain = ({ id, scenario, seed, kind }) => `${scenario ?? id}, seed ${seed}${kind === "live" ? " (live)" : ""}`;
  const label = (entry) => (runs.filter((other) => plain(other) === plain(entry)).length > 1 ? `${entry.id}: ${plain(entry)}` : plain(entry));
  const options = (first) => [...first, ...runs.map((entry) => make("option", { value: entry.id }, label(entry)))];
  byId("run").replaceChildren(...options([]));
  byId("beside").replaceChildren(...options([make("option", { value: "" }, "nothing")]));
  byId("run").value = run;
  byId("beside").value = beside ?? "";
  byId("run").parentElement.hidden = !runs.length;
  byId("beside").parentElement.hidden = runs.length < 2;
}

function showMode(mode) {
  document.body.dataset.mode = mode;
  byId("watch").hidden = mode !== "watch";
  byId("edit").hidden = mode !== "edit";
  document.querySelectorAll(".now, .choose").forEach((part) => { part.hidden = mode !== "watch"; });
  if (mode === "edit") byId("title").textContent = "Draw a scenario";
  byId("go-watch").setAttribute("aria-pressed", String(mode === "watch"));
  byId("go-edit").setAttribute("aria-pressed", String(mode === "edit"));
}

async function watch(run, beside) {
  showMode("watch");
  fillRuns(state.session, run, beside);
  state.watch ??= new Watch(state.session);
  await state.watch.open(beside ? [run, beside] : [run]);
}

async function edit(name) {
  showMode("edit");
  const { Editor } = await import("./editor/editor.js");
  state.editor ??= new Editor((made) => runIt(made));
  await state.editor.open(name);
}

/** The editor has begun a run: watch it. */
async function runIt(made) {
  state.session.runs = await ask("runs");
  location.hash = `run=${encodeURIComponent(made.id)}`;
}

/** Follow the address. */
async function follow() {
  const { runs } = state.session;
  const wanted = wantedFrom(location.hash);
  try {
    const known = (id) => runs.some((run) => run.id === id);
    const run = known(wanted.run) ? wanted.run : runs[0]?.id;
    if (wanted.edit !== null || !run) await edit(wanted.edit || null);
    else await watch(run, known(wanted.beside) ? wanted.beside : null);
  } catch (problem) {
    complain(problem);
  }
}

function bind() {
  const goTo = () => {
    const query = new URLSearchParams({ run: byId("run").value });
    if (byId("beside").value) query.set("beside", byId("beside").value);
    location.hash = query.toString();
  };
  byId("run").addEventListener("change", goTo);
  byId("beside").addEventListener("change", goTo);
  byId("go-watch").addEventListener("click", () => (state.session.runs.length ? goTo() : complain("There is no run yet. Make one: Run it.")));
  byId("go-edit").addEventListener("click", () => { location.hash = `edit=${state.editor?.name ?? ""}`; });
  byId("go-edit").hidden = !state.session.editor;
  window.addEventListener("hashchange", follow);
  bindKeys((action) => document.body.dataset.mode === "watch" && Boolean(state.watch?.panes.length) && state.watch.act(action));
  listKeys(byId("keys"));
  followScheme(() => {
    fillLegend(byId("legend"));
    state.watch?.panes.forEach((pane) => { pane.base.restyle(); pane.dirty = true; });
    state.editor?.restyle();
    if (state.watch) state.watch.bar.show(state.watch.scene);
  });
}

if (typeof document !== "undefined") {
  enter().then((session) => { state.session = session; bind(); return follow(); }).catch(complain);
}
