"""Voice activity: WebRTC's detector as a gate that costs nothing, Silero's speech probability behind it.

Silero VAD v6 (Silero Team, https://github.com/snakers4/silero-vad, MIT) in the ONNX file that faster-whisper ships.
It runs on the event loop: 0.1 ms for 32 ms of audio on one thread (ggml builds of the same net need 1.4 ms), and
behind the gate only where there may be speech; the gate itself needs 0.003 ms for 20 ms.
"""

from __future__ import annotations

from pathlib import Path

import faster_whisper
import numpy as np
import onnxruntime
import webrtcvad

from asr.endpointing import ONSET_PROBABILITY
from asr.level import LowLevelGain
from streaming.audio import ASR_RATE_HZ, to_s16le
from streaming.items import Samples

CHUNK = 512
"""samples a probability stands for (32 ms): what Silero was trained on at 16 kHz"""
CONTEXT = 64
"""samples of the previous chunk that Silero takes with each chunk"""
GATE_FRAME = 320
"""20 ms, one of the frame lengths that WebRTC's detector knows"""
GATE_HOLD_S = 0.6
"""the gate stays open so long after its last speech frame: longer than the pauses inside an utterance"""
GATE_MODE = 0
"""the least aggressive: a gate may let noise through but must not cut speech"""
WARM_UP = 3
"""silent chunks kept to run through Silero first when the gate opens, so that its state knows the background"""


def load_silero() -> onnxruntime.InferenceSession:
    """Silero VAD on one CPU thread; one session serves every detector, since the state travels with the call."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    path = Path(faster_whisper.__file__).parent / "assets" / "silero_vad_v6.onnx"
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class SpeechProbability:
    """Silero's recurrent state over one stream of consecutive chunks."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self.reset()

    def reset(self) -> None:
        """Forget the stream: the next chunk begins another one."""
        self._hidden = np.zeros((1, 1, 128), np.float32)
        self._cell = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)

    def push(self, chunk: Samples) -> float:
        """The probability that these 512 samples hold speech."""
        window = np.concatenate((self._context, chunk))[np.newaxis]
        inputs = {"input": window, "h": self._hidden, "c": self._cell}
        probabilities, self._hidden, self._cell = self._session.run(None, inputs)
        self._context = chunk[-CONTEXT:]
        return float(np.ravel(probabilities)[0])


class VoiceActivityDetector:
    """Speech probability of every 512-sample chunk of a 16 kHz stream."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._silero = SpeechProbability(session)
        self._gain = LowLevelGain()
        self._gate = webrtcvad.Vad(GATE_MODE)
        self._gated = np.zeros(0, np.float32)
        self._pending = np.zeros(0, np.float32)
        self._quiet: list[Samples] = []
        self._next_start = 0
        self._open_until = 0

    def push(self, samples: Samples) -> list[tuple[int, float]]:
        """(first sample, speech probability) of every chunk that these samples complete, however they were cut."""
        self._pending = np.concatenate((self._pending, samples))
        out = []
        while len(self._pending) >= CHUNK:
            chunk, self._pending = self._pending[:CHUNK], self._pending[CHUNK:]
            probability = self._probability(self._gain.push(chunk))
            if probability >= ONSET_PROBABILITY:
                self._gain.was_speech()
            out.append((self._next_start, probability))
            self._next_start += CHUNK
        return out

    def _probability(self, chunk: Samples) -> float:
        was_open = self._next_start < self._open_until
        if self._gate_hears(chunk):
            self._open_until = self._next_start + int(GATE_HOLD_S * ASR_RATE_HZ)
        if self._next_start >= self._open_until:
            self._quiet = [*self._quiet, chunk][-WARM_UP:]
            return 0.0
        if not was_open:
            self._warm_up()
        return self._silero.push(chunk)

    def _gate_hears(self, chunk: Samples) -> bool:
        self._gated = np.concatenate((self._gated, chunk))
        heard = False
        while len(self._gated) >= GATE_FRAME:
            frame, self._gated = self._gated[:GATE_FRAME], self._gated[GATE_FRAME:]
            heard |= self._gate.is_speech(to_s16le(frame), ASR_RATE_HZ)
        return heard

    def _warm_up(self) -> None:
        self._silero.reset()
        for chunk in self._quiet:
            self._silero.push(chunk)
        self._quiet = []
