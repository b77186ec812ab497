import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Failure } from "../../clients/web/failure.js";
import { STRINGS } from "../../clients/web/meet/strings.js";
import { Wording, pickInterface } from "../../clients/web/meet/wording.js";

const WHERE = { origin: "http://box.example:8080", port: "8080" };
const PAGE = readFileSync(new URL("../../clients/web/meet/index.html", import.meta.url), "utf8");
const OTHERS = ["pt", "es"];

const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const texts = (value) => (typeof value === "string" ? [value] : Object.values(value));

test("every language says all that English says, with the same names to fill in", () => {
  const { failures: _, ...plain } = STRINGS.en;
  for (const language of OTHERS) {
    for (const [key, value] of Object.entries(plain)) {
      const other = STRINGS[language][key];
      assert.ok(other, `${language} lacks ${key}`);
      assert.deepEqual(names(texts(other)[0]), names(texts(value)[0]), `${language} ${key}`);
    }
    assert.deepEqual(Object.keys(STRINGS[language]).sort(), Object.keys(STRINGS.en).sort());
  }
});

test("every failure that the page can meet is said in every language", () => {
  const codes = new Set(OTHERS.flatMap((language) => Object.keys(STRINGS[language].failures)));
  for (const code of [...codes, ...Object.keys(STRINGS.en.failures)]) {
    for (const language of OTHERS) assert.ok(STRINGS[language].failures[code]?.title, `${language} ${code}`);
    assert.ok(new Wording("en").failure(new Failure(code), WHERE).title, `en ${code}`);
  }
});

test("everything that the page asks to be said is there", () => {
  const keys = [...PAGE.matchAll(/data-(?:say|label|hint|title)="(\w+)"/g)].map(([, key]) => key);
  assert.ok(keys.length > 50);
  for (const key of keys) assert.equal(typeof STRINGS.en[key], "string", key);
});

test("the interface is the browser's language, where it is one of ours", () => {
  assert.equal(pickInterface([undefined, "fr-CA", "es-MX", "en"]), "es");
  assert.equal(pickInterface(["fi"]), "en");
});

test("what counts has a form for one", () => {
  assert.match(new Wording("en").say("speakersHere", { count: 1 }), /^1 speaker is/);
  assert.match(new Wording("pt").say("speakersHere", { count: 3 }), /^3 participantes/);
});

test("the span is written as the reader's language writes numbers", () => {
  assert.deepEqual(new Wording("pt").span(2.44), { text: "2,4 s de atraso", mood: "good" });
  assert.equal(new Wording("en").span(-1).text, "0.0 s behind");
});

test("the budget's reason is given in English, elsewhere its level is put into words", () => {
  const body = { level: 1, reason: "speaking 15 % faster: 3.2 s behind" };
  assert.equal(new Wording("en").budget(body), "Speaking 15 % faster: 3.2 s behind");
  assert.equal(new Wording("es").budget(body), "Voz un poco más rápida");
  assert.equal(new Wording("es").budget({ level: 9 }), new Wording("es").budget({ level: 6 }));
  assert.equal(new Wording("en").budget({ level: 0, reason: "caught up" }), "");
});

test("a full meeting says for how long, in the reader's language", () => {
  const said = new Wording("pt").failure(new Failure("busy", { retryAfter: 9 }), WHERE);
  assert.equal(said.retryAfter, 9);
  assert.equal(said.waiting(4), "Tentar de novo em 4 s");
});

test("a link that is refused offers nothing to press", () => {
  assert.equal(new Wording("es").failure(new Failure("link-refused"), WHERE).action, "");
});

test("a language that the browser can't name goes by its tag", () => {
  assert.equal(new Wording("en").languageName("pt"), "Portuguese");
  assert.equal(new Wording("en").languageName("no such tag"), "no such tag");
});
