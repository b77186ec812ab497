import assert from "node:assert/strict";
import test from "node:test";

import { Failure } from "../../clients/web/failure.js";
import { readCode, readLink, writeLink } from "../../clients/web/meet/link.js";
import { Mute } from "../../clients/web/meet/mute.js";
import { Reconnect, mayRetry } from "../../clients/web/meet/reconnect.js";
import { choicesOf, firstChoice, follow } from "../../clients/web/meet/room_languages.js";
import { EMPTY, hue, initials, people, reduce } from "../../clients/web/meet/room_state.js";

// ---- link

test("a link's hash is read as it was written", () => {
  const link = { room: "abcd-efgh", token: "a.b-c_d" };
  assert.deepEqual(readLink(writeLink(link)), link);
  assert.deepEqual(readLink(""), { room: "", token: "" });
  assert.equal(writeLink({ room: "", token: "" }), "");
});

test("where a code is asked for a whole link may be pasted", () => {
  assert.deepEqual(readCode(" abcd-efgh "), { room: "abcd-efgh", token: "" });
  assert.deepEqual(readCode("https://box.example/meet/#room=abcd&token=t"), { room: "abcd", token: "t" });
});

// ---- reconnecting

test("a lost connection is tried again less and less often, for as long as the seat is kept", () => {
  const policy = new Reconnect(1000);
  const delays = [];
  let now = 1000;
  for (let delay = policy.next(now); delay !== null; delay = policy.next(now)) {
    delays.push(delay);
    now += delay + 1000; // what an attempt takes
  }
  assert.deepEqual(delays.slice(0, 5), [500, 1000, 2000, 4000, 4000]);
  assert.ok(now - 1000 <= 31_000);
});

test("a seat that is gone isn't asked for again, a server that restarts is", () => {
  assert.equal(mayRetry(new Failure("gone")), false);
  assert.equal(mayRetry(new Failure("link-refused")), false);
  assert.equal(mayRetry(new Failure("unreachable")), true);
  assert.equal(mayRetry(new Failure("not-ready")), true);
});

// ---- mute

test("one's own press counts before the server has heard of it", () => {
  const mute = new Mute(false);
  mute.press(true, 0);
  assert.equal(mute.hear(false, 100), false); // older than the press
  assert.equal(mute.muted, true);
  assert.equal(mute.hear(true, 600), false);
  assert.equal(mute.muted, true);
});

test("what the server tells unasked is the host's doing", () => {
  const mute = new Mute(false);
  mute.press(true, 0);
  mute.hear(true, 100);
  mute.press(false, 200);
  mute.hear(false, 300);
  assert.equal(mute.hear(true, 400), true);
  assert.equal(mute.muted, true);
});

test("a press that the server never took is given up", () => {
  const mute = new Mute(false);
  mute.press(true, 0);
  assert.equal(mute.settle(2900), false);
  assert.equal(mute.settle(3100), true);
  assert.equal(mute.muted, false);
});

// ---- languages

const language = (lang, spoken = true) => ({
  lang,
  usable_as_source: true,
  usable_as_target: lang !== "fr",
  features: spoken ? { translated_speech: {} } : {},
});
const CHOICES = choicesOf([language("en"), language("pt"), language("eo", false), language("fr")]);

test("only what has a voice can be heard, only targets can be read", () => {
  assert.deepEqual(CHOICES, { speaks: ["en", "pt", "eo", "fr"], hears: ["en", "pt"], captions: ["en", "pt", "eo"] });
});

test("at first all three are the browser's language, afterwards what was chosen, even nothing", () => {
  assert.deepEqual(firstChoice(CHOICES, ["pt-BR", "en"], {}), { speaks: "pt", hears: "pt", captions: "pt" });
  const remembered = { speaks: "en", hears: "pt", captions: null };
  assert.deepEqual(firstChoice(CHOICES, ["pt-BR"], remembered), remembered);
});

test("who speaks a language without a voice hears the browser's next one", () => {
  assert.deepEqual(firstChoice(CHOICES, ["fr", "pt"], {}), { speaks: "fr", hears: "pt", captions: "pt" });
});

test("hearing follows speaking and reading follows hearing, until two are chosen", () => {
  const all = { speaks: "en", hears: "en", captions: "en" };
  assert.deepEqual(follow(CHOICES, all, { speaks: "pt" }), { speaks: "pt", hears: "pt", captions: "pt" });
  const two = { speaks: "en", hears: "pt", captions: "pt" };
  assert.deepEqual(follow(CHOICES, two, { speaks: "eo" }), { ...two, speaks: "eo" });
  assert.deepEqual(follow(CHOICES, two, { hears: null }), { ...two, hears: null });
});

// ---- the room

const ROOM = {
  you: { id: "p1", hears: "en" },
  participants: [{ id: "p1", name: "Ana" }, { id: "p2", name: "Bia" }],
};

test("a speaker's span is shown in the language that is heard, and not for ever", () => {
  let state = reduce(EMPTY, "room", ROOM, 0);
  state = reduce(state, "span", { participant: "p2", language: "en", seconds: 2.4 }, 1000);
  assert.equal(people(state, 2000)[1].seconds, 2.4);
  assert.equal(people(state, 20_000)[1].seconds, null);
  state = reduce(state, "room", { ...ROOM, you: { id: "p1", hears: "pt" } }, 2000);
  assert.equal(people(state, 2000)[1].seconds, null);
});

test("a budget counts for the speaker and the language that is heard", () => {
  const state = reduce(reduce(EMPTY, "room", ROOM, 0), "budget", { participant: "p2", language: "en", level: 1 }, 0);
  assert.deepEqual(people(state, 0).map(({ budget }) => budget?.level), [undefined, 1]);
});

test("a message that says nothing of the room leaves the state as it is", () => {
  assert.equal(reduce(EMPTY, "pong", {}, 0), EMPTY);
  assert.deepEqual(people(EMPTY, 0), []);
});

test("who is listed knows which one is oneself", () => {
  const state = reduce(EMPTY, "room", ROOM, 0);
  assert.deepEqual(people(state, 0).map(({ isMe }) => isMe), [true, false]);
});

test("participants who came one after the other have different colours", () => {
  assert.notEqual(hue("p7"), hue("p8"));
  assert.equal(hue("nobody"), 0);
});

test("a name is known by its first and last initial, whatever its script", () => {
  assert.equal(initials("Beatriz de Souza"), "BS");
  assert.equal(initials("ana"), "A");
  assert.equal(initials("𝒜da"), "𝒜");
  assert.equal(initials(" "), "?");
});
