// The microphone's level: RMS in dBFS, drawn with a quick rise and a slow fall.

// Speech at a laptop microphone with automatic gain lies between about -50 and -10 dBFS.
const FLOOR_DB = -55;
const CEILING_DB = -8;
// Often enough to look alive; every screen refresh would cost a phone more than the translation does.
const DRAWN_EVERY_MS = 50;
const FALL_PER_DRAW = 0.78;
const SPOKEN_EVERY_MS = 1000;
const SILENT_DB = -70;

/** @returns {number} RMS of the samples in dBFS, -Infinity for digital silence */
export function decibels(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return 10 * Math.log10(power);
}

/** @returns {number} 0 to 1 */
export function fraction(db) {
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

export class Meter {
  /** @param {...HTMLElement} elements role="meter", each with one child that is the bar; those out of sight cost nothing */
  constructor(...elements) {
    this.elements = elements;
    this.heardAt = 0;
  }

  start(stream) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.shown = 0;
    this.spokenAt = 0;
    this.heardAt = performance.now();
    this.drawing = setInterval(() => this.#draw(performance.now()), DRAWN_EVERY_MS);
  }

  stop() {
    clearInterval(this.drawing);
    this.context?.close();
    this.context = undefined;
    this.#show(0);
  }

  /** Milliseconds since anything at all came from the microphone: a muted switch gives digital silence. */
  silentMs() {
    return performance.now() - this.heardAt;
  }

  #draw(now) {
    this.analyser.getFloatTimeDomainData(this.samples);
    const db = decibels(this.samples);
    if (db > SILENT_DB) this.heardAt = now;
    this.shown = Math.max(fraction(db), this.shown * FALL_PER_DRAW);
    this.#show(this.shown);
    if (now - this.spokenAt > SPOKEN_EVERY_MS) {
      for (const element of this.elements) element.setAttribute("aria-valuenow", String(Math.round(this.shown * 100)));
      this.spokenAt = now;
    }
  }

  #show(level) {
    for (const { firstElementChild } of this.elements) firstElementChild.style.transform = `scaleX(${level.toFixed(3)})`;
  }
}
