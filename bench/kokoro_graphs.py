"""Kokoro on its published graph and on the rewritten one, sentence by sentence: what they cost, what is understood.

python -m bench.kokoro_graphs [SENTENCES], all of them by default: the Portuguese sentences of the glossary's tests.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import onnxruntime

from bench.listening import Ear
from bench.metrics.word_error_rate import WordErrors, word_errors
from bench.paired_bootstrap import paired_bootstrap
from bench.term_uses import built_in_uses
from server.models import ModelStore, models_dir
from streaming.audio import SPEECH_RATE_HZ
from streaming.errors import ModelMissing
from tts.espeak import Espeak
from tts.kokoro import KokoroModel, load_kokoro, load_voice
from tts.synthesis import SynthesizeRequest

_VOICE = "pf_dora"
_THREADS = 2


@dataclass(slots=True)
class _Voice:
    model: KokoroModel
    passed_s: float = 0.0
    cpu_s: float = 0.0
    spoken_s: float = 0.0
    errors: list[WordErrors] = field(default_factory=list)

    def say(self, text: str, ear: Ear) -> None:
        passed_s, cpu_s = time.perf_counter(), time.process_time()
        speech = self.model.run([SynthesizeRequest(text, "pt", _VOICE)])[0]
        self.passed_s += time.perf_counter() - passed_s
        self.cpu_s += time.process_time() - cpu_s
        self.spoken_s += len(speech) / SPEECH_RATE_HZ
        self.errors.append(word_errors(text, ear.hear(speech, "pt")))


def main(sentences: int | None) -> None:
    """Prints a line for each graph and the difference in word errors with its 95 % interval."""
    store, espeak = ModelStore(models_dir()), Espeak()
    folder = store.kokoro()
    if folder is None:
        raise ModelMissing("Kokoro is not here: dragoman models fetch")
    rewritten = _Voice(load_kokoro(folder, espeak, threads=_THREADS, kept=1))
    published = _Voice(_on_published_graph(folder, espeak))
    ear = Ear(store.whisper())
    turns = itertools.cycle([(published, rewritten), (rewritten, published)])
    for use, order in zip(built_in_uses("pt", "en")[:sentences], turns, strict=False):
        for voice in order:
            voice.say(use.source, ear)
    for name, voice in (("published", published), ("rewritten", rewritten)):
        print(
            f"{name}: {voice.cpu_s / voice.spoken_s:.3f} s of CPU and {voice.passed_s / voice.spoken_s:.3f} s of time "
            f"a second of speech, {voice.spoken_s:.0f} s; WER {100 * sum(voice.errors, WordErrors()).rate:.1f} %"
        )
    change = paired_bootstrap(*([each.rate for each in voice.errors] for voice in (published, rewritten)))
    interval = f"[{100 * change.low:+.1f}, {100 * change.high:+.1f}]"
    print(f"a sentence's WER on the rewritten less the published: {100 * change.mean:+.1f} {interval} points")


def _on_published_graph(folder: Path, espeak: Espeak) -> KokoroModel:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    vocabulary = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
    voices = {_VOICE: load_voice(folder / "voices" / f"{_VOICE}.bin")}
    return KokoroModel(session, vocabulary, voices, espeak, threads=_THREADS, kept=1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
