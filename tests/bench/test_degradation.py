"""Each degradation does to the speech what it says, and nothing else."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import soundfile

from bench.built_in_corpus import active_power
from bench.degradation import (
    DEGRADATIONS,
    PACKET,
    TELEPHONE_RATE_HZ,
    clipped,
    hum,
    lost_packets,
    mu_law,
    narrow_band,
    packet_loss,
    quiet,
)
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples
from tests.asr.sounds import noise, silence

SPEECH = np.concatenate((noise(3.013), silence(0.5)))


def level_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(samples**2)))


def band_power(samples: Samples, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / ASR_RATE_HZ)
    return float(np.sum(power[(hz >= low_hz) & (hz < high_hz)]))


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_seed_gives_the_same_damage_and_the_length_stays(name: str) -> None:
    damaged = DEGRADATIONS[name](SPEECH, np.random.default_rng(1))
    assert damaged.shape == SPEECH.shape and damaged.dtype == np.float32
    assert np.max(np.abs(damaged)) <= 1
    np.testing.assert_array_equal(damaged, DEGRADATIONS[name](SPEECH, np.random.default_rng(1)))
    assert not np.array_equal(damaged, SPEECH)


def test_a_telephone_passes_its_band_alone() -> None:
    wide = noise(2.0)
    narrow = narrow_band(wide)
    assert band_power(narrow, 4000, 8000) < 1e-4 * band_power(wide, 4000, 8000)
    assert band_power(narrow, 0, 150) < 1e-2 * band_power(wide, 0, 150)
    assert band_power(narrow, 400, 3300) == pytest.approx(band_power(wide, 400, 3300), rel=0.05)


def test_mu_law_is_that_of_a_file_in_mu_law(tmp_path) -> None:
    steps = np.linspace(-1, 1, 4001).astype(np.float32)
    soundfile.write(tmp_path / "steps.wav", steps, TELEPHONE_RATE_HZ, subtype="ULAW")
    coded, _ = soundfile.read(tmp_path / "steps.wav", dtype="float32")
    largest_step = (np.abs(coded) + 132 / 32768) / 16
    assert np.all(np.abs(mu_law(steps) - coded) <= 1.1 * largest_step)  # on a boundary either side will do
    assert np.mean(mu_law(steps) == coded) > 0.99
    np.testing.assert_array_equal(mu_law(coded), coded)


@pytest.mark.parametrize("share", [0.01, 0.1])
def test_so_many_samples_are_cut_off(share: float) -> None:
    loud = clipped(SPEECH, share)
    assert np.mean(np.abs(loud) == 1) == pytest.approx(share, abs=0.001)
    inside = np.abs(loud) < 1
    ratios = loud[inside & (SPEECH != 0)] / SPEECH[inside & (SPEECH != 0)]
    assert np.ptp(ratios) < 1e-3


def test_silence_is_not_turned_up_to_clipping() -> None:
    assert not clipped(silence(0.1), 0.05).any()


def test_quiet_speech_has_its_level_in_whole_16_bit_steps() -> None:
    low = quiet(SPEECH, -60)
    assert 10 * np.log10(active_power(low)) == pytest.approx(-60, abs=0.5)
    np.testing.assert_array_equal(low * 32768, np.round(low * 32768))


@pytest.mark.parametrize(("share", "mean_burst"), [(0.05, 1 / 0.95), (0.05, 3.0), (0.2, 5.0)])
def test_lost_packets_come_in_their_share_and_bursts(share: float, mean_burst: float) -> None:
    lost = lost_packets(100_000, share, mean_burst, np.random.default_rng(2))
    bursts = [len(list(run)) for gone, run in itertools.groupby(lost) if gone]
    assert np.mean(lost) == pytest.approx(share, rel=0.1)
    assert np.mean(bursts) == pytest.approx(mean_burst, rel=0.05)


def test_a_lost_packet_is_silent_and_the_others_are_whole() -> None:
    rng = np.random.default_rng(3)
    speech = noise(2.007)
    heard = packet_loss(speech, 0.2, 2.0, rng)
    for start in range(0, len(speech), PACKET):
        packet = heard[start : start + PACKET]
        assert not packet.any() or np.array_equal(packet, speech[start : start + PACKET])
    assert 0.1 < np.mean(heard == 0) < 0.3


def test_hum_is_so_far_below_the_speech() -> None:
    added = hum(SPEECH, 10, np.random.default_rng(4)) - SPEECH
    assert level_db(added) == pytest.approx(10 * np.log10(active_power(SPEECH)) - 10, abs=0.1)
    assert band_power(added, 1000, 8000) < 0.01 * band_power(added, 0, 1000)
