// Whether the microphone is muted: one's own press counts at once, the host's when the server tells of it.

// What was pressed and has not come back by then was not taken.
const ECHO_MS = 3000;

export class Mute {
  /** @param {boolean} muted */
  constructor(muted) {
    this.muted = muted;
    this.heard = muted;
    this.waitingSince = null;
  }

  /** One's own press. */
  press(muted, nowMs) {
    this.muted = muted;
    this.waitingSince = nowMs;
  }

  /**
   * What the server says, which may be older than the last press.
   * @returns {boolean} whether it was somebody else who changed it
   */
  hear(muted, nowMs) {
    this.heard = muted;
    if (muted === this.muted) this.waitingSince = null;
    return this.settle(nowMs);
  }

  /** Time has passed. @returns {boolean} as `hear` */
  settle(nowMs) {
    if (this.waitingSince !== null && nowMs - this.waitingSince < ECHO_MS) return false;
    this.waitingSince = null;
    if (this.heard === this.muted) return false;
    this.muted = this.heard;
    return true;
  }
}
