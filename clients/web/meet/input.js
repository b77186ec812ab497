// The microphone in use: opened, measured, exchanged for another one, closed.

import { Failure } from "../failure.js";
import { openMicrophone } from "../microphone.js";

export class Input {
  /**
   * @param {import("../meter.js").Meter} meter
   * @param {(failure: Failure) => void} gone told when the microphone is unplugged
   */
  constructor(meter, gone) {
    this.meter = meter;
    this.gone = gone;
    this.stream = null;
  }

  /** Opens another microphone before the old one is closed. Rejects with a Failure; then the old one stays. */
  async use(device) {
    const stream = await openMicrophone(device);
    this.close();
    this.stream = stream;
    for (const track of stream.getAudioTracks()) track.addEventListener("ended", () => this.gone(new Failure("microphone-gone")));
    this.meter.start(stream);
    return stream;
  }

  close() {
    if (!this.stream) return;
    for (const track of this.stream.getTracks()) track.stop();
    this.meter.stop();
    this.stream = null;
  }
}
