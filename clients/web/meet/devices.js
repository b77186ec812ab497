// Microphones and loudspeakers: which there are, and a tone that tells whether the right one is chosen.

// Two soft notes, a fifth apart.
const NOTES_HZ = [440, 660];
const NOTE_S = 0.35;
const PEAK = 0.25;

/** @returns {Promise<{inputs: Array<{id, name}>, outputs: Array<{id, name}>}>} names are there once the microphone was allowed */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const of = (kind) =>
    all
      .filter((one) => one.kind === kind && one.deviceId && one.deviceId !== "default" && one.label)
      .map((one) => ({ id: one.deviceId, name: one.label }));
  return { inputs: of("audioinput"), outputs: canChooseOutput() ? of("audiooutput") : [] };
}

export function canChooseOutput() {
  return "setSinkId" in HTMLMediaElement.prototype;
}

/** Plays on another loudspeaker from now on; "" is the system's choice. */
export async function useOutput(audio, id) {
  if (canChooseOutput()) await audio.setSinkId(id).catch(() => {}); // it was unplugged: the system's choice stays
}

export async function playTone(output) {
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: 0 });
  const stream = context.createMediaStreamDestination();
  gain.connect(stream);
  NOTES_HZ.forEach((frequency, i) => {
    const note = new OscillatorNode(context, { frequency });
    const start = context.currentTime + 0.1 + i * NOTE_S;
    note.connect(gain);
    note.start(start);
    note.stop(start + NOTE_S);
    gain.gain.setTargetAtTime(PEAK, start, 0.02);
    gain.gain.setTargetAtTime(0, start + NOTE_S * 0.6, 0.05);
  });
  const audio = new Audio();
  audio.srcObject = stream.stream;
  await useOutput(audio, output);
  await audio.play();
  await new Promise((resolve) => setTimeout(resolve, 1000 * (NOTES_HZ.length * NOTE_S + 0.5)));
  await context.close();
}
