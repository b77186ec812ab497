// Requests about rooms (docs/rooms.md), with the token of the link where there is one.

import { ask } from "../api.js";
import { Failure } from "../failure.js";

export class RoomsApi {
  /** @param {string} token "": an open room, or a server whose access key is known */
  constructor(token) {
    this.token = token;
  }

  /** @returns {Promise<{room: string, name: string, token: string, link: string}>} */
  open(wishes) {
    return this.#json("/v1/rooms", { body: wishes });
  }

  /** @returns {Promise<{room, name, role, transcripts, speakers, listeners, languages}>} */
  describe(room) {
    return this.#json(pathOf(room));
  }

  /** @param {object} wishes an offer, and what docs/rooms.md says of joining */
  join(room, wishes) {
    return this.#json(pathOf(room, "/join"), { body: wishes });
  }

  /** @returns {Promise<{token: string, link: string, expires_at: number}>} */
  invite(room, role) {
    return this.#json(pathOf(room, "/invite"), { body: { role } });
  }

  /** @returns {Promise<Blob>} what the server keeps */
  async transcript(room, format) {
    const response = await this.#ask(pathOf(room, `/transcript?format=${format}`));
    return response.blob();
  }

  /** For ever. */
  async forget(room) {
    await this.#ask(pathOf(room, "/transcript"), { method: "DELETE" });
  }

  /** @returns {Promise<Array<RTCIceServer>>} none where the server names none */
  async iceServers() {
    return (await this.#json("/v1/ice")).ice_servers ?? [];
  }

  /** @returns {Promise<Array<string>>} names of the server's glossaries; none for who may not list them */
  async glossaries() {
    const { glossaries } = await ask("/v3/glossaries")
      .then((response) => response.json())
      .catch(() => ({ glossaries: [] }));
    return [...new Set(glossaries.map(({ name }) => name))];
  }

  async #json(path, how) {
    return (await this.#ask(path, how)).json();
  }

  #ask(path, how = {}) {
    return ask(path, { ...how, token: this.token }).catch((failure) => {
      const refused = this.token && failure.code === "unauthorized";
      throw refused ? new Failure("link-refused", { detail: failure.detail }) : failure;
    });
  }
}

function pathOf(room, rest = "") {
  return `/v1/rooms/${encodeURIComponent(room)}${rest}`;
}
