"""Kokoro-82M (StyleTTS 2, Li et al. 2023, with an iSTFTNet decoder) in ONNX Runtime."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime

from streaming.audio import SPEECH_RATE_HZ, resample
from streaming.errors import BadInput, ModelMissing
from streaming.items import Samples
from tts.espeak import Espeak
from tts.kokoro_graph import faster_graph
from tts.kokoro_phonemes import KokoroPhonemes
from tts.mastering import master
from tts.synthesis import SynthesizeRequest, spoken_text

MAX_TOKENS = 510
"""The model's context of 512 less the padding at both ends; a voice has a style for each length below it."""
_BREAKS = (".!?…", ";:—,", " ")
_STYLE_WIDTH = 256
_RATE_HZ = 24_000

_BRIEF = 30
"""characters of a text whose speech is kept: in 40,000 sentences of meetings (QMSum) 40 % were as short and had been
said before in the same meeting, which is 13 % of what there is to speak"""
KEPT = 128
"""such texts, a second or two each: some 15 MB"""

_EDGE_TOKENS = 7
"""What a short input is drawn out by, in tokens' worth of time (0.041 s): durations of pf_dora fit 0.30 + 0.041 n s.
Speech cut into clauses was 24 % longer for it than whole sentences; `pace` takes half of it back."""
_FASTEST = 1.3
"""Where `pace` stops: at 1.25 the first vowel of some clauses is swallowed already."""


class KokoroModel:
    """Speaks English and Portuguese; one clause a call, since the graph takes one sequence."""

    name = "kokoro-82m"
    max_batch = 1

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        vocabulary: Mapping[str, int],
        voices: Mapping[str, np.ndarray],
        espeak: Espeak,
        *,
        threads: int,
        kept: int = KEPT,
    ) -> None:
        """`threads`: of the session. `kept`: the speech of so many brief texts is kept, for when they come again."""
        self.threads = threads
        self._session = session
        self._vocabulary = vocabulary
        self._voices = voices
        self._phonemes = KokoroPhonemes(espeak, vocabulary.keys())
        self._kept = lru_cache(kept)(self._speak)

    @property
    def voices(self) -> frozenset[str]:
        return frozenset(self._voices)

    def run(self, batch: Sequence[SynthesizeRequest]) -> list[Samples]:
        return [self._kept(r) if len(r.text) <= _BRIEF else self._speak(r) for r in batch]

    def _speak(self, request: SynthesizeRequest) -> Samples:
        if request.voice not in self._voices:
            raise BadInput(f"Kokoro has no voice {request.voice!r}")
        phonemes = self._phonemes.of(spoken_text(request), request.language)
        pieces = [self._infer(piece, request) for piece in split_phonemes(phonemes, MAX_TOKENS)]
        speech = np.concatenate([master(piece) for piece in pieces]) if pieces else np.zeros(0, np.float32)
        speech.flags.writeable = False  # the next caller may get it too
        return speech

    def _infer(self, phonemes: str, request: SynthesizeRequest) -> Samples:
        tokens = [self._vocabulary[letter] for letter in phonemes]
        style = self._voices[request.voice][min(len(tokens), MAX_TOKENS - 1)]
        feeds = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": np.asarray(style, np.float32).reshape(1, _STYLE_WIDTH),
            "speed": np.array([pace(len(tokens), request.tempo)], np.float32),
        }
        return resample(self._session.run(["audio"], feeds)[0].reshape(-1), _RATE_HZ, SPEECH_RATE_HZ)


def load_kokoro(folder: Path, espeak: Espeak, *, threads: int, kept: int = KEPT) -> KokoroModel:
    """The model in `folder` (`model.onnx`, `vocab.json`, `voices/*.bin`). Raises ModelMissing."""
    for name in ("model.onnx", "vocab.json", "voices"):
        if not (folder / name).exists():
            raise ModelMissing(f"Kokoro: {folder / name} is not there")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    graph = faster_graph(folder / "model.onnx")
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    vocabulary = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
    voices = {path.stem: load_voice(path) for path in sorted((folder / "voices").glob("*.bin"))}
    return KokoroModel(session, vocabulary, voices, espeak, threads=threads, kept=kept)


def load_voice(path: Path) -> np.ndarray:
    """A voice's styles, shape (510, 256): row n for n tokens. Raises ModelMissing if the file has another size."""
    if path.stat().st_size != MAX_TOKENS * _STYLE_WIDTH * 4:
        raise ModelMissing(f"Kokoro: {path} is not a voice")
    return np.memmap(path, dtype="<f4", mode="r", shape=(MAX_TOKENS, _STYLE_WIDTH))


def pace(tokens: int, tempo: float) -> float:
    """The model's `speed` for `tempo`: a little more for short inputs, which it draws out."""
    half = _EDGE_TOKENS / 2
    return max(tempo, min(_FASTEST, tempo * (tokens + 2 * half) / (tokens + half)))


def split_phonemes(phonemes: str, limit: int) -> list[str]:
    """Pieces of at most `limit` letters that join to `phonemes`, cut after the best kind of break there is."""
    pieces = []
    while len(phonemes) > limit:
        cut = next((c for marks in _BREAKS if (c := _last_of(phonemes, marks, limit))), limit)
        pieces.append(phonemes[:cut])
        phonemes = phonemes[cut:]
    return [*pieces, phonemes] if phonemes.strip() else pieces


def _last_of(phonemes: str, marks: str, limit: int) -> int:
    return max(phonemes.rfind(mark, 0, limit) for mark in marks) + 1
