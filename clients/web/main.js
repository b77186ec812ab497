// Wires the page: choose two languages, start, read and hear, stop.

import { request } from "./api.js";
import { CaptionView } from "./caption_view.js";
import { Failure } from "./failure.js";
import { firstChoice, load, targetsOf } from "./languages.js";
import { forBudget, forSpan } from "./messages.js";
import { Meter } from "./meter.js";
import { openMicrophone, secure } from "./microphone.js";
import { Notice } from "./notice.js";
import { Session } from "./session.js";

const MEMORY = "dragoman";
// A microphone that is switched off sends digital silence.
const SILENT_MS = 6000;

const element = (id) => document.getElementById(id);

const STATUS = {
  loading: "Getting ready…",
  ready: "",
  unavailable: "",
  connecting: "Connecting…",
  live: "Live",
  finishing: "Speaking the last words…",
  ended: "Ended",
};

class Page {
  constructor() {
    const latest = (side) => document.querySelector(`[data-side="${side}"] .latest`);
    this.source = new CaptionView(element("source-captions"), latest("source"));
    this.target = new CaptionView(element("target-captions"), latest("target"));
    this.meter = new Meter(element("meter"));
    this.languages = [];
    this.notice = new Notice(element("message"));
  }

  async begin() {
    element("setup").addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    element("stop").addEventListener("click", () => this.stop());
    element("speak").addEventListener("change", () => this.chooseSource());
    element("hear").addEventListener("change", () => this.remember());
    element("swap").addEventListener("click", () => this.swap());
    element("save").addEventListener("click", () => this.save());
    element("volume").addEventListener("input", (event) => this.setVolume(event.target.valueAsNumber));
    window.addEventListener("pagehide", () => this.session && this.breakOff()); // the place is free at once
    await this.loadLanguages();
  }

  async loadLanguages() {
    this.enter("loading");
    this.notice.clear();
    try {
      this.languages = await load();
    } catch (error) {
      this.enter("unavailable");
      this.notice.show(error, () => this.loadLanguages());
      return;
    }
    const choice = firstChoice(this.languages, navigator.languages ?? [], remembered());
    fill(element("speak"), this.languages.filter((one) => one.source), choice.speak);
    fill(element("hear"), targetsOf(this.languages, choice.speak), choice.hear);
    this.enter(secure() ? "ready" : "unavailable");
    if (!secure()) this.notice.show(new Failure("insecure"));
  }

  chooseSource() {
    const before = element("hear").value;
    const { hear } = firstChoice(this.languages, [], { speak: element("speak").value, hear: before });
    fill(element("hear"), targetsOf(this.languages, element("speak").value), hear);
    this.remember();
  }

  swap() {
    const [speak, hear] = [element("hear").value, element("speak").value];
    if (!this.languages.some((one) => one.source && one.lang === speak)) return;
    element("speak").value = speak;
    this.chooseSource();
    element("hear").value = hear;
    this.remember();
  }

  async start() {
    this.notice.clear();
    this.clearCaptions();
    this.enter("connecting");
    try {
      const { ice_servers: iceServers } = await request("/v1/ice");
      this.microphone = await openMicrophone();
      this.session = new Session(this.microphone, iceServers, {
        voice: (stream) => this.play(stream),
        message: (kind, body) => this.receive(kind, body),
        ended: () => this.leave(),
        failed: (failure) => this.fail(failure),
      });
      this.meter.start(this.microphone);
      await this.session.open({
        source: element("speak").value,
        target: element("hear").value,
        voice: document.querySelector("input[name=voice]:checked").value || undefined, // the server's choice
      });
    } catch (error) {
      this.fail(error);
      return;
    }
    this.enter("live");
    this.stayAwake();
    this.listening = setInterval(() => this.watchMicrophone(), 1000);
  }

  /** The first press lets the last words be spoken, the second ends at once. */
  stop() {
    if (this.state === "live") {
      this.closeMicrophone();
      this.enter("finishing");
      this.session.finish();
      return;
    }
    this.breakOff();
  }

