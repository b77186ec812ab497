// Draws who is here: the name, what they do now, and how far behind them the voice is that one hears.

import { hue, initials, people } from "./room_state.js";

export class PeopleList {
  /**
   * @param {{list: HTMLElement, listeners: HTMLElement}} places
   * @param {import("./wording.js").Wording} wording
   * @param {(person: object) => void} manage what a host's button beside a name does
   */
  constructor({ list, listeners }, wording, manage) {
    this.list = list;
    this.listeners = listeners;
    this.wording = wording;
    this.manage = manage;
    this.rows = new Map();
  }

  draw(state, nowMs) {
    const here = people(state, nowMs);
    for (const [id, row] of this.rows) {
      if (here.some((one) => one.id === id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    for (const one of here) this.#draw(one, state.room.role === "host");
    const count = state.room?.listeners ?? 0;
    this.listeners.textContent = count ? this.wording.say("listenersHere", { count }) : "";
  }

  #draw(one, hosting) {
    const row = this.rows.get(one.id) ?? this.#add(one);
    const put = (part, text) => {
      const place = row.querySelector(`.${part}`);
      if (place.textContent !== text) place.textContent = text; // what doesn't change is not read out again
    };
    row.dataset.doing = doing(one);
    put("badge", initials(one.name));
    put("name", one.name);
    put("role", [one.isMe && this.wording.say("you"), one.role === "host" && this.wording.say("host")].filter(Boolean).join(", "));
    put("doing", this.#said(one));
    put("budget", one.budget ? this.wording.budget(one.budget) : "");
    const { text, mood } = one.seconds === null ? { text: "", mood: "good" } : this.wording.span(one.seconds);
    put("span", text);
    row.querySelector(".span").dataset.mood = mood;
    const button = row.querySelector("button");
    button.hidden = !hosting || one.isMe;
    button.setAttribute("aria-label", this.wording.say("person", { name: one.name }));
    row.person = one;
  }

  #said(one) {
    const language = one.speaks ? this.wording.languageName(one.speaks) : "";
    const now = doing(one);
    return [language, now && this.wording.say(now)].filter(Boolean).join(" · ");
  }

  #add({ id }) {
    const row = document.createElement("li");
    row.dataset.hue = hue(id);
    const part = (tag, name) => Object.assign(document.createElement(tag), { className: name });
    const badge = part("span", "badge");
    badge.setAttribute("aria-hidden", "true");
    const text = part("div", "text");
    const first = part("p", "first");
    first.append(part("span", "name"), " ", part("span", "role"));
    text.append(first, part("p", "doing"), part("p", "span"), part("p", "budget"));
    const button = Object.assign(part("button", "quiet more"), { type: "button", textContent: "⋯" });
    button.addEventListener("click", () => this.manage(row.person));
    row.append(badge, text, button);
    this.list.append(row);
    this.rows.set(id, row);
    return row;
  }
}

function doing({ connected, muted, speaking }) {
  if (connected === false) return "away";
  if (muted) return "muted";
  return speaking ? "speaking" : "";
}
