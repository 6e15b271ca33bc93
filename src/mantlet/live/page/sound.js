// A short tone for a new alert. Off until a person switches it on; nothing is loaded for it.

let context = null;

/** Two falling notes, unlike any public warning signal. */
export function chime() {
  context ??= new AudioContext();
  [[660, 0], [520, 0.16]].forEach(([hertz, wait]) => {
    const tone = context.createOscillator();
    const level = context.createGain();
    const start = context.currentTime + wait;
    tone.frequency.value = hertz;
    level.gain.setValueAtTime(0.0001, start);
    level.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
    tone.connect(level).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.16);
  });
}
