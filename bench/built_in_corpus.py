"""The built-in corpus: short talks of the project's own, spoken by the voices of this machine when first asked for.

All of it is synthetic, and its manifest says so. A language with a natural voice of one gender alone, or one voice for
both, gets its second speaker by resampling that voice to another pitch. Voices are not the same on every machine and
Piper's are not the same twice, so figures compare only over the same files: what is made once is kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile

from bench.built_in_texts import Text, read_texts, sentences_of, texts_file
from server.models import models_dir
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.errors import BadInput
from streaming.items import Samples
from tts.espeak import EspeakModel
from tts.voices import Gender, Voice, Voices

VERSION = 2
"""To be raised with every change here that changes the sound or what is written beside it."""
Colour = Literal["white", "pink"]
NOISES: tuple[tuple[Colour, int], ...] = (("white", 20), ("pink", 10), ("pink", 5))
"""(colour, SNR in dB) of the noisy versions that a text of the kind `meeting in noise` gets beside the clean one"""

_DIGEST = "made_from.sha256"
_COLUMNS = ("path", "lang", "transcript", "reference", "segments", "type", "voices")
_SEGMENT_COLUMNS = ("start", "end", "transcript", "reference")
_EDGE_S = (0.5, 1.0)
"""silence before and after a clip's speech, drawn from this range"""
_PAUSE_S = (0.3, 0.8)
"""between sentences"""
_PITCH: Mapping[Gender, float] = {"female": 1.12, "male": 0.89}
"""of a second speaker made from the other gender's voice, relative to it"""
_ACTIVE_DB = 40.0
"""how far below the loudest a frame still counts as speech"""
_PEAK = 0.95


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice, and the pitch it is brought to (1.0: its own)."""

    voice: Voice
    pitch: float

    def say(self, sentence: str, language: str) -> Samples:
        """24 kHz mono float32."""
        request = self.voice.request(sentence, language, tempo=1.0, sentence_end=True)
        return resample(self.voice.model.run([request])[0], round(SPEECH_RATE_HZ * self.pitch), SPEECH_RATE_HZ)

    def __str__(self) -> str:
        return self.voice.name if self.pitch == 1.0 else f"{self.voice.name} at pitch {self.pitch}"


def corpus_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """dragoman/corpus in the user's data folder (XDG Base Directory Specification).

    Raises BadInput when the user has no home folder.
    """
    try:
        return models_dir({"XDG_DATA_HOME": environment.get("XDG_DATA_HOME", "")}).with_name("corpus")
    except BadInput as error:
        raise BadInput("there is no home folder to keep the corpus in: set XDG_DATA_HOME to a folder") from error


def built_in(language: str, voices: Voices, folder: Path) -> Path:
    """The manifest of `folder`/LANGUAGE, whose clips (16 kHz, 16 bit, mono) are made where they are absent or stale.

    That takes minutes; an interrupted run leaves nothing behind. Raises BadInput for a language without texts, and
    for a folder that can't be written or holds something else.
    """
    corpus, digest = folder / language, _wanted(language)
    try:
        if _digest(corpus) != digest:
            _make(read_texts(texts_file(language)), language, voices, corpus, digest)
    except OSError as error:
        raise BadInput(f"the built-in corpus can't be written to {corpus}: {error.strerror}") from error
    return corpus / "manifest.tsv"


def default_manifest(language: str, load_voices: Callable[[], Voices]) -> Path:
    """Of the built-in corpus in the user's data folder; the voices are only loaded to make it. Raises as `built_in`."""
    corpus = corpus_dir() / language
    if _digest(corpus) == _wanted(language):
        return corpus / "manifest.tsv"
    print("speaking the built-in corpus, once: this takes minutes", file=sys.stderr)
    return built_in(language, load_voices(), corpus.parent)


def speakers(voices: Voices, language: str) -> dict[Gender, Speaker]:
    """Two speakers who differ, of natural voices as far as there are any."""
    female, male = voices.choose(language, "female"), voices.choose(language, "male")
    robotic = isinstance(female.model, EspeakModel), isinstance(male.model, EspeakModel)
    if robotic == (True, False):
        return {"female": Speaker(male, _PITCH["female"]), "male": Speaker(male, 1.0)}
    if robotic == (False, True) or female == male:
        return {"female": Speaker(female, 1.0), "male": Speaker(female, _PITCH["male"])}
    return {"female": Speaker(female, 1.0), "male": Speaker(male, 1.0)}


def with_noise(speech: Samples, colour: Colour, snr_db: float, rng: np.random.Generator) -> Samples:
    """Noise over the whole clip, its pauses too, `snr_db` below the mean power of the frames that hold speech.

    Pink noise falls by 3 dB an octave. Where the sum would clip, both are turned down.
    """
    noise = rng.standard_normal(len(speech))
    if colour == "pink":
        spectrum = np.fft.rfft(noise)
        spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
        spectrum[0] = 0.0
        noise = np.fft.irfft(spectrum, len(speech))
    power = active_power(speech) / 10 ** (snr_db / 10)
    noisy = speech + noise * np.sqrt(power / np.mean(noise**2))
    return (noisy * min(1.0, _PEAK / np.max(np.abs(noisy)))).astype(np.float32)


