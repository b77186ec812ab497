// Requests to the server, with the access key where it wants one.

import { Failure, fromResponse } from "./failure.js";

const KEY = "dragoman-key";

/** Kept for as long as the tab is open. */
export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

/** @returns {Promise<any>} the JSON of the answer; rejects with a Failure */
export async function request(path, body) {
  return (await ask(path, { body })).json();
}

/**
 * @param {{method?: string, body?: object, token?: string}} how a room's token is shown instead of the access key
 * @returns {Promise<Response>} an answer that is ok; rejects with a Failure
 */
export async function ask(path, { body, method = body ? "POST" : "GET", token = "" } = {}) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  const key = sessionStorage.getItem(KEY);
  if (token) headers.Authorization = `Bearer ${token}`;
  else if (key) headers.Authorization = `DeepL-Auth-Key ${key}`;
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) }).catch(() => {
    throw new Failure("unreachable");
  });
  if (!response.ok) throw await fromResponse(response);
  return response;
}
