// What a host may do beside speaking: invite, choose glossaries, delete the transcript, close the meeting, mute and remove.

// A second press within this time is meant.
const SURE_MS = 4000;

const element = (id) => document.getElementById(id);

export class HostDialog {
  /**
   * @param {import("./wording.js").Wording} wording
   * @param {() => import("./meeting.js").Meeting} meeting the one that is running
   * @param {(failure: import("../failure.js").Failure) => void} fail
   */
  constructor(wording, meeting, fail) {
    this.wording = wording;
    this.meeting = meeting;
    this.fail = fail;
    element("open-host").addEventListener("click", () => this.open());
    for (const button of document.querySelectorAll("[data-invite]")) {
      button.addEventListener("click", () => this.#invite(button.dataset.invite));
    }
    element("link").addEventListener("focus", (event) => event.target.select());
    element("set-glossaries").addEventListener("click", () => this.#setGlossaries());
    this.forget = new Twice(element("forget"), wording, ["forget", "forgetSure"], () => this.#forget());
    this.close = new Twice(element("close-room"), wording, ["closeRoom", "closeSure"], () => this.#close());
    element("person").addEventListener("close", (event) => this.#act(event.target.returnValue));
  }

  async open() {
    const { state } = this.meeting();
    element("glossaries").value = state.room.glossaries.join(", ");
    element("host-says").textContent = "";
    element("link-field").hidden = true;
    element("forget").hidden = state.room.transcripts === "none";
    for (const button of [this.forget, this.close]) button.draw();
    element("host").showModal();
    this.#showKnown(await this.meeting().api.glossaries());
  }

  /** Asks what is to become of one participant. */
  manage(person) {
    this.person = person;
    element("person-name").textContent = person.name;
    element("person").returnValue = "";
    element("person").showModal();
  }

  #act(what) {
    if (what) this.meeting().send({ [what]: { participant: this.person.id } });
  }

  #invite(role) {
    this.#try(async () => {
      const { api, room } = this.meeting();
      const { link, expires_at: expires } = await api.invite(room, role);
      const whole = new URL(link, location.href).href;
      element("link").value = whole;
      element("link-field").hidden = false;
      const copied = await copy(whole);
      element("link-says").textContent = this.wording.say(copied ? "copied" : "copyYourself", { date: this.wording.date(expires) });
      if (!copied) element("link").focus();
    });
  }

  #showKnown(names) {
    const buttons = names.map((name) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet chip", textContent: name });
      button.addEventListener("click", () => this.#toggle(name));
      return button;
    });
    element("known-glossaries").replaceChildren(...buttons);
  }

  #toggle(name) {
    const chosen = this.#chosen();
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
    element("glossaries").value = next.join(", ");
  }

  #chosen() {
    return element("glossaries").value.split(",").map((name) => name.trim()).filter(Boolean);
  }

  #setGlossaries() {
    this.says("");
    this.asked = this.#chosen();
    this.meeting().send({ glossaries: this.asked });
  }

  /** The room changed, perhaps as was asked. */
  update({ room }) {
    if (!this.asked || String(room.glossaries) !== String(this.asked)) return;
    this.asked = null;
    this.says(this.wording.say("glossariesSet"));
  }

  says(text) {
    element("host-says").textContent = text;
  }

  #forget() {
    this.#try(async () => {
      await this.meeting().api.forget(this.meeting().room);
      this.says(this.wording.say("forgotten"));
    });
  }

  #close() {
    element("host").close();
    this.meeting().send({ close: {} });
  }

  async #try(action) {
    try {
      await action();
    } catch (failure) {
      element("host").close();
      this.fail(failure);
    }
  }
}

/** A button for what can't be undone: the first press asks, the second acts. */
class Twice {
  constructor(button, wording, [ask, sure], act) {
    this.button = button;
    this.wording = wording;
    this.ask = ask;
    this.sure = sure;
    button.addEventListener("click", () => {
      const meant = "sure" in button.dataset;
      this.draw();
      if (meant) act();
      else this.#arm();
    });
  }

  draw() {
    clearTimeout(this.timer);
    delete this.button.dataset.sure;
    this.button.textContent = this.wording.say(this.ask);
  }

  #arm() {
    this.button.dataset.sure = "";
    this.button.textContent = this.wording.say(this.sure);
    this.timer = setTimeout(() => this.draw(), SURE_MS);
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no secure page, or not allowed
  }
}
