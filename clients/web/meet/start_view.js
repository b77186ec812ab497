// Where there is no room in the link: start a meeting, or name one.

import { readCode } from "./link.js";

const KEEPS = ["", "none", "15m", "1d", "30d"];

const element = (id) => document.getElementById(id);

export class StartView {
  /**
   * @param {import("./wording.js").Wording} wording
   * @param {{open: (wishes: object) => void, enter: (link: {room: string, token: string}) => void}} tell
   */
  constructor(wording, tell) {
    this.wording = wording;
    element("open-form").addEventListener("submit", (event) => {
      event.preventDefault();
      tell.open(this.#wishes());
    });
    element("code-form").addEventListener("submit", (event) => {
      event.preventDefault();
      tell.enter(readCode(element("code").value));
    });
  }

  draw() {
    const select = element("open-transcripts");
    const before = select.value;
    const named = KEEPS.map((keep) => new Option(this.wording.say(keep ? `keep_${keep}` : "keepDefault"), keep));
    select.replaceChildren(...named);
    select.value = before;
  }

  #wishes() {
    const wishes = { name: element("open-name").value.trim(), transcripts: element("open-transcripts").value };
    return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value));
  }
}
