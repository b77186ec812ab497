import assert from "node:assert/strict";
import test from "node:test";

import { Captions, gap } from "../../clients/web/captions.js";

const segment = (text, start = 0, end = start + 100) => ({ text, start_time: start, end_time: end });
const all = (captions, texts) => captions.push({ concluded: texts.map((text, i) => segment(text, i * 100)) });

test("words are joined by one space, closing signs by none", () => {
  const captions = new Captions();
  all(captions, ["Good", "morning", ",", "everyone."]);
  assert.equal(captions.text(), "Good morning, everyone.");
});

test("a segment that brings its own space gets no second one", () => {
  const captions = new Captions();
  all(captions, ["Good", " morning ", "all"]);
  assert.equal(captions.text(), "Good morning all");
});

test("scripts without spaces get none", () => {
  assert.equal(gap("おは", "よう"), "");
  assert.equal(gap("안녕", "하세요"), " ");
});

test("tentative text replaces the last tentative text and never enters the transcript", () => {
  const captions = new Captions();
  captions.push({ concluded: [segment("Good")], tentative: [segment("mourning")] });
  assert.equal(captions.tentative, " mourning");
  captions.push({ tentative: [segment("morning"), segment("all")] });
  assert.equal(captions.tentative, " morning all");
  captions.push({ concluded: [segment("morning")] });
  assert.equal(captions.tentative, "");
  assert.equal(captions.text(), "Good morning");
});

test("what is to be appended, joined, is the whole transcript however it was cut", () => {
  const words = "So good morning everyone and thank you for coming today.".split(" ");
  for (let size = 1; size <= words.length; size++) {
    const captions = new Captions();
    let shown = "";
    for (let i = 0; i < words.length; i += size) {
      const concluded = words.slice(i, i + size).map((word, j) => segment(word, (i + j) * 100));
      shown += captions.push({ concluded }).map(({ text }) => text).join("");
    }
    assert.equal(shown, captions.text());
    assert.equal(shown, words.join(" "));
  }
});

test("a pause after a sentence opens a paragraph, a pause inside one does not", () => {
  const captions = new Captions();
  const pieces = captions.push({
    concluded: [segment("One", 0), segment("two.", 2500), segment("Three.", 5000)],
  });
  assert.deepEqual(pieces.map(({ opens }) => opens), [true, false, true]);
  assert.equal(captions.text(), "One two.\n\nThree.");
});

test("a long paragraph ends with its sentence", () => {
  const captions = new Captions();
  all(captions, [...Array(60).fill("word"), "end.", "Next"]);
  assert.equal(captions.paragraphs.length, 2);
  assert.match(captions.paragraphs[0].text, /end\.$/);
});

test("a skipped clause is found in the pieces it runs over, at its newest place", () => {
  const captions = new Captions();
  all(captions, ["em", "maio,", "sobretudo", "em", "viagens,", "em", "maio", "ainda"]);
  assert.deepEqual(captions.locate("sobretudo em viagens,"), [2, 3, 4]);
  assert.deepEqual(captions.locate("em maio"), [5, 6]);
  assert.deepEqual(captions.locate("em junho"), []);
  assert.deepEqual(captions.locate(""), []);
});

test("empty segments change nothing", () => {
  const captions = new Captions();
  assert.deepEqual(captions.push({ concluded: [segment("")] }), []);
  assert.equal(captions.text(), "");
});
