// Opens the microphone, or says which of its many ways to fail this was.

import { Failure } from "./failure.js";

const WANTED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

const BY_NAME = {
  NotAllowedError: "microphone-denied",
  SecurityError: "microphone-denied",
  NotFoundError: "microphone-absent",
  OverconstrainedError: "microphone-absent",
  NotReadableError: "microphone-in-use",
  AbortError: "microphone-in-use",
};

/** Plain HTTP from another machine: there the browser hides `mediaDevices` altogether. */
export function secure() {
  return window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
}

/**
 * @param {string} device which one; "": the system's choice
 * @returns {Promise<MediaStream>} one audio track; rejects with a Failure
 */
export async function openMicrophone(device = "") {
  if (!secure()) throw new Failure("insecure");
  try {
    const deviceId = device ? { exact: device } : undefined;
    return await navigator.mediaDevices.getUserMedia({ audio: { ...WANTED, deviceId } });
  } catch (error) {
    throw new Failure(BY_NAME[error.name] ?? "microphone-in-use");
  }
}
