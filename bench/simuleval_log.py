"""SimulEval's instances.log of a run, for SimulEval's own scorers and OmniSTEval's.

Format: Ma et al. 2020, "SimulEval: an evaluation toolkit for simultaneous translation" (EMNLP demonstrations), and its
`Instance.summarize`: one JSON object a clip, times in milliseconds, one delay a target word.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.events import TargetWord, of_kind
from bench.recording import Recording


def write_simuleval_log(path: Path, recordings: Iterable[Recording]) -> None:
    """One line a recording, in their order; an existing file is replaced.

    `delays` hold what had been heard when a word was committed (ideal), `elapsed` when it was committed (computation
    aware): a true point in time, not SimulEval's running sum of compute. Raises OSError.
    """
    with path.open("w", encoding="utf-8") as log:
        for index, recording in enumerate(recordings):
            log.write(json.dumps(_instance(index, recording), ensure_ascii=False) + "\n")


def _instance(index: int, recording: Recording) -> dict[str, Any]:
    words = of_kind(recording.events, TargetWord)
    return {
        "index": index,
        "prediction": recording.target_text,
        "delays": [_ms(word.heard_s) for word in words],
        "elapsed": [_ms(word.at_s) for word in words],
        "prediction_length": len(words),
        "reference": recording.clip.reference,
        "source": [str(recording.clip.path)],
        "source_length": _ms(recording.seconds),
    }


def _ms(seconds: float) -> float:
    return seconds * 1000
