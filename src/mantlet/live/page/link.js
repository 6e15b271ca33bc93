// The stream: one WebSocket, opened again whenever it breaks.

import { readFrame } from "./wire.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;
const REFUSED = [1008, 4404];

/** Waits between attempts: doubled each time, up to a bound. */
export function waitBefore(attempt) {
  return Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
}

/** Address of the stream for one or two runs, going on at `timeS` if that is known. */
export function streamAddress(place, runs, timeS, play) {
  const query = new URLSearchParams(runs.map((run) => ["run", run]));
  if (timeS !== null) query.set("time_s", String(timeS));
  if (play) query.set("play", "1");
  return `${place.protocol === "https:" ? "wss:" : "ws:"}//${place.host}/api/stream?${query}`;
}

/**
 * `handlers`: frame(frame), message(object), state("open" | "waiting" | "refused", reason),
 * resume() -> {time_s, play} where to go on, greet() -> commands to send after each opening.
 */
export class Link {
  constructor(runs, handlers) {
    this.runs = runs;
    this.handlers = handlers;
    this.attempt = 0;
    this.closed = false;
    this.open();
  }

  open() {
    const { time_s: timeS, play } = this.handlers.resume();
    const socket = new WebSocket(streamAddress(location, this.runs, timeS, play));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.attempt = 0;
      this.handlers.greet().forEach((command) => this.send(command));
      this.handlers.state("open", "");
    };
    socket.onmessage = ({ data }) => this.take(data);
    socket.onclose = ({ code, reason }) => this.lost(code, reason);
    this.socket = socket;
  }

  take(data) {
    if (typeof data === "string") this.handlers.message(JSON.parse(data));
    else this.handlers.frame(readFrame(data));
  }

  lost(code, reason) {
    if (this.closed) return;
    if (REFUSED.includes(code)) {
      this.handlers.state("refused", reason || "The server knows no such run.");
      return;
    }
    this.handlers.state("waiting", reason);
    this.timer = setTimeout(() => this.open(), waitBefore(this.attempt));
    this.attempt += 1;
  }

  send(command) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket.close();
  }
}
