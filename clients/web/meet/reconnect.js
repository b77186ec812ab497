// How a lost connection is taken up again: at once, then less and less often, for as long as the server keeps the seat.

const DELAYS_MS = [500, 1000, 2000, 4000];
// docs/rooms.md: the seat is kept for 30 s.
const SEAT_MS = 30_000;

// Trying again can't help: the seat is gone, or this participant may not have it.
const FINAL = new Set(["gone", "unauthorized", "link-refused", "forbidden", "closed"]);

export class Reconnect {
  #lostAt;
  #attempts = 0;

  /** @param {number} nowMs when the connection was lost */
  constructor(nowMs) {
    this.#lostAt = nowMs;
  }

  /** @returns {number | null} milliseconds to wait before the next attempt; null: the seat is gone */
  next(nowMs) {
    const delay = DELAYS_MS[Math.min(this.#attempts, DELAYS_MS.length - 1)];
    if (nowMs + delay - this.#lostAt > SEAT_MS) return null;
    this.#attempts += 1;
    return delay;
  }
}

/** Whether an attempt that failed so may be followed by another. */
export function mayRetry(failure) {
  return !FINAL.has(failure.code);
}
