from __future__ import annotations

import asyncio
import io
import json

import anyio
import av
import numpy as np
import pytest
import websockets
from fake_interpreter import BEEP
from running_server import Running, rest, running, tasks_of_sessions

from server.config import Settings
from streaming.wire import (
    EndOfSourceMedia,
    EndOfSourceTranscript,
    EndOfStream,
    EndOfTargetMedia,
    EndOfTargetTranscript,
    Error,
    Message,
    MessageFormat,
    SourceMediaChunk,
    SourceTranscriptUpdate,
    TargetMediaChunk,
    TargetTranscriptUpdate,
    encode,
)

TENTH = bytes(3200)


async def speak(
    server: Running, seconds: int, message_format: MessageFormat = "json", **fields: object
) -> list[Message]:
    async with await server.connect(message_format=message_format, **fields) as socket:
        for _ in range(10 * seconds):
            await socket.send(encode(SourceMediaChunk(TENTH), message_format))
        await socket.send(encode(EndOfSourceMedia(), message_format))
        return await rest(socket, message_format)


async def error_after(server: Running, *frames: str | bytes, **fields: object) -> Error:
    """What the server says to these frames; it must hang up and take the slot back."""
    async with await server.connect(**fields) as socket:
        for frame in frames:
            await socket.send(frame)
        messages = await rest(socket)
    await server.until_empty()
    assert isinstance(messages[-1], Error)
    return messages[-1]


@pytest.mark.parametrize("message_format", ["json", "msgpack"])
def test_speech_comes_back_as_words_and_voice(message_format: MessageFormat) -> None:
    async def main() -> None:
        async with running() as server:
            messages = await speak(server, 2, message_format)
            sources = [segment for m in messages if isinstance(m, SourceTranscriptUpdate) for segment in m.concluded]
            assert "".join(segment.text for segment in sources) == "one0 one1"
            assert [(s.language, s.start_time, s.end_time) for s in sources] == [
                ("en-US", 0, 1000),
                ("en-US", 1000, 2000),
            ]
            for tag in ("es", "pt-BR"):
                updates = [m for m in messages if isinstance(m, TargetTranscriptUpdate) and m.language == tag]
                assert "".join(s.text for update in updates for s in update.concluded) == "um0 um1"
            chunks = [m for m in messages if isinstance(m, TargetMediaChunk)]
            assert "".join(chunk.text for chunk in chunks if chunk.text) == "um0 um1"
            assert {chunk.language for chunk in chunks} == {"pt-BR"}
            assert sum(chunk.duration for chunk in chunks) == 400
            pcm = np.frombuffer(b"".join(b"".join(chunk.data) for chunk in chunks), "<i2") / 32768
            np.testing.assert_allclose(pcm, np.concatenate([BEEP, BEEP]), atol=1e-4)

    asyncio.run(main())


def test_a_session_ends_in_the_order_of_the_interface() -> None:
    async def main() -> None:
        async with running() as server:
            messages = await speak(server, 1)
            assert messages[-5:] == [
                EndOfSourceTranscript(),
                EndOfTargetTranscript("es"),
                EndOfTargetTranscript("pt-BR"),
                EndOfTargetMedia("pt-BR"),
                EndOfStream(),
            ]
            await server.until_empty()
            assert server.interpreter.paths[0].finished

    asyncio.run(main())


def test_an_undeclared_language_is_told_with_the_words() -> None:
    async def main() -> None:
        async with running() as server:
            messages = await speak(server, 1, source_language=None)
            (update,) = [m for m in messages if isinstance(m, SourceTranscriptUpdate)]
            assert update.concluded[0].language == "en"
            assert server.interpreter.paths[0].job.candidates == ("en",)

    asyncio.run(main())


def test_content_type_and_headers_come_only_once() -> None:
    async def main() -> None:
        async with running() as server:
            messages = await speak(server, 2, target_media_content_type="audio/webm;codecs=opus")
            chunks = [m for m in messages if isinstance(m, TargetMediaChunk)]
            assert [chunk.headers for chunk in chunks] == [1, None, None, None]
            assert [chunk.content_type for chunk in chunks] == ["audio/webm;codecs=opus", None, None, None]
            stream = io.BytesIO(b"".join(b"".join(chunk.data) for chunk in chunks))
            with av.open(stream) as container:
                frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
            heard = np.concatenate(frames)
            assert abs(len(heard) / 48_000 - 0.4) < 0.01
            assert 0.4 < np.abs(heard).max() < 0.6

    asyncio.run(main())


def test_own_messages_come_only_when_asked_for() -> None:
    async def main() -> None:
        async with running() as server:
            plain, own = await speak(server, 1), await speak(server, 1, dragoman_events=True)
            assert {type(message).__name__ for message in own} - {type(message).__name__ for message in plain} == {
                "EarVoiceSpan"
            }

    asyncio.run(main())


