"""What telephones, microphones and networks do to speech: pure functions on 16 kHz mono float32 in [-1, 1].

Those with chance in them take a seeded generator: the same seed, the same damage. Noise over speech at a given ratio is
`bench.built_in_corpus.with_noise`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from bench import non_speech
from bench.built_in_corpus import active_power, with_noise
from bench.synthesis import gain
from streaming.audio import ASR_RATE_HZ, from_s16le, resample, to_s16le
from streaming.items import Samples

TELEPHONE_RATE_HZ = 8000
PACKET = ASR_RATE_HZ // 50
"""20 ms, which RTP carries where nothing else is agreed on (RFC 3551, section 4.2)"""
_BAND_HZ = (200.0, 300.0, 3400.0, 4000.0)
"""nothing, everything, everything, nothing passes: the band of the telephone network (ITU-T G.712)"""
_MU_LAW_BIAS = 132
_MU_LAW_MOST = 32635


def narrow_band(samples: Samples) -> Samples:
    """As a telephone call carries it: 300 to 3400 Hz at 8 kHz in G.711 mu-law, then back at 16 kHz."""
    bins = np.fft.rfft(samples)
    bins *= np.interp(np.fft.rfftfreq(len(samples), 1 / ASR_RATE_HZ), _BAND_HZ, (0, 1, 1, 0))
    band = np.fft.irfft(bins, len(samples)).astype(np.float32)
    call = mu_law(resample(band, ASR_RATE_HZ, TELEPHONE_RATE_HZ))
    return resample(call, TELEPHONE_RATE_HZ, ASR_RATE_HZ)[: len(samples)]


def mu_law(samples: Samples) -> Samples:
    """Coded in 8 bits and back: sign, one of eight segments, sixteen steps in each (ITU-T G.711)."""
    biased = np.minimum(np.abs(samples) * 32768, _MU_LAW_MOST) + _MU_LAW_BIAS
    step = 2.0 ** (np.floor(np.log2(biased)) - 4)
    decoded = (np.floor(biased / step) + 0.5) * step - _MU_LAW_BIAS
    return (np.sign(samples) * decoded / 32768).astype(np.float32)


def clipped(samples: Samples, share: float) -> Samples:
    """Too loud for the converter: turned up until this share of the samples is cut off at full scale."""
    full_scale = max(float(np.quantile(np.abs(samples), 1 - share)), 1e-9)
    return np.clip(samples / full_scale, -1, 1).astype(np.float32)


def quiet(samples: Samples, level_db: float) -> Samples:
    """Far from the microphone, or its gain is low: speech at this level in dBFS, in what 16 bits leave of it."""
    return from_s16le(to_s16le(samples * (gain(level_db) / np.sqrt(active_power(samples)))))


def packet_loss(samples: Samples, share: float, mean_burst: float, rng: np.random.Generator) -> Samples:
    """Packets of 20 ms lost and played as zeros: `lost_packets`."""
    lost = lost_packets(-(-len(samples) // PACKET), share, mean_burst, rng)
    return np.where(np.repeat(lost, PACKET)[: len(samples)], np.float32(0), samples)


def lost_packets(count: int, share: float, mean_burst: float, rng: np.random.Generator) -> list[bool]:
    """Which of so many packets are lost: this share of them in the long run, so many in a row in the mean.

    A network in a good state, which loses nothing, or in a bad one, which loses everything (Gilbert 1960; Elliott 1963
    with losses of 0 and 1). A mean burst of 1 / (1 - share) makes losses independent.
    """
    to_good = 1 / mean_burst
    to_bad = to_good * share / (1 - share)
    lost: list[bool] = []
    bad = rng.random() < share
    for chance in rng.random(count):
        lost.append(bad)
        bad = chance >= to_good if bad else chance < to_bad
    return lost


def hum(samples: Samples, snr_db: float, rng: np.random.Generator) -> Samples:
    """Mains hum over the whole clip, `snr_db` below the speech in it."""
    level = np.sqrt(active_power(samples)) / gain(snr_db)
    noise = level * non_speech.hum(len(samples) / ASR_RATE_HZ, rng)
    return np.clip(samples + noise, -1, 1).astype(np.float32)


DEGRADATIONS: Mapping[str, Callable[[Samples, np.random.Generator], Samples]] = {
    "narrow_band": lambda samples, rng: narrow_band(samples),
    "clipped": lambda samples, rng: clipped(samples, 0.05),
    "quiet": lambda samples, rng: quiet(samples, -60),
    "very_quiet": lambda samples, rng: quiet(samples, -70),
    "packet_loss": lambda samples, rng: packet_loss(samples, 0.05, 1 / 0.95, rng),
    "burst_loss": lambda samples, rng: packet_loss(samples, 0.05, 3, rng),
    "noise": lambda samples, rng: with_noise(samples, "pink", 10, rng),
    "hum": lambda samples, rng: hum(samples, 10, rng),
}
"""by name, each at one strength: what `dragoman bench degrade` offers"""
