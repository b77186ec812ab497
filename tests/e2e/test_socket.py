"""The voice interface and the room client on the real server and models."""

import json
import subprocess
import sys
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile
from spoken import share_of_half_heard

from clients.file import FileSource, in_real_time
from clients.voice_client import SOURCE_TYPE, SPEECH_TYPE, connect
from streaming import wire
from streaming.audio import from_s16le
from streaming.items import Samples
from streaming.session_request import SessionRequest

pytestmark = pytest.mark.e2e


async def speak_and_listen(server: str, talk: Path, source: str, target: str) -> list[wire.Message]:
    request = SessionRequest(
        source_media_content_type=SOURCE_TYPE,
        source_language=source,
        target_media_languages=(target,),
        target_media_content_type=SPEECH_TYPE,
        message_format="msgpack",
    )
    with FileSource(talk) as file:
        async with connect(server, request) as connection, anyio.create_task_group() as group:
            group.start_soon(connection.send_all, in_real_time(file.chunks(100)))
            return [message async for message in connection]


def concluded(messages: list[wire.Message], kind: type) -> str:
    return " ".join(segment.text for message in messages if isinstance(message, kind) for segment in message.concluded)


def spoken_samples(messages: list[wire.Message]) -> Samples:
    chunks = [message for message in messages if isinstance(message, wire.TargetMediaChunk)]
    return np.concatenate([from_s16le(b"".join(chunk.data)) for chunk in chunks])


def test_a_program_hears_the_translation_over_the_socket(half_portuguese_talk, server_url, transcribe) -> None:
    messages = anyio.run(speak_and_listen, server_url, half_portuguese_talk, "pt", "en")
    transcript = concluded(messages, wire.TargetTranscriptUpdate)
    assert share_of_half_heard(concluded(messages, wire.SourceTranscriptUpdate).lower(), "pt") >= 0.65
    assert share_of_half_heard(transcript.lower(), "en") >= 0.65
    assert share_of_half_heard(transcribe(spoken_samples(messages), "en"), "en") >= 0.5
    texts = [message.text or "" for message in messages if isinstance(message, wire.TargetMediaChunk)]
    assert "".join(texts).split() == transcript.split()
    assert isinstance(messages[-1], wire.EndOfStream)


def test_the_room_client_writes_what_it_heard(half_english_talk, server_url, tmp_path, transcribe) -> None:
    out = tmp_path / "room.wav"
    command = [sys.executable, "-m", "server.cli", "room", "--server", server_url, "--from", "en", "--to", "pt"]
    done = subprocess.run(
        [*command, "--in", half_english_talk, "--out", out, "--json"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert all(json.loads(line) for line in done.stdout.splitlines())
    speech, rate_hz = soundfile.read(out, dtype="float32")
    assert rate_hz == 24_000
    assert share_of_half_heard(transcribe(speech, "pt"), "pt") >= 0.5


def test_the_server_tells_its_health_and_counts(server_url) -> None:
    import httpx

    assert httpx.get(f"{server_url}/healthz").status_code == 200
    assert "dragoman_" in httpx.get(f"{server_url}/metrics").text
