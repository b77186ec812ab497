"""`dragoman bench stages`: each model by itself, by length of its input and batch size."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
from tqdm import tqdm

from asr.recognition import RecognizeRequest
from asr.whisper import Whisper
from bench.json_output import open_output, write_json
from bench.provenance import provenance
from mt.translator import TranslateRequest
from server.load import Models, load_models
from server.models import ModelStore, models_dir
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.engine import Model
from streaming.items import Samples
from tts.voices import Gender, Voice, Voices

BATCHES = (1, 2, 4)
RUNS = 5
_WINDOWS_S = (2, 5, 10)
_MOST_NEW_TOKENS = 200
"""more than anyone says in the longest window"""
_GENDERS: tuple[Gender, ...] = ("female", "male")
SENTENCES = {
    "en": (
        "The meeting begins at nine.",
        "Before we begin, I would like to thank everyone who helped us prepare this week.",
        "When the new bridge was opened last spring, the people on both sides of the river hoped that the long drive "
        "through the hills would be nothing but a memory.",
    ),
    "pt": (
        "A reunião começa às nove.",
        "Antes de começar, quero agradecer a todos que nos ajudaram a preparar esta longa semana.",
        "Quando a nova ponte foi aberta na primavera passada, as pessoas dos dois lados do rio esperavam que a longa "
        "viagem pelas montanhas logo fosse apenas uma lembrança muito distante.",
    ),
}
"""of 5, 15 and 30 words"""
CLAUSES = {
    "en": {"short": "Good morning, everyone.", "long": SENTENCES["en"][1]},
    "pt": {"short": "Bom dia a todos.", "long": SENTENCES["pt"][1]},
}
_EXAMPLES = """examples:
  dragoman bench stages
  dragoman bench stages --json - | jq '.rows[] | select(.batch == 1)'

compute_per_second is the real-time factor: seconds of compute for each second of audio taken in or made.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench stages",
        description="Time each model alone: recognition on windows of 2, 5 and 10 s, translation of 5, 15 and 30 "
        "words, every voice on a short and a long clause; batches of 1, 2 and 4 where it takes them, median of "
        f"{RUNS} runs.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--json", metavar="OUT.json", help="write the figures; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises ModelMissing without the models, BadInput where the figures can't be written."""
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        models = load_models(ModelStore(models_dir()))
        rows = list(tqdm(all_rows(models), unit="row", disable=not sys.stderr.isatty()))
        if out is not sys.stdout:
            print(_table(rows))
        if out is not None:
            names = {"recognition": models.whisper.name} | {
                f"{a}-{b}": t.name for (a, b), t in models.translators.items()
            }
            write_json({"rows": rows, "provenance": provenance(names)}, out)
    return 0


def all_rows(models: Models) -> Iterator[dict[str, Any]]:
    """A row a model, input and batch size. Languages without sentences of ours are left out."""
    yield from _recognition_rows(models.whisper, models.voices)
    for (source, target), translator in models.translators.items():
        for sentence in SENTENCES.get(source, ()):
            request = TranslateRequest(sentence, final=True)
            for batch, seconds, results in timed(translator, request):
                tokens = sum(len(result.target.tokens) for result in results)
                row = _row(translator.name, f"{source}-{target}, {len(sentence.split())} words", batch, seconds)
                yield {**row, "ms_per_token": round(1000 * seconds / max(1, tokens), 2)}
    for language, voice in _voices(models.voices, models.spoken_languages()):
        for length, text in CLAUSES[language].items():
            request_to_speak = voice.request(text, language, tempo=1.0, sentence_end=True)
            for batch, seconds, speech in timed(voice.model, request_to_speak):
                made_s = sum(map(len, speech)) / SPEECH_RATE_HZ
                row = _row(voice.model.name, f"{language} {voice.name}, {length} clause", batch, seconds)
                yield {**row, "compute_per_second": round(seconds / made_s, 3)}


def timed(model: Model[Any, Any], request: Any) -> Iterator[tuple[int, float, Sequence[Any]]]:
    """(batch size, median seconds of a run, its results) for every batch size that the model takes."""
    for batch in BATCHES:
        if batch > model.max_batch:
            return
        results, spent_s = model.run([request] * batch), []  # the first run of a shape isn't counted
        for _ in range(RUNS):
            started = time.perf_counter()
            results = model.run([request] * batch)
            spent_s.append(time.perf_counter() - started)
        yield batch, statistics.median(spent_s), results


def _recognition_rows(whisper: Whisper, voices: Voices) -> Iterator[dict[str, Any]]:
    speech = _speech(voices, "en", max(_WINDOWS_S))
    for window_s in _WINDOWS_S:
        request = RecognizeRequest(speech[: window_s * ASR_RATE_HZ], "en", (), _MOST_NEW_TOKENS)
        for batch, seconds, _ in timed(whisper, request):
            row = _row(whisper.name, f"en, {window_s} s", batch, seconds)
            yield {**row, "compute_per_second": round(seconds / (batch * window_s), 3)}


def _speech(voices: Voices, language: str, seconds: float) -> Samples:
    """16 kHz speech of at least that length, spoken by the machine's own voice."""
    voice = voices.choose(language)
    parts: list[Samples] = []
    while sum(map(len, parts)) < seconds * ASR_RATE_HZ:
        text = SENTENCES[language][-1 - len(parts) % 2]
        spoken = voice.model.run([voice.request(text, language, tempo=1.0, sentence_end=True)])[0]
        parts.append(resample(spoken, SPEECH_RATE_HZ, ASR_RATE_HZ))
    return np.concatenate(parts)


def _voices(voices: Voices, languages: Sequence[str]) -> list[tuple[str, Voice]]:
    """Each (language, voice) once: a voice may stand in for both genders."""
    found: dict[tuple[str, str, str], tuple[str, Voice]] = {}
    for language in languages:
        for gender in _GENDERS:
            voice = voices.choose(language, gender)
            if language in CLAUSES:
                found[language, voice.model.name, voice.name] = (language, voice)
    return list(found.values())


def _row(model: str, given: str, batch: int, seconds: float) -> dict[str, Any]:
    return {"model": model, "input": given, "batch": batch, "ms": round(1000 * seconds, 1)}


def _table(rows: Sequence[dict[str, Any]]) -> str:
    lines = [f"{'model':<28} {'input':<42} {'batch':>5} {'ms':>8}"]
    for row in rows:
        name = "ms_per_token" if "ms_per_token" in row else "compute_per_second"
        rate = f"{row[name]} {name.replace('_', ' ')}"
        lines.append(f"{row['model']:<28} {row['input']:<42} {row['batch']:>5} {row['ms']:>8}  {rate}")
    return "\n".join(lines)
