"""Reading media files: any container, any rate, damage, and nothing at all."""

import av
import numpy as np
import pytest
import soundfile

from server.media_file import duration_s, read_audio
from streaming.errors import BadInput


def tone(seconds: float, rate_hz: int) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "rate_hz", "channels"), [("a.wav", 44_100, 2), ("a.flac", 8_000, 1), ("a.ogg", 48_000, 2)]
)
def test_every_format_comes_as_16_khz_mono(tmp_path, name, rate_hz, channels) -> None:
    path = tmp_path / name
    soundfile.write(path, np.stack([tone(2.0, rate_hz)] * channels, axis=1), rate_hz)
    audio = np.concatenate(list(read_audio(path)))
    assert len(audio) / 16_000 == pytest.approx(2.0, abs=0.05)
    spectrum = np.abs(np.fft.rfft(audio[4000:20_000]))
    assert spectrum.argmax() * 16_000 / 16_000 == pytest.approx(440, abs=3)
    assert duration_s(path) == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_U8", "ULAW", "ALAW"])
def test_a_telephone_recording_comes_as_16_khz_mono(tmp_path, subtype, channels) -> None:
    path = tmp_path / "call.wav"
    soundfile.write(path, np.stack([tone(1.0, 8_000)] * channels, axis=1), 8_000, subtype=subtype)
    audio = np.concatenate(list(read_audio(path)))
    expected = tone(1.0, 16_000)[1000:15_000]
    assert len(audio) / 16_000 == pytest.approx(1.0, abs=0.01)
    np.testing.assert_allclose(audio[1000:15_000], expected, atol=0.03)


def test_the_sound_of_a_film_is_read(tmp_path) -> None:
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone(1.0, 48_000)[None], format="flt", layout="mono")
        frame.sample_rate = 48_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    assert sum(map(len, read_audio(path))) / 16_000 == pytest.approx(1.0, abs=0.1)


def test_a_wav_that_breaks_off_gives_what_it_has(tmp_path) -> None:
    path = tmp_path / "cut.wav"
    soundfile.write(path, tone(4.0, 16_000), 16_000)
    path.write_bytes(path.read_bytes()[: 2 * 16_000 * 2 + 45])
    assert sum(map(len, read_audio(path))) / 16_000 == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("content", [b"", b"not a sound", bytes(range(256)) * 20])
def test_what_is_not_media_is_refused(tmp_path, content) -> None:
    path = tmp_path / "thing.wav"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"thing\.wav"):
        list(read_audio(path))


def test_a_missing_file_is_refused(tmp_path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        duration_s(tmp_path / "none.mp3")
