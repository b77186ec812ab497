"""Each fault shows in the figure that is meant for it, and a good run is told as one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.metrics.resegmentation import Segment
from bench.summary import clip_result, summary
from tests.bench.recordings import recording

ALL = "bom dia a todos"
SENTENCES = [Segment("Bom dia", 0.5, 0.7), Segment("a todos", 2.0, 0.6)]


def figures(heard_text: str = ALL, **faults: Any) -> dict[str, Any]:
    made = recording(**faults)
    result = clip_result(made, reference="Bom dia a todos", reference_from="manifest", heard_text=heard_text,
                         sentences=SENTENCES)  # fmt: skip
    return summary([result], "pt")


def test_a_run_has_all_the_figures() -> None:
    good = figures()
    assert (good["clips"], good["seconds"], good["clauses"], good["clauses_skipped"]) == (1, 4.0, 2, 0)
    assert (good["wer"], good["filler_leak"]) == (0, 0)
    assert good["chrf"] == good["asr_chrf"] == 100
    assert good["ear_voice_span_ms"] == {"p50": 1000, "p95": 1000, "p99": 1000, "n": 2}
    assert good["start_offset_ms"]["p50"] == 1700  # heard at 2.2 s, first word at 0.5 s
    assert good["end_offset_ms"]["p50"] == 1800  # over at 4.4 s, last word at 2.6 s
    assert good["start_offset_ideal_ms"]["p50"] == 1000  # its words rest on 1.5 s of audio
    assert good["end_offset_ideal_ms"]["p50"] == 1200  # from 3.0 s on, for 0.8 s
    assert good["compute_per_second"] == 0.5
    assert good["compute_by_model"] == {"asr": 0.25, "tts": 0.25}
    assert good["spoken"] == {"deletions": 0, "insertions": 0, "substitutions": 0}


def test_slow_compute_shows_in_the_span_but_not_in_the_ideal_one() -> None:
    good, slow = figures(), figures(late_s=1.0)
    assert slow["ear_voice_span_ms"]["p50"] == good["ear_voice_span_ms"]["p50"] + 1000
    assert slow["ear_voice_span_ideal_ms"] == good["ear_voice_span_ideal_ms"]
    assert slow["laal_ms"]["p50"] > good["laal_ms"]["p50"]
    assert slow["laal_ideal_ms"] == good["laal_ideal_ms"]
    for lag in ("stream_laal", "atd_text"):
        assert slow[f"{lag}_ms"]["p50"] == good[f"{lag}_ms"]["p50"] + 1000
        assert slow[f"{lag}_ideal_ms"] == good[f"{lag}_ideal_ms"]
    assert slow["compute_by_model"]["asr"] == 2 * good["compute_by_model"]["asr"]


def test_a_defect_of_the_sound_is_counted() -> None:
    made = recording()
    made.speech = np.zeros(4800, np.float32)
    made.speech[1000:2000] = 1.0
    results = [clip_result(made, reference="", reference_from="", heard_text=ALL)] * 2
    assert summary(results, "pt")["audible_defects"] == {"clipped": 2000, "clicks": 4, "cuts": 4}


def test_a_slow_network_shows_as_transport() -> None:
    good, slow = figures(), figures(transport_s=0.2)
    assert good["transport_ms"]["p50"] == 0
    assert slow["transport_ms"]["p50"] == 200
    assert slow["ear_voice_span_ms"]["p50"] == good["ear_voice_span_ms"]["p50"] + 200


def test_a_clause_that_was_lost_shows_as_words_not_spoken() -> None:
    lost = figures("bom dia", spoken=(0,))
    assert lost["spoken"] == {"deletions": 0.5, "insertions": 0, "substitutions": 0}
    assert lost["chrf"] == 100
    assert lost["asr_chrf"] < 80


def test_a_clause_that_was_said_twice_shows_as_words_too_many() -> None:
    twice = figures("bom dia bom dia a todos", spoken=(0, 0, 1))
    assert twice["spoken"] == {"deletions": 0, "insertions": 0.5, "substitutions": 0}


def test_what_was_not_asked_for_is_null() -> None:
    silent = clip_result(recording(spoken=()), reference="", reference_from="", heard_text="")
    none = summary([silent], "de")
    assert none["chrf"] is none["asr_chrf"] is none["filler_leak"] is none["lag_slope_s_per_min"] is None
    assert none["ear_voice_span_ms"] == {"p50": None, "p95": None, "p99": None, "n": 0}


def test_a_clip_with_its_sentences_times_has_the_lags_of_long_recordings() -> None:
    good = figures()
    # Written at 1.7 and 3.2 s, so 1.2 s into either sentence, both of which were over: LAAL counts the first word.
    assert good["stream_laal_ms"] == {"p50": 1200, "p95": 1200, "p99": 1200, "n": 1}
    assert good["stream_laal_ideal_ms"]["p50"] == 1000  # they rest on 1.5 and 3.0 s
    # Both words count, the second 0.35 or 0.3 s less: (1.2 + 0.85) / 2 and (1.2 + 0.9) / 2.
    assert good["long_yaal_ms"]["p50"] == pytest.approx(1037.5, abs=0.5)
    assert good["long_yaal_ideal_ms"]["p50"] == pytest.approx(837.5, abs=0.5)


def test_output_that_all_follows_the_recording_has_no_long_yaal() -> None:
    late = figures(late_s=5.0)
    assert late["long_yaal_ms"]["p50"] is None
    assert late["long_yaal_ideal_ms"]["n"] == late["stream_laal_ms"]["n"] == 1


def test_without_the_sentences_times_there_are_no_lags_of_long_recordings() -> None:
    plain = clip_result(recording(), reference="Bom dia a todos", reference_from="manifest", heard_text=ALL)
    figures = summary([plain], "pt")
    for lag in ("stream_laal", "stream_laal_ideal", "long_yaal", "long_yaal_ideal"):
        assert figures[f"{lag}_ms"] == {"p50": None, "p95": None, "p99": None, "n": 0}


def test_token_delay_is_told_of_the_voice_and_of_the_words() -> None:
    good = figures()
    # Words resting on 1.5, 1.5, 3.0, 3.0 s answer the source tokens that end at 0.3, 0.6, 0.9, 1.2 s.
    assert good["atd_text_ideal_ms"]["p50"] == 1500
    assert good["atd_text_ms"]["p50"] == 1700  # each is written 0.2 s later
    assert good["atd_ms"]["p50"] > good["atd_text_ms"]["p50"]


def test_no_clip_at_all_is_no_crash() -> None:
    assert summary([], "pt")["clips"] == 0


@pytest.mark.parametrize("words", [0, 3])
def test_the_words_lag_is_counted_against_the_reference_s_length(words: int) -> None:
    made = recording()
    result = clip_result(made, reference=" ".join(["x"] * words), reference_from="manifest", heard_text="")
    # written at 1.7 1.7 3.2 3.2 of 4 s; four words, so an ideal step of 1 s: (1.7 + .7 + 1.2 + .2) / 4
    assert result.lags_s["laal"] == pytest.approx([0.95])