def active_power(speech: Samples) -> float:
    """Mean power of the 20 ms frames (at 16 kHz) that are less than 40 dB below the loudest."""
    frame = ASR_RATE_HZ // 50
    frames = speech[: len(speech) // frame * frame].reshape(-1, frame).astype(np.float64)
    powers = np.mean(frames**2, axis=1)
    return float(np.mean(powers[powers >= powers.max() * 10 ** (-_ACTIVE_DB / 10)]))


def _wanted(language: str) -> str:
    """What a corpus of this version is made from. Raises BadInput for a language without texts."""
    return hashlib.sha256(f"{VERSION}\n".encode() + texts_file(language).read_bytes()).hexdigest()


def _digest(corpus: Path) -> str | None:
    """What the corpus there was made from; None: there is none. Raises BadInput where something else is."""
    if (corpus / _DIGEST).is_file():
        return (corpus / _DIGEST).read_text("utf-8").strip()
    if corpus.is_file() or (corpus.is_dir() and any(corpus.iterdir())):
        raise BadInput(f"{corpus} is not the built-in corpus: move it away or name another folder")
    return None


def _make(texts: Sequence[Text], language: str, voices: Voices, corpus: Path, digest: str) -> None:
    """In a scratch folder beside it first, so that `corpus` is there only when it is whole."""
    corpus.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=corpus.parent, prefix=".making-") as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        by_gender = speakers(voices, language)
        rows = [row for text in texts for row in _clips(text, language, by_gender, fresh)]
        _write_table(fresh / "manifest.tsv", [_COLUMNS, *rows])
        (fresh / _DIGEST).write_text(digest + "\n", "utf-8")
        if _digest(corpus) == digest:  # another process was faster
            return
        if corpus.exists():
            corpus.rename(Path(scratch) / "stale")
        fresh.rename(corpus)


def _clips(text: Text, language: str, by_gender: Mapping[Gender, Speaker], folder: Path) -> Iterator[tuple[str, ...]]:
    """Writes the text's clips and gives their lines of the manifest."""
    rng = np.random.default_rng(zlib.crc32(f"{language}/{text.name}".encode()))
    speech, sentences = _speech(text, language, by_gender, rng)
    references = sentences_of(text.reference)
    segments = [
        (f"{start_s:.3f}", f"{end_s:.3f}", sentence, reference)
        for (sentence, start_s, end_s), reference in zip(sentences, references, strict=True)
    ]
    table = f"{text.name}.segments.tsv"
    _write_table(folder / table, [_SEGMENT_COLUMNS, *segments])
    voices = ", ".join(str(by_gender[gender]) for gender in text.genders)
    versions = [(text.name, text.kind, speech)]
    if text.kind == "meeting in noise":
        versions = [(text.name, "meeting", speech)]
        for colour, snr_db in NOISES:
            noisy = with_noise(speech, colour, snr_db, rng)
            versions.append((f"{text.name}-{colour}-{snr_db}db", f"meeting, {colour} noise {snr_db} dB", noisy))
    for name, kind, samples in versions:
        soundfile.write(folder / f"{name}.wav", samples, ASR_RATE_HZ, subtype="PCM_16")
        yield f"{name}.wav", language, " ".join(text.turns), text.reference, table, f"synthetic, {kind}", voices


def _speech(
    text: Text, language: str, by_gender: Mapping[Gender, Speaker], rng: np.random.Generator
) -> tuple[Samples, list[tuple[str, float, float]]]:
    """All turns, 16 kHz, with silence at both ends and a pause after each sentence; and each sentence's start and end
    in seconds.
    """
    parts = [_silence(_EDGE_S, rng)]
    sentences: list[tuple[str, float, float]] = []
    spoken = len(parts[0])
    for number, turn in enumerate(text.turns):
        speaker = by_gender[text.genders[number % len(text.genders)]]
        for sentence in sentences_of(turn):
            samples, pause = speaker.say(sentence, language), _silence(_PAUSE_S, rng)
            end = spoken + len(samples)
            sentences.append((sentence, spoken / SPEECH_RATE_HZ, end / SPEECH_RATE_HZ))
            spoken = end + len(pause)
            parts += [samples, pause]
    parts[-1] = _silence(_EDGE_S, rng)
    return resample(np.concatenate(parts), SPEECH_RATE_HZ, ASR_RATE_HZ), sentences


def _write_table(path: Path, rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as table:
        table.writelines("\t".join(row) + "\n" for row in rows)


def _silence(range_s: tuple[float, float], rng: np.random.Generator) -> Samples:
    return np.zeros(round(rng.uniform(*range_s) * SPEECH_RATE_HZ), np.float32)
