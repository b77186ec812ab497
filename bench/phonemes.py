"""The voices on eSpeak NG's phonemes and on another converter's: how well Whisper base understands them.

    python -m bench.phonemes pt > pieces.txt
    python bench/phoneme_converters.py gruut pt < pieces.txt > gruut.tsv
    python -m bench.phonemes pt gruut.tsv

The sentences of the glossary's tests, a hundred of them, by Kokoro and, in English, by Piper too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.listening import Ear
from bench.metrics.word_error_rate import WordErrors, word_errors
from bench.paired_bootstrap import paired_bootstrap
from bench.term_uses import built_in_uses
from server.models import ModelStore, models_dir
from streaming.engine import Model
from streaming.errors import ModelMissing
from streaming.items import Samples
from tts.espeak import TIE, Espeak
from tts.kokoro import load_kokoro
from tts.kokoro_phonemes import PUNCTUATION
from tts.piper import PiperModel, load_piper
from tts.synthesis import SynthesizeRequest, spoken_text

_SENTENCES = 100
_KOKORO = {"pt": "pf_dora", "en": "af_heart"}


class Converted(Espeak):
    """Another converter's phonemes of the pieces between punctuation, in place of eSpeak's."""

    def __init__(self, pieces: Mapping[str, str]) -> None:
        super().__init__()
        self._pieces = pieces

    def phonemes(self, text: str, voice: str) -> str:
        return self._pieces[text.strip()]


def pieces(requests: list[SynthesizeRequest]) -> Iterator[str]:
    """What a voice asks the converter for."""
    for request in requests:
        yield from (piece.strip() for piece in PUNCTUATION.split(spoken_text(request))[::2] if piece.strip())


def sentences(language: str) -> list[SynthesizeRequest]:
    uses = built_in_uses(language, {"en": "pt", "pt": "en"}[language])
    return [SynthesizeRequest(use.source, language, _KOKORO[language]) for use in uses[:_SENTENCES]]


def piper(store: ModelStore, converted: Converted | None) -> PiperModel:
    path = store.piper_voice("en")
    if path is None:
        raise ModelMissing("Piper is not here: dragoman models fetch")
    model = load_piper(path, threads=1)
    if converted is not None:

        def phonemize(text: str) -> list[list[str]]:
            parts = enumerate(PUNCTUATION.split(text))
            spoken = (converted.phonemes(part, "") if at % 2 == 0 and part.strip() else part for at, part in parts)
            return [[*"".join(spoken).replace(TIE, "")]]

        vars(model)["_voice"].phonemize = phonemize  # Piper calls eSpeak itself
    return model


def main(language: str, file: Path | None) -> None:
    requests = sentences(language)
    if file is None:
        print(*pieces(requests), sep="\n")
        return
    with file.open(encoding="utf-8") as lines:
        converted = Converted(dict(line.rstrip("\n").split("\t") for line in lines))
    store = ModelStore(models_dir())
    folder = store.kokoro()
    if folder is None:
        raise ModelMissing("Kokoro is not here: dragoman models fetch")
    voices: dict[str, tuple[Model[SynthesizeRequest, Samples], ...]] = {
        "kokoro": tuple(load_kokoro(folder, each, threads=1) for each in (Espeak(), converted))
    }
    if language == "en":
        voices["piper"] = piper(store, None), piper(store, converted)
    ear = Ear(store.whisper())
    for name, pair in voices.items():
        errors = [
            [word_errors(request.text, ear.hear(model.run([request])[0], language)) for request in requests]
            for model in pair
        ]
        espeak, other = (100 * sum(each, WordErrors()).rate for each in errors)
        change = paired_bootstrap(*([each.rate for each in system] for system in errors))
        interval = f"{100 * change.mean:+.1f} [{100 * change.low:+.1f}, {100 * change.high:+.1f}]"
        print(
            f"{name}, {language}: WER on eSpeak's phonemes {espeak:.1f} %, on {file.stem}'s {other:.1f} %: {interval}"
        )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
