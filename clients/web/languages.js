// Which languages can be spoken and heard, and what to offer first.

import { request } from "./api.js";

/** @returns {Promise<Array<{lang: string, name: string, source: boolean, target: boolean, targets?: string[]}>>} */
export function load() {
  return request("/v3/languages?resource=voice");
}

const primary = (tag) => tag.split("-")[0].toLowerCase();

/** What can be heard by someone who speaks `source`: never the same language again. */
export function targetsOf(languages, source) {
  const listed = languages.find((one) => one.lang === source)?.targets;
  return languages.filter(
    (one) => one.target && (listed ? listed.includes(one.lang) : primary(one.lang) !== primary(source)),
  );
}

/**
 * The pair to begin with: what was chosen last time, else the browser's own languages.
 * @param {string[]} preferred tags, best first
 */
export function firstChoice(languages, preferred, remembered = {}) {
  const sources = languages.filter((one) => one.source);
  const source = best(sources, [remembered.speak, ...preferred]);
  const targets = targetsOf(languages, source);
  return { speak: source, hear: best(targets, [remembered.hear, ...preferred]) };
}

function best(languages, wishes) {
  for (const wish of wishes.filter(Boolean)) {
    const exact = languages.find((one) => one.lang.toLowerCase() === wish.toLowerCase());
    const near = exact ?? languages.find((one) => primary(one.lang) === primary(wish));
    if (near) return near.lang;
  }
  return languages[0]?.lang ?? "";
}
