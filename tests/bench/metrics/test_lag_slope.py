import pytest

from bench.metrics.lag_slope import LagSlope, lag_slope


def test_a_lag_that_grows_evenly_has_its_slope_without_doubt() -> None:
    assert lag_slope([0, 60, 120], [1.0, 1.5, 2.0]) == LagSlope(
        pytest.approx(0.5), pytest.approx(0.5), pytest.approx(0.5)
    )


def test_scatter_widens_the_interval() -> None:
    # Minutes 0..3, lags 0 2 1 3: slope 0.8, residuals' sum of squares 1.8, so the error is sqrt(0.9 / 5) = 0.4243, and
    # Student's t with 2 degrees of freedom is 4.303.
    slope = lag_slope([0, 60, 120, 180], [0, 2, 1, 3])
    assert slope == LagSlope(pytest.approx(0.8), pytest.approx(-1.0255, abs=1e-3), pytest.approx(2.6255, abs=1e-3))


@pytest.mark.parametrize(("freedom", "quantile"), [(5, 2.5706), (10, 2.2281), (30, 2.0423), (1000, 1.9623)])
def test_the_interval_of_many_points_follows_students_t(freedom: int, quantile: float) -> None:
    # A zigzag around 0: its error is known, the interval over the error is the quantile.
    points = freedom + 2
    minutes = list(range(points))
    lags = [(-1.0) ** minute for minute in minutes]
    slope = lag_slope([60 * minute for minute in minutes], lags)
    assert slope is not None
    middle = sum(minutes) / points
    spread = sum((minute - middle) ** 2 for minute in minutes)
    mean = sum(lags) / points
    squares = sum(
        (lag - mean - slope.s_per_min * (minute - middle)) ** 2 for minute, lag in zip(minutes, lags, strict=True)
    )
    assert (slope.high - slope.s_per_min) / (squares / freedom / spread) ** 0.5 == pytest.approx(quantile, abs=0.003)


def test_two_points_or_one_moment_have_no_slope() -> None:
    assert lag_slope([0, 60], [1, 2]) is None
    assert lag_slope([60, 60, 60], [1, 2, 3]) is None
