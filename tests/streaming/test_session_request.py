from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.errors import BadInput
from streaming.media_type import SOURCE_TYPES, TARGET_TYPES, parse_source, parse_target
from streaming.session_request import SessionRequest

TYPE = "audio/pcm;encoding=s16le;rate=16000"


def request(**fields: Any) -> SessionRequest:
    return SessionRequest.from_json({"source_media_content_type": TYPE} | fields)


@pytest.mark.parametrize("text", sorted(SOURCE_TYPES))
def test_every_source_type_parses_to_itself(text: str) -> None:
    assert parse_source(text).text == text


@pytest.mark.parametrize("text", sorted(TARGET_TYPES))
def test_every_target_type_parses_to_itself(text: str) -> None:
    assert parse_target(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "audio/pcm; encoding=s16le; rate=16000",
        "audio/pcm;rate=16000;encoding=s16le",
        'AUDIO/PCM ;encoding="S16LE";\trate=16000',
    ],
)
def test_white_space_case_order_and_quotes_do_not_matter(text: str) -> None:
    media = parse_source(text)
    assert (media.container, media.encoding, media.rate_hz, media.frame_bytes) == ("audio/pcm", "s16le", 16000, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "audio",
        "audio/pcm",
        "audio/pcm;rate",
        "audio/pcm;encoding=s16le;rate=16000;rate=16000",
        "audio/wav",
        "text/html",
    ],
)
def test_other_types_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="source_media_content_type"):
        parse_source(text)


def test_spoken_languages_are_targets_too() -> None:
    assert request(target_languages=["es", "pt"], target_media_languages=["pt", "fr"]).target_languages == (
        "es",
        "pt",
        "fr",
    )


def test_defaults_are_those_of_the_interface() -> None:
    asked = request()
    assert (asked.message_format, asked.target_media_content_type) == ("json", "audio/webm;codecs=opus")
    assert (asked.source_language_mode, asked.formality, asked.dragoman_events) == ("auto", "default", False)


def test_a_request_survives_json() -> None:
    asked = request(
        source_language="en",
        target_media_languages=["pt-BR"],
        message_format="msgpack",
        dragoman_events=True,
        dragoman_budget="fast",
    )
    assert SessionRequest.from_json(asked.to_json()) == asked


@pytest.mark.parametrize(
    "fields",
    [
        {"source_media_content_type": 7},
        {"source_language": ["en"]},
        {"source_language": "e"},
        {"source_language_mode": "maybe"},
        {"source_language_mode": "fixed"},
        {"target_languages": ["pt", 1]},
        {"target_languages": ["pt_BR"]},
        {"target_languages": ["aa", "bb", "cc", "dd", "ee", "ff"]},
        {"target_media_content_type": "audio/wav"},
        {"target_media_voice": "deep"},
        {"message_format": "cbor"},
        {"formality": "rude"},
        {"glossary_id": 1},
        {"dragoman_events": 1},
        {"dragoman_budget": "endless"},
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        request(**fields)
    assert next(iter(fields)).removesuffix("_mode") in refused.value.reason


@given(body=st.recursive(st.none() | st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_json_is_a_request_or_bad_input(body: object) -> None:
    with pytest.raises(BadInput):
        SessionRequest.from_json(body)
