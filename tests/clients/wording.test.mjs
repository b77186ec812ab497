import assert from "node:assert/strict";
import test from "node:test";

import { Failure, fromResponse, retrySeconds } from "../../clients/web/failure.js";
import { firstChoice, targetsOf } from "../../clients/web/languages.js";
import { forBudget, forFailure, forSpan } from "../../clients/web/messages.js";
import { decibels, fraction } from "../../clients/web/meter.js";

const WHERE = { origin: "http://box.example:8080", port: "8080" };
const LANGUAGES = [
  { lang: "en", name: "English", source: true, target: true, targets: ["pt"] },
  { lang: "pt", name: "Portuguese", source: true, target: true, targets: ["en"] },
  { lang: "es", name: "Spanish", source: false, target: true },
];

test("a full server is said with the time it asked for", async () => {
  const response = new Response('{"message":"two inside"}', { status: 503, headers: { "Retry-After": "9" } });
  const said = forFailure(await fromResponse(response), WHERE);
  assert.equal(said.title, "The server is full");
  assert.equal(said.retryAfter, 9);
});

test("a missing model is not a full server", async () => {
  const response = new Response('{"message":"no voice for pt","code":"model_missing"}', { status: 503 });
  const said = forFailure(await fromResponse(response), WHERE);
  assert.equal(said.title, "The server isn’t ready");
  assert.match(said.text, /No voice for pt\.$/);
});

test("a server that is loading its models says so", async () => {
  const body = '{"message":"the models are still being loaded","code":"not_ready"}';
  const failure = await fromResponse(new Response(body, { status: 503, headers: { "Retry-After": "5" } }));
  assert.match(forFailure(failure, WHERE).text, /^The models are still being loaded\.$/);
});

test("an answer that is not JSON is still a failure", async () => {
  assert.equal((await fromResponse(new Response("<h1>Bad</h1>", { status: 502 }))).code, "refused");
});

test("Retry-After may be a date, and nonsense is not believed", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(retrySeconds("Thu, 01 Jan 2026 00:00:30 GMT", now), 30);
  assert.equal(retrySeconds("soon", now), 15);
  assert.equal(retrySeconds(null, now), 15);
});

test("an insecure page says what to do and offers nothing to press", () => {
  const said = forFailure(new Failure("insecure"), WHERE);
  assert.match(said.text, /http:\/\/box\.example:8080/);
  assert.match(said.text, /http:\/\/localhost:8080/);
  assert.match(said.text, /--tls-cert/);
  assert.equal(said.action, "");
});

test("an unknown failure has words too", () => {
  assert.ok(forFailure(new Error("boom"), WHERE).title);
});

test("the span turns from good to late around the budget", () => {
  assert.deepEqual(forSpan(2.31), { text: "2.3 s behind", mood: "good" });
  assert.equal(forSpan(3.5).mood, "fair");
  assert.equal(forSpan(6).mood, "late");
});

test("the normal level of the budget says nothing, levels unknown to the page say the last", () => {
  assert.equal(forBudget(0), "");
  assert.equal(forBudget(99), forBudget(6));
});

test("the first choice is what was chosen last, else the browser's language", () => {
  assert.deepEqual(firstChoice(LANGUAGES, ["pt-BR", "en"]), { speak: "pt", hear: "en" });
  assert.deepEqual(firstChoice(LANGUAGES, ["pt-BR"], { speak: "en", hear: "pt" }), { speak: "en", hear: "pt" });
  assert.deepEqual(firstChoice(LANGUAGES, ["fi"]), { speak: "en", hear: "pt" });
  assert.deepEqual(firstChoice([], ["fi"]), { speak: "", hear: "" });
});

test("without a list of targets everything but the same language can be heard", () => {
  const open = LANGUAGES.map(({ targets, ...rest }) => rest);
  assert.deepEqual(targetsOf(open, "en-US").map(({ lang }) => lang), ["pt", "es"]);
});

test("the meter is empty in silence and full at full scale", () => {
  assert.equal(fraction(decibels(new Float32Array(512))), 0);
  assert.equal(fraction(decibels(new Float32Array(512).fill(1))), 1);
});
