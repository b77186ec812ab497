// One translation session: the microphone out, the translated voice in, and its end once the last words are spoken.

import { request } from "./api.js";
import { Connection } from "./connection.js";
import { Failure } from "./failure.js";

// The last words are still to be translated and spoken after Stop.
const FINISH_MS = 60_000;
// What the browser's jitter buffer still holds when the server says that all is sent.
const DRAIN_MS = 600;

export class Session {
  #connection;
  #opened = false;
  #over = false;
  #timer;

  /**
   * @param {MediaStream} microphone
   * @param {Array<RTCIceServer>} iceServers
   * @param {{voice: (stream: MediaStream) => void, message: (kind: string, body: object) => void,
   *          ended: () => void, failed: (failure: Failure) => void}} tell what happens to the session; exactly one of
   *          `ended` and `failed` is called, once, after `open` has succeeded and unless `close` comes first
   */
  constructor(microphone, iceServers, tell) {
    this.tell = tell;
    this.#connection = new Connection(microphone, iceServers, {
      voice: tell.voice,
      message: (kind, body) => this.#receive(kind, body),
      lost: (failure) => this.#fail(failure),
    });
    for (const track of microphone.getAudioTracks()) {
      track.addEventListener("ended", () => this.#fail(new Failure("microphone-gone")));
    }
  }

  /** Rejects with a Failure; its code is "closed" after `close`. */
  async open({ source, target, voice }) {
    await this.#connection.open((offer) =>
      request("/v1/webrtc/offer", { ...offer, source_language: source, target_language: target, voice }),
    );
    this.#opened = true;
  }

  /** No more speech: the server concludes, speaks the rest and says `end_of_stream`. */
  finish() {
    this.#connection.send({ stop: {} });
    this.#endIn(FINISH_MS);
  }

  /** Ends at once and tells nobody. */
  close(why = new Failure("closed")) {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#connection.close(why);
  }

  #receive(kind, body) {
    if (kind === "end_of_stream") this.#endIn(DRAIN_MS);
    else if (kind === "error") this.#fail(new Failure("session-error", { detail: body.error_message ?? "" }));
    else this.tell.message(kind, body);
  }

  #endIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#over) return;
      this.close();
      this.tell.ended();
    }, ms);
  }

  #fail(failure) {
    if (this.#over) return;
    this.close(failure);
    if (this.#opened) this.tell.failed(failure);
  }
}
