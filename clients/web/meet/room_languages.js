// Which languages can be spoken, heard and read in a meeting, and what to offer first.

const primary = (tag) => tag.split("-")[0].toLowerCase();

/** @param {Array<{lang: string, usable_as_source: boolean, usable_as_target: boolean, features: object}>} languages */
export function choicesOf(languages) {
  const tags = (fits) => languages.filter(fits).map(({ lang }) => lang);
  return {
    speaks: tags((one) => one.usable_as_source),
    hears: tags((one) => one.usable_as_target && one.features.translated_speech),
    captions: tags((one) => one.usable_as_target),
  };
}

/**
 * What to begin with: as last time, else the browser's own language for all three.
 * @param {Array<string>} preferred tags, best first
 * @param {{speaks?: string, hears?: string | null, captions?: string | null}} remembered null was chosen as well
 */
export function firstChoice(choices, preferred, remembered) {
  const speaks = best(choices.speaks, [remembered.speaks, ...preferred]);
  const hears = remembered.hears === null ? null : best(choices.hears, [remembered.hears, speaks, ...preferred]);
  if (remembered.captions === null) return { speaks, hears, captions: null };
  return { speaks, hears, captions: best(choices.captions, [remembered.captions, hears, speaks, ...preferred]) };
}

/**
 * Who speaks another language now wants to hear that as well, unless they had chosen two; reading follows hearing.
 * @param {{speaks: string, hears: string | null, captions: string | null}} before
 * @param {object} change `speaks`, `hears` or `captions`
 */
export function follow(choices, before, change) {
  const after = { ...before, ...change };
  if ("speaks" in change && before.hears === before.speaks && choices.hears.includes(after.speaks)) after.hears = after.speaks;
  const heard = after.hears !== before.hears && before.captions === before.hears;
  if (heard && !("captions" in change) && choices.captions.includes(after.hears)) after.captions = after.hears;
  return after;
}

function best(tags, wishes) {
  for (const wish of wishes.filter(Boolean)) {
    const near = tags.find((tag) => tag === wish) ?? tags.find((tag) => primary(tag) === primary(wish));
    if (near) return near;
  }
  return tags[0] ?? null;
}
