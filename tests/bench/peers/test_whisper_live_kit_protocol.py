"""WhisperLiveKit 0.2's messages, in the shapes that its server sends."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from bench.peers.whisper_live_kit import WhisperLiveKit
from clients.voice_client import SessionRefused, Unreachable


def _line(text: str, start: str, end: str, *, speaker: int = 1) -> dict[str, Any]:
    return {"speaker": speaker, "text": text, "start": start, "end": end}


def _told(*lines: dict[str, Any], buffer: str = "") -> str:
    return json.dumps({"status": "active_transcription", "lines": lines, "buffer_transcription": buffer})


def _texts(words: Any) -> str:
    return " ".join(word.text for word in words)


def test_audio_may_be_sent_after_the_configuration() -> None:
    peer = WhisperLiveKit()
    assert not peer.ready
    peer.received('{"type": "config", "useAudioWorklet": true, "mode": "full"}')
    assert peer.ready


def test_a_server_of_compressed_audio_is_refused_with_what_to_do() -> None:
    with pytest.raises(SessionRefused, match="--pcm-input"):
        WhisperLiveKit().received('{"type": "config", "useAudioWorklet": false, "mode": "full"}')


def test_lines_are_final_and_the_buffer_is_not() -> None:
    peer = WhisperLiveKit()
    peer.received(_told(buffer=" Printing"))
    assert (_texts(peer.final), _texts(peer.tentative)) == ("", "Printing")
    peer.received(_told(_line(" Printing", "0:00:00.00", "0:00:00.56"), buffer=" in the only"))
    assert (_texts(peer.final), _texts(peer.tentative)) == ("Printing", "in the only")
    peer.received(_told(_line(" Printing in the only", "0:00:00.00", "0:00:01.40")))
    assert (_texts(peer.final), _texts(peer.tentative)) == ("Printing in the only", "")


def test_a_line_of_silence_has_no_words() -> None:
    peer = WhisperLiveKit()
    silence = _line("", "0:00:02.00", "0:00:09.00", speaker=-2)
    peer.received(_told(_line(" One", "0:00:00.00", "0:00:02.00"), silence, _line(" two", "1:02:03.50", "1:02:04.00")))
    assert [(word.text, word.end_s) for word in peer.final] == [("One", 2.0), ("two", 3724.0)]


def test_it_has_ended_when_it_is_ready_to_stop() -> None:
    peer = WhisperLiveKit()
    peer.received(_told(_line(" One", "0:00:00.00", "0:00:02.00")))
    assert not peer.ended
    peer.received('{"type": "ready_to_stop"}')
    assert peer.ended


def test_an_error_that_it_tells_is_refused() -> None:
    with pytest.raises(SessionRefused, match="language"):
        WhisperLiveKit().received('{"type": "error", "error": "language xx is not supported"}')


@pytest.mark.parametrize("message", ["hello", "[]", '{"segments": []}'])
def test_a_message_of_another_protocol_is_not_taken_for_its_own(message: str) -> None:
    with pytest.raises(Unreachable, match="WhisperLiveKit"):
        WhisperLiveKit().received(message)


def test_full_scale_fits_s16le() -> None:
    audio = WhisperLiveKit().audio(np.array([0.0, 1.0, -1.5], np.float32))
    assert np.frombuffer(audio, "<i2").tolist() == [0, 32767, -32767]
