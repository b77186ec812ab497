"""Which languages a session may be spoken in, as its request says."""

from __future__ import annotations

import pytest

from server.interpreter import Job, check_job, source_candidates
from streaming.errors import BadInput, UnsupportedLanguage
from streaming.session_request import SourceMode


class Languages:
    """Portuguese and English into each other, English also into Spanish; German goes by way of English."""

    pairs = (("en", "es"), ("en", "pt"), ("pt", "en"))

    def source_languages(self) -> list[str]:
        return ["de", "en", "pt"]

    def transcribed_languages(self) -> list[str]:
        return ["en", "pt"]

    def target_languages(self, source: str) -> list[str]:
        if source == "de":
            return ["en", "es", "pt"]
        return [target for one, target in self.pairs if one == source]

    def spoken_languages(self) -> list[str]:
        return ["en", "pt"]

    def open_path(self, job: Job):  # type: ignore[no-untyped-def]
        raise NotImplementedError


def job(source: str | None, *targets: str, mode: SourceMode = "auto") -> Job:
    return check_job(Languages(), source=source, targets=targets, spoken=(), gender=None, mode=mode)


def test_an_absent_source_is_one_of_the_languages_that_can_be_translated_or_need_not_be() -> None:
    asked = job(None, "pt-BR")
    assert (asked.source, asked.candidates) == (None, ("en", "pt"))


def test_a_target_that_only_one_language_reaches_leaves_that_one() -> None:
    assert job(None, "es").candidates == ("en",)


def test_a_source_is_a_hint() -> None:
    asked = job("pt-BR", "en")
    assert (asked.source, asked.candidates) == ("pt", ("en", "pt"))


def test_a_language_that_is_not_transcribed_is_looked_for_only_where_it_is_the_hint() -> None:
    assert job(None, "en").candidates == ("en", "pt")
    assert job("de-AT", "en").candidates == ("de", "en", "pt")
    assert job("de", "es").candidates == ("de", "en")


def test_a_fixed_source_is_not_identified() -> None:
    asked = job("pt-BR", "en", mode="fixed")
    assert (asked.source, asked.candidates) == ("pt", ())


@pytest.mark.parametrize(("source", "named"), [("pt", "pt into es"), ("xx", "recognises xx")])
def test_a_hint_that_cannot_be_translated_is_refused(source: str, named: str) -> None:
    with pytest.raises(UnsupportedLanguage, match=named):
        job(source, "es")


@pytest.mark.parametrize("targets", [["xx"], ["es", "xx"]])
def test_targets_that_no_language_reaches_are_refused(targets: list[str]) -> None:
    with pytest.raises(UnsupportedLanguage, match="xx"):
        job(None, *targets)


def test_no_target_is_refused() -> None:
    with pytest.raises(BadInput, match="target_languages"):
        job(None)


def test_a_language_that_would_only_pass_through_is_nothing_to_translate() -> None:
    class OneWay(Languages):
        pairs = (("pt", "en"),)

    with pytest.raises(UnsupportedLanguage, match="into pt"):
        source_candidates(OneWay(), ["pt"])
