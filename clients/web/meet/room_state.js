// What a participant knows of the room: who is here, how far behind each of them is heard, what the budget does.

export const EMPTY = Object.freeze({ room: null, spans: Object.freeze({}), budgets: Object.freeze({}) });

// A span says nothing any more when its speaker has long been silent.
const SPAN_SHOWN_MS = 15_000;

/**
 * The state after one message of the server; the same object where it changes nothing.
 * @param {number} nowMs when it came
 */
export function reduce(state, kind, body, nowMs) {
  if (kind === "room") return { ...state, room: body };
  if (kind === "span") return { ...state, spans: { ...state.spans, [body.participant]: { ...body, atMs: nowMs } } };
  if (kind === "budget") return { ...state, budgets: { ...state.budgets, [body.participant]: body } };
  return state;
}

/** @returns {object | null} this participant, who is not in the list when only listening */
export function me(state) {
  return state.room?.you ?? null;
}

/** @returns {Array<object>} everyone listed, each with `isMe`, `seconds` behind (null: not heard lately) and `budget` */
export function people(state, nowMs) {
  const mine = me(state);
  return (state.room?.participants ?? []).map((one) => ({
    ...one,
    isMe: one.id === mine?.id,
    seconds: lately(state.spans[one.id], mine?.hears, nowMs),
    budget: ofLanguage(state.budgets[one.id], mine?.hears),
  }));
}

function lately(span, language, nowMs) {
  const shown = ofLanguage(span, language);
  return shown && nowMs - shown.atMs < SPAN_SHOWN_MS ? shown.seconds : null;
}

/** What was said of another language than the one that is heard now is of the past. */
function ofLanguage(body, language) {
  return body?.language === language ? body : null;
}

const HUES = 8;

/** @returns {number} one of eight colours; neighbours in the order of arrival differ */
export function hue(participant) {
  const number = Number.parseInt(participant.replace(/\D/g, ""), 10);
  return Number.isNaN(number) ? 0 : number % HUES;
}

/** @returns {string} one or two letters that stand for a name where the colour can't be told */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...word][0]).join("").toUpperCase() || "?";
}
