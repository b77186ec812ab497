// The meeting on the screen: who is here, what is said, one's own microphone and levels.

import { CaptionList } from "./caption_list.js";
import { HostDialog } from "./host_dialog.js";
import { recall, remember } from "./memory.js";
import { PeopleList } from "./people_list.js";
import { me } from "./room_state.js";
import { TalkKey } from "./talk_key.js";

// The five steps of `original` (docs/rooms.md): off, the default of -14 dB, and up to never turned down.
const ORIGINALS = [0, 0.2, 0.45, 0.7, 1];
// A span or "speaking" that nobody takes back goes by itself.
const REDRAW_MS = 1000;

const element = (id) => document.getElementById(id);

export class MeetingView {
  /**
   * @param {import("./wording.js").Wording} wording
   * @param {() => import("./meeting.js").Meeting} meeting the one that is running
   * @param {(failure: import("../failure.js").Failure) => void} fail
   */
  constructor(wording, meeting, fail) {
    this.wording = wording;
    this.meeting = meeting;
    this.host = new HostDialog(wording, meeting, fail);
    this.captions = new CaptionList(
      { log: element("log"), latest: element("latest"), announcer: element("announcer") },
      wording,
    );
    this.people = new PeopleList({ list: element("people-list"), listeners: element("listeners") }, wording, (person) =>
      this.host.manage(person),
    );
    element("mute").addEventListener("click", () => meeting().setMuted(!meeting().mute.muted));
    element("original").addEventListener("input", () => this.#setOriginal());
    element("volume").addEventListener("input", () => this.#setVolume());
    new TalkKey(element("hold"), {
      allowed: () => this.#speaks(),
      muted: () => meeting().mute.muted,
      mute: (muted) => meeting().setMuted(muted),
    });
    this.#recallLevels();
  }

  /** @returns {number} how loud the speakers' own words shall be under their translation */
  original() {
    return ORIGINALS[element("original").valueAsNumber];
  }

  begin() {
    clearInterval(this.redrawing);
    this.redrawing = setInterval(() => this.people.draw(this.meeting().state, performance.now()), REDRAW_MS);
    this.draw();
  }

  end() {
    clearInterval(this.redrawing);
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  }

  /** The room or one's own microphone changed. */
  update() {
    const { state, mute } = this.meeting();
    const mine = me(state);
    this.people.draw(state, performance.now());
    this.captions.read({ language: mine ? mine.captions : null, myself: mine?.id ?? "" });
    this.host.update(state);
    element("open-host").hidden = state.room.role !== "host";
    element("kept").textContent = this.wording.say(`kept_${state.room.transcripts}`);
    element("mute").setAttribute("aria-pressed", String(mute.muted));
    element("mute").querySelector("span").textContent = this.wording.say(mute.muted ? "unmute" : "mute");
  }

  said(change) {
    this.captions.show(change);
  }

  /** @returns {boolean} whether it was said where it was asked for */
  refused(text) {
    if (!element("host").open) return false;
    this.host.says(text);
    return true;
  }

  /** All texts, perhaps in another language. */
  draw() {
    this.captions.redraw();
    this.#sayLevels();
    if (this.meeting()?.state.room) this.update();
  }

  #speaks() {
    return document.body.dataset.view === "meeting" && Boolean(this.meeting().microphone) && !document.querySelector("dialog[open]");
  }

  #setOriginal() {
    remember({ original: element("original").value });
    this.#sayLevels();
    this.meeting().set({ original: this.original() });
  }

  #setVolume() {
    const volume = element("volume");
    element("voice").volume = volume.valueAsNumber / 100;
    remember({ volume: volume.value });
  }

  #sayLevels() {
    const original = element("original");
    const text = this.wording.say(`original_${original.value}`);
    original.setAttribute("aria-valuetext", text);
    element("original-says").textContent = text;
  }

  #recallLevels() {
    const { original = "1", volume = "100" } = recall();
    element("original").value = original;
    element("volume").value = volume;
    this.#setVolume();
    // On phones that leave it to their own buttons, a page's volume stays as it is.
    element("volume-label").hidden = Math.abs(element("voice").volume - element("volume").valueAsNumber / 100) > 0.01;
  }
}
