// What the page remembers of its user from one meeting to the next.

const KEY = "dragoman-meeting";

/** @returns {object} what was chosen last time, as far as the browser kept it */
export function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

export function remember(changes) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...recall(), ...changes }));
  } catch {
    // A browser that keeps nothing starts afresh next time.
  }
}
