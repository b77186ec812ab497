// Name, languages, devices and voice: chosen in the lobby, changed in the meeting's settings by the very same fields.

import { canChooseOutput, listDevices, playTone } from "./devices.js";
import { recall, remember } from "./memory.js";
import { choicesOf, firstChoice, follow } from "./room_languages.js";

const LANGUAGES = { speaks: "speaks", hears: "hears", captions: "captions-in" };
const NONE = { hears: "nothing", captions: "ownWords" };

export class Choices {
  /**
   * @param {HTMLElement} root
   * @param {import("./wording.js").Wording} wording
   * @param {{wish: (changes: object) => void, microphone: (id: string) => void, output: (id: string) => void}} tell
   */
  constructor(root, wording, tell) {
    this.root = root;
    this.wording = wording;
    this.tell = tell;
    this.languages = { speaks: null, hears: null, captions: null };
    this.offered = { speaks: [], hears: [], captions: [] };
    for (const wish of Object.keys(LANGUAGES)) {
      this.#of(LANGUAGES[wish]).addEventListener("change", (event) => this.#chosen({ [wish]: event.target.value || null }));
    }
    this.#of("name").addEventListener("change", () => this.#wish({ name: this.name() }));
    for (const radio of root.querySelectorAll("input[name=voice]")) {
      radio.addEventListener("change", () => this.#wish({ voice: this.#voice() }));
    }
    this.#of("microphone").addEventListener("change", (event) => tell.microphone(event.target.value));
    this.#of("output").addEventListener("change", (event) => tell.output(event.target.value));
    this.#of("tone").addEventListener("click", () => playTone(this.output()));
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.showDevices());
  }

  /** @param {Array<object>} languages those of the room */
  offer(languages) {
    const remembered = recall();
    this.offered = choicesOf(languages);
    this.languages = firstChoice(this.offered, navigator.languages ?? [], remembered);
    this.#of("name").value = remembered.name ?? "";
    const voice = this.root.querySelector(`input[name=voice][value="${remembered.voice ?? ""}"]`);
    if (voice) voice.checked = true;
    this.draw();
  }

  draw() {
    for (const [wish, id] of Object.entries(LANGUAGES)) this.#fill(this.#of(id), wish);
    return this.showDevices();
  }

  async showDevices() {
    const { inputs, outputs } = await listDevices();
    this.#list(this.#of("microphone"), inputs);
    this.#list(this.#of("output"), outputs);
    this.#of("output").disabled = !canChooseOutput();
  }

  /** @param {boolean} listening then nothing is spoken, and the name is shown to nobody */
  wishes(listening) {
    const { speaks, hears, captions } = this.languages;
    if (listening) return { name: this.name() || this.wording.say("listener"), speaks: null, hears, captions, voice: null };
    return { name: this.name(), speaks, hears, captions, voice: this.#voice() };
  }

  name() {
    return this.#of("name").value.trim();
  }

  microphone() {
    return this.#of("microphone").value;
  }

  output() {
    return this.#of("output").value;
  }

  #of(id) {
    return this.root.querySelector(`#${id}`);
  }

  #voice() {
    return this.root.querySelector("input[name=voice]:checked").value || null;
  }

  #chosen(change) {
    const before = this.languages;
    this.languages = follow(this.offered, before, change);
    for (const [wish, id] of Object.entries(LANGUAGES)) this.#of(id).value = this.languages[wish] ?? "";
    const changed = Object.entries(this.languages).filter(([wish, tag]) => tag !== before[wish]);
    this.#wish(Object.fromEntries(changed));
  }

  #wish(changes) {
    remember(changes);
    this.tell.wish(changes);
  }

  #fill(select, wish) {
    const named = this.offered[wish].map((tag) => new Option(this.wording.languageName(tag), tag));
    const none = wish in NONE ? [new Option(this.wording.say(NONE[wish]), "")] : [];
    select.replaceChildren(...named, ...none);
    select.value = this.languages[wish] ?? "";
  }

  #list(select, devices) {
    const before = select.value;
    const named = devices.map(({ id, name }) => new Option(name, id));
    select.replaceChildren(new Option(this.wording.say("systemDefault"), ""), ...named);
    select.value = devices.some(({ id }) => id === before) ? before : "";
  }
}
