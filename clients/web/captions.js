// One side of the captions: concluded segments come once and never change, tentative ones replace the last tentative ones.

// Silence that a reader expects as a new paragraph, and the length from which a sentence end begins one.
const PARAGRAPH_GAP_MS = 2000;
const PARAGRAPH_CHARACTERS = 220;
// Many hours of speech; older paragraphs are forgotten.
const PARAGRAPHS_KEPT = 5000;
// Far more than waits to be spoken at any time.
const RECENT_PIECES = 400;

const SENTENCE_END = /[.!?…。！？]["'”’)\]]*\s*$/u;
const CLOSES = /^[\s,.;:!?…%)\]}”’。、，！？]/u;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** What has to stand between two pieces of text: nothing where either brings its own space or the script has none. */
export function gap(before, after) {
  if (!before || !after || /\s$/.test(before) || CLOSES.test(after)) return "";
  return UNSPACED.test(before.at(-1)) && UNSPACED.test(after[0]) ? "" : " ";
}

export class Captions {
  constructor() {
    /** @type {Array<{text: string, endMs: number}>} */
    this.paragraphs = [];
    this.tentative = "";
    this.recent = [];
    this.count = 0;
  }

  /**
   * Takes one transcript update.
   * @returns {Array<{id: number, text: string, opens: boolean}>} what to append, in order, with the space it needs
   * before it; `opens` begins a new paragraph
   */
  push({ concluded = [], tentative = [] }) {
    const added = concluded.filter((segment) => segment.text).map((segment) => this.#conclude(segment));
    const ahead = tentative.reduce((text, segment) => text + gap(text, segment.text) + segment.text, "");
    this.tentative = gap(this.paragraphs.at(-1)?.text ?? "", ahead) + ahead;
    return added;
  }

  /** @returns {number[]} the ids of the recent pieces that `text` runs over: its newest occurrence, none if there is none */
  locate(text) {
    const wanted = squeeze(text);
    const pieces = this.recent.map(({ id, text: piece }) => ({ id, piece: squeeze(piece) }));
    const at = wanted ? pieces.map(({ piece }) => piece).join("").lastIndexOf(wanted) : -1;
    if (at < 0) return [];
    let end = 0;
    const reaches = ({ piece }) => {
      const start = end;
      end += piece.length;
      return start < at + wanted.length && end > at;
    };
    return pieces.filter(reaches).map(({ id }) => id);
  }

  /** The concluded text, a blank line between paragraphs. */
  text() {
    return this.paragraphs.map((paragraph) => paragraph.text.trim()).join("\n\n");
  }

  #conclude({ text: said, start_time: startMs, end_time: endMs }) {
    const last = this.paragraphs.at(-1);
    const opens = !last || opensParagraph(last, startMs);
    const text = opens ? said.trimStart() : gap(last.text, said) + said;
    if (opens) this.paragraphs.push({ text, endMs });
    else Object.assign(last, { text: last.text + text, endMs });
    if (this.paragraphs.length > PARAGRAPHS_KEPT) this.paragraphs.shift();
    const id = this.count++;
    this.recent.push({ id, text });
    if (this.recent.length > RECENT_PIECES) this.recent.shift();
    return { id, text, opens };
  }
}

const squeeze = (text) => text.replace(/\s+/g, "");

function opensParagraph(last, startMs) {
  const pause = startMs - last.endMs;
  if (!SENTENCE_END.test(last.text)) return pause >= 2 * PARAGRAPH_GAP_MS;
  return pause >= PARAGRAPH_GAP_MS || last.text.length >= PARAGRAPH_CHARACTERS;
}
