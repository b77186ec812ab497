"""What can be spoken and heard, given the text models and what the recognizer translates."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from server.languages import list_languages
from server.load import Models
from server.local_interpreter import LocalInterpreter
from streaming.errors import UnsupportedLanguage


def models(*pairs: tuple[str, str], translated: tuple[str, ...] = ("de", "pt", "fr")) -> Models:
    """None of them runs."""
    recognizer = SimpleNamespace(translated_languages=translated)
    return Models(recognizer, None, dict.fromkeys(pairs), None)  # type: ignore[arg-type]


BOTH_WAYS = models(("en", "pt"), ("pt", "en"))


def listed(loaded: Models) -> dict[str, dict]:  # type: ignore[type-arg]
    interpreter = LocalInterpreter(loaded, engine=None)  # type: ignore[arg-type]
    return {one["lang"]: one for one in list_languages(interpreter)}


@pytest.mark.parametrize(("source", "written"), [("en", "en"), ("pt", "pt"), ("de", "en")])
def test_a_language_with_a_text_model_is_written_as_it_is_and_another_in_english(source: str, written: str) -> None:
    assert BOTH_WAYS.written_in(source) == written


def test_a_language_that_nothing_translates_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage, match="xx"):
        BOTH_WAYS.written_in("xx")


def test_what_has_no_text_model_is_translated_into_english_and_what_english_is_translated_into() -> None:
    assert BOTH_WAYS.source_languages() == ["de", "en", "fr", "pt"]
    assert BOTH_WAYS.target_languages("de") == ["en", "pt"]
    assert BOTH_WAYS.target_languages("pt") == ["en"]


def test_a_language_that_is_a_target_of_english_alone_is_heard_as_english() -> None:
    one_way = models(("en", "pt"))
    assert one_way.target_languages("pt") == ["en"]
    assert one_way.spoken_languages() == ["en", "pt"]


def test_a_recognizer_for_english_alone_leaves_the_text_models() -> None:
    assert models(("en", "pt"), translated=()).source_languages() == ["en"]


def test_a_language_heard_as_english_is_listed_as_a_source_without_a_transcript_after_the_others() -> None:
    languages = listed(BOTH_WAYS)
    assert list(languages) == ["en", "pt", "fr", "de"]
    german = languages["de"]
    assert (german["usable_as_source"], german["usable_as_target"]) == (True, False)
    assert (german["features"], german["targets"]) == ({}, ["en", "pt"])
    assert languages["pt"]["features"] == {"transcription": {}, "translated_speech": {}}
