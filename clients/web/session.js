// One WebRTC session with the server: the microphone out, one translated track in, JSON events over a data channel.

import { request } from "./api.js";
import { Failure } from "./failure.js";

// No STUN: the candidates are the machine's own addresses and are there within milliseconds.
const GATHER_MS = 2000;
const CONNECT_MS = 12_000;
const PING_MS = 5000;
// ICE often comes back by itself after a change of network.
const DISCONNECTED_MS = 6000;
// The last words are still to be translated and spoken after Stop.
const FINISH_MS = 60_000;
// What the browser's jitter buffer still holds when the server says that all is sent.
const DRAIN_MS = 600;

export class Session {
  #peer = new RTCPeerConnection();
  #channel = this.#peer.createDataChannel("events");
  #timers = new Set();
  #opened = false;
  #over = false;
  #breakOff;
  #brokenOff = new Promise((_, reject) => {
    this.#breakOff = reject;
  });

  /**
   * @param {MediaStream} microphone
   * @param {{voice: (stream: MediaStream) => void, message: (kind: string, body: object) => void,
   *          ended: () => void, failed: (failure: Failure) => void}} tell what happens to the session; exactly one of
   *          `ended` and `failed` is called, once, after `open` has succeeded and unless `close` comes first
   */
  constructor(microphone, tell) {
    this.tell = tell;
    this.#brokenOff.catch(() => {}); // nobody may be waiting for it
    for (const track of microphone.getAudioTracks()) {
      this.#peer.addTrack(track, microphone);
      track.addEventListener("ended", () => this.#fail(new Failure("microphone-gone")));
    }
    this.#peer.addEventListener("track", (event) => tell.voice(event.streams[0] ?? new MediaStream([event.track])));
    this.#channel.addEventListener("message", (event) => this.#receive(event.data));
  }

  /** Offers, waits for the answer and for the connection. Rejects with a Failure; its code is "closed" after `close`. */
  async open(languages) {
    try {
      await Promise.race([this.#connect(languages), this.#brokenOff]);
    } catch (error) {
      this.close();
      throw error instanceof Failure ? error : new Failure("session-error", { detail: error.message });
    }
    this.#opened = true;
    this.#watch();
  }

  /** No more speech: the server concludes, speaks the rest and says `end_of_stream`. */
  finish() {
    this.#send({ stop: {} });
    this.#later(FINISH_MS, () => this.#end());
  }

  /** Ends at once and tells nobody. */
  close() {
    this.#over = true;
    this.#breakOff(new Failure("closed"));
    this.#timers.forEach(clearTimeout);
    this.#channel.close();
    this.#peer.close();
  }

  async #connect({ source, target, voice }) {
    await this.#peer.setLocalDescription();
    await this.#gathered();
    const { sdp, type } = this.#peer.localDescription;
    const offer = { sdp, type, source_language: source, target_language: target, voice };
    const answer = await request("/v1/webrtc/offer", offer);
    await this.#peer.setRemoteDescription({ sdp: answer.sdp, type: answer.type });
    await this.#connected();
  }

  #gathered() {
    if (this.#peer.iceGatheringState === "complete") return Promise.resolve();
    return new Promise((resolve) => {
      this.#later(GATHER_MS, resolve);
      this.#peer.addEventListener("icegatheringstatechange", () => {
        if (this.#peer.iceGatheringState === "complete") resolve();
      });
    });
  }

  #connected() {
    return new Promise((resolve, reject) => {
      const refuse = () => reject(new Failure("no-media-path"));
      this.#later(CONNECT_MS, refuse);
      this.#channel.addEventListener("open", resolve);
      this.#peer.addEventListener("connectionstatechange", () => {
        if (this.#peer.connectionState === "failed") refuse();
      });
    });
  }

  #watch() {
    const lost = () => this.#fail(new Failure("lost"));
    this.#channel.addEventListener("close", lost);
    this.#peer.addEventListener("connectionstatechange", () => {
      if (this.#peer.connectionState === "failed") lost();
      if (this.#peer.connectionState === "disconnected") {
        this.#later(DISCONNECTED_MS, () => this.#peer.connectionState !== "connected" && lost());
      }
    });
    const ping = () => {
      this.#send({ ping: {} });
      this.#later(PING_MS, ping);
    };
    ping();
  }

  #receive(data) {
    if (typeof data !== "string") return;
    for (const [kind, body] of Object.entries(JSON.parse(data))) {
      if (this.#over) return;
      if (kind === "end_of_stream") this.#later(DRAIN_MS, () => this.#end());
      else if (kind === "error") this.#fail(new Failure("session-error", { detail: body.error_message ?? "" }));
      else this.tell.message(kind, body);
    }
  }

  #send(message) {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(message));
  }

  #later(ms, action) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #end() {
    if (this.#over) return;
    this.close();
    this.tell.ended();
  }

  #fail(failure) {
    if (this.#over) return;
    this.#breakOff(failure);
    this.close();
    if (this.#opened) this.tell.failed(failure);
  }
}