@pytest.mark.parametrize("rate_hz", [8000, 44100, 48000])
def test_other_pcm_rates_are_resampled(rate_hz: int) -> None:
    async def main() -> None:
        async with running() as server:
            content_type = f"audio/pcm;encoding=s16le;rate={rate_hz}"
            async with await server.connect(source_media_content_type=content_type) as socket:
                for _ in range(21):
                    await socket.send(encode(SourceMediaChunk(bytes(rate_hz // 10 * 2)), "json"))
                await socket.send(encode(EndOfSourceMedia(), "json"))
                messages = await rest(socket)
            assert len([m for m in messages if isinstance(m, SourceTranscriptUpdate)]) == 2

    asyncio.run(main())


def test_an_empty_chunk_is_harmless() -> None:
    async def main() -> None:
        async with running() as server, await server.connect() as socket:
            await socket.send(encode(SourceMediaChunk(b""), "json"))
            await socket.send(encode(EndOfSourceMedia(), "json"))
            assert (await rest(socket))[-1] == EndOfStream()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (encode(SourceMediaChunk(bytes(3)), "json"), "whole number"),
        (encode(SourceMediaChunk(bytes(40_000)), "json"), "at most 32000"),
        (encode(SourceMediaChunk(b"ab"), "msgpack"), "text frames"),
        (encode(EndOfStream(), "json"), "from server to client"),
        ('{"source_media_chunk": {"data": "§"}}', "base64"),
        ('{"source_media_chunk": {}}', "data is missing"),
        ('{"hello": {}}', "unknown message"),
        ("{", "not JSON"),
    ],
)
def test_a_wrong_message_ends_the_session_with_an_error(frame: str | bytes, reason: str) -> None:
    async def main() -> None:
        async with running() as server:
            error = await error_after(server, frame)
            assert error.error_code == 400
            assert reason in error.error_message

    asyncio.run(main())


def test_text_frames_in_a_messagepack_session_are_an_error() -> None:
    async def main() -> None:
        async with running() as server, await server.connect(message_format="msgpack") as socket:
            await socket.send(encode(EndOfSourceMedia(), "json"))
            (error,) = await rest(socket, "msgpack")
            assert isinstance(error, Error)
            assert "binary frames" in error.error_message

    asyncio.run(main())


def test_a_frame_too_large_for_any_chunk_closes_the_connection() -> None:
    async def main() -> None:
        async with running() as server:
            async with await server.connect() as socket:
                await socket.send("x" * 300_000)
                assert await rest(socket) == []
                assert socket.close_code == 1009
            await server.until_empty()

    asyncio.run(main())


def test_a_silent_client_is_told_and_let_go() -> None:
    async def main() -> None:
        async with running(idle_s=0.2) as server:
            assert "no source_media_chunk" in (await error_after(server)).error_message

    asyncio.run(main())


def test_a_client_that_vanishes_leaves_nothing_behind() -> None:
    async def main() -> None:
        async with running() as server:
            socket = await server.connect()
            await socket.send(encode(SourceMediaChunk(bytes(32_000)), "json"))
            await socket.recv()
            assert tasks_of_sessions()
            socket.transport.abort()
            await server.until_empty()
            assert not tasks_of_sessions()
            assert not server.interpreter.paths[0].finished

    asyncio.run(main())


def test_a_client_that_vanishes_after_its_last_word_leaves_nothing_behind() -> None:
    async def main() -> None:
        async with running() as server:
            socket = await server.connect()
            for _ in range(3):
                await socket.send(encode(SourceMediaChunk(bytes(32_000)), "json"))
            await socket.send(encode(EndOfSourceMedia(), "json"))
            await socket.recv()
            socket.transport.abort()
            await server.until_empty()
            assert not tasks_of_sessions()

    asyncio.run(main())


def test_a_token_serves_once() -> None:
    async def main() -> None:
        async with running() as server:
            asked = (await server.ask()).json()
            url = f"{asked['streaming_url']}?token={asked['token']}"
            async with websockets.connect(url):
                with pytest.raises(websockets.InvalidStatus) as refused:
                    await websockets.connect(url)
            assert refused.value.response.status_code == 401
            assert json.loads(refused.value.response.body)["code"] == "unauthorized"
            assert refused.value.response.headers["X-Trace-ID"]

    asyncio.run(main())


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong"])
def test_a_wrong_token_is_refused(query: str) -> None:
    async def main() -> None:
        async with running() as server:
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(f"{server.url.replace('http', 'ws')}/v3/voice/realtime/connect{query}")
            assert refused.value.response.status_code == 401

    asyncio.run(main())


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"source_media_content_type": None}, "source_media_content_type"),
        ({"source_media_content_type": "audio/pcm;encoding=s16le;rate=11025"}, "source_media_content_type"),
        ({"source_media_content_type": "audio/ogg;codecs=opus"}, "not supported yet"),
        ({"target_media_content_type": "audio/flac"}, "not supported yet"),
        ({"source_language": "english"}, "source_language"),
        ({"source_language": "tlh"}, "no model recognises tlh"),
        ({"target_languages": ["xx"]}, "into xx"),
        ({"target_languages": ["en", "fr", "de", "it", "ja"]}, "at most 5"),
        ({"target_languages": [], "target_media_languages": []}, "target_languages"),
        ({"target_languages": ["pt-PT"]}, "variants"),
        ({"target_media_languages": ["es"]}, "no voice for es"),
        ({"target_languages": "pt"}, "target_languages"),
        ({"message_format": "xml"}, "message_format"),
        ({"target_media_voice": "child"}, "target_media_voice"),
        ({"glossary_id": "g"}, "glossary_id"),
        ({"dragoman_events": "yes"}, "dragoman_events"),
    ],
)
def test_a_bad_request_is_refused_by_name(fields: dict[str, object], named: str) -> None:
    async def main() -> None:
        async with running() as server:
            response = await server.ask(**fields)
            assert response.status_code == 400
            assert named in response.json()["message"]
            assert response.headers["X-Trace-ID"]

    asyncio.run(main())


