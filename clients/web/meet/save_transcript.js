// Saves a meeting's transcript: what the server keeps, else what the page has itself seen.

import { FORMATS, asFile } from "./transcript_file.js";

/**
 * @param {import("./meeting.js").Meeting} meeting
 * @param {keyof FORMATS} format
 * @returns {Promise<Failure | null>} why the server's own could not be had
 */
export async function saveTranscript(meeting, format, name) {
  const kept = meeting.state.room && meeting.state.room.transcripts !== "none";
  const { blob, failure } = kept ? await fetched(meeting, format) : { blob: null, failure: null };
  const seen = () => new Blob([asFile(meeting.transcript.sentences, format)], { type: FORMATS[format] });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob ?? seen());
  link.download = `${name} ${new Date().toISOString().slice(0, 16).replaceAll(":", ".")}.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
  return failure;
}

async function fetched(meeting, format) {
  try {
    return { blob: await meeting.api.transcript(meeting.room, format), failure: null };
  } catch (failure) {
    return { blob: null, failure };
  }
}
