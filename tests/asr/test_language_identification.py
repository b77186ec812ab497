"""The lock on hand-made probabilities: what it takes to settle, and what it takes to change its mind."""

import pytest

from asr.language_identification import MOST_SPEECH_S, LanguageLock


def utterance(lock: LanguageLock, *windows: tuple[float, float]) -> str:
    """Each window: seconds of speech, and how likely it is Portuguese (the rest is English)."""
    lock.begin_utterance()
    for speech_s, portuguese in windows:
        lock.push({"en": 1 - portuguese, "pt": portuguese}, speech_s)
    return lock.language


def undeclared() -> LanguageLock:
    return LanguageLock(["en", "pt"])


def locked() -> LanguageLock:
    lock = undeclared()
    assert utterance(lock, (2.0, 0.01), (4.0, 0.01)) == "en"
    return lock


def test_a_declared_language_is_settled_and_asks_for_nothing() -> None:
    lock = LanguageLock(["pt"])
    assert (lock.language, lock.settled, lock.identify) == ("pt", True, ())


def test_short_speech_gives_a_guess_that_is_not_settled() -> None:
    lock = undeclared()
    assert utterance(lock, (0.6, 0.9)) == "pt"
    assert not lock.settled


def test_two_clear_seconds_settle_it() -> None:
    lock = undeclared()
    utterance(lock, (0.6, 0.1), (2.0, 0.99))
    assert (lock.language, lock.settled) == ("pt", True)


def test_a_first_guess_that_longer_speech_contradicts_is_given_up() -> None:
    lock = undeclared()
    assert utterance(lock, (0.5, 0.02)) == "en"
    lock.push({"en": 0.02, "pt": 0.98}, 2.2)
    assert lock.language == "pt"


def test_short_utterances_add_up() -> None:
    lock = undeclared()
    for _ in range(4):
        utterance(lock, (1.0, 0.95))
    assert (lock.language, lock.settled) == ("pt", True)


def test_words_wait_for_doubtful_speech_no_longer_than_its_evidence_lasts() -> None:
    lock = undeclared()
    utterance(lock, (3.0, 0.6))
    assert not lock.settled
    lock.push({"en": 0.4, "pt": 0.6}, MOST_SPEECH_S)
    assert (lock.language, lock.settled, lock.identify) == ("pt", True, ())


def test_each_utterance_is_looked_at_again() -> None:
    lock = locked()
    assert lock.identify == ()
    lock.begin_utterance()
    assert lock.identify == ("en", "pt")
    assert lock.settled


@pytest.mark.parametrize("speech_s", [0.3, 0.5, 0.8])
def test_a_short_ok_changes_nothing(speech_s: float) -> None:
    lock = locked()
    assert utterance(lock, (speech_s, 0.99)) == "en"
    assert utterance(lock, (2.0, 0.02)) == "en"
    assert lock.settled


def test_noise_changes_nothing() -> None:
    lock = locked()
    for portuguese in (0.4, 0.6, 0.5, 0.55, 0.45, 0.6, 0.5) * 5:
        assert utterance(lock, (2.0, portuguese)) == "en"


def test_a_lasting_lean_changes_nothing() -> None:
    lock = locked()
    for _ in range(50):
        assert utterance(lock, (2.0, 0.7)) == "en"


def test_sound_without_speech_changes_nothing() -> None:
    lock = locked()
    for _ in range(20):
        assert utterance(lock, (0.0, 1.0)) == "en"
        assert lock.settled


def test_contrary_speech_makes_the_words_wait() -> None:
    lock = locked()
    assert utterance(lock, (1.5, 0.95)) == "en"
    assert not lock.settled


def test_one_long_and_sure_utterance_switches() -> None:
    assert utterance(locked(), (1.0, 0.98), (2.0, 0.98), (4.0, 0.98)) == "pt"


def test_a_long_talk_makes_the_lock_no_harder() -> None:
    lock = locked()
    for _ in range(50):
        utterance(lock, (4.0, 0.001))
    assert utterance(lock, (4.0, 0.98)) == "pt"


def test_two_clear_utterances_in_a_row_switch() -> None:
    lock = locked()
    assert utterance(lock, (2.0, 0.98)) == "en"
    assert utterance(lock, (2.0, 0.98)) == "pt"


def test_an_agreeing_utterance_between_them_keeps_the_language() -> None:
    lock = locked()
    utterance(lock, (2.0, 0.95))
    utterance(lock, (3.0, 0.02))
    assert utterance(lock, (2.0, 0.95)) == "en"


def test_a_switch_back_takes_the_same_evidence() -> None:
    lock = locked()
    utterance(lock, (4.0, 0.99))
    assert utterance(lock, (2.0, 0.1)) == "pt"
    assert utterance(lock, (4.0, 0.01)) == "en"


def test_a_shorter_window_of_the_same_utterance_is_no_news() -> None:
    lock = undeclared()
    utterance(lock, (3.0, 0.99), (1.0, 0.01))
    assert (lock.language, lock.settled) == ("pt", True)


def test_a_hint_is_the_first_guess_and_makes_nothing_wait() -> None:
    lock = LanguageLock(["en", "pt"], hint="pt")
    lock.begin_utterance()
    assert (lock.language, lock.settled) == ("pt", True)
    assert utterance(lock, (4.0, 0.01)) == "en"


def test_a_hint_that_is_no_candidate_is_passed_over() -> None:
    assert not LanguageLock(["en", "pt"], hint="fr").settled


def test_one_of_many_is_found() -> None:
    lock = LanguageLock(["en", "es", "pt", "de"])
    lock.begin_utterance()
    lock.push({"en": 0.01, "es": 0.02, "pt": 0.96, "de": 0.01}, 2.5)
    assert (lock.language, lock.settled) == ("pt", True)
