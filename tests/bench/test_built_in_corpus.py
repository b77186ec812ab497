"""The built-in corpus, spoken by stand-ins for the voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
import soundfile

from bench import built_in_corpus
from bench.built_in_corpus import (
    active_power,
    built_in,
    corpus_dir,
    default_manifest,
    speakers,
    with_noise,
)
from bench.built_in_texts import LANGUAGES, read_texts, sentence_pairs, texts_file
from bench.corpus import read_manifest
from bench.metrics.filler_leak import filler_leak
from server.load import load_models
from server.models import ModelStore
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ
from streaming.errors import BadInput
from streaming.items import Samples
from tts.espeak import Espeak
from tts.synthesis import SynthesizeRequest
from tts.voices import Voices


class Tone:
    """Speaks every sentence as 0.1 s of a tone."""

    max_batch = 1
    threads = 1

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls = 0

    def run(self, batch: Sequence[SynthesizeRequest]) -> list[Samples]:
        self.calls += len(batch)
        tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(SPEECH_RATE_HZ // 10) / SPEECH_RATE_HZ)
        return [tone.astype(np.float32) for _ in batch]


@pytest.fixture(scope="module")
def espeak() -> Espeak:
    return Espeak()


@pytest.fixture
def tones() -> tuple[Tone, Tone]:
    return Tone("ana"), Tone("joe")


@pytest.fixture
def voices(espeak: Espeak, tones: tuple[Tone, Tone]) -> Voices:
    both = {
        (language, gender): tone
        for language in LANGUAGES
        for gender, tone in zip(("female", "male"), tones, strict=True)
    }
    return Voices(espeak, pipers=both)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clip_is_labelled_synthetic_and_has_transcript_and_reference(language, voices, tmp_path) -> None:
    clips, problems = read_manifest(built_in(language, voices, tmp_path), language, bad="refuse")
    assert len(clips) == 16
    assert not problems
    assert all(clip.kind.startswith("synthetic, ") and clip.transcript and clip.reference for clip in clips)


def test_clips_are_16_khz_16_bit_mono_between_half_a_second_and_a_second_of_silence(voices, tmp_path) -> None:
    wav = built_in("en", voices, tmp_path).with_name("names-visit.wav")
    info = soundfile.info(wav)
    assert (info.samplerate, info.subtype, info.channels) == (ASR_RATE_HZ, "PCM_16", 1)
    samples, _ = soundfile.read(wav)
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    edges_s = loud[0] / ASR_RATE_HZ, (len(samples) - loud[-1]) / ASR_RATE_HZ
    assert all(0.49 < edge_s < 1.01 for edge_s in edges_s)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clip_s_segments_lie_where_its_sentences_are_heard(language, voices, tmp_path) -> None:
    clips, _ = read_manifest(built_in(language, voices, tmp_path), language, bad="refuse")
    for clip in clips:
        assert " ".join(part.transcript for part in clip.segments) == clip.transcript
        assert " ".join(part.reference for part in clip.segments) == clip.reference
    longest = max(clips, key=lambda clip: clip.seconds)
    samples, _ = soundfile.read(longest.path)
    loud = [np.abs(samples[round(p.start_s * ASR_RATE_HZ) : round(p.end_s * ASR_RATE_HZ)]) for p in longest.segments]
    assert all(np.mean(part > 0.1) > 0.7 for part in loud)
    assert sum(len(part) for part in loud) < 0.3 * len(samples)  # the rest is pauses


def test_a_second_call_makes_nothing(voices, tones, tmp_path) -> None:
    built_in("en", voices, tmp_path)
    spoken = [tone.calls for tone in tones]
    built_in("en", voices, tmp_path)
    assert [tone.calls for tone in tones] == spoken


def test_another_version_makes_the_corpus_anew(voices, tones, tmp_path, monkeypatch) -> None:
    manifest = built_in("en", voices, tmp_path)
    (manifest.parent / "old.wav").touch()
    monkeypatch.setattr(built_in_corpus, "VERSION", built_in_corpus.VERSION + 1)
    assert built_in("en", voices, tmp_path) == manifest
    assert manifest.is_file()
    assert not (manifest.parent / "old.wav").exists()


def test_both_languages_live_in_one_folder(voices, tmp_path) -> None:
    manifests = [built_in(language, voices, tmp_path) for language in LANGUAGES]
    assert all(manifest.is_file() for manifest in manifests)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["en", "pt"]


def test_an_interrupted_run_leaves_nothing_behind(voices, tmp_path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(built_in_corpus, "_speech", broken)
    with pytest.raises(KeyboardInterrupt):
        built_in("en", voices, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_else_is_left_alone(voices, tmp_path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="is not the built-in corpus"):
        built_in("en", voices, tmp_path)
    assert (tmp_path / "en" / "thesis.txt").read_text() == "years of work"


def test_a_language_without_texts_is_refused(voices, tmp_path) -> None:
    with pytest.raises(BadInput, match="no de; it speaks en, pt"):
        built_in("de", voices, tmp_path)


def test_two_speakers_take_turns(voices, tones, tmp_path) -> None:
    built_in("en", voices, tmp_path)
    lines = (tmp_path / "en" / "manifest.tsv").read_text("utf-8").splitlines()
    turns = next(line for line in lines if line.startswith("turns-room.wav"))
    assert turns.endswith("synthetic, two speakers\tjoe, ana")
    assert " | " not in turns


def test_two_natural_voices_keep_their_own_pitch(voices) -> None:
    assert [(gender, str(speaker)) for gender, speaker in speakers(voices, "en").items()] == [
        ("female", "ana"),
        ("male", "joe"),
    ]


def test_a_single_natural_voice_is_raised_for_the_other_speaker(espeak) -> None:
    by_gender = speakers(Voices(espeak, pipers={("en", "male"): Tone("joe")}), "en")
    assert (str(by_gender["male"]), str(by_gender["female"])) == ("joe", "joe at pitch 1.12")


def test_a_voice_that_stands_for_both_genders_is_lowered_for_the_second(espeak) -> None:
    tone = Tone("kim")
    by_gender = speakers(Voices(espeak, pipers={("en", "male"): tone, ("en", "female"): tone}), "en")
    assert (str(by_gender["female"]), str(by_gender["male"])) == ("kim", "kim at pitch 0.89")


def test_a_raised_pitch_is_the_same_tone_higher(espeak) -> None:
    speaker = speakers(Voices(espeak, pipers={("en", "male"): Tone("joe")}), "en")["female"]
    samples = speaker.say("Hello.", "en")
    peak_hz = np.argmax(np.abs(np.fft.rfft(samples, SPEECH_RATE_HZ)))
    assert peak_hz == pytest.approx(440 * 1.12, abs=5)


@pytest.mark.parametrize("colour", ["white", "pink"])
@pytest.mark.parametrize("snr_db", [20, 5])
def test_noise_has_the_power_that_was_asked_for(colour, snr_db) -> None:
    rng = np.random.default_rng(1)
    speech = (0.05 * rng.standard_normal(ASR_RATE_HZ)).astype(np.float32)
    noise = with_noise(speech, colour, snr_db, rng) - speech
    ratio_db = 10 * np.log10(np.mean(speech.astype(np.float64) ** 2) / np.mean(noise.astype(np.float64) ** 2))
    assert ratio_db == pytest.approx(snr_db, abs=0.2)


def test_pink_noise_falls_by_3_db_an_octave() -> None:
    rng = np.random.default_rng(2)
    speech = np.full(16 * ASR_RATE_HZ, 0.01, np.float32)
    noise = with_noise(speech, "pink", 0, rng) - speech
    power = np.abs(np.fft.rfft(noise)) ** 2  # 1/16 Hz a bin
    low, high = power[500 * 16 : 1000 * 16].mean(), power[1000 * 16 : 2000 * 16].mean()
    assert 10 * np.log10(low / high) == pytest.approx(3.0, abs=0.3)


def test_noise_never_clips() -> None:
    loud = np.where(np.arange(ASR_RATE_HZ) % 2, 0.99, -0.99).astype(np.float32)
    assert np.max(np.abs(with_noise(loud, "white", 5, np.random.default_rng(3)))) <= 0.951


def test_pauses_do_not_count_as_speech_power() -> None:
    half = np.concatenate([np.full(8000, 0.1), np.zeros(8000)]).astype(np.float32)
    assert active_power(half) == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_fillers_are_in_the_disfluent_texts_and_never_in_a_reference(language) -> None:
    texts = read_texts(texts_file(language))
    other = {"en": "pt", "pt": "en"}[language]
    assert filler_leak([text.reference for text in texts], other) == 0.0
    assert filler_leak([text.turns[0] for text in texts if text.kind == "disfluent"], language) == 1.0
    assert filler_leak([text.turns[0] for text in texts if text.kind != "disfluent"], language) == 0.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_cover_what_is_hard(language) -> None:
    kinds = Counter(text.kind for text in read_texts(texts_file(language)))
    assert kinds == {
        "meeting": 2,
        "numbers": 1,
        "dates": 1,
        "names": 2,
        "disfluent": 3,
        "two speakers": 2,
        "meeting in noise": 1,
        "long talk": 1,
    }


def test_every_sentence_has_its_translation() -> None:
    pairs = sentence_pairs("en", "pt")
    assert pairs[0][0].startswith("Good morning") and pairs[0][1].startswith("Bom dia")
    with pytest.raises(BadInput, match="no translation into de"):
        sentence_pairs("en", "de")


def test_the_corpus_lies_in_the_users_data_folder(tmp_path) -> None:
    environment = {"XDG_DATA_HOME": str(tmp_path), "DRAGOMAN_MODELS": "/elsewhere"}
    assert corpus_dir(environment) == tmp_path / "dragoman" / "corpus"


def test_the_voices_are_not_loaded_for_a_corpus_that_is_there(voices, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    loaded: list[str] = []

    def load_voices() -> Voices:
        loaded.append("voices")
        return voices

    assert default_manifest("en", load_voices) == default_manifest("en", load_voices)
    assert loaded == ["voices"]


@pytest.mark.e2e
def test_the_shipped_voices_speak_the_corpus_at_its_lengths(models: ModelStore, tmp_path) -> None:
    clips, _ = read_manifest(built_in("en", load_models(models).voices, tmp_path), "en", bad="refuse")
    longest = max(clips, key=lambda clip: clip.seconds)
    assert 60 <= longest.seconds <= 90
    assert all(5 <= clip.seconds <= 20 for clip in clips if clip is not longest)
