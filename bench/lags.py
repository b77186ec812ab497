"""How late one clip's written words and voice were, by every metric: samples in seconds, by the metric's name."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bench.events import ClauseHeard, SourceWord, TargetWord, of_kind
from bench.metrics.average_lagging import average_lagging
from bench.metrics.average_token_delay import heard_delay, speech_delay, text_delay, written_delay
from bench.metrics.ear_voice_span import ear_voice_spans
from bench.metrics.end_offset import end_offset
from bench.metrics.laal import length_adaptive_average_lagging
from bench.metrics.long_yaal import long_yaal
from bench.metrics.resegmentation import Segment
from bench.metrics.start_offset import start_offset
from bench.metrics.stream_laal import stream_laal
from bench.recording import Recording

LAGS = (
    "start_offset", "start_offset_ideal", "end_offset", "end_offset_ideal", "ear_voice_span", "ear_voice_span_ideal",
    "al", "al_ideal", "laal", "laal_ideal", "stream_laal", "stream_laal_ideal", "long_yaal", "long_yaal_ideal",
    "atd", "atd_ideal", "atd_text", "atd_text_ideal", "transport",
)  # fmt: skip
"""Names with `_ideal`: as if compute took no time."""


def word_lags(recording: Recording, reference: str, sentences: Sequence[Segment]) -> dict[str, list[float]]:
    """Of the committed target words: AL, LAAL, ATD; with the reference's `sentences` StreamLAAL and LongYAAL too."""
    words = of_kind(recording.events, TargetWord)
    if not words:
        return {}
    heard, written = [word.heard_s for word in words], [word.at_s for word in words]
    source_s, expected = recording.seconds, len(reference.split()) or len(words)
    lags = {"atd_text": [written_delay(heard, written_s=written)], "atd_text_ideal": [text_delay(heard)]}
    for name, delays in (("", written), ("_ideal", heard)):
        lags[f"al{name}"] = [average_lagging(delays, source_s=source_s, target_words=expected)]
        lags[f"laal{name}"] = [length_adaptive_average_lagging(delays, source_s=source_s, reference_words=expected)]
        if sentences:
            texts = [word.text for word in words]
            lags[f"stream_laal{name}"] = [stream_laal(texts, delays, sentences)]
            with suppress(ValueError):  # every word came when the recording was over
                lags[f"long_yaal{name}"] = [long_yaal(texts, delays, sentences, source_s=source_s)]
    return lags


def voice_lags(recording: Recording, played: Sequence[ClauseHeard]) -> dict[str, list[float]]:
    """Of the speech: offsets, ear-voice spans, token delay, transport.

    Start offset: first speech minus the first recognised word's start. End offset: end of the last speech minus the
    last recognised word's end. (SimulEval counts them from the recording's beginning and end, silence included.)
    """
    words = of_kind(recording.events, SourceWord)
    if not played or not words:
        return {}
    begins, durations = [clause.at_s for clause in played], [clause.duration_s for clause in played]
    heard = [clause.heard_s for clause in played]
    first_s, last_s = words[0].start_s, words[-1].end_s
    spans, ideal_spans = ear_voice_spans(recording.events), ear_voice_spans(recording.events, ideal=True)
    ideal_begins = [span + clause.source_end_s for span, clause in zip(ideal_spans, played, strict=True)]
    return {
        "start_offset": [start_offset(begins) - first_s],
        "start_offset_ideal": [start_offset(ideal_begins) - first_s],
        "end_offset": [end_offset(list(zip(begins, durations, strict=True)), source_s=last_s)],
        "end_offset_ideal": [end_offset(list(zip(ideal_begins, durations, strict=True)), source_s=last_s)],
        "ear_voice_span": spans,
        "ear_voice_span_ideal": ideal_spans,
        "atd": [heard_delay(heard, durations, begins_s=begins)],
        "atd_ideal": [speech_delay(heard, durations)],
        "transport": [span - clause.told_span_s for span, clause in zip(spans, played, strict=True)],
    }
