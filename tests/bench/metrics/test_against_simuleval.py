"""Our metrics equal those of SimulEval, which reckons in milliseconds, on random logs."""

import json
import random
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.metrics.average_lagging import average_lagging
from bench.metrics.average_token_delay import speech_delay, text_delay
from bench.metrics.discontinuity import discontinuities
from bench.metrics.end_offset import end_offset
from bench.metrics.laal import length_adaptive_average_lagging
from bench.metrics.start_offset import start_offset

scorers = pytest.importorskip("simuleval.evaluator.scorers.latency_scorer")
instance = pytest.importorskip("simuleval.evaluator.instance")

SEEDS = range(40)


class Spoken(instance.SpeechToSpeechInstance):
    """A speech output instance from plain numbers."""

    sample_rate = 1000
    source_length = 0
    reference_length = 5

    def __init__(self, log: dict, folder: Path) -> None:
        audio_paths = SimpleNamespace(get_source_audio_path=lambda index: "source.wav")
        super().__init__(0, None, Namespace(output=str(folder), eval_latency_unit="word"))
        self.dataloader, self.reference = audio_paths, log["reference"]
        self.delays, self.elapsed, self.durations = log["delays"], log["elapsed"], log["durations"]
        self.source_length = log["source_length"]
        self.target_sample_rate = 1000
        self.prediction_list = [[0.0] * duration for duration in self.durations]
        self.summarize()


def random_log(seed: int) -> dict:
    """Milliseconds, as SimulEval logs them: pieces that share a delay, and some that come after the source's end."""
    draw = random.Random(seed)
    source_ms = draw.randrange(2000, 12000, 10)
    delays = sorted(draw.randrange(300, source_ms + 1500, 20) for _ in range(draw.randint(1, 14)))
    delays = [delay for delay in delays for _ in range(draw.randint(1, 3))]
    compute, elapsed = 0, []
    for delay in delays:
        compute += draw.randrange(0, 200)
        elapsed.append(delay + compute)
    return {
        "index": 0,
        "prediction": " ".join("x" * len(delays)),
        "reference": " ".join("r" * draw.randint(1, 30)),
        "delays": delays,
        "elapsed": elapsed,
        "durations": [draw.randrange(40, 2000, 10) for _ in delays],
        "source_length": source_ms,
    }


def seconds(times_ms: list[int]) -> list[float]:
    return [time / 1000 for time in times_ms]


def theirs(scorer: str, log: dict, *, aware: bool = False) -> float:
    """Of a written output."""
    score = scorers.LATENCY_SCORERS_DICT[scorer](computation_aware=aware)
    return score({0: instance.LogInstance(json.dumps(log))}) / 1000


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("aware", "times"), [(False, "delays"), (True, "elapsed")])
def test_average_lagging_and_laal_are_the_same(seed: int, aware: bool, times: str) -> None:
    log = random_log(seed)
    delays, source_s, words = seconds(log[times]), log["source_length"] / 1000, len(log["reference"].split())
    ours = average_lagging(delays, source_s=source_s, target_words=words)
    assert ours == pytest.approx(theirs("AL", log, aware=aware))
    ours = length_adaptive_average_lagging(delays, source_s=source_s, reference_words=words)
    assert ours == pytest.approx(theirs("LAAL", log, aware=aware))


@pytest.mark.parametrize("seed", SEEDS)
def test_average_token_delay_of_text_is_the_same(seed: int) -> None:
    log = random_log(seed)
    delays, elapsed = seconds(log["delays"]), seconds(log["elapsed"])
    assert text_delay(delays) == pytest.approx(theirs("ATD", log))
    assert text_delay(delays, elapsed_s=elapsed) == pytest.approx(theirs("ATD", log, aware=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_average_token_delay_of_speech_is_the_same(seed: int, tmp_path: Path) -> None:
    log = random_log(seed)
    delays, durations, elapsed = seconds(log["delays"]), seconds(log["durations"]), seconds(log["elapsed"])
    spoken = {0: Spoken(log, tmp_path)}
    ideal, aware = scorers.ATDScorer(computation_aware=False), scorers.ATDScorer(computation_aware=True)
    assert speech_delay(delays, durations) == pytest.approx(ideal(spoken) / 1000)
    assert speech_delay(delays, durations, elapsed_s=elapsed) == pytest.approx(aware(spoken) / 1000)


@pytest.mark.parametrize("seed", SEEDS)
def test_offsets_and_discontinuities_of_speech_are_the_same(seed: int, tmp_path: Path) -> None:
    log = random_log(seed)
    spoken = Spoken(log, tmp_path)
    silences = discontinuities(seconds(log["delays"]), seconds(log["durations"]))
    average = sum(silences) / len(silences) if silences else 0.0
    intervals = [(start / 1000, duration / 1000) for start, duration in spoken.intervals]

    assert start_offset(seconds(log["delays"])) == pytest.approx(scorers.StartOffsetScorer()({0: spoken}) / 1000)
    ours = end_offset(intervals, source_s=log["source_length"] / 1000)
    assert ours == pytest.approx(scorers.EndOffsetScorer()({0: spoken}) / 1000)
    assert len(silences) == scorers.DiscontinuityNumScorer()({0: spoken})
    assert average == pytest.approx(scorers.DiscontinuityAveScorer()({0: spoken}) / 1000)
