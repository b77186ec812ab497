// The line that says how the connection is, and for a moment what has just happened.

const FLASH_MS = 6000;

export class StatusLine {
  /**
   * @param {HTMLElement} element
   * @param {import("./wording.js").Wording} wording
   */
  constructor(element, wording) {
    this.element = element;
    this.wording = wording;
    this.state = "";
    this.silent = false;
  }

  /** @param {"" | "connecting" | "live" | "reconnecting"} state */
  enter(state) {
    this.state = state;
    document.body.dataset.state = state;
    this.setSilent(false);
    this.draw();
  }

  /** @param {boolean} silent nothing at all comes from an open microphone */
  setSilent(silent) {
    if (silent === this.silent) return;
    this.silent = silent;
    document.body.toggleAttribute("data-silent", silent);
    this.draw();
  }

  flash(text) {
    this.element.textContent = text;
    clearTimeout(this.flashing);
    this.flashing = setTimeout(() => this.draw(), FLASH_MS);
  }

  draw() {
    clearTimeout(this.flashing);
    const key = this.silent ? "silent" : this.state;
    this.element.textContent = key ? this.wording.say(key) : "";
  }
}
