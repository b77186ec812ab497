"""`dragoman translate` on the real models: what comes out is heard again."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from spoken import share_heard

from streaming.audio import SPEECH_RATE_HZ as RATE_HZ
from streaming.items import Samples

pytestmark = pytest.mark.e2e


def dragoman(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


@dataclass(frozen=True)
class Translated:
    talk: Path
    target: str
    report: dict[str, Any]
    speech: Samples
    captions: str


@pytest.fixture(scope="module", params=["en-pt", "pt-en"])
def translated(request, english_talk, portuguese_talk, tmp_path_factory) -> Translated:
    source, target = request.param.split("-")
    talk = {"en": english_talk, "pt": portuguese_talk}[source]
    folder = tmp_path_factory.mktemp("translated")
    out, vtt = folder / "out.wav", folder / "out.vtt"
    done = dragoman("translate", talk, "-o", out, "--from", source, "--to", target, "--captions", vtt, "--json")
    assert done.returncode == 0, done.stderr
    speech, rate_hz = soundfile.read(out, dtype="float32")
    assert rate_hz == RATE_HZ
    return Translated(talk, target, json.loads(done.stdout), speech, vtt.read_text())


def test_the_translation_of_a_talk_is_heard(translated, transcribe) -> None:
    report, target = translated.report, translated.target
    assert share_heard(report["target_text"].lower(), target) >= 0.8
    assert share_heard(transcribe(translated.speech, target), target) >= 0.65
    assert np.abs(translated.speech).max() < 1.0
    assert report["audio_s"] == pytest.approx(soundfile.info(translated.talk).duration, abs=0.05)
    assert translated.captions.startswith("WEBVTT")
    assert translated.captions.count("-->") == len(report["clauses"])


def test_speech_lies_where_the_report_says(translated) -> None:
    speech = translated.speech
    played = [clause for clause in translated.report["clauses"] if clause["played_s"] is not None]
    assert played
    for clause in played:
        begin, end = clause["played_s"], clause["played_s"] + clause["duration_s"]
        assert np.abs(speech[int(begin * RATE_HZ) : int(end * RATE_HZ)]).max() > 0.01
        assert clause["ear_voice_span_s"] > 0
        assert clause["source_end_s"] < clause["played_s"]
    silent_until_s = played[0]["played_s"] - 0.02
    assert np.abs(speech[: int(silent_until_s * RATE_HZ)]).max() == 0


def test_the_mix_holds_both_voices(half_english_talk, tmp_path, transcribe) -> None:
    out = tmp_path / "mix.wav"
    assert dragoman("translate", half_english_talk, "-o", out, "--from", "en", "--to", "pt", "--mix").returncode == 0
    mixed, rate_hz = soundfile.read(out, dtype="float32")
    before_translation = mixed[: int(3.5 * rate_hz)]
    assert "morning" in transcribe(before_translation, "en")
    assert "reuni" in transcribe(mixed, "pt")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.wav", b"", "not a media file"),
        ("notes.txt", b"these are not sounds, they are words\n" * 50, "no audio"),
        ("header.wav", b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80>\x00\x00\x00}\x00\x00"
         b"\x02\x00\x10\x00data\x00\x00\x00\x00", "no sound"),
    ],
)  # fmt: skip
def test_a_file_without_sound_is_refused_in_one_line(name, content, says, tmp_path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = dragoman("translate", path, "-o", tmp_path / "out.wav", "--from", "en", "--to", "pt")
    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.wav").exists()


def test_a_missing_file_is_named(tmp_path) -> None:
    done = dragoman("translate", tmp_path / "no.wav", "-o", tmp_path / "out.wav", "--from", "en", "--to", "pt")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "no.wav" in done.stderr


@pytest.mark.parametrize(("source", "target"), [("en", "xx"), ("zz", "pt"), ("english please", "pt"), ("en", "en")])
def test_an_unknown_language_is_refused_in_one_line(source, target, english_talk, tmp_path) -> None:
    done = dragoman("translate", english_talk, "-o", tmp_path / "out.wav", "--from", source, "--to", target)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Traceback" not in done.stderr


def test_a_truncated_wav_gives_what_it_has(english_talk, tmp_path) -> None:
    whole = english_talk.read_bytes()
    path = tmp_path / "cut.wav"
    path.write_bytes(whole[: len(whole) // 4 + 1])
    done = dragoman("translate", path, "-o", tmp_path / "out.wav", "--from", "en", "--to", "pt", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clauses"]
