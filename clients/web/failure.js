// What went wrong, as a code that `messages.js` puts into words.

export class Failure extends Error {
  /**
   * @param {string} code one of the keys of `messages.js`
   * @param {{detail?: string, retryAfter?: number}} more what the server said; seconds to wait before trying again
   */
  constructor(code, { detail = "", retryAfter = 0 } = {}) {
    super(detail || code);
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

const BY_STATUS = { 401: "unauthorized", 403: "forbidden", 429: "busy", 503: "busy" };
// These say more than their status.
const BY_CODE = { model_missing: "not-ready", not_ready: "not-ready", not_found: "gone" };
const DEFAULT_RETRY_S = 15;

/** The failure that an HTTP answer other than 2xx stands for. */
export async function fromResponse(response) {
  const body = await response.json().catch(() => ({}));
  const detail = [body.message, body.detail].find((text) => typeof text === "string") ?? "";
  const code = BY_CODE[body.code] ?? BY_STATUS[response.status] ?? "refused";
  return new Failure(code, { detail, retryAfter: retrySeconds(response.headers.get("Retry-After"), Date.now()) });
}

/** Retry-After is a number of seconds or a date (RFC 9110, section 10.2.3). */
export function retrySeconds(header, nowMs) {
  if (!header) return DEFAULT_RETRY_S;
  const seconds = Number.isNaN(Number(header)) ? (Date.parse(header) - nowMs) / 1000 : Number(header);
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : DEFAULT_RETRY_S;
}
