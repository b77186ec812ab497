// Push-to-talk: held keys and buttons open the microphone, and it is then as it was before.

// There the space bar has a meaning of its own.
const TAKES_SPACE = "button, summary, select, input, textarea, a, dialog";

export class TalkKey {
  #before = null;

  /**
   * @param {HTMLButtonElement} button held by mouse, finger or key
   * @param {{muted: () => boolean, mute: (muted: boolean) => void, allowed: () => boolean}} microphone
   */
  constructor(button, microphone) {
    this.button = button;
    this.microphone = microphone;
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId); // released outside of it is released as well
      this.#hold();
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(end, () => this.#release());
    button.addEventListener("contextmenu", (event) => event.preventDefault()); // what a long touch opens
    document.addEventListener("keydown", (event) => this.#down(event));
    document.addEventListener("keyup", (event) => event.code === "Space" && this.#release());
    window.addEventListener("blur", () => this.#release());
  }

  #down(event) {
    const elsewhere = event.target !== this.button && event.target.closest?.(TAKES_SPACE);
    if (event.code !== "Space" || elsewhere || !this.microphone.allowed()) return;
    event.preventDefault(); // scrolling
    if (!event.repeat) this.#hold();
  }

  #hold() {
    if (this.#before !== null || !this.microphone.allowed()) return;
    this.#before = this.microphone.muted();
    if (this.#before) this.microphone.mute(false);
    this.button.dataset.held = "";
  }

  #release() {
    if (this.#before === null) return;
    if (this.#before) this.microphone.mute(true);
    this.#before = null;
    delete this.button.dataset.held;
  }
}
