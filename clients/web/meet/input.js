// The microphone in use: opened, measured, exchanged for another one, closed.

import { Failure } from "../failure.js";
import { openMicrophone } from "../microphone.js";

export class Input {
  /**
   * @param {Array<import("../meter.js").Meter>} meters
   * @param {(failure: Failure) => void} gone told when the microphone is unplugged
   */
  constructor(meters, gone) {
    this.meters = meters;
    this.gone = gone;
    this.stream = null;
  }

  /** Opens another microphone before the old one is closed. Rejects with a Failure; then the old one stays. */
  async use(device) {
    const stream = await openMicrophone(device);
    this.close();
    this.stream = stream;
    for (const track of stream.getAudioTracks()) track.addEventListener("ended", () => this.gone(new Failure("microphone-gone")));
    for (const meter of this.meters) meter.start(stream);
    return stream;
  }

  close() {
    if (!this.stream) return;
    for (const track of this.stream.getTracks()) track.stop();
    for (const meter of this.meters) meter.stop();
    this.stream = null;
  }
}
