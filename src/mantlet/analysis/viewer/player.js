// The clock of the replay.

export const SPEEDS = [1, 2, 4, 8, 16, 32];

/** Seconds of replay time, running at a speed, stopping or starting over at the end. */
export class Player {
  constructor(duration, speed) {
    this.duration = duration;
    this.time = 0;
    this.speed = speed;
    this.playing = false;
    this.loop = true;
  }

  /** Let `elapsed` real seconds pass. */
  advance(elapsed) {
    if (!this.playing) return;
    this.time += elapsed * this.speed;
    if (this.time < this.duration) return;
    this.playing = this.loop;
    this.time = this.loop ? 0 : this.duration;
  }

  seek(time) {
    this.time = Math.min(Math.max(time, 0), this.duration);
  }

  toggle() {
    if (!this.playing && this.time >= this.duration) this.time = 0;
    this.playing = !this.playing;
  }

  /** One speed up (1) or down (-1) the list. */
  shift(direction) {
    const place = SPEEDS.indexOf(this.speed) + direction;
    this.speed = SPEEDS[Math.min(Math.max(place, 0), SPEEDS.length - 1)];
  }
}

/** The speed at which a replay takes a minute or two. */
export function fittingSpeed(duration) {
  return SPEEDS.findLast((speed) => duration / speed >= 60 || speed === 1);
}
