// What the page says: each failure, and each level of the latency budget, in words a speaker understands.

const FAILURES = {
  insecure: (where) => ({
    title: "This page can’t use your microphone",
    text:
      `Browsers give the microphone only to secure pages, and ${where.origin} is plain HTTP from another machine. ` +
      `Open the page over https://, or on the server itself at http://localhost${where.port ? `:${where.port}` : ""}. ` +
      "Whoever runs the server can start it with --tls-cert and --tls-key, or put it behind a proxy that speaks HTTPS.",
    action: "",
  }),
  "microphone-denied": () => ({
    title: "The microphone is blocked",
    text:
      "Allow it for this page (the icon beside the address), and for the browser in your system’s privacy settings. " +
      "Nothing is heard until you press Start.",
  }),
  "microphone-absent": () => ({
    title: "No microphone found",
    text: "Connect one, or choose one in your system’s sound settings.",
  }),
  "microphone-in-use": () => ({
    title: "The microphone doesn’t open",
    text: "Another program may be holding it. Close calls and recorders, or unplug it and plug it in again.",
  }),
  "microphone-gone": () => ({
    title: "The microphone was disconnected",
    text: "Plug it in again, or choose another one. The captions so far are kept.",
  }),
  busy: () => ({
    title: "The server is full",
    text: "One more speaker would make everyone inside wait, so it keeps the door closed for now.",
  }),
  "not-ready": () => ({ title: "The server isn’t ready", text: "" }),
  unauthorized: () => ({
    title: "This server asks for an access key",
    text: "Whoever runs it can give you one. It is kept until you close this tab.",
    action: "Continue",
  }),
  forbidden: () => ({ title: "The server doesn’t let this page in", text: "", action: "" }),
  refused: () => ({ title: "The server refused this session", text: "" }),
  unreachable: () => ({
    title: "The server doesn’t answer",
    text: "It may be restarting, or this device is offline.",
  }),
  "no-media-path": () => ({
    title: "Sound can’t reach the server",
    text: "The page loads, but UDP between this device and the server seems blocked (a firewall, or a VPN).",
  }),
  lost: () => ({ title: "The connection was lost", text: "The captions so far are kept." }),
  "playback-blocked": () => ({
    title: "The browser holds the sound back",
    text: "It plays once you have pressed the button.",
    action: "Play the translation",
  }),
  "session-error": () => ({ title: "The session ended with an error", text: "" }),
};

/**
 * @param {{code: string, detail?: string, retryAfter?: number}} failure
 * @param {{origin: string, port: string}} where the page's own address
 * @returns {{title: string, text: string, action: string, retryAfter: number}} action "" means: nothing to press
 */
export function forFailure(failure, where) {
  const known = FAILURES[failure.code] ?? FAILURES["session-error"];
  const { title, text, action = "Try again" } = known(where);
  const retryAfter = failure.code === "busy" || failure.code === "not-ready" ? failure.retryAfter ?? 0 : 0;
  const said = failure.detail ? sentence(failure.detail) : "";
  const spokenFor = failure.code === "busy" || failure.code === "unauthorized";
  return { title, text: [text, spokenFor ? "" : said].filter(Boolean).join(" "), action, retryAfter };
}

function sentence(text) {
  const upper = text[0].toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(upper) ? upper : `${upper}.`;
}

const BUDGET_LEVELS = [
  "",
  "Speaking a little faster",
  "Leaving out pauses",
  "Translating with less context",
  "Listening in larger steps",
  "Leaving out older phrases to catch up",
  "Captions only, until caught up",
];

/** Level 0 is the normal state and has nothing to say. */
export function forBudget(level) {
  return BUDGET_LEVELS[level] ?? BUDGET_LEVELS[BUDGET_LEVELS.length - 1];
}

// A conversation stays easy up to about 3 s; 4 s is the server's default budget.
const EASY_S = 3;
const BUDGET_S = 4;

/** @returns {{text: string, mood: "good" | "fair" | "late"}} the ear–voice span as a reader sees it */
export function forSpan(seconds) {
  const mood = seconds <= EASY_S ? "good" : seconds <= BUDGET_S ? "fair" : "late";
  return { text: `${Math.max(0, seconds).toFixed(1)} s behind`, mood };
}
