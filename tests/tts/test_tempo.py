import numpy as np
import pytest

from streaming.items import Samples
from tts.tempo import stretch

RATE_HZ = 24_000


def tone(frequency_hz: float, seconds: float = 1.0) -> Samples:
    times = np.arange(int(RATE_HZ * seconds)) / RATE_HZ
    return (0.5 * np.sin(2 * np.pi * frequency_hz * times)).astype(np.float32)


def loudest_frequency_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * RATE_HZ / len(samples)


@pytest.mark.parametrize("tempo", [1.1, 1.25, 1.5])
@pytest.mark.parametrize("frequency_hz", [90.0, 220.0, 1000.0])
def test_a_tone_keeps_its_pitch_and_level_and_gets_shorter(tempo: float, frequency_hz: float) -> None:
    faster = stretch(tone(frequency_hz), tempo, RATE_HZ)
    assert len(faster) == round(RATE_HZ / tempo)
    assert loudest_frequency_hz(faster) == pytest.approx(frequency_hz, abs=2 * RATE_HZ / len(faster))
    middle = faster[len(faster) // 4 : len(faster) // 2]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.03)


def test_the_beginning_is_the_signals_own() -> None:
    signal = tone(150.0)
    assert np.allclose(stretch(signal, 1.25, RATE_HZ)[:200], signal[:200], atol=1e-4)


def test_a_natural_tempo_changes_nothing() -> None:
    signal = tone(150.0)
    assert stretch(signal, 1.0, RATE_HZ) is signal


def test_the_tempo_is_bounded() -> None:
    signal = tone(150.0)
    assert len(stretch(signal, 9.0, RATE_HZ)) == round(len(signal) / 1.5)
    assert stretch(signal, 0.5, RATE_HZ) is signal


def test_what_is_too_short_stays_as_it_is() -> None:
    click = np.ones(100, np.float32)
    assert stretch(click, 1.5, RATE_HZ) is click
