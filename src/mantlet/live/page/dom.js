// Small words for building parts of the page. Names of people's places always stand in <bdi>.

export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element "${id}".`);
  return found;
}

/** An element with attributes, handlers ("onclick") and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "className" || name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text that is set only when it changed: the screen reader and the layout thank you. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A name in whatever script, kept to itself. */
export const named = (name) => make("bdi", { dir: "auto" }, name ?? "");

const two = (value) => String(Math.floor(value)).padStart(2, "0");

/** Run time as a clock: 4:05 or 2d 03:04:05. */
export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86400);
  const [hours, minutes] = [Math.floor((whole % 86400) / 3600), Math.floor((whole % 3600) / 60)];
  if (days) return `${days}d ${two(hours)}:${two(minutes)}:${two(whole % 60)}`;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Moment of a run in UTC. */
export function utcText(epoch, seconds) {
  const moment = Date.parse(epoch) + 1000 * seconds;
  return Number.isFinite(moment) ? `${new Date(moment).toISOString().slice(0, 19).replace("T", " ")} UTC` : "";
}

let hiding;
/** Say something that went wrong, where everybody sees it. */
export function complain(problem) {
  const box = byId("notice");
  box.textContent = problem?.message ?? String(problem);
  box.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { box.hidden = true; }, 8000);
}
