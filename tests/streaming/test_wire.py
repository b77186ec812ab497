from __future__ import annotations

import dataclasses
import json
import types
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming import wire
from streaming.errors import BadInput
from streaming.wire import MessageFormat, TargetMediaChunk, decode, encode


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type that a wire format can hold: 64-bit integers, finite numbers, whole characters."""
    if isinstance(hint, types.UnionType):
        return st.none() | of(hint.__args__[0])
    if typing.get_origin(hint) is tuple:
        return st.lists(of(typing.get_args(hint)[0]), max_size=3).map(tuple)
    if dataclasses.is_dataclass(hint):
        return st.builds(hint, **{name: of(kind) for name, kind in typing.get_type_hints(hint).items()})
    return {
        bytes: st.binary(),
        str: st.text(st.characters(exclude_categories=["Cs"])),
        int: st.integers(-(2**63), 2**63 - 1),
        float: st.floats(allow_nan=False, allow_infinity=False),
    }[hint]


MESSAGES = st.one_of([of(kind) for kind in typing.get_args(wire.Message)])
FORMATS: list[MessageFormat] = ["json", "msgpack"]


@pytest.mark.parametrize("message_format", FORMATS)
@given(message=MESSAGES)
def test_every_message_survives_the_wire(message_format: MessageFormat, message: wire.Message) -> None:
    frame = encode(message, message_format)
    assert isinstance(frame, str) == (message_format == "json")
    assert decode(frame, message_format) == message


@given(frame=st.one_of(st.text(), st.binary()))
@pytest.mark.parametrize("message_format", FORMATS)
def test_noise_is_bad_input(message_format: MessageFormat, frame: str | bytes) -> None:
    with pytest.raises(BadInput):
        decode(frame, message_format)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@given(name=st.sampled_from(sorted(wire.NAMES.values())), body=JSON)
def test_a_known_name_with_any_body_is_a_message_or_bad_input(name: str, body: object) -> None:
    try:
        decode(json.dumps({name: body}), "json")
    except BadInput as error:
        assert name in error.reason


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("[]", "one key"),
        ('{"end_of_stream": {}, "error": {}}', "one key"),
        ('{"bye": {}}', "unknown message 'bye'"),
        ('{"end_of_target_media": {}}', "end_of_target_media.language is missing"),
        ('{"end_of_target_media": {"language": 1}}', "end_of_target_media.language must be a string"),
        ('{"source_transcript_update": {"concluded": [{}]}}', "concluded[0].language is missing"),
        ('{"source_transcript_update": {"concluded": {}}}', "concluded must be a list"),
        ('{"budget": {"level": true, "reason": ""}}', "budget.level must be a number"),
        ('{"source_media_chunk": {"data": "a"}}', "source_media_chunk.data is not base64"),
        ('{"source_media_chunk": {"data": null}}', "source_media_chunk.data must be bytes"),
        ("[" * 100_000, "not JSON"),
        (b"{}", "text frames"),
    ],
)
def test_a_malformed_json_message_is_refused_by_name(frame: str | bytes, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        decode(frame, "json")
    assert reason in refused.value.reason


@pytest.mark.parametrize("frame", [b"", b"\xc1", b"\x81", b"\x81\x01\xc0", b"\x91\x91", b"\x80 more", b"\x91" * 5000])
def test_malformed_messagepack_is_refused(frame: bytes) -> None:
    with pytest.raises(BadInput):
        decode(frame, "msgpack")


def test_fields_we_do_not_know_are_passed_over() -> None:
    assert decode('{"end_of_stream": {"why": "done"}}', "json") == wire.EndOfStream()


def test_the_text_of_a_later_chunk_is_null_and_the_first_chunks_fields_are_absent() -> None:
    chunk = TargetMediaChunk("pt", (b"ab",), 100, None)
    expected = '{"target_media_chunk":{"language":"pt","data":["YWI="],"duration":100,"text":null}}'
    assert encode(chunk, "json") == expected
