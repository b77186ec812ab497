"""What is heard over WebRTC becomes a recording; the media delay is measured where silence allows."""

import numpy as np
import pytest

from bench.corpus import Clip
from bench.events import ClauseHeard, TargetWord
from bench.recording import Recording
from bench.systems.over_webrtc import as_recording, media_delay_s
from clients.webrtc import Heard
from streaming.audio import SPEECH_RATE_HZ


def speech(*sounding: tuple[float, float], seconds: float = 10.0) -> np.ndarray:
    """A tone's level from each start to each end, silence elsewhere."""
    samples = np.zeros(round(seconds * SPEECH_RATE_HZ), np.float32)
    for start_s, end_s in sounding:
        samples[round(start_s * SPEECH_RATE_HZ) : round(end_s * SPEECH_RATE_HZ)] = 0.3
    return samples


def test_the_delay_is_the_median_over_clauses_after_silence():
    heard = speech((1.2, 2.0), (3.1, 4.0), (6.5, 7.0))
    assert media_delay_s(heard, [1.0, 3.0, 6.0]) == pytest.approx(0.2)


def test_a_clause_that_follows_another_at_once_does_not_count():
    heard = speech((1.2, 2.0), (2.1, 3.0))
    assert media_delay_s(heard, [1.0, 1.9]) == pytest.approx(0.2)


def test_sound_long_after_the_announcement_is_another_clauses():
    assert media_delay_s(speech((5.0, 6.0)), [1.0]) == 0.0


@pytest.mark.parametrize("heard", [speech(), np.zeros(0, np.float32)])
def test_without_sound_there_is_no_delay(heard):
    assert media_delay_s(heard, [1.0]) == 0.0


def test_a_clause_is_heard_the_media_delay_after_its_announcement(tmp_path):
    span = {"language": "pt", "seconds": 1.5, "clause": 0, "text": "bom", "start_time": 0.0, "end_time": 500.0,
            "heard_time": 900.0, "duration": 800.0}  # fmt: skip
    segment = {"text": "bom", "start_time": 0.0, "end_time": 500.0, "heard_time": 900.0}
    messages = [
        (1.5, {"target_transcript_update": {"language": "pt", "concluded": [segment], "tentative": []}}),
        (2.0, {"ear_voice_span": span}),
        (2.1, {"told_by_newer_servers": {}}),
    ]
    heard = Heard(messages, [speech((1.2, 2.0), seconds=3.0)], begins_s=1.0)
    recording = Recording(Clip("talk", tmp_path / "talk.wav", "en", 3.0), 3.0)
    word, clause = as_recording(recording, heard, lambda event: None).events
    assert word == TargetWord("bom", 0.0, 0.5, 0.9, 1.5)
    assert isinstance(clause, ClauseHeard)
    assert clause.at_s == pytest.approx(2.2)
    assert (clause.committed_s, clause.told_span_s) == (1.5, 1.5)
    assert len(recording.speech) == 4 * SPEECH_RATE_HZ
