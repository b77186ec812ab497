import anyio
import numpy as np
import pytest
from background_app import serving
from voice_server import TONE, VoiceServer

from clients.voice_client import SOURCE_TYPE, SPEECH_TYPE, ConnectionLost, SessionRefused, Unreachable, connect
from streaming import wire
from streaming.audio import from_s16le
from streaming.errors import BadInput, Busy, Unauthorized
from streaming.session_request import SessionRequest


def request(message_format: str = "msgpack") -> SessionRequest:
    return SessionRequest(
        SOURCE_TYPE, "en", target_media_languages=("pt",), target_media_content_type=SPEECH_TYPE,
        message_format=message_format,
    )  # fmt: skip


async def source(chunks: int):
    for _ in range(chunks):
        yield np.full(1600, 0.25, np.float32)


async def talk(url: str, *, message_format: str = "msgpack", chunks: int = 4, key: str | None = None) -> list:
    async with connect(url, request(message_format), key) as connection, anyio.create_task_group() as tasks:
        tasks.start_soon(connection.send_all, source(chunks))
        return [message async for message in connection]


@pytest.mark.parametrize("message_format", ["json", "msgpack"])
def test_a_session_brings_the_source_up_and_the_voice_down(message_format):
    server = VoiceServer()
    with serving(server.app()) as url:
        messages = anyio.run(lambda: talk(url, message_format=message_format))
    assert server.request["message_format"] == message_format
    assert [len(chunk) for chunk in server.heard] == [3200] * 4
    voice = [message for message in messages if isinstance(message, wire.TargetMediaChunk)]
    np.testing.assert_allclose(from_s16le(voice[0].data[0]), TONE, atol=1e-4)
    assert isinstance(messages[-1], wire.EndOfStream)


def refused(server: VoiceServer, kind: type[Exception], **how) -> Exception:
    with serving(server.app()) as url, pytest.raises((kind, ExceptionGroup)) as caught:
        anyio.run(lambda: talk(url, **how))
    error = caught.value
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, kind)
    return error


def test_a_wrong_key_is_unauthorized():
    refused(VoiceServer(key="right"), Unauthorized, key="wrong")


def test_the_right_key_opens_the_door():
    with serving(VoiceServer(key="right").app()) as url:
        assert anyio.run(lambda: talk(url, key="right"))


def test_a_full_server_says_when_to_come_back():
    error = refused(VoiceServer(busy=True), Busy)
    assert error.retry_after_s == 7
    assert "try again in 7 s" in str(error)


def test_an_error_message_ends_the_session_with_its_reason():
    assert "no such voice" in str(refused(VoiceServer(fail_with="no such voice"), SessionRefused))


def test_a_server_that_vanishes_is_a_lost_connection():
    refused(VoiceServer(vanish_at=2), ConnectionLost)


def test_a_port_where_nobody_listens_is_unreachable():
    with pytest.raises(Unreachable, match="does not answer"):
        anyio.run(lambda: talk("http://127.0.0.1:1"))


@pytest.mark.parametrize("url", ["http://", "http://exa mple", "http://[1"])
def test_what_is_no_url_is_unreachable(url):
    with pytest.raises((Unreachable, BadInput)):
        anyio.run(lambda: talk(url))


def test_another_web_server_is_not_taken_for_ours():
    from fastapi import FastAPI

    with serving(FastAPI()) as url, pytest.raises(Unreachable, match="not as a Dragoman server"):
        anyio.run(lambda: talk(url))
