// Requests to the server, with the access key where it wants one.

import { Failure, fromResponse } from "./failure.js";

const KEY = "dragoman-key";

/** Kept for as long as the tab is open. */
export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

/** @returns {Promise<any>} the JSON of the answer; rejects with a Failure */
export async function request(path, body) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  const key = sessionStorage.getItem(KEY);
  if (key) headers.Authorization = `DeepL-Auth-Key ${key}`;
  const how = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
  const response = await fetch(path, how).catch(() => {
    throw new Failure("unreachable");
  });
  if (!response.ok) throw await fromResponse(response);
  return response.json();
}
