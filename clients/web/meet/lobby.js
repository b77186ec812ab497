// The lobby: what the meeting is, who is in it, how long it is kept, and whether one speaks or only listens.

const element = (id) => document.getElementById(id);

export class Lobby {
  /**
   * @param {import("./wording.js").Wording} wording
   * @param {{join: () => void, listening: (listening: boolean) => void}} tell
   */
  constructor(wording, tell) {
    this.wording = wording;
    this.tell = tell;
    this.info = null;
    this.listening = false;
    this.joining = false;
    element("lobby").addEventListener("submit", (event) => {
      event.preventDefault();
      tell.join();
    });
    element("listen").addEventListener("change", () => this.listen(element("listen").checked));
  }

  /** @param {object} info what the server says of the room */
  show(info) {
    this.info = info;
    element("lobby").hidden = false;
    const onlyListens = info.role === "listener";
    element("listen").closest("label").hidden = onlyListens;
    this.listen(onlyListens || element("listen").checked);
  }

  /** @param {boolean} listening without a microphone */
  listen(listening) {
    this.listening = listening;
    element("listen").checked = listening;
    element("name").required = !listening;
    document.body.toggleAttribute("data-listening", listening);
    this.draw();
    this.tell.listening(listening);
  }

  setJoining(joining) {
    this.joining = joining;
    this.draw();
  }

  draw() {
    if (!this.info) return;
    const { name, transcripts, speakers, listeners } = this.info;
    const counts = [["speakersHere", speakers], ["listenersHere", listeners]].filter(([, count]) => count);
    const here = counts.length ? counts.map(([key, count]) => this.wording.say(key, { count })) : [this.wording.say("nobodyHere")];
    element("lobby-name").textContent = name;
    element("lobby-facts").textContent = [...here, this.wording.say(`kept_${transcripts}`)].join(" ");
    element("join").textContent = this.wording.say(this.joining ? "joining" : this.listening ? "joinListening" : "join");
    element("join").disabled = this.joining;
    element("title").textContent = name;
    document.title = `${name} · Dragoman`;
  }
}
