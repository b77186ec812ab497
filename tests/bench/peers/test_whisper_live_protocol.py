"""WhisperLive 0.10's messages, in the shapes that its server sends."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from bench.peers.whisper_live import WhisperLive
from clients.voice_client import SessionRefused, Unreachable


def _segment(start: str, end: str, text: str, *, completed: bool) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text, "completed": completed}


def _told(*segments: dict[str, Any]) -> str:
    return json.dumps({"uid": "dragoman-bench", "segments": segments})


def _texts(words: Any) -> str:
    return " ".join(word.text for word in words)


def test_audio_may_be_sent_once_the_server_is_ready() -> None:
    peer = WhisperLive("en")
    assert json.loads(peer.hello)["language"] == "en"
    assert not peer.ready
    peer.received('{"uid": "dragoman-bench", "message": "SERVER_READY", "backend": "faster_whisper"}')
    assert peer.ready


def test_a_segment_is_final_once_it_is_completed() -> None:
    peer = WhisperLive("en")
    peer.received(_told(_segment("0.000", "4.700", " Printing, in the only sense differ-", completed=False)))
    assert (_texts(peer.final), _texts(peer.tentative)) == ("", "Printing, in the only sense differ-")
    first = _segment("0.000", "5.620", " Printing, differs from most", completed=True)
    peer.received(_told(first, _segment("5.620", "9.620", " if not from all", completed=False)))
    assert (_texts(peer.final), _texts(peer.tentative)) == ("Printing, differs from most", "if not from all")
    assert (peer.final[0].start_s, peer.final[0].end_s) == (0.0, 5.62)


def test_a_completed_segment_that_is_sent_again_or_no_longer_counts_once() -> None:
    peer = WhisperLive("en")
    first, second = (
        _segment("0.000", "1.000", " one", completed=True),
        _segment("1.000", "2.000", " two", completed=True),
    )
    for segments in ((first,), (first, second), (second,)):
        peer.received(_told(*segments))
    assert _texts(peer.final) == "one two"


def test_a_full_server_refuses() -> None:
    with pytest.raises(SessionRefused, match="WAIT"):
        WhisperLive("en").received('{"uid": "dragoman-bench", "status": "WAIT", "message": 2.5}')


@pytest.mark.parametrize("message", ["hello", "[]", '{"segments": [{"text": "one"}]}'])
def test_another_protocol_is_not_taken_for_it(message: str) -> None:
    with pytest.raises(Unreachable, match="WhisperLive"):
        WhisperLive("en").received(message)


def test_audio_is_float32() -> None:
    assert WhisperLive("en").audio(np.array([0.0, 1.0], np.float32)) == b"\0\0\0\0\0\0\x80\x3f"
