"""How much of the offline cascade's quality the live path keeps, judged on the speech that comes out (ASR-chrF).

Offline: the whole recording recognised (beam 5), whole sentences translated and spoken, by the same models. Both
outputs are transcribed by the same Whisper and scored with chrF (Popović 2015, sacreBLEU) against the full-sentence
translation of the clip's reference transcript, or of the offline transcript where the clip has none (which favours the
offline side). ASR-chrF carries the recogniser's own errors on synthetic speech, the same for both sides.

    python -m bench.speech_quality manifest.tsv --from en --to pt --json -
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sacrebleu
import soundfile
from faster_whisper import WhisperModel

from mt.translator import TranslateRequest
from server.load import Models, load_models
from server.media_file import read_audio
from server.models import ModelStore, models_dir
from server.speech_path import Target
from server.translate import FileTranslation, Report
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.clock import run_virtual
from streaming.items import Samples
from streaming.language import primary
from streaming.local_engine import VirtualCores

_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")


@dataclass(frozen=True, slots=True)
class Clip:
    """One line of the manifest."""

    path: Path
    transcript: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One clip through both systems."""

    clip: str
    reference: str
    offline_text: str
    offline_heard: str
    live_text: str
    live_heard: str
    live: dict[str, Any]
    """`dragoman translate`'s report"""


class SpeechQuality:
    """Runs clips through both systems."""

    def __init__(self, store: ModelStore, source: str, target: str) -> None:
        self._models: Models = load_models(store)
        self._ear = WhisperModel(str(store.whisper()), device="cpu", compute_type="int8", cpu_threads=2)
        self._source = source
        self._target = target

    def measure(self, clip: Clip) -> Outcome:
        audio = np.concatenate(list(read_audio(clip.path)))
        transcript = self._transcribe(audio, self._source)
        offline_text = self._translate(transcript)
        report, live_speech = self._live(clip.path)
        return Outcome(
            clip=clip.path.name,
            reference=self._translate(clip.transcript) if clip.transcript else offline_text,
            offline_text=offline_text,
            offline_heard=self._heard(self._speak(offline_text)),
            live_text=report.target_text,
            live_heard=self._heard(live_speech),
            live=report.as_dict(),
        )

    def _live(self, path: Path) -> tuple[Report, Samples]:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "live.wav"
            translation = FileTranslation(
                path,
                out,
                models=self._models,
                source=self._source,
                target=Target(self._target),
                execute=VirtualCores(),
                progress=lambda _: None,
            )
            report = run_virtual(translation.run())
            return report, soundfile.read(out, dtype="float32")[0]

    def _transcribe(self, audio: Samples, language: str) -> str:
        segments, _ = self._ear.transcribe(audio, language=language, beam_size=5)
        return " ".join(segment.text.strip() for segment in segments)

    def _heard(self, speech: Samples) -> str:
        return self._transcribe(resample(speech, SPEECH_RATE_HZ, ASR_RATE_HZ), self._target)

    def _translate(self, text: str) -> str:
        sentences = [TranslateRequest(part.strip(), final=True) for part in _SENTENCE.findall(text) if part.strip()]
        translator = self._models.translator(self._source, self._target)
        return " ".join(" ".join(translator.run([sentence])[0].words) for sentence in sentences)

    def _speak(self, text: str) -> Samples:
        voice = self._models.voices.choose(self._target)
        pause = np.zeros(SPEECH_RATE_HZ // 4, np.float32)
        parts = [pause]
        for sentence in _SENTENCE.findall(text):
            request = voice.request(sentence.strip(), self._target, tempo=1.0, sentence_end=True)
            parts += [voice.model.run([request])[0], pause]
        return np.concatenate(parts)


def read_manifest(path: Path, language: str) -> Iterator[Clip]:
    """The clips of one language; columns path (from the manifest's folder or one above it), lang, transcript.

    Raises FileNotFoundError, naming the clip.
    """
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if primary(row["lang"]) == language:
                transcript = row["transcript"]
                # Some corpora transcribe in capitals, which the translation model would take for names.
                yield Clip(_found(path, row["path"]), transcript.capitalize() if transcript.isupper() else transcript)


def _found(manifest: Path, name: str) -> Path:
    for folder in manifest.parents:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{name} is neither beside {manifest} nor above it")


def summary(outcomes: list[Outcome]) -> dict[str, Any]:
    """Corpus chrF of both systems and the live system's lag (seconds)."""
    references = [[_plain(outcome.reference) for outcome in outcomes]]

    def chrf(texts: list[str]) -> float:
        return round(sacrebleu.corpus_chrf([_plain(text) for text in texts], references).score, 1)

    offline = chrf([outcome.offline_heard for outcome in outcomes])
    live = chrf([outcome.live_heard for outcome in outcomes])
    clauses = [clause for outcome in outcomes for clause in outcome.live["clauses"]]
    spans = sorted(clause["ear_voice_span_s"] for clause in clauses if clause["ear_voice_span_s"] is not None)
    starts = [outcome.live["start_offset_s"] for outcome in outcomes if outcome.live["start_offset_s"] is not None]
    seconds = sum(outcome.live["audio_s"] for outcome in outcomes)
    compute = sum(sum(outcome.live["compute_s"].values()) for outcome in outcomes)
    return {
        "clips": len(outcomes),
        "seconds": round(seconds, 1),
        "asr_chrf_offline": offline,
        "asr_chrf_live": live,
        "kept": round(live / offline, 3),
        "chrf_text_offline": chrf([outcome.offline_text for outcome in outcomes]),
        "chrf_text_live": chrf([outcome.live_text for outcome in outcomes]),
        "ear_voice_span_s": {"p50": _quantile(spans, 0.5), "p95": _quantile(spans, 0.95)},
        "start_offset_s": {"p50": round(statistics.median(starts), 2), "max": round(max(starts), 2)},
        "clauses": len(clauses),
        "clauses_skipped": len(clauses) - len(spans),
        "compute_per_audio_second": round(compute / seconds, 2),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


def _plain(text: str) -> str:
    """Case and punctuation are not heard."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def _quantile(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--from", dest="source", required=True)
    parser.add_argument("--to", dest="target", required=True)
    parser.add_argument("--transcribed", action="store_true", help="only the clips that have a reference transcript")
    parser.add_argument("--json", type=argparse.FileType("w"), default="-", help="file, or - for standard output")
    args = parser.parse_args()
    clips = [clip for clip in read_manifest(args.manifest, args.source) if clip.transcript or not args.transcribed]
    bench = SpeechQuality(ModelStore(models_dir()), args.source, args.target)
    outcomes = []
    for number, clip in enumerate(clips, start=1):
        print(f"{number}/{len(clips)} {clip.path.name}", file=sys.stderr)
        outcomes.append(bench.measure(clip))
    result = {"summary": summary(outcomes), "clips": [asdict(outcome) for outcome in outcomes]}
    json.dump(result, args.json, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
