// Draws what is said, a row for each sentence, and follows the newest one until the reader scrolls back.

import { gap } from "../captions.js";
import { hue, initials } from "./room_state.js";
import { pieces, translation } from "./transcript.js";

// Near enough to the end to count as reading along.
const FOLLOW_PX = 64;
// What stays on the page; the transcript that can be saved keeps more.
const ROWS_SHOWN = 300;
const ANNOUNCED_KEPT = 20;

export class CaptionList {
  /**
   * @param {{log: HTMLElement, latest: HTMLButtonElement, announcer: HTMLElement}} places the announcer is what a
   * screen reader reads: whole sentences of others, in the language that is read
   * @param {import("./wording.js").Wording} wording
   */
  constructor({ log, latest, announcer }, wording) {
    this.log = log;
    this.latest = latest;
    this.announcer = announcer;
    this.wording = wording;
    this.rows = new Map();
    this.announced = new Set();
    this.following = true;
    this.language = null;
    this.myself = "";
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    latest.addEventListener("click", () => this.#follow());
    new ResizeObserver(() => this.following && this.#toEnd()).observe(log);
  }

  /** @param {{language: string | null, myself: string}} reader null: the speakers' own words only */
  read({ language, myself }) {
    const changed = language !== this.language;
    this.language = language;
    this.myself = myself;
    if (changed) this.redraw();
  }

  redraw() {
    this.log.dataset.empty = this.wording.say("listening");
    for (const { sentence, row } of this.rows.values()) this.#draw(sentence, row);
    if (this.following) this.#toEnd();
  }

  /** @param {{sentence: import("./transcript.js").Sentence, added: boolean}} change */
  show({ sentence, added }) {
    if (added) this.#add(sentence);
    const shown = this.rows.get(sentence.key);
    if (!shown) return; // long scrolled away
    this.#draw(sentence, shown.row);
    this.#announce(sentence);
    if (this.following) this.#toEnd();
    else this.latest.hidden = false;
  }

  #add(sentence) {
    const row = element("article", "said");
    row.dataset.hue = hue(sentence.participant);
    const previous = [...this.rows.values()].at(-1)?.sentence;
    const goesOn = ["part", "participant", "name"].every((field) => previous?.[field] === sentence[field]);
    if (!goesOn) row.append(who(sentence));
    const pair = element("div", "pair");
    pair.append(element("p", "reading"), element("p", "spoken"));
    row.append(pair);
    this.log.append(row);
    this.rows.set(sentence.key, { sentence, row });
    if (this.rows.size > ROWS_SHOWN) this.#forgetFirst();
  }

  #forgetFirst() {
    const [key, { row }] = this.rows.entries().next().value;
    row.remove();
    this.rows.delete(key);
  }

  /** The line that is read comes first; beside it the speaker's own words, where they are others. */
  #draw(sentence, row) {
    const { original } = sentence;
    const own = original && (this.language === null || original.language === this.language);
    const read = own ? original : translation(sentence, this.language);
    const [reading, spoken] = row.querySelector(".pair").children;
    this.#write(reading, read);
    this.#write(spoken, own ? null : original);
    const time = row.querySelector("time");
    if (time) time.textContent = clock(sentence.startMs);
    row.classList.toggle("alone", Boolean(own) || !original);
  }

  #write(place, line) {
    place.replaceChildren();
    if (!line) return;
    place.lang = line.language;
    for (const { text, skipped } of pieces(line)) {
      const piece = element("span", skipped ? "skipped" : "committed", text);
      place.append(piece);
      if (!skipped) continue;
      piece.title = this.wording.say("notSpoken");
      place.append(element("span", "left-out", ` ${this.wording.say("leftOut")}`));
    }
    if (line.tentative) place.append(gap(line.text, line.tentative), element("span", "tentative", line.tentative));
  }

  /** Text that is still to change, or that one has said oneself, would only confuse who listens to it. */
  #announce(sentence) {
    const own = this.language === null || sentence.original?.language === this.language;
    const read = own ? sentence.original : sentence.translations.get(this.language);
    if (!read?.ends || sentence.participant === this.myself || this.announced.has(sentence.key)) return;
    this.announced.add(sentence.key);
    const said = element("p", "", `${sentence.name}: ${read.text}`);
    said.lang = read.language;
    this.announcer.append(said);
    while (this.announcer.children.length > ANNOUNCED_KEPT) this.announcer.firstElementChild.remove();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    this.following = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
    if (this.following) this.latest.hidden = true;
  }

  #follow() {
    this.following = true;
    this.latest.hidden = true;
    this.#toEnd();
  }

  #toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}

function who({ name }) {
  const line = element("h3", "who");
  const badge = element("span", "badge", initials(name));
  badge.setAttribute("aria-hidden", "true");
  line.append(badge, element("span", "name", name), element("time"));
  return line;
}

/** m:ss since the meeting began */
function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const rest = `${String(minutes % 60).padStart(minutes >= 60 ? 2 : 1, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${rest}` : rest;
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
