// Draws one side of the captions and follows the newest line until the reader scrolls back.

import { Captions } from "./captions.js";

// Near enough to the end to count as reading along.
const FOLLOW_PX = 48;
// What stays on the page; the transcript that can be saved keeps more.
const PARAGRAPHS_SHOWN = 300;

export class CaptionView {
  /**
   * @param {HTMLElement} log where the paragraphs go
   * @param {HTMLButtonElement} latest brings a reader who scrolled back to the newest line
   */
  constructor(log, latest) {
    this.log = log;
    this.latest = latest;
    this.following = true;
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    latest.addEventListener("click", () => this.#follow());
    new ResizeObserver(() => this.following && this.#toEnd()).observe(log);
    this.clear();
  }

  clear() {
    this.captions = new Captions();
    this.log.replaceChildren();
    this.tentative = document.createElement("span");
    this.tentative.className = "tentative";
    // Guesses that are about to change would only confuse a screen reader.
    this.tentative.setAttribute("aria-hidden", "true");
    this.#follow();
  }

  /** Takes a `source_transcript_update` or `target_transcript_update`. */
  update(message) {
    for (const piece of this.captions.push(message)) this.#append(piece);
    this.tentative.textContent = this.captions.tentative;
    if (!this.log.lastElementChild && this.captions.tentative) this.#open();
    if (this.following) this.#toEnd();
    else this.latest.hidden = false;
  }

  /** Marks the newest occurrence of a clause's text as not spoken. */
  markSkipped(text) {
    for (const id of this.captions.locate(text)) {
      const piece = this.log.querySelector(`[data-piece="${id}"]`);
      piece?.classList.add("skipped");
      piece?.setAttribute("title", "Not spoken, to catch up");
    }
  }

  #append({ id, text, opens }) {
    const provisional = this.log.children.length === 1 && !this.log.querySelector(".committed");
    if (opens && !provisional) this.#open();
    const piece = document.createElement("span");
    piece.className = "committed";
    piece.dataset.piece = id;
    piece.textContent = text;
    this.tentative.before(piece);
  }

  #open() {
    const paragraph = document.createElement("p");
    paragraph.append(this.tentative);
    this.log.append(paragraph);
    if (this.log.children.length > PARAGRAPHS_SHOWN) this.log.firstElementChild.remove();
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