def test_keys_are_asked_for_once_configured() -> None:
    async def main() -> None:
        async with running(Settings(max_speakers=1, api_keys=("right",))) as server:
            assert (await server.ask()).status_code == 401
            assert (await server.http.get("/v3/languages?resource=voice")).status_code == 401
            server.http.headers["Authorization"] = "DeepL-Auth-Key wrong"
            refused = await server.ask()
            assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
            server.http.headers["Authorization"] = "DeepL-Auth-Key right"
            assert (await server.ask()).status_code == 200

    asyncio.run(main())


def test_a_page_of_another_origin_is_refused() -> None:
    async def main() -> None:
        async with running() as server:
            server.http.headers["Origin"] = "https://elsewhere.example"
            assert (await server.ask()).status_code == 403

    asyncio.run(main())


def test_a_full_server_says_when_to_come_again() -> None:
    async def main() -> None:
        async with running(Settings(max_speakers=1)) as server:
            async with await server.connect():
                response = await server.ask()
                assert (response.status_code, response.json()["code"]) == (503, "busy")
                assert int(response.headers["Retry-After"]) > 0
            await server.until_empty()
            assert (await server.ask()).status_code == 200

    asyncio.run(main())


def test_before_the_models_are_loaded_it_is_alive_but_not_ready() -> None:
    async def main() -> None:
        async with running(ready=False) as server:
            assert (await server.http.get("/healthz")).status_code == 200
            assert (await server.http.get("/readyz")).status_code == 503
            assert (await server.ask()).json()["code"] == "not_ready"

    asyncio.run(main())


def test_a_body_that_is_too_large_or_not_json_is_refused() -> None:
    async def main() -> None:
        async with running() as server:
            assert (await server.http.post("/v3/voice/realtime", content=b"[" * 300_000)).status_code == 413
            assert (await server.http.post("/v3/voice/realtime", content=b"[" * 200_000)).status_code == 400
            assert (await server.http.post("/v3/voice/realtime", content=b"\xff")).status_code == 400

    asyncio.run(main())


def test_the_page_and_its_security_headers_are_served() -> None:
    async def main() -> None:
        async with running() as server:
            page = await server.http.get("/")
            assert page.status_code == 200
            assert "unsafe" not in page.headers["Content-Security-Policy"]
            assert (await server.http.get("/nothing")).json()["code"] == "not_found"
            assert (await server.http.get("/v3/languages?resource=write")).status_code == 400
            languages = (await server.http.get("/v3/languages?resource=voice")).json()
            assert [one["lang"] for one in languages if one["usable_as_source"]] == ["en"]

    asyncio.run(main())


def test_who_is_heard_counts_as_speaking() -> None:
    async def main() -> None:
        async with running() as server, await server.connect() as socket:
            text = (await server.http.get("/metrics")).text
            assert 'dragoman_speakers{state="silent"} 1.0' in text
            for _ in range(10):
                await socket.send(encode(SourceMediaChunk(TENTH), "json"))
            await socket.recv()
            text = (await server.http.get("/metrics")).text
            assert 'dragoman_speakers{state="speaking"} 1.0' in text
            assert "dragoman_machine_load 0.0" in text

    asyncio.run(main())


def test_metrics_count_what_happened() -> None:
    async def main() -> None:
        async with running() as server:
            await speak(server, 1)
            await server.ask(source_language="tlh")
            text = (await server.http.get("/metrics")).text
            assert 'dragoman_sessions_opened_total{transport="websocket"} 1.0' in text
            assert 'dragoman_ear_voice_span_seconds_count{language="pt"} 1.0' in text
            assert 'dragoman_refused_total{code="unsupported_language"} 1.0' in text

    asyncio.run(main())


def test_a_client_faster_than_twice_real_time_is_held_back() -> None:
    async def main() -> None:
        async with running() as server, await server.connect() as socket:
            began = anyio.current_time()
            for _ in range(4):
                await socket.send(encode(SourceMediaChunk(bytes(32_000)), "json"))
            await socket.send(encode(EndOfSourceMedia(), "json"))
            await rest(socket)
            assert anyio.current_time() - began > 0.9  # 4 s of audio: 2 s at once, the rest at twice real time

    asyncio.run(main())
