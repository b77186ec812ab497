import pytest

from bench.metrics.compute import compute_per_second


def test_compute_is_per_second_of_audio_by_model_and_in_all() -> None:
    assert compute_per_second({"asr": 3.0, "mt": 1.0}, 10.0) == pytest.approx({"asr": 0.3, "mt": 0.1, "all": 0.4})
