import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from background_app import serving
from voice_server import VoiceServer

from clients import room_command
from clients.room_command import INTERRUPTED, OK
from clients.voice_client import Unreachable
from streaming.errors import BadInput, Unauthorized

ROOT = Path(__file__).parents[2]


@pytest.fixture
def speech(tmp_path) -> Path:
    path = tmp_path / "in.wav"
    soundfile.write(path, np.full(16000, 0.25, np.float32), 16000)
    return path


def room(*arguments: object) -> int:
    return room_command.run(room_command.parser().parse_args(["--from", "en", "--to", "pt", *map(str, arguments)]))


def test_a_file_goes_up_and_the_voice_is_written_where_it_was_heard(speech, tmp_path, capsys):
    server = VoiceServer()
    out = tmp_path / "out.wav"
    with serving(server.app()) as url:
        assert room("--server", url, "--in", speech, "--out", out, "--captions", "--voice", "male") == OK
    assert b"".join(server.heard) == (np.full(16000, 0.25) * 32768).astype("<i2").tobytes()
    assert server.request["target_media_voice"] == "male"
    samples, rate_hz = soundfile.read(out)
    begins_s = np.flatnonzero(np.abs(samples) > 0.01)[0] / rate_hz
    assert 0.3 <= begins_s < 0.9  # the tone answers the third chunk of 100 ms
    said, summary = capsys.readouterr()
    assert said.splitlines() == ["en    Good morning.", "pt    Bom dia."]
    assert summary == "0.1 s of translated speech, ear-voice span 2.0 s (median), 2.0 s (largest)\n"


def test_json_prints_each_event_with_its_time_and_without_the_sound(speech, tmp_path, capsys):
    with serving(VoiceServer().app()) as url:
        room("--server", url, "--in", speech, "--out", tmp_path / "out.wav", "--json")
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(event["at_s"] >= 0 for event in events)
    chunks = [event["target_media_chunk"] for event in events if "target_media_chunk" in event]
    assert [(chunk["text"], chunk["data"]) for chunk in chunks] == [("Bom dia.", [])]
    assert "end_of_stream" in events[-1]


def test_half_duplex_sends_silence_while_the_voice_is_heard(speech, tmp_path):
    server = VoiceServer()
    with serving(server.app()) as url:
        room("--server", url, "--in", speech, "--out", tmp_path / "out.wav", "--half-duplex")
    silent = [not any(chunk) for chunk in server.heard]
    assert silent[:3] == [False] * 3
    assert True in silent
    assert silent[-1] is False  # the voice has ended, the microphone is open again


def test_the_key_is_read_from_a_file_or_the_environment(speech, tmp_path, monkeypatch):
    (tmp_path / "key").write_text("right\n")
    arguments = ["--in", speech, "--out", tmp_path / "out.wav"]
    with serving(VoiceServer(key="right").app()) as url:
        assert room("--server", url, *arguments, "--key-file", tmp_path / "key") == OK
        monkeypatch.setenv("DRAGOMAN_API_KEY", "right")
        assert room("--server", url, *arguments) == OK
        monkeypatch.setenv("DRAGOMAN_API_KEY", "wrong")
        with pytest.raises(Unauthorized, match="does not accept this key"):
            room("--server", url, *arguments)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--server", "localhost:8080"], "begins with http"),
        (["--from", "1"], "not a language tag"),
        (["--out", "out.mp3"], "name it out.wav"),
        (["--key-file", "/no/such/key"], "can't be read"),
    ],
)
def test_a_slip_in_the_arguments_is_named(speech, arguments, reason):
    with pytest.raises(BadInput, match=reason):
        room("--in", speech, *arguments)


def test_a_server_that_is_not_there_is_one_clear_error(speech, tmp_path):
    with pytest.raises(Unreachable, match="does not answer"):
        room("--server", "http://127.0.0.1:1", "--in", speech, "--out", tmp_path / "out.wav")


def test_an_interrupted_file_is_saved_and_reported(tmp_path):
    soundfile.write(tmp_path / "long.wav", np.full(16000 * 60, 0.25, np.float32), 16000)
    run = "import sys; from clients import room_command as c; sys.exit(c.run(c.parser().parse_args()))"
    server = VoiceServer()
    with serving(server.app()) as url:
        arguments = ["--from", "en", "--to", "pt", "--server", url, "--in", "long.wav", "--out", "out.wav"]
        command = [sys.executable, "-c", run, *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as process:
            deadline = time.monotonic() + 20
            while len(server.heard) < 8 and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=10)[1].decode()
    assert process.returncode == INTERRUPTED
    assert "Traceback" not in said
    assert np.abs(soundfile.read(tmp_path / "out.wav")[0]).max() > 0.4
