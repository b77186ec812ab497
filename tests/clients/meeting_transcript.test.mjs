import assert from "node:assert/strict";
import test from "node:test";

import { Transcript, pieces, translation } from "../../clients/web/meet/transcript.js";
import { asFile } from "../../clients/web/meet/transcript_file.js";

const caption = (seq, language, text, more = {}) => ({
  seq,
  participant: "p2",
  name: "Bia",
  sentence: 1,
  language,
  original: language === "pt",
  text,
  tentative: "",
  ends: false,
  start_time: 61_000,
  end_time: 61_000 + 100 * seq,
  ...more,
});

test("a sentence and its translation are one entry, whichever comes first", () => {
  const transcript = new Transcript();
  assert.equal(transcript.caption(caption(1, "en", "Good")).added, true);
  assert.equal(transcript.caption(caption(2, "pt", "Bom dia.", { ends: true })).added, false);
  assert.equal(transcript.sentences.length, 1);
  assert.equal(transcript.sentences[0].original.text, "Bom dia.");
  assert.equal(translation(transcript.sentences[0], "en").text, "Good");
});

test("committed text grows, tentative text is replaced and is gone with the sentence's end", () => {
  const transcript = new Transcript();
  const { sentence } = transcript.caption(caption(1, "pt", "Bom", { tentative: " tia" }));
  transcript.caption(caption(2, "pt", "", { tentative: " dia a" }));
  assert.equal(sentence.original.tentative, " dia a");
  transcript.caption(caption(3, "pt", " dia.", { ends: true, tentative: " x" }));
  assert.deepEqual([sentence.original.text, sentence.original.tentative, sentence.original.ends], ["Bom dia.", "", true]);
});

test("a sentence begins with its first committed word, not with a guess at one", () => {
  const transcript = new Transcript();
  const { sentence } = transcript.caption(caption(1, "pt", "", { tentative: "Bom", start_time: 3000 }));
  transcript.caption(caption(2, "pt", "Bom", { start_time: 25_000 }));
  transcript.caption(caption(3, "pt", " dia.", { start_time: 26_000 }));
  assert.equal(sentence.startMs, 25_000);
});

test("two speakers with the same number of sentence are two entries", () => {
  const transcript = new Transcript();
  transcript.caption(caption(1, "pt", "Sim."));
  transcript.caption(caption(2, "pt", "Não.", { participant: "p3", name: "Caio" }));
  assert.deepEqual(transcript.sentences.map(({ name }) => name), ["Bia", "Caio"]);
});

test("the newest number is what is told after a reconnection", () => {
  const transcript = new Transcript();
  transcript.caption(caption(811, "pt", "Sim."));
  transcript.skipped({ seq: 812, participant: "p2", sentence: 1, language: "en", text: "Yes." });
  assert.equal(transcript.seen, 812);
});

test("a server that counts from the beginning again doesn't write into old sentences", () => {
  const transcript = new Transcript();
  transcript.caption(caption(40, "pt", "Antes."));
  transcript.caption(caption(1, "pt", "Depois."));
  assert.deepEqual(transcript.sentences.map(({ original }) => original.text), ["Antes.", "Depois."]);
  assert.equal(transcript.seen, 1);
});

test("what was not spoken is marked where it stands in its sentence", () => {
  const transcript = new Transcript();
  const { sentence } = transcript.caption(caption(1, "en", "Yes, we open in March."));
  transcript.skipped({ seq: 2, participant: "p2", sentence: 1, language: "en", text: "we open in March." });
  assert.deepEqual(pieces(translation(sentence, "en")), [
    { text: "Yes, ", skipped: false },
    { text: "we open in March.", skipped: true },
  ]);
});

test("skipped clauses that stand together are one", () => {
  const transcript = new Transcript();
  const { sentence } = transcript.caption(caption(1, "en", "Yes, we open in March. Soon."));
  for (const [seq, text] of [[2, "in March."], [3, "we open"]]) {
    transcript.skipped({ seq, participant: "p2", sentence: 1, language: "en", text });
  }
  assert.deepEqual(pieces(translation(sentence, "en")).map(({ text }) => text), ["Yes, ", "we open in March.", " Soon."]);
});

test("a skipped clause that is written otherwise marks its whole sentence", () => {
  const transcript = new Transcript();
  const { sentence } = transcript.caption(caption(1, "en", "Yes, we open."));
  transcript.skipped({ seq: 2, participant: "p2", sentence: 1, language: "en", text: "we are opening" });
  assert.deepEqual(pieces(translation(sentence, "en")), [{ text: "Yes, we open.", skipped: true }]);
});

test("what was skipped of a sentence that was never seen changes nothing", () => {
  assert.equal(new Transcript().skipped({ seq: 1, participant: "p9", sentence: 1, language: "en", text: "Yes" }), null);
});

test("the pieces of a line, joined, are its text", () => {
  const line = { text: "one two three", skipped: [[0, 3], [4, 7]] };
  assert.equal(pieces(line).map(({ text }) => text).join(""), line.text);
  assert.deepEqual(pieces({ text: "", skipped: [] }), []);
});

function meeting() {
  const transcript = new Transcript();
  transcript.caption(caption(1, "pt", "Bom dia <a todos>.", { tentative: " nunca" }));
  transcript.caption(caption(2, "en", "Good morning all.", { ends: true, end_time: 63_250 }));
  return transcript.sentences;
}

test("WebVTT has a voice for each line, and nothing that could be taken for markup", () => {
  const expected =
    "WEBVTT\n\n1\n00:01:01.000 --> 00:01:03.250\n<v Bia>Bom dia &lt;a todos&gt;.\n<v Bia>Good morning all.\n";
  assert.equal(asFile(meeting(), "vtt"), expected);
});

test("SRT has commas in its times and names before the texts", () => {
  assert.equal(asFile(meeting(), "srt"), "1\n00:01:01,000 --> 00:01:03,250\nBia: Bom dia <a todos>.\nBia: Good morning all.\n");
});

test("plain text has the translation under its original", () => {
  assert.equal(asFile(meeting(), "txt"), "00:01:01 Bia, pt: Bom dia <a todos>.\n    en: Good morning all.\n");
});

test("JSON has every line with its speaker, kind, language and times", () => {
  const { lines } = JSON.parse(asFile(meeting(), "json"));
  assert.deepEqual(lines.map(({ speaker, kind, language }) => [speaker, kind, language]), [
    ["Bia", "original", "pt"],
    ["Bia", "translation", "en"],
  ]);
  assert.deepEqual([lines[0].start_s, lines[1].end_s, lines[0].skipped], [61, 63.25, false]);
});

test("a meeting in which only tentative text was seen has an empty file", () => {
  const transcript = new Transcript();
  transcript.caption(caption(1, "pt", "", { tentative: "Bom" }));
  assert.equal(asFile(transcript.sentences, "srt"), "");
});
