// Puts what the page says into the reader's language, and names languages, dates and failures in it.

import { forFailure, forSpan } from "../messages.js";
import { STRINGS } from "./strings.js";

/** What each interface calls itself, and its full tag. */
export const INTERFACES = { en: "English", pt: "Português", es: "Español" };
const TAGS = { en: "en", pt: "pt-BR", es: "es" };

/** @param {Array<string | undefined>} wishes tags, best first */
export function pickInterface(wishes) {
  const primaries = wishes.map((tag) => (tag ?? "").split("-")[0].toLowerCase());
  return primaries.find((primary) => primary in STRINGS) ?? "en";
}

// For these the server's own words say nothing that a reader could use.
const UNSPOKEN = new Set(["busy", "unauthorized", "link-refused", "gone", "removed"]);

export class Wording {
  constructor(language) {
    this.use(language);
  }

  use(language) {
    this.language = language;
    this.tag = TAGS[language];
    this.strings = STRINGS[language];
    this.plural = new Intl.PluralRules(this.tag);
    this.names = new Intl.DisplayNames([this.tag], { type: "language" });
  }

  /** @returns {string} the text of a key; one that counts is chosen by `values.count` */
  say(key, values = {}) {
    const text = this.strings[key];
    return fill(typeof text === "string" ? text : text[this.plural.select(values.count)] ?? text.other, values);
  }

  /** @returns {string} as it stands in running text */
  languageName(tag) {
    try {
      return this.names.of(tag);
    } catch {
      return tag; // not a tag that the browser takes
    }
  }

  date(ms) {
    return new Intl.DateTimeFormat(this.tag, { dateStyle: "medium", timeStyle: "short" }).format(ms);
  }

  /** @returns {{text: string, mood: "good" | "fair" | "late"}} */
  span(seconds) {
    const number = new Intl.NumberFormat(this.tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    return { text: this.say("behind", { seconds: number.format(Math.max(0, seconds)) }), mood: forSpan(seconds).mood };
  }

  /** The server's reason is English and has figures; elsewhere the level says it. Level 0 has nothing to say. */
  budget({ level, reason }) {
    if (!level) return "";
    if (this.language === "en" && reason) return reason[0].toUpperCase() + reason.slice(1);
    return this.say(`budget_${Math.min(level, 6)}`);
  }

  /** @returns what `forFailure` does, in this language, and what the button says while it has to wait */
  failure(failure, where) {
    const base = forFailure(failure, where);
    const own = this.strings.failures[failure.code];
    const action = own ? own.action ?? this.say("again") : base.action;
    const detail = UNSPOKEN.has(failure.code) || !failure.detail ? "" : failure.detail;
    const text = own ? [fill(own.text, where), detail].filter(Boolean).join(" ") : base.text;
    const waiting = (seconds) => this.say("againIn", { action, seconds });
    return { title: own?.title ?? base.title, text, action, waiting, retryAfter: base.retryAfter };
  }

  /** Writes the fixed texts into the page. */
  apply(root) {
    root.documentElement.lang = this.tag;
    for (const one of root.querySelectorAll("[data-say]")) one.textContent = this.say(one.dataset.say);
    for (const one of root.querySelectorAll("[data-label]")) one.setAttribute("aria-label", this.say(one.dataset.label));
    for (const one of root.querySelectorAll("[data-hint]")) one.placeholder = this.say(one.dataset.hint);
    for (const one of root.querySelectorAll("[data-title]")) one.title = this.say(one.dataset.title);
  }
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
