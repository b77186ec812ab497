"""simulstream's metrics log of a run, for simulstream's own scorers and OmniSTEval's.

Format: Gaido et al. 2025, "simulstream: open-source toolkit for evaluation and demonstration of streaming
speech-to-text translation systems", as its server's `MessageProcessor` writes it and `LogReader` reads it: a metadata
line a recording, then a line each time that there was output, times in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from bench.events import TargetWord, of_kind
from bench.recording import Recording


def write_simulstream_log(path: Path, recordings: Iterable[Recording]) -> None:
    """A token is a word, so the reader's detokenizer is `simuleval` with `latency_unit: word`. Replaces an old file.

    `computation_time` is what passed between the newest audio that the words rest on and their commitment: the
    reader's computation-aware delay is then when they were committed. It is not compute alone, so simulstream's
    real-time factor means nothing here. Raises OSError.
    """
    with path.open("w", encoding="utf-8") as log:
        for number, recording in enumerate(recordings):
            for line in _lines(recording):
                log.write(json.dumps({"id": number, **line}, ensure_ascii=False) + "\n")


def _lines(recording: Recording) -> Iterator[dict[str, Any]]:
    clip = recording.clip
    # By the clip's name, which is unique: the reader takes files of one name in two folders for one recording.
    yield {"metadata": {"wav_name": clip.name + clip.path.suffix}}
    words = of_kind(recording.events, TargetWord)
    for (heard_s, at_s), together in groupby(words, key=lambda word: (word.heard_s, word.at_s)):
        yield _output(heard_s, at_s - heard_s, [word.text for word in together])
    yield _output(recording.seconds, 0.0, [])  # the end of the stream; all that a clip without words has


def _output(heard_s: float, computation_s: float, words: list[str]) -> dict[str, Any]:
    return {
        "total_audio_processed": heard_s,
        "computation_time": computation_s,
        "generated_tokens": words,
        "deleted_tokens": [],  # a committed word never changes
    }
