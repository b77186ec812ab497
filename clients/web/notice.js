// The one message on the page: what went wrong and, where it helps, a button that tries again.

import { useKey } from "./api.js";
import { forFailure } from "./messages.js";

export class Notice {
  /**
   * @param {HTMLElement} section holds a title, a text and a form: a field for the access key, a button
   * @param {(failure: import("./failure.js").Failure) => object} describe as `forFailure`; `waiting` says how long the
   * button has to wait
   */
  constructor(section, describe = (failure) => forFailure(failure, location)) {
    this.section = section;
    this.describe = describe;
    this.title = section.querySelector("h2");
    this.text = section.querySelector("p");
    this.button = section.querySelector("button");
    this.retry = () => {};
    this.key = section.querySelector("input");
    section.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.key.hidden) useKey(this.key.value.trim());
      this.retry();
    });
  }

  /** @param {(() => void) | undefined} retry what the button does; without it there is no button */
  show(failure, retry) {
    const { title, text, action, waiting, retryAfter } = this.describe(failure);
    this.waiting = waiting ?? ((seconds) => `${action} in ${seconds} s`);
    this.title.textContent = title;
    this.text.textContent = text;
    this.section.dataset.code = failure.code ?? "session-error";
    this.section.hidden = false;
    this.key.hidden = failure.code !== "unauthorized";
    this.retry = retry ?? (() => {});
    this.#countDown(retry ? action : "", retryAfter);
    if (!this.key.hidden) this.key.focus();
  }

  clear() {
    clearTimeout(this.counting);
    this.section.hidden = true;
  }

  /** Until the server wants to be asked again, the button says how long that is. One that is loading is asked again. */
  #countDown(action, seconds) {
    clearTimeout(this.counting);
    this.button.hidden = !action;
    this.button.disabled = seconds > 0;
    this.button.textContent = seconds > 0 ? this.waiting(seconds) : action;
    if (seconds > 0) this.counting = setTimeout(() => this.#tick(action, seconds - 1), 1000);
  }

  #tick(action, seconds) {
    this.#countDown(action, seconds);
    if (seconds === 0 && this.section.dataset.code === "not-ready") this.retry();
  }
}
