import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.time_line import JOIN_S, TimeLine
from streaming.errors import BadInput

ONES = np.full(2400, 0.5, np.float32)


def test_speech_stands_where_it_was_heard_with_silence_before(tmp_path):
    with TimeLine(tmp_path / "out.wav") as line:
        assert line.place(ONES, at_s=2.0) == pytest.approx(2.0)
    samples, rate_hz = soundfile.read(tmp_path / "out.wav")
    assert rate_hz == 24000
    assert not samples[:48000].any()
    assert samples[48000:].all()


def test_a_late_packet_of_the_same_clause_leaves_no_gap(tmp_path):
    with TimeLine(tmp_path / "out.wav") as line:
        line.place(ONES, at_s=1.0)
        assert line.place(ONES, at_s=1.1 + JOIN_S / 2) == pytest.approx(1.1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 2000)), max_size=8))
def test_pieces_never_overlap_and_nothing_is_lost(tmp_path_factory, pieces):
    path = tmp_path_factory.mktemp("line") / "out.wav"
    end_s = 0.0
    with TimeLine(path) as line:
        for at_s, count in sorted(pieces):
            began_s = line.place(np.full(count, 0.5, np.float32), at_s)
            assert began_s >= end_s - 1e-9
            assert began_s >= at_s - JOIN_S - 1e-4
            end_s = line.end_s
    assert np.count_nonzero(soundfile.read(path)[0]) == sum(count for _, count in pieces)


def test_what_was_placed_is_kept_when_the_session_breaks_off(tmp_path):
    with pytest.raises(KeyboardInterrupt), TimeLine(tmp_path / "out.wav") as line:
        line.place(ONES, at_s=0.5)
        raise KeyboardInterrupt
    assert soundfile.info(tmp_path / "out.wav").duration == pytest.approx(0.6)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="can't be written"):
        TimeLine(tmp_path / "no" / "out.wav")
