// One WebRTC connection with the server: a microphone out or none, one track in, JSON messages over a data channel.

import { Failure } from "./failure.js";

// The machine's own addresses are there within milliseconds, those that a STUN or TURN server knows a little later.
const GATHER_MS = 2000;
const CONNECT_MS = 12_000;
const PING_MS = 5000;
// ICE often comes back by itself after a change of network.
const DISCONNECTED_MS = 4000;
// Two pings without so much as an acknowledgement.
const SILENT_MS = 11_000;

export class Connection {
  #peer;
  #channel;
  #timers = new Set();
  #opened = false;
  #over = false;
  #received = { bytes: 0, at: 0 };
  #breakOff;
  #brokenOff = new Promise((_, reject) => {
    this.#breakOff = reject;
  });

  /**
   * @param {MediaStream | null} microphone null: only listens
   * @param {Array<RTCIceServer>} iceServers
   * @param {{voice: (stream: MediaStream) => void, message: (kind: string, body: object) => void,
   *          lost: (failure: Failure) => void}} tell `lost` is called at most once, after `open` has succeeded
   */
  constructor(microphone, iceServers, tell) {
    this.tell = tell;
    this.#peer = new RTCPeerConnection({ iceServers });
    this.#channel = this.#peer.createDataChannel("events");
    this.#brokenOff.catch(() => {}); // nobody may be waiting for it
    const [track] = microphone?.getAudioTracks() ?? [];
    if (track) this.#peer.addTrack(track, microphone);
    else this.#peer.addTransceiver("audio", { direction: "recvonly" });
    this.#peer.addEventListener("track", (event) => tell.voice(event.streams[0] ?? new MediaStream([event.track])));
    this.#channel.addEventListener("message", (event) => this.#receive(event.data));
  }

  /**
   * Offers, waits for the answer and until messages can be sent. Rejects with a Failure; its code is "closed" after
   * `close`.
   * @template {{sdp: string, type: RTCSdpType}} Answer
   * @param {(offer: {sdp: string, type: string}) => Promise<Answer>} ask the server
   * @returns {Promise<Answer>}
   */
  async open(ask) {
    let answer;
    try {
      answer = await Promise.race([this.#connect(ask), this.#brokenOff]);
    } catch (error) {
      this.close();
      throw error instanceof Failure ? error : new Failure("session-error", { detail: error.message });
    }
    this.#opened = true;
    this.#watch();
    return answer;
  }

  send(message) {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(message));
  }

  /** Another microphone from now on, without a new offer. */
  async replaceTrack(track) {
    await this.#peer.getSenders().find((sender) => sender.track?.kind === "audio")?.replaceTrack(track);
  }

  /** Ends at once and tells nobody but who waits for `open`. */
  close(why = new Failure("closed")) {
    this.#over = true;
    this.#breakOff(why);
    this.#timers.forEach(clearTimeout);
    this.#channel.close();
    this.#peer.close();
  }

  async #connect(ask) {
    await this.#peer.setLocalDescription();
    await this.#gathered();
    const { sdp, type } = this.#peer.localDescription;
    const answer = await ask({ sdp, type });
    await this.#peer.setRemoteDescription({ sdp: answer.sdp, type: answer.type });
    await this.#connected();
    return answer;
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
    this.#received.at = performance.now();
    this.#ping();
  }

  async #ping() {
    this.send({ ping: {} });
    this.#later(PING_MS, () => this.#ping());
    const bytes = bytesReceived(await this.#peer.getStats());
    if (bytes !== this.#received.bytes) this.#received = { bytes, at: performance.now() };
    else if (performance.now() - this.#received.at > SILENT_MS) this.#fail(new Failure("lost"));
  }

  #receive(data) {
    if (typeof data !== "string") return;
    for (const [kind, body] of Object.entries(JSON.parse(data))) {
      if (!this.#over) this.tell.message(kind, body);
    }
  }

  #later(ms, action) {
    if (this.#over) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #fail(failure) {
    if (this.#over) return;
    this.close(failure);
    if (this.#opened) this.tell.lost(failure);
  }
}

/** On whichever pair of addresses; the acknowledgements of our pings are among them. */
function bytesReceived(stats) {
  let bytes = 0;
  stats.forEach((one) => {
    if (one.type === "candidate-pair") bytes += one.bytesReceived ?? 0;
  });
  return bytes;
}
