// Wires the page: a link leads to the start or to a lobby, the lobby into a meeting, and out of it again.

import { Failure } from "../failure.js";
import { Meter } from "../meter.js";
import { secure } from "../microphone.js";
import { Notice } from "../notice.js";
import { Choices } from "./choices.js";
import { useOutput } from "./devices.js";
import { Input } from "./input.js";
import { readLink, writeLink } from "./link.js";
import { Meeting } from "./meeting.js";
import { MeetingView } from "./meeting_view.js";
import { recall, remember } from "./memory.js";
import { RoomsApi } from "./rooms_api.js";
import { saveTranscript } from "./save_transcript.js";
import { StartView } from "./start_view.js";
import { INTERFACES, Wording, pickInterface } from "./wording.js";

// A microphone that is switched off sends digital silence.
const SILENT_MS = 6000;
const FLASH_MS = 6000;

const element = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.wording = new Wording(pickInterface([recall().interface, ...(navigator.languages ?? [])]));
    this.notice = new Notice(element("message"), (failure) => this.wording.failure(failure, location));
    this.meter = new Meter(element("own-meter"));
    this.input = new Input([new Meter(element("lobby-meter")), this.meter], (failure) => this.inputFailed(failure));
    this.start = new StartView(this.wording, { open: (wishes) => this.open(wishes), enter: (link) => this.enter(link) });
    this.choices = new Choices(element("choices"), this.wording, {
      wish: (changes) => this.meeting && this.meeting.set(changes),
      microphone: () => this.openMicrophone(),
      output: (id) => useOutput(element("voice"), id),
    });
    this.view = new MeetingView(this.wording, () => this.meeting, (failure) => this.notice.show(failure));
    this.status = "";
  }

  begin() {
    this.chooseInterface();
    this.on("lobby", "submit", () => this.join());
    this.on("listen", "change", () => this.setListening(element("listen").checked));
    this.on("meanwhile", "click", () => this.joinListening());
    this.on("rejoin", "click", () => this.toLobby());
    this.on("leave", "click", () => this.leave());
    this.on("speak-too", "click", () => this.speakToo());
    this.on("open-settings", "click", () => element("settings").showModal());
    for (const button of document.querySelectorAll("[data-format]")) {
      button.addEventListener("click", () => this.save(button.dataset.format));
    }
    window.addEventListener("pagehide", () => this.meeting?.leave()); // the place is free at once
    window.addEventListener("hashchange", () => location.reload());
    setInterval(() => this.watchMicrophone(), 1000);
    this.enter(readLink(location.hash));
  }

  on(id, event, act) {
    element(id).addEventListener(event, (happened) => {
      happened.preventDefault();
      act();
    });
  }

  chooseInterface() {
    const select = element("interface");
    select.replaceChildren(...Object.entries(INTERFACES).map(([tag, name]) => new Option(name, tag)));
    select.value = this.wording.language;
    select.addEventListener("change", () => {
      remember({ interface: select.value });
      this.wording.use(select.value);
      this.drawTexts();
    });
    this.drawTexts();
  }

  drawTexts() {
    this.wording.apply(document);
    this.start.draw();
    this.choices.draw();
    this.view.drawTexts();
    this.say(this.status);
    if (this.info) this.drawLobby();
    if (document.body.dataset.view === "over") this.drawOver();
  }

  /** Opens a room as its host. */
  open(wishes) {
    this.attempt(async () => {
      const { link } = await new RoomsApi(readLink(location.hash).token).open(wishes);
      this.enter(readLink(new URL(link, location.href).hash));
    }, () => this.open(wishes));
  }

  /** To the lobby of the room that the link names, else to the start. */
  enter(link) {
    this.room = link.room;
    this.api = new RoomsApi(link.token);
    history.replaceState(null, "", location.pathname + writeLink(link)); // the page can be loaded again
    if (this.room) this.toLobby();
    else this.show("start");
  }

  toLobby() {
    this.show("lobby");
    this.attempt(async () => {
      this.info = await this.api.describe(this.room);
      this.choices.offer(this.info.languages);
      const onlyListens = this.info.role === "listener";
      element("listen").closest("label").hidden = onlyListens;
      this.setListening(onlyListens || element("listen").checked);
    }, () => this.toLobby());
  }

  drawLobby() {
    const { name, transcripts, speakers, listeners } = this.info;
    const { wording } = this;
    const counts = [["speakersHere", speakers], ["listenersHere", listeners]].filter(([, count]) => count);
    const here = counts.map(([key, count]) => wording.say(key, { count }));
    element("lobby-name").textContent = name;
    element("lobby-facts").textContent = [...(here.length ? here : [wording.say("nobodyHere")]), wording.say(`kept_${transcripts}`)].join(" ");
    element("join").textContent = wording.say(this.joining ? "joining" : this.listening ? "joinListening" : "join");
    element("join").disabled = Boolean(this.joining);
    element("title").textContent = name;
    document.title = `${name} · Dragoman`;
  }

  /** @param {boolean} listening without a microphone */
  setListening(listening) {
    this.listening = listening;
    document.body.toggleAttribute("data-listening", listening);
    element("name").required = !listening;
    this.notice.clear();
    if (listening) this.input.close();
    else this.openMicrophone();
    this.drawLobby();
  }

  async openMicrophone() {
    if (!secure()) {
      this.inputFailed(new Failure("insecure"));
      return;
    }
    try {
      const stream = await this.input.use(this.choices.microphone());
      if (this.listening) this.input.close();
      else if (this.meeting) await this.meeting.useMicrophone(stream);
      this.notice.clear();
      await this.choices.showDevices(); // allowed now, they have names
    } catch (failure) {
      this.inputFailed(failure);
    }
  }

  inputFailed(failure) {
    this.notice.show(failure, () => this.openMicrophone());
  }

  joinListening() {
    element("listen").checked = true;
    this.setListening(true);
    this.join();
  }

  join() {
    if (!this.listening && !this.input.stream) {
      this.openMicrophone();
      return;
    }
    this.joining = true;
    this.drawLobby();
    this.attempt(() => this.joinNow(), () => this.join()).finally(() => {
      this.joining = false;
      this.drawLobby();
    });
  }

  async joinNow() {
    const wishes = { ...this.choices.wishes(this.listening), original: this.view.original() };
    if (!this.listening) remember({ name: wishes.name });
    const meeting = this.left ?? new Meeting(this.api, this.room, this.tellings());
    this.say("connecting");
    try {
      this.meeting = meeting;
      await meeting.join(wishes, this.listening ? null : this.input.stream);
    } catch (failure) {
      this.meeting = undefined;
      this.say("");
      throw failure;
    }
    this.left = meeting;
    this.show("meeting");
    this.view.begin();
    this.say("live");
    this.wakeLock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  }

  tellings() {
    return {
      voice: (stream) => this.play(stream),
      link: (state) => this.say(state),
      state: () => this.view.draw(),
      said: (change) => this.view.said(change),
      mutedByHost: () => this.flash(this.wording.say("mutedByHost")),
      refused: (text) => this.view.refused(text) || this.flash(this.wording.say("refused", { reason: text })),
      over: (failure) => this.over(failure),
    };
  }

  leave() {
    this.meeting.leave();
    this.over(null);
  }

  speakToo() {
    this.leave();
    element("listen").checked = false;
    this.toLobby();
  }

  /** @param {Failure | null} failure null: left of one's own will */
  over(failure) {
    this.meeting = undefined;
    this.view.end();
    this.input.close();
    this.wakeLock?.release();
    element("voice").srcObject = null;
    this.notice.clear();
    this.failure = failure;
    this.show("over");
    this.say("");
    this.drawOver();
  }

  drawOver() {
    const left = { title: this.wording.say("left"), text: "" };
    const { title, text } = this.failure ? this.wording.failure(this.failure, location) : left;
    element("over-title").textContent = title;
    element("over-text").textContent = text;
    element("rejoin").hidden = this.failure?.code === "room-closed";
  }

  /** Does something that may fail; then it can be tried again. */
  async attempt(action, again) {
    this.notice.clear();
    try {
      await action();
    } catch (failure) {
      this.notice.show(failure, again);
      element("meanwhile").hidden = failure.code !== "busy" || !this.info || this.listening;
    }
  }

  play(stream) {
    const voice = element("voice");
    voice.srcObject = stream;
    useOutput(voice, this.choices.output());
    voice.play().catch((error) => {
      if (error.name === "NotAllowedError") this.notice.show(new Failure("playback-blocked"), () => this.playNow());
    });
  }

  playNow() {
    this.notice.clear();
    element("voice").play().catch(() => {});
  }

  async save(format) {
    element("save-menu").open = false;
    const failure = await saveTranscript(this.left, format, this.info.name || "Dragoman");
    if (failure) this.notice.show(new Failure("no-transcript", { detail: failure.detail }));
  }

  /** @param {"start" | "lobby" | "meeting" | "over"} view */
  show(view) {
    document.body.dataset.view = view;
    const place = view === "meeting" ? element("settings-choices") : element("lobby-choices");
    place.append(element("choices"));
    element("speak-too").hidden = !this.listening || this.info?.role === "listener";
    element("save-menu").hidden = !this.left;
    if (view !== "meeting") element("open-host").hidden = true;
  }

  /** @param {"" | "connecting" | "live" | "reconnecting"} status how the connection is */
  say(status) {
    this.status = status;
    document.body.dataset.state = status;
    element("status").textContent = status ? this.wording.say(status) : "";
  }

  flash(text) {
    element("status").textContent = text;
    clearTimeout(this.flashing);
    this.flashing = setTimeout(() => this.say(this.status), FLASH_MS);
  }

  watchMicrophone() {
    const silent = this.status === "live" && !this.listening && !this.meeting.mute.muted && this.meter.silentMs() > SILENT_MS;
    if (silent !== document.body.hasAttribute("data-silent")) this.say(this.status);
    document.body.toggleAttribute("data-silent", silent);
    if (silent) element("status").textContent = this.wording.say("silent");
  }
}

new Page().begin();
