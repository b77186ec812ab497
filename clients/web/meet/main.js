// Wires the page: a link leads to the start or to a lobby, the lobby into a meeting, and out of it again.

import { Failure } from "../failure.js";
import { Meter } from "../meter.js";
import { secure } from "../microphone.js";
import { Notice } from "../notice.js";
import { Choices } from "./choices.js";
import { useOutput } from "./devices.js";
import { Input } from "./input.js";
import { readLink, writeLink } from "./link.js";
import { Lobby } from "./lobby.js";
import { Meeting } from "./meeting.js";
import { MeetingView } from "./meeting_view.js";
import { recall, remember } from "./memory.js";
import { RoomsApi } from "./rooms_api.js";
import { saveTranscript } from "./save_transcript.js";
import { StartView } from "./start_view.js";
import { StatusLine } from "./status_line.js";
import { INTERFACES, Wording, pickInterface } from "./wording.js";

// A microphone that is switched off sends digital silence.
const SILENT_MS = 6000;

const element = (id) => document.getElementById(id);

class Page {
  constructor() {
    const wording = new Wording(pickInterface([recall().interface, ...(navigator.languages ?? [])]));
    this.wording = wording;
    this.status = new StatusLine(element("status"), wording);
    this.notice = new Notice(element("message"), (failure) => wording.failure(failure, location));
    this.meter = new Meter(element("lobby-meter"), element("own-meter"));
    this.input = new Input(this.meter, (failure) => this.inputFailed(failure));
    this.start = new StartView(wording, { open: (wishes) => this.open(wishes), enter: (link) => this.enter(link) });
    this.lobby = new Lobby(wording, { join: () => this.join(), listening: (listening) => this.prepareInput(listening) });
    this.choices = new Choices(element("choices"), wording, {
      wish: (changes) => this.meeting?.set(changes),
      microphone: () => this.openMicrophone(),
      output: (id) => useOutput(element("voice"), id),
    });
    this.view = new MeetingView(wording, () => this.meeting, (failure) => this.notice.show(failure));
  }

  begin() {
    this.chooseInterface();
    this.on("meanwhile", () => this.joinListening());
    this.on("rejoin", () => this.toLobby());
    this.on("leave", () => this.leave());
    this.on("speak-too", () => this.speakToo());
    this.on("open-settings", () => element("settings").showModal());
    for (const button of document.querySelectorAll("[data-format]")) {
      button.addEventListener("click", () => this.save(button.dataset.format));
    }
    window.addEventListener("pagehide", () => this.meeting?.leave()); // the place is free at once
    window.addEventListener("hashchange", () => location.reload());
    setInterval(() => this.watchMicrophone(), 1000);
    this.enter(readLink(location.hash));
  }

  on(id, act) {
    element(id).addEventListener("click", act);
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
    for (const part of [this.start, this.lobby, this.choices, this.view, this.status]) part.draw();
    if (document.body.dataset.view === "over") this.drawOver();
  }

  /** Opens a room as its host. */
  open(wishes) {
    const opening = async () => {
      const { link } = await new RoomsApi(readLink(location.hash).token).open(wishes);
      this.enter(readLink(new URL(link, location.href).hash));
    };
    this.attempt(opening, () => this.open(wishes));
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
    const describing = async () => {
      const info = await this.api.describe(this.room);
      this.choices.offer(info.languages);
      this.lobby.show(info);
    };
    this.attempt(describing, () => this.toLobby());
  }

  prepareInput(listening) {
    this.notice.clear();
    if (listening) this.input.close();
    else this.openMicrophone();
  }

  /** @returns {Promise<void>} when it is open, or it is said why it isn't */
  openMicrophone() {
    this.opening = this.changeMicrophone();
    return this.opening;
  }

  async changeMicrophone() {
    try {
      if (!secure()) throw new Failure("insecure");
      const stream = await this.input.use(this.choices.microphone());
      if (this.lobby.listening) this.input.close();
      else await this.meeting?.useMicrophone(stream);
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
    this.lobby.listen(true);
    this.join();
  }

  async join() {
    this.lobby.setJoining(true);
    this.status.enter("connecting");
    if (await this.inputReady()) await this.attempt(() => this.joinNow(), () => this.join());
    this.lobby.setJoining(false);
    if (!this.meeting) this.status.enter("");
  }

  /** The microphone may still be on its way; one that was refused is asked for again. */
  async inputReady() {
    if (this.lobby.listening) return true;
    await this.opening;
    if (!this.input.stream) await this.openMicrophone();
    return Boolean(this.input.stream);
  }

  async joinNow() {
    const { listening } = this.lobby;
    const wishes = { ...this.choices.wishes(listening), original: this.view.original() };
    if (!listening) remember({ name: wishes.name });
    this.meeting = this.last?.room === this.room ? this.last : new Meeting(this.api, this.room, this.tellings());
    try {
      await this.meeting.join(wishes, listening ? null : this.input.stream);
    } catch (failure) {
      this.meeting = undefined;
      throw failure;
    }
    this.last = this.meeting;
    this.show("meeting");
    this.view.begin();
    this.status.enter("live");
    this.wakeLock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  }

  tellings() {
    return {
      voice: (stream) => this.play(stream),
      link: (state) => this.status.enter(state),
      state: () => this.view.update(),
      said: (change) => this.view.said(change),
      mutedByHost: () => this.status.flash(this.wording.say("mutedByHost")),
      refused: (reason) => this.view.refused(reason) || this.status.flash(this.wording.say("refused", { reason })),
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
    this.failure = failure;
    this.view.end();
    this.input.close();
    this.wakeLock?.release();
    element("voice").srcObject = null;
    this.notice.clear();
    this.status.enter("");
    this.show("over");
    this.drawOver();
    element("over-title").focus();
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
      element("meanwhile").hidden = failure.code !== "busy" || !this.lobby.info || this.lobby.listening;
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
    const failure = await saveTranscript(this.last, format, this.lobby.info.name);
    if (failure) this.notice.show(new Failure("no-transcript", { detail: failure.detail }));
  }

  /** @param {"start" | "lobby" | "meeting" | "over"} view */
  show(view) {
    document.body.dataset.view = view;
    element(view === "meeting" ? "settings-choices" : "lobby-choices").append(element("choices"));
    element("speak-too").hidden = !this.lobby.listening || this.lobby.info?.role === "listener";
    element("save-menu").hidden = !this.last;
    if (view !== "meeting") element("open-host").hidden = true;
  }

  watchMicrophone() {
    const open = this.status.state === "live" && !this.lobby.listening && !this.meeting.mute.muted;
    this.status.setSilent(open && this.meter.silentMs() > SILENT_MS);
  }
}

new Page().begin();
