// One participant's meeting: joins it, keeps the connection up, knows what was said and who is here. No DOM.

import { Connection } from "../connection.js";
import { Failure } from "../failure.js";
import { Mute } from "./mute.js";
import { Reconnect, mayRetry } from "./reconnect.js";
import { EMPTY, me, reduce } from "./room_state.js";
import { Transcript } from "./transcript.js";

const SETTLE_MS = 1000;
// The last message is still on its way out when the connection is closed.
const FLUSH_MS = 250;

export class Meeting {
  #connection;
  #resume;
  #over = true;
  #settling;

  /**
   * @param {import("./rooms_api.js").RoomsApi} api
   * @param {string} room
   * @param {{voice: (stream: MediaStream) => void, link: (state: "live" | "reconnecting") => void,
   *          state: () => void, said: (change: object) => void, mutedByHost: () => void, refused: (text: string) => void,
   *          over: (failure: Failure) => void}} tell the failure is "removed", "room-closed" or "lost"
   */
  constructor(api, room, tell) {
    this.api = api;
    this.room = room;
    this.tell = tell;
    this.transcript = new Transcript();
    this.state = EMPTY;
    this.mute = new Mute(false);
  }

  /**
   * Comes in as somebody new. Rejects with a Failure.
   * @param {object} wishes name, speaks, hears, captions, original, voice
   * @param {MediaStream | null} microphone null: only listens
   */
  async join(wishes, microphone) {
    this.wishes = wishes;
    this.microphone = microphone;
    this.mute = new Mute(false);
    this.#over = false;
    try {
      await this.#connect(wishes, () => this.transcript.beginPart());
    } catch (failure) {
      this.#over = true;
      throw failure;
    }
    this.#settling = setInterval(() => this.mute.settle(performance.now()) && this.#muted(), SETTLE_MS);
  }

  /** Changes some of the wishes. */
  set(changes) {
    Object.assign(this.wishes, changes);
    this.send({ set: changes });
  }

  setMuted(muted) {
    this.mute.press(muted, performance.now());
    this.#applyMute();
    this.send({ set: { muted } });
    this.tell.state();
  }

  /** Another microphone from now on. */
  async useMicrophone(stream) {
    this.microphone = stream;
    this.#applyMute();
    await this.#connection.replaceTrack(stream.getAudioTracks()[0]);
  }

  send(message) {
    this.#connection?.send(message);
  }

  /** For good, and without a word from `tell`. */
  leave() {
    this.send({ leave: {} });
    this.#end();
  }

  async #connect(body, joined = () => {}) {
    const iceServers = await this.api.iceServers();
    const connection = new Connection(this.microphone, iceServers, {
      voice: this.tell.voice,
      message: (kind, message) => this.#receive(kind, message),
      lost: () => this.#reconnect(),
    });
    this.#connection = connection;
    await connection.open(async (offer) => {
      const answer = await this.api.join(this.room, { ...offer, ...body });
      this.#resume = answer.resume;
      joined(); // before the first message comes
      this.#receive("room", answer.room);
      return answer;
    });
    if (this.#over) connection.close();
  }

  async #reconnect() {
    if (this.#over) return;
    this.tell.link("reconnecting");
    const policy = new Reconnect(performance.now());
    let wait = policy.next(performance.now());
    while (wait !== null) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (this.#over) return;
      const failure = await this.#tryAgain();
      if (!failure || this.#over) return;
      wait = mayRetry(failure) ? policy.next(performance.now()) : null;
    }
    this.#finish(new Failure("lost"));
  }

  /** @returns {Promise<Failure | null>} null: back in the same seat */
  async #tryAgain() {
    try {
      await this.#connect({ ...this.wishes, resume: this.#resume, seen: this.transcript.seen });
    } catch (failure) {
      return failure;
    }
    this.send({ set: { ...this.wishes, muted: this.mute.muted } }); // what was changed meanwhile
    this.tell.link("live");
    return null;
  }

  #receive(kind, body) {
    if (this.#over) return;
    if (kind === "caption" || kind === "skipped") this.#hear(kind, body);
    else if (kind === "removed") this.#finish(new Failure("removed", { detail: body.reason }));
    else if (kind === "closed") this.#finish(new Failure("room-closed", { detail: body.reason }));
    else if (kind === "error") this.tell.refused(body.message);
    else this.#update(kind, body);
  }

  #hear(kind, body) {
    const change = kind === "caption" ? this.transcript.caption(body) : this.transcript.skipped(body);
    if (change) this.tell.said(change);
  }

  #update(kind, body) {
    this.state = reduce(this.state, kind, body, performance.now());
    const mine = me(this.state);
    if (kind === "room" && mine && this.mute.hear(Boolean(mine.muted), performance.now())) this.#muted();
    this.tell.state();
  }

  #muted() {
    this.#applyMute();
    if (this.mute.muted) this.tell.mutedByHost();
    this.tell.state();
  }

  #applyMute() {
    for (const track of this.microphone?.getAudioTracks() ?? []) track.enabled = !this.mute.muted;
  }

  #finish(failure) {
    if (this.#over) return;
    this.#end();
    this.tell.over(failure);
  }

  #end() {
    this.#over = true;
    clearInterval(this.#settling);
    const connection = this.#connection;
    setTimeout(() => connection?.close(), FLUSH_MS);
  }
}
