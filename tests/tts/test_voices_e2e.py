"""The real voices, heard again by Whisper base: what they say is what was asked for."""

import itertools
import json
import re
from functools import cache

import numpy as np
import pytest
from faster_whisper import WhisperModel

from server.models import models_dir
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.items import Samples
from tts.espeak import Espeak
from tts.kokoro import load_kokoro
from tts.kokoro_phonemes import KokoroPhonemes
from tts.piper import load_piper
from tts.voices import Gender, Voices

PORTUGUESE = "Precisamos mudar a reunião de terça para quinta-feira, porque o João não pode vir."
ENGLISH = "We need to move the meeting from Tuesday to Thursday because John cannot come."


@cache
def voices() -> Voices:
    espeak = Espeak()
    return Voices(
        espeak,
        kokoro=load_kokoro(models_dir() / "kokoro-82m", espeak, threads=2),
        pipers={("en", "male"): load_piper(models_dir() / "piper-en_US-joe" / "en_US-joe-medium.onnx", threads=2)},
    )


def speak(text: str, language: str, gender: Gender | None = None, *, tempo: float = 1.0, end: bool = True) -> Samples:
    voice = voices().choose(language, gender)
    return voice.model.run([voice.request(text, language, tempo=tempo, sentence_end=end)])[0]


def heard(samples: Samples, language: str) -> set[str]:
    whisper = WhisperModel(str(models_dir() / "whisper-base"), device="cpu", compute_type="int8", cpu_threads=2)
    padded = np.pad(samples, SPEECH_RATE_HZ // 4)
    segments, _ = whisper.transcribe(resample(padded, SPEECH_RATE_HZ, ASR_RATE_HZ), language=language)
    return set(re.findall(r"\w+", " ".join(segment.text for segment in segments).lower()))


@pytest.mark.e2e
@pytest.mark.parametrize("gender", ["female", "male"])
def test_kokoro_speaks_portuguese_that_is_understood(gender: Gender) -> None:
    expected = {"reunião", "terça", "quinta", "feira", "joão", "vir"}
    assert len(expected & heard(speak(PORTUGUESE, "pt", gender), "pt")) >= 5


@pytest.mark.e2e
@pytest.mark.parametrize("gender", ["female", "male"])
def test_english_voices_are_understood(gender: Gender) -> None:
    expected = {"move", "meeting", "tuesday", "thursday", "john", "come"}
    assert len(expected & heard(speak(ENGLISH, "en", gender), "en")) >= 5


@pytest.mark.e2e
@pytest.mark.parametrize(("text", "language"), [(PORTUGUESE, "pt"), (ENGLISH, "en"), (ENGLISH, "en-GB")])
def test_a_higher_tempo_is_shorter_in_proportion(text: str, language: str) -> None:
    natural, faster = speak(text, language), speak(text, language, tempo=1.25)
    assert len(natural) / len(faster) == pytest.approx(1.25, abs=0.12)


@pytest.mark.e2e
def test_all_voices_are_about_equally_loud() -> None:
    speech = [
        speak(PORTUGUESE, "pt", "female"),
        speak(PORTUGUESE, "pt", "male"),
        speak(ENGLISH, "en", "male"),
        speak(ENGLISH, "en", "female"),
        speak("Wir müssen das Treffen verschieben.", "de"),
    ]
    levels = [10 * np.log10(np.mean(samples**2)) for samples in speech]
    assert max(levels) - min(levels) < 4
    assert all(np.abs(samples).max() < 1 for samples in speech)


@pytest.mark.e2e
def test_text_with_nothing_to_say_gives_no_samples() -> None:
    for language in ("pt", "en", "de"):
        assert len(speak("…", language)) == 0


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("language", "gender", "name"),
    [("en", None, "piper-en_US-joe-medium"), ("en", "female", "af_heart"), ("pt-BR", None, "pf_dora")],
)
def test_kokoro_speaks_what_no_piper_voice_does(language: str, gender: Gender | None, name: str) -> None:
    assert voices().choose(language, gender).name == name


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pt", "Tchau, gente! A mãe põe pão, quilo, vinho, trinta e um ônibus, leite, xícara, ninhos, chuva, muito."),
        ("pt", "Qualquer carro, rei, honra, exame, algum, você fez; os dias e as noites — 1.250 pessoas, 12,5% hoje?"),
        ("en", "The judge chose a bird; there, father, button, little girl, fire, poor boy, now... 25 things, vision!"),
    ],
)
def test_kokoros_alphabet_loses_no_sound(language: str, text: str) -> None:
    alphabet = json.loads((models_dir() / "kokoro-82m" / "vocab.json").read_text("utf-8"))["vocab"].keys()
    espeak = Espeak()
    everything = {chr(code) for code in range(32, 0x2FFF)}
    unfiltered = KokoroPhonemes(espeak, everything).of(text, language)
    assert {letter for letter in unfiltered if letter not in alphabet} == set()


def pitch_hz(samples: Samples) -> float:
    """Of its voiced parts, the median: the highest peak of the autocorrelation of 50 ms."""
    frame, longest, shortest = SPEECH_RATE_HZ // 20, SPEECH_RATE_HZ // 70, SPEECH_RATE_HZ // 400
    pitches = []
    for begin in range(0, len(samples) - frame, frame // 2):
        spectrum = np.fft.rfft(samples[begin : begin + frame], 2 * frame)
        alike = np.fft.irfft(np.abs(spectrum) ** 2)[:longest]
        lag = shortest + int(np.argmax(alike[shortest:]))
        if alike[0] > 1.0 and alike[lag] > 0.5 * alike[0]:
            pitches.append(SPEECH_RATE_HZ / lag)
    return float(np.median(pitches))


def timbre(samples: Samples) -> np.ndarray:
    """Its long-term average spectrum in 24 bands of equal ratio from 100 Hz to 8 kHz, dB about their mean."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    edges = np.geomspace(100, 8000, 25) * len(samples) / SPEECH_RATE_HZ
    bands = [power[int(low) : int(high)].mean() for low, high in itertools.pairwise(edges)]
    levels = 10 * np.log10(bands)
    return levels - levels.mean()


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        ("pt", PORTUGUESE, "O boleto da mensalidade vence no dia cinco, e o técnico já saiu."),
        ("en", ENGLISH, "The new dashboard shows how many patients are waiting in each room."),
    ],
)
def test_three_speakers_have_voices_that_can_be_told_apart(language: str, text: str, other: str) -> None:
    chosen = [voices().choose(language, variant=number) for number in range(3)]
    spoken = [
        [voice.model.run([voice.request(each, language, tempo=1.0, sentence_end=True)])[0] for each in (text, other)]
        for voice in chosen
    ]
    for (one, again), (another, _) in itertools.permutations(spoken, 2):
        pitch = pitch_hz(one) / pitch_hz(another)
        apart = np.std(timbre(one) - timbre(another)) / np.std(timbre(one) - timbre(again))
        assert max(pitch, 1 / pitch) > 1.15 or apart > 1.5