  breakOff() {
    this.session?.close();
    this.leave();
  }

  fail(error) {
    this.leave();
    if (error.code !== "closed") this.notice.show(error, () => this.start());
  }

  leave() {
    this.closeMicrophone();
    this.session = undefined;
    element("voice").srcObject = null;
    this.wakeLock?.release();
    this.enter(this.source.captions.text() ? "ended" : "ready");
  }

  closeMicrophone() {
    clearInterval(this.listening);
    this.meter.stop();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = undefined;
  }

  receive(kind, body) {
    if (kind === "source_transcript_update") this.source.update(body);
    else if (kind === "target_transcript_update") this.target.update(body);
    else if (kind === "clause_skipped") this.target.markSkipped(body.text);
    else if (kind === "ear_voice_span") this.showSpan(body.seconds);
    else if (kind === "budget") this.showBudget(body);
  }

  play(stream) {
    const voice = element("voice");
    voice.srcObject = stream;
    voice.play().catch((error) => {
      if (error.name === "NotAllowedError") this.notice.show(new Failure("playback-blocked"), () => this.playNow());
    });
  }

  playNow() {
    this.notice.clear();
    element("voice").play().catch(() => {});
  }

  setVolume(percent) {
    element("voice").volume = percent / 100;
  }

  showSpan(seconds) {
    const { text, mood } = forSpan(seconds);
    element("span").textContent = text;
    element("span").dataset.mood = mood;
  }

  showBudget({ level, reason }) {
    element("budget").textContent = forBudget(level);
    element("budget").title = level ? reason ?? "" : "";
  }

  watchMicrophone() {
    if (this.state !== "live") return;
    const silent = this.meter.silentMs() > SILENT_MS;
    element("status").textContent = silent ? "No sound from the microphone: is it switched off?" : STATUS.live;
    document.body.toggleAttribute("data-silent", silent);
  }

  clearCaptions() {
    this.source.clear();
    this.target.clear();
    element("span").textContent = "";
    element("budget").textContent = "";
    element("source-title").textContent = chosen("speak");
    element("target-title").textContent = chosen("hear");
    element("source-captions").lang = element("speak").value;
    element("target-captions").lang = element("hear").value;
  }

  enter(state) {
    this.state = state;
    document.body.dataset.state = state;
    document.body.removeAttribute("data-silent");
    element("status").textContent = STATUS[state];
    const idle = state === "ready" || state === "ended";
    for (const id of ["speak", "hear", "swap", "start"]) element(id).disabled = !idle;
    for (const radio of document.querySelectorAll("input[name=voice]")) radio.disabled = !idle;
    element("start").textContent = state === "ended" ? "Start again" : state === "connecting" ? "Connecting…" : "Start";
    element("stop").textContent = state === "finishing" ? "Stop now" : state === "connecting" ? "Cancel" : "Stop";
    element("save").hidden = state !== "ended";
  }

  remember() {
    const choice = { speak: element("speak").value, hear: element("hear").value };
    try {
      localStorage.setItem(MEMORY, JSON.stringify(choice));
    } catch {
      // A browser that keeps nothing starts from its own languages next time.
    }
  }

  save() {
    const sides = [["speak", this.source], ["hear", this.target]];
    const text = sides.map(([id, view]) => `${chosen(id)}\n\n${view.captions.text()}\n`).join("\n\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = `dragoman ${new Date().toISOString().slice(0, 16).replaceAll(":", ".")}.txt`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  /** Keeps a phone's screen on while it listens, where the browser can. */
  async stayAwake() {
    this.wakeLock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY) ?? "{}");
  } catch {
    return {};
  }
}

function fill(select, languages, value) {
  select.replaceChildren(...languages.map((one) => new Option(one.name, one.lang)));
  select.value = value;
}

function chosen(id) {
  return element(id).selectedOptions[0]?.textContent ?? "";
}

new Page().begin();
