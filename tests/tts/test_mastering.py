import numpy as np
import pytest

from streaming.items import Samples
from tts.mastering import ACTIVE_LEVEL_DBFS, KEEP_AFTER_MS, KEEP_BEFORE_MS, PEAK, master

RATE_HZ = 24_000


def voice(amplitude: float) -> Samples:
    """Half a second of silence, one of tone, half of silence."""
    times = np.arange(RATE_HZ) / RATE_HZ
    silence = np.zeros(RATE_HZ // 2, np.float32)
    tone = amplitude * np.sin(2 * np.pi * 200 * times)
    return np.concatenate([silence, tone, silence]).astype(np.float32)


def test_silence_around_is_trimmed_to_what_is_kept() -> None:
    seconds = len(master(voice(0.3))) / RATE_HZ
    assert seconds == pytest.approx(1 + (KEEP_BEFORE_MS + KEEP_AFTER_MS) / 1000, abs=0.01)


@pytest.mark.parametrize("amplitude", [0.01, 0.1, 0.9])
def test_loud_and_quiet_voices_come_out_equally_loud(amplitude: float) -> None:
    mastered = master(voice(amplitude))
    power = np.mean(mastered[2400:-2400] ** 2)
    assert 10 * np.log10(power) == pytest.approx(ACTIVE_LEVEL_DBFS, abs=0.5)


def test_peaks_do_not_clip() -> None:
    spiky = voice(0.001)
    spiky[RATE_HZ] = 1.0
    assert np.abs(master(spiky)).max() <= PEAK + 1e-6


def test_edges_are_silent() -> None:
    tone = voice(0.5)[RATE_HZ // 2 + 30 : RATE_HZ]
    mastered = master(tone)
    assert abs(mastered[0]) < 1e-3 and abs(mastered[-1]) < 1e-2


def test_silence_gives_nothing() -> None:
    assert len(master(np.zeros(RATE_HZ, np.float32))) == 0
    assert len(master(np.zeros(0, np.float32))) == 0
