// What was said, by sentence: the speaker's own words and their translations side by side; committed text never changes.

// Many hours of speech; what is older is forgotten.
const SENTENCES_KEPT = 10_000;

export class Transcript {
  constructor() {
    /** @type {Array<Sentence>} in the order in which they began */
    this.sentences = [];
    /** number of the newest message, which the server is told after a reconnection */
    this.seen = 0;
    this.byKey = new Map();
    this.part = 0;
  }

  /** Joined anew, or the server was started anew: it counts from the beginning, earlier sentences stay as they are. */
  beginPart() {
    this.seen = 0;
    this.part += 1;
  }

  /**
   * Takes a message `caption`.
   * @returns {{sentence: Sentence, added: boolean}} what to draw
   */
  caption(body) {
    this.#count(body);
    const { sentence, added } = this.#find(body);
    // Where nothing is committed yet the server can only say when the sentence before ended.
    if (!isCommitted(sentence)) sentence.startMs = body.start_time;
    const line = lineOf(sentence, body);
    line.text += line.text ? body.text : body.text.trimStart();
    line.tentative = body.ends ? "" : body.tentative ?? "";
    line.ends ||= Boolean(body.ends);
    sentence.name = body.name;
    sentence.endMs = Math.max(sentence.endMs, body.end_time);
    return { sentence, added };
  }

  /** Takes a message `skipped`. @returns as `caption`; null where that text was never seen */
  skipped(body) {
    this.#count(body);
    const sentence = this.byKey.get(this.#key(body));
    const line = sentence?.translations.get(body.language);
    if (!line) return null;
    line.skipped.push(locate(line.text, body.text));
    return { sentence, added: false };
  }

  /** Messages come in order and none comes twice, so a smaller number means that the server was started anew. */
  #count({ seq }) {
    if (seq <= this.seen) this.beginPart();
    this.seen = seq;
  }

  #key({ participant, sentence }) {
    return `${this.part}/${participant}/${sentence}`;
  }

  #find(body) {
    const key = this.#key(body);
    const known = this.byKey.get(key);
    if (known) return { sentence: known, added: false };
    const sentence = {
      key,
      part: this.part,
      participant: body.participant,
      name: body.name,
      original: null,
      translations: new Map(),
      startMs: body.start_time,
      endMs: body.end_time,
    };
    this.byKey.set(key, sentence);
    this.sentences.push(sentence);
    if (this.sentences.length > SENTENCES_KEPT) this.byKey.delete(this.sentences.shift().key);
    return { sentence, added: true };
  }
}

/** The line to read beside the speaker's own words: in the wished language, else in the one that came last. */
export function translation(sentence, language) {
  return sentence.translations.get(language) ?? [...sentence.translations.values()].at(-1) ?? null;
}

/** @returns {Array<{text: string, skipped: boolean}>} a line's committed text, cut where the voice left something out */
export function pieces(line) {
  const found = [];
  let end = 0;
  for (const [from, to] of runs(line)) {
    found.push({ text: line.text.slice(end, from), skipped: false }, { text: line.text.slice(from, to), skipped: true });
    end = to;
  }
  found.push({ text: line.text.slice(end), skipped: false });
  return found.filter(({ text }) => text);
}

/** What was left out, in order; clauses with nothing but white space between them are one. */
function runs({ text, skipped }) {
  const merged = [];
  for (const [from, to] of [...skipped].sort(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last && !text.slice(last[1], from).trim()) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function isCommitted({ original, translations }) {
  return [original, ...translations.values()].some((line) => line?.text);
}

function lineOf(sentence, { language, original }) {
  const known = original ? sentence.original : sentence.translations.get(language);
  if (known) return known;
  const line = { language, text: "", tentative: "", ends: false, skipped: [] };
  if (original) sentence.original = line;
  else sentence.translations.set(language, line);
  return line;
}

/** Where a clause stands in its sentence, its newest occurrence; the whole sentence where it can't be found. */
function locate(text, clause) {
  const wanted = clause.trim();
  const from = wanted ? text.lastIndexOf(wanted) : -1;
  return from < 0 ? [0, text.length] : [from, from + wanted.length];
}

/**
 * @typedef {{language: string, text: string, tentative: string, ends: boolean, skipped: Array<[number, number]>}} Line
 * @typedef {{key: string, part: number, participant: string, name: string, original: Line | null,
 *            translations: Map<string, Line>, startMs: number, endMs: number}} Sentence times are of the meeting, which
 * begins anew with each part
 */
