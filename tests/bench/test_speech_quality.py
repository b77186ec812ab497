"""The quality bench's own arithmetic, on hand-made outcomes."""

import pytest

from bench.speech_quality import Outcome, read_manifest, summary


def outcome(reference: str, offline: str, live: str, spans: list[float | None]) -> Outcome:
    clauses = [{"ear_voice_span_s": span} for span in spans]
    report = {"clauses": clauses, "start_offset_s": 3.0, "audio_s": 10.0, "compute_s": {"whisper": 3.0, "voice": 2.0}}
    return Outcome("clip", reference, offline, offline, live, live, report)


def test_equal_texts_keep_everything() -> None:
    result = summary([outcome("a casa nova", "a casa nova", "A casa nova.", [2.0])])
    assert (result["asr_chrf_live"], result["kept"]) == (100.0, 1.0)


def test_a_lost_half_shows() -> None:
    lost = summary([outcome("the whole long sentence here", "the whole long sentence here", "the whole", [2.0])])
    assert lost["kept"] < 0.6


def test_skipped_clauses_are_counted_and_have_no_span() -> None:
    result = summary([outcome("a b c", "a b c", "a b c", [1.0, None, 3.0])])
    assert result["clauses_skipped"] == 1
    assert result["ear_voice_span_s"] == {"p50": 3.0, "p95": 3.0}


def test_compute_is_told_for_each_second_of_audio() -> None:
    assert summary([outcome("a", "a", "a", [1.0])])["compute_per_audio_second"] == 0.5


def test_the_manifest_gives_the_clips_of_one_language(tmp_path) -> None:
    (tmp_path / "audio").mkdir()
    for name in ("one.wav", "two.wav"):
        (tmp_path / "audio" / name).touch()
    manifest = tmp_path / "audio" / "manifest.tsv"
    manifest.write_text("path\tlang\ttranscript\naudio/one.wav\ten-US\thello\naudio/two.wav\tpt\t\n")
    clips = list(read_manifest(manifest, "en"))
    assert [(clip.path.name, clip.transcript) for clip in clips] == [("one.wav", "hello")]


def test_a_clip_that_is_not_there_is_named(tmp_path) -> None:
    manifest = tmp_path / "manifest.tsv"
    manifest.write_text("path\tlang\ttranscript\ngone.wav\ten\t\n")
    with pytest.raises(FileNotFoundError, match=r"gone\.wav"):
        list(read_manifest(manifest, "en"))
