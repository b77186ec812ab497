// The link that leads into a meeting: /meet/#room=ROOM&token=TOKEN. After the # no server's log and no referrer sees it.

/** @returns {{room: string, token: string}} "" for what it doesn't name */
export function readLink(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  return { room: fields.get("room") ?? "", token: fields.get("token") ?? "" };
}

/** @returns {string} with its #; "" where there is nothing to name */
export function writeLink({ room, token }) {
  const fields = new URLSearchParams();
  if (room) fields.set("room", room);
  if (token) fields.set("token", token);
  return fields.size ? `#${fields}` : "";
}

/** What somebody typed or pasted where a room's code is asked for: a code, or a whole link. */
export function readCode(text) {
  const typed = text.trim();
  const at = typed.indexOf("#");
  return at < 0 ? { room: typed, token: "" } : readLink(typed.slice(at));
}
