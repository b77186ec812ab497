import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.file import FileSource, in_real_time
from streaming.clock import now, run_virtual
from streaming.errors import BadInput


def tone(seconds: float, rate_hz: int) -> np.ndarray:
    return (np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate_hz)) / rate_hz) / 2).astype(np.float32)


def write(path, samples, rate_hz):
    soundfile.write(path, samples, rate_hz)
    return path


@settings(max_examples=20, deadline=None)
@given(seconds=st.floats(0.05, 1.2), rate_hz=st.sampled_from([8000, 16000, 22050, 44100, 48000]))
def test_every_chunk_but_the_last_is_whole_and_the_length_is_kept(tmp_path_factory, seconds, rate_hz):
    path = write(tmp_path_factory.mktemp("source") / "a.wav", tone(seconds, rate_hz), rate_hz)
    with FileSource(path) as source:
        chunks = list(source.chunks())
    assert all(len(chunk) == 1600 for chunk in chunks[:-1])
    assert 0 < len(chunks[-1]) <= 1600
    assert sum(map(len, chunks)) == pytest.approx(seconds * 16000, abs=3)


def test_a_tone_keeps_its_level_through_resampling(tmp_path):
    with FileSource(write(tmp_path / "a.flac", tone(1.0, 48000), 48000)) as source:
        heard = np.concatenate(list(source.chunks()))
    assert np.sqrt(np.mean(heard[2000:-2000] ** 2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)


def test_stereo_becomes_the_mean_of_both_sides(tmp_path):
    left = tone(0.3, 16000)
    path = write(tmp_path / "a.wav", np.stack([left, np.zeros_like(left)], axis=1), 16000)
    with FileSource(path) as source:
        heard = np.concatenate(list(source.chunks()))
    np.testing.assert_allclose(heard, left / 2, atol=1e-4)


def test_chunks_can_be_read_twice(tmp_path):
    with FileSource(write(tmp_path / "a.wav", tone(0.3, 16000), 16000)) as source:
        first, second = list(source.chunks()), list(source.chunks())
    np.testing.assert_array_equal(np.concatenate(first), np.concatenate(second))


def test_a_wav_cut_in_its_data_gives_what_is_there(tmp_path):
    whole = write(tmp_path / "a.wav", tone(1.0, 16000), 16000).read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: 44 + 16000])
    with FileSource(tmp_path / "cut.wav") as source:
        assert sum(map(len, source.chunks())) == 8000


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("header.wav", b"RIFF\x24\x00\x00\x00WAVEfm", "can't be read as audio"),
        ("notes.txt", b"Bring the figures.\n", "can't be read as audio"),
        ("empty.wav", b"", "can't be read as audio"),
    ],
)
def test_what_is_not_audio_is_refused_by_name(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=f"{name} {reason}"):
        FileSource(tmp_path / name)


def test_a_wav_without_samples_is_refused(tmp_path):
    path = write(tmp_path / "silent.wav", np.zeros(0, np.float32), 16000)
    with pytest.raises(BadInput, match="holds no audio"):
        FileSource(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match="does not exist"):
        FileSource(tmp_path / "nothing.wav")


def test_a_cut_flac_says_where_it_is_damaged_or_ends_early(tmp_path):
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, 32000).astype(np.float32)
    whole = write(tmp_path / "a.flac", noise, 16000).read_bytes()
    (tmp_path / "cut.flac").write_bytes(whole[: len(whole) // 2])
    with FileSource(tmp_path / "cut.flac") as source:
        try:
            heard = sum(map(len, source.chunks()))
        except BadInput as error:
            assert "is damaged at" in error.reason
        else:
            assert 0 < heard < 32000


def test_each_chunk_comes_when_a_microphone_would_have_it():
    async def arrivals() -> list[float]:
        chunks = iter([np.zeros(1600, np.float32)] * 3 + [np.zeros(800, np.float32)])
        return [now() async for _ in in_real_time(chunks)]

    assert run_virtual(arrivals()) == pytest.approx([0.1, 0.2, 0.3, 0.35])
