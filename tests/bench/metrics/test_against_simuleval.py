"""The lag metrics give what SimulEval's own scorers give on the same logs."""

from __future__ import annotations

import json
import random

import pytest

from bench.metrics.average_lagging import average_lagging
from bench.metrics.average_token_delay import speech_delay, text_delay
from bench.metrics.discontinuity import discontinuities
from bench.metrics.end_offset import end_offset
from bench.metrics.laal import length_adaptive_average_lagging
from bench.metrics.start_offset import start_offset

scorers = pytest.importorskip("simuleval.evaluator.scorers.latency_scorer")
instances = pytest.importorskip("simuleval.evaluator.instance")

SEEDS = range(20)


class Log:
    """A made-up run; seconds here, milliseconds for SimulEval."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        count = chance.randint(1, 30)
        self.source_s = round(chance.uniform(3.0, 20.0), 1)
        # Whole tenths that rise, with words written at one moment among them.
        self.delays = sorted(min(round(chance.uniform(0.3, self.source_s), 1), self.source_s) for _ in range(count))
        compute, behind = [], 0.0
        for _ in self.delays:
            behind += round(chance.uniform(0.0, 0.4), 3)
            compute.append(behind)
        self.elapsed = [delay + late for delay, late in zip(self.delays, compute, strict=True)]
        self.durations = [round(chance.uniform(0.2, 3.0), 3) for _ in self.delays]
        self.reference = " ".join(["word"] * chance.randint(1, 30))

    @property
    def words(self) -> int:
        return len(self.reference.split())

    def text(self) -> object:
        return instances.LogInstance(
            json.dumps(
                {
                    "index": 0,
                    "prediction": "",
                    "delays": [round(1000 * delay) for delay in self.delays],
                    "elapsed": [round(1000 * elapsed) for elapsed in self.elapsed],
                    "reference": self.reference,
                    "source_length": 1000 * self.source_s,
                }
            )
        )

    def speech(self) -> object:
        """A SpeechOutputInstance without the files that it would read and write."""

        class Speech(instances.SpeechOutputInstance):
            source_length = 1000 * self.source_s

            def __init__(inner) -> None:
                inner.metrics = {}

        made = Speech()
        made.delays = [round(1000 * delay) for delay in self.delays]
        made.elapsed = [round(1000 * elapsed) for elapsed in self.elapsed]
        made.durations = [round(1000 * duration) for duration in self.durations]
        made.reference = None
        ends, made.intervals, made.silences = made.delays[0], [], []
        for delay, duration in zip(made.delays, made.durations, strict=True):
            start = max(ends, delay)
            if start > ends:
                made.silences.append(start - ends)
            ends = start + duration
            made.intervals.append([start, duration])
        return made


def seconds(scorer: object, instance: object) -> float:
    return scorer({0: instance}) / 1000  # type: ignore[operator]


@pytest.mark.parametrize("seed", SEEDS)
def test_average_lagging(seed: int) -> None:
    log = Log(seed)
    for aware, delays in ((False, log.delays), (True, log.elapsed)):
        ours = average_lagging(delays, source_s=log.source_s, target_words=log.words)
        assert ours == pytest.approx(seconds(scorers.ALScorer(computation_aware=aware), log.text()))


@pytest.mark.parametrize("seed", SEEDS)
def test_length_adaptive_average_lagging(seed: int) -> None:
    log = Log(seed)
    for aware, delays in ((False, log.delays), (True, log.elapsed)):
        ours = length_adaptive_average_lagging(delays, source_s=log.source_s, reference_words=log.words)
        assert ours == pytest.approx(seconds(scorers.LAALScorer(computation_aware=aware), log.text()))


@pytest.mark.parametrize("seed", SEEDS)
def test_average_token_delay_of_text(seed: int) -> None:
    log = Log(seed)
    for aware, elapsed in ((False, None), (True, log.elapsed)):
        ours = text_delay(log.delays, elapsed_s=elapsed)
        assert ours == pytest.approx(seconds(scorers.ATDScorer(computation_aware=aware), log.text()))


@pytest.mark.parametrize("seed", SEEDS)
def test_average_token_delay_of_speech(seed: int) -> None:
    log = Log(seed)
    for aware, elapsed in ((False, None), (True, log.elapsed)):
        ours = speech_delay(log.delays, log.durations, elapsed_s=elapsed)
        assert ours == pytest.approx(seconds(scorers.ATDScorer(computation_aware=aware), log.speech()))


@pytest.mark.parametrize("seed", SEEDS)
def test_offsets(seed: int) -> None:
    log = Log(seed)
    speech = log.speech()
    intervals = [(start / 1000, duration / 1000) for start, duration in speech.intervals]  # type: ignore[attr-defined]
    assert start_offset(log.delays) == pytest.approx(seconds(scorers.StartOffsetScorer(), speech))
    assert end_offset(intervals, source_s=log.source_s) == pytest.approx(seconds(scorers.EndOffsetScorer(), speech))


@pytest.mark.parametrize("seed", SEEDS)
def test_discontinuities(seed: int) -> None:
    log = Log(seed)
    silences = discontinuities(log.delays, log.durations)
    assert len(silences) == scorers.DiscontinuityNumScorer()({0: log.speech()})
    average = sum(silences) / len(silences) if silences else 0.0
    assert average == pytest.approx(seconds(scorers.DiscontinuityAveScorer(), log.speech()))
