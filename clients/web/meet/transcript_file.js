// What the page has itself seen, as a file: for meetings of which the server keeps nothing.

/** What the four formats are called, and what a browser saves them as. */
export const FORMATS = {
  txt: "text/plain",
  vtt: "text/vtt",
  srt: "application/x-subrip",
  json: "application/json",
};

/**
 * @param {Array<import("./transcript.js").Sentence>} sentences
 * @param {"txt" | "vtt" | "srt" | "json"} format
 * @returns {string} committed text only
 */
export function asFile(sentences, format) {
  const said = sentences.filter((sentence) => linesOf(sentence).length).sort(byTime);
  if (format === "json") return `${JSON.stringify({ lines: said.flatMap(described) }, null, 2)}\n`;
  if (format === "txt") return said.map(plain).join("\n");
  const cues = said.map((sentence, i) => cue(sentence, i + 1, format));
  return (format === "vtt" ? ["WEBVTT\n", ...cues] : cues).join("\n");
}

function byTime(one, other) {
  return one.part - other.part || one.startMs - other.startMs;
}

function linesOf({ original, translations }) {
  return [original, ...translations.values()].filter((line) => line?.text.trim());
}

function described(sentence) {
  return linesOf(sentence).map((line) => ({
    speaker: sentence.name,
    kind: line === sentence.original ? "original" : "translation",
    language: line.language,
    text: line.text.trim(),
    start_s: sentence.startMs / 1000,
    end_s: sentence.endMs / 1000,
    skipped: line.skipped.length > 0,
  }));
}

function plain(sentence) {
  const [first, ...others] = linesOf(sentence).map((line) => `${line.language}: ${line.text.trim()}`);
  const indented = others.map((text) => `    ${text}\n`).join("");
  return `${clock(sentence.startMs, ".").slice(0, 8)} ${sentence.name}, ${first}\n${indented}`;
}

function cue(sentence, number, format) {
  const texts = linesOf(sentence).map((line) => line.text.trim());
  const name = sentence.name;
  const voiced = texts.map((text) => (format === "vtt" ? `<v ${escaped(name)}>${escaped(text)}` : `${name}: ${text}`));
  const point = format === "vtt" ? "." : ",";
  const times = `${clock(sentence.startMs, point)} --> ${clock(sentence.endMs, point)}`;
  return `${number}\n${times}\n${voiced.join("\n")}\n`;
}

/** Cue text and voice names can't hold these bare (WebVTT, section 4.2.2). */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** hh:mm:ss.mmm */
function clock(ms, point) {
  const whole = Math.max(0, Math.round(ms));
  const parts = [whole / 3_600_000, (whole / 60_000) % 60, (whole / 1000) % 60].map((part) => Math.floor(part));
  const [hours, minutes, seconds] = parts.map((part) => String(part).padStart(2, "0"));
  return `${hours}:${minutes}:${seconds}${point}${String(whole % 1000).padStart(3, "0")}`;
}
