from __future__ import annotations

import io
import itertools

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.media_decode import create_decoder
from server.media_encode import WebmOpusEncoder, create_encoder
from streaming.audio import SPEECH_RATE_HZ, to_s16le
from streaming.errors import BadInput
from streaming.items import Samples
from streaming.media_type import SOURCE_TYPES, TARGET_TYPES, parse_source, parse_target


def tone(seconds: float, rate_hz: int) -> Samples:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.float32)


def decoded(webm: bytes) -> Samples:
    with av.open(io.BytesIO(webm)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def test_opus_in_webm_decodes_to_what_was_said() -> None:
    encoder = WebmOpusEncoder()
    packets = encoder.push(tone(1.0, SPEECH_RATE_HZ), last=True)
    heard = decoded(b"".join((*encoder.headers, *packets)))
    said = tone(1.0, 48_000)[: len(heard)]
    assert len(packets) == 50
    assert len(heard) > 0.99 * 48_000
    assert np.corrcoef(heard, said)[0, 1] > 0.95


def test_every_packet_of_a_clause_leaves_with_its_end() -> None:
    encoder = WebmOpusEncoder()
    assert len(encoder.push(tone(0.03, SPEECH_RATE_HZ), last=False)) == 1
    assert len(encoder.push(tone(0.0, SPEECH_RATE_HZ), last=True)) == 1


def test_a_cut_webm_stream_still_plays_up_to_the_cut() -> None:
    encoder = WebmOpusEncoder()
    packets = encoder.push(tone(1.0, SPEECH_RATE_HZ), last=True)
    assert len(decoded(b"".join((*encoder.headers, *packets[:10])))) > 0.19 * 48_000


def test_an_hour_of_speech_keeps_its_time_line() -> None:
    encoder = WebmOpusEncoder()
    first = encoder.push(tone(0.02, SPEECH_RATE_HZ), last=True)
    encoder._at_ms = 3_600_000
    later = encoder.push(tone(0.02, SPEECH_RATE_HZ), last=True)
    with av.open(io.BytesIO(b"".join((*encoder.headers, *first, *later)))) as container:
        times = [packet.pts * packet.time_base for packet in container.demux(audio=0) if packet.size]
    assert float(times[1] - times[0]) == pytest.approx(3600, abs=0.02)


@settings(deadline=None)
@given(cuts=st.lists(st.integers(0, 4000), max_size=6))
def test_pcm_at_its_own_rate_is_the_same_in_any_chunking(cuts: list[int]) -> None:
    said = tone(0.2, SPEECH_RATE_HZ)
    encoder = create_encoder(parse_target("audio/pcm;encoding=s16le;rate=24000"))
    bounds = sorted({0, len(said), *(min(cut, len(said)) for cut in cuts)})
    pieces = [said[a:b] for a, b in itertools.pairwise(bounds)]
    made = [packet for piece in pieces for packet in encoder.push(piece, last=False)]
    assert b"".join(made) == to_s16le(said)


def test_a_clause_at_another_rate_keeps_its_whole_length() -> None:
    encoder = create_encoder(parse_target("audio/pcm;encoding=s16le;rate=16000"))
    for _ in range(3):
        packets = encoder.push(tone(0.1, SPEECH_RATE_HZ), last=False) + encoder.push(
            tone(0.1, SPEECH_RATE_HZ), last=True
        )
        assert len(b"".join(packets)) == 16_000 // 5 * 2


@pytest.mark.parametrize("rate_hz", [8000, 16000, 44100, 48000])
def test_pcm_of_any_rate_becomes_16_khz(rate_hz: int) -> None:
    decoder = create_decoder(parse_source(f"audio/pcm;encoding=s16le;rate={rate_hz}"))
    heard = np.concatenate([decoder.push(to_s16le(tone(1.0, rate_hz))), decoder.flush()])
    assert len(heard) == pytest.approx(16_000, abs=2)
    assert np.abs(heard).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(("size", "reason"), [(1, "whole number"), (32_002, "at most"), (1_000_001, "at most")])
def test_a_chunk_that_breaks_the_rules_is_refused(size: int, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        create_decoder(parse_source("audio/pcm;encoding=s16le;rate=16000")).push(bytes(size))


def test_types_that_are_not_supported_yet_say_so() -> None:
    for text in SOURCE_TYPES - {one for one in SOURCE_TYPES if "s16le" in one}:
        with pytest.raises(BadInput, match="not supported yet"):
            create_decoder(parse_source(text))
    for text in TARGET_TYPES - {one for one in TARGET_TYPES if "s16le" in one or "audio/webm" in one}:
        with pytest.raises(BadInput, match="not supported yet"):
            create_encoder(parse_target(text))
