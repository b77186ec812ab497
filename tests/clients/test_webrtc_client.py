import anyio
import numpy as np
import pytest
import soundfile
from background_app import serving
from page_server import PageServer

from clients.voice_client import SessionRefused
from clients.webrtc import talk


@pytest.fixture
def speech(tmp_path):
    path = tmp_path / "in.wav"
    soundfile.write(path, np.full(16000, 0.25, np.float32), 16000)
    return path


def test_the_file_is_spoken_and_what_comes_back_is_recorded(speech):
    server = PageServer(script=[{"ear_voice_span": {"language": "pt", "seconds": 2.0, "clause": 0}}])
    with serving(server.app()) as url:
        heard = anyio.run(lambda: talk(url, speech, source_language="en", target_language="pt"))
    assert heard.all("ear_voice_span")[0]["seconds"] == 2.0
    assert len(heard.samples) > 24000 * 0.4  # the tracks run for a second less the time it takes to connect
    assert {"stop": {}} in server.received
    assert server.offers[0]["target_language"] == "pt"


def test_a_refusal_is_told_with_its_reason(speech):
    server = PageServer(refusal=(503, {}, {"message": "all places are taken"}))
    with serving(server.app()) as url, pytest.raises(SessionRefused, match="all places are taken"):
        anyio.run(lambda: talk(url, speech, source_language="en", target_language="pt"))


def test_a_server_with_keys_lets_in_who_shows_one(speech):
    server = PageServer(key="right")
    languages = {"source_language": "en", "target_language": "pt"}
    with serving(server.app()) as url:
        assert anyio.run(lambda: talk(url, speech, key="right", **languages)).all("end_of_stream")
        with pytest.raises(SessionRefused, match="wrong API key"):
            anyio.run(lambda: talk(url, speech, **languages))
