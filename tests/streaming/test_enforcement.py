"""The enforcer at work: a simulated speaker on two virtual cores, calm and under the bench's overload."""

from __future__ import annotations

from streaming.budget import BALANCED
from tests.streaming.simulated_speaker import SimulatedSpeaker

SECONDS = 210.0
SEEDS = range(3)


def test_on_a_calm_machine_all_is_in_time_and_hardly_anything_is_left_out() -> None:
    for seed in SEEDS:
        heard = SimulatedSpeaker(SECONDS, config=BALANCED, overload=False, slowness=1.0, seed=seed).run()
        assert heard.within(BALANCED.p95_s) >= 0.99
        assert heard.spoken() >= 0.98


def test_under_overload_what_is_played_is_in_time_and_most_is_played() -> None:
    played_in_time, spoken = [], []
    for seed in SEEDS:
        heard = SimulatedSpeaker(SECONDS, config=BALANCED, overload=True, slowness=1.0, seed=seed).run()
        played_in_time.append(heard.within(BALANCED.p95_s))
        spoken.append(heard.spoken())
    assert sum(played_in_time) / len(played_in_time) >= 0.99
    assert min(spoken) >= 0.85
