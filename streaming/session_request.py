"""The request that opens a session of the realtime voice interface, checked so that an error names the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from streaming import media_type
from streaming.budget import PRESETS, Preset
from streaming.errors import BadInput
from streaming.language import primary
from streaming.media_type import MediaType
from streaming.wire import MessageFormat

MAX_TARGETS = 5
DEFAULT_TARGET_TYPE = "audio/webm;codecs=opus"

Formality = Literal["default", "formal", "more", "informal", "less"]
SourceMode = Literal["auto", "fixed"]
Gender = Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What a client asks for; the names are those of the wire."""

    source_media_content_type: str
    source_language: str | None = None
    source_language_mode: SourceMode = "auto"
    target_languages: tuple[str, ...] = ()
    """tags as the client wrote them, those of target_media_languages among them"""
    target_media_languages: tuple[str, ...] = ()
    """the targets that are spoken"""
    target_media_content_type: str = DEFAULT_TARGET_TYPE
    target_media_voice: Gender | None = None
    message_format: MessageFormat = "json"
    glossary_id: str | None = None
    spoken_terms_id: str | None = None
    formality: Formality = "default"
    dragoman_events: bool = False
    """our own: also send ear_voice_span, budget and clause_skipped"""
    dragoman_budget: Preset | None = None
    """our own: the latency budget; None: the server's default"""

    @property
    def source_media(self) -> MediaType:
        """Raises BadInput for a type that the interface does not have."""
        return media_type.parse_source(self.source_media_content_type)

    @property
    def target_media(self) -> MediaType:
        """Raises BadInput for a type that the interface does not have."""
        return media_type.parse_target(self.target_media_content_type)

    @classmethod
    def from_json(cls, body: Any) -> SessionRequest:
        """Raises BadInput, with the field's name, for whatever is missing, of the wrong type or out of bounds."""
        if not isinstance(body, Mapping):
            raise BadInput("the request body must be a JSON object")
        spoken = _tags(body, "target_media_languages")
        targets = tuple(dict.fromkeys(_tags(body, "target_languages") + spoken))
        if len(targets) > MAX_TARGETS:
            raise BadInput(f"target_languages: at most {MAX_TARGETS}, together with target_media_languages")
        source_type = _string(body, "source_media_content_type")
        if source_type is None:
            raise BadInput("source_media_content_type is missing")
        request = cls(
            source_media_content_type=source_type,
            source_language=_tag(body, "source_language"),
            source_language_mode=cast(SourceMode, _choice(body, "source_language_mode", ("auto", "fixed"))),
            target_languages=targets,
            target_media_languages=spoken,
            target_media_content_type=_string(body, "target_media_content_type") or DEFAULT_TARGET_TYPE,
            target_media_voice=cast("Gender | None", _choice(body, "target_media_voice", (None, "female", "male"))),
            message_format=cast(MessageFormat, _choice(body, "message_format", ("json", "msgpack"))),
            glossary_id=_string(body, "glossary_id"),
            spoken_terms_id=_string(body, "spoken_terms_id"),
            formality=cast(Formality, _choice(body, "formality", ("default", "formal", "more", "informal", "less"))),
            dragoman_events=_flag(body, "dragoman_events"),
            dragoman_budget=cast("Preset | None", _choice(body, "dragoman_budget", (None, *PRESETS))),
        )
        _ = request.source_media, request.target_media  # both raise on what the interface does not have
        if request.source_language_mode == "fixed" and request.source_language is None:
            raise BadInput("source_language is missing: source_language_mode is fixed")
        return request

    def to_json(self) -> dict[str, Any]:
        """The request body that `from_json` reads back as this request."""
        pairs = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs if value is not None}


def _string(body: Mapping[str, Any], field: str) -> str | None:
    value = body.get(field)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{field} must be a string")
    return value


def _choice(body: Mapping[str, Any], field: str, choices: tuple[str | None, ...]) -> str | None:
    """The first choice is the default."""
    value = _string(body, field)
    if value is None:
        return choices[0]
    if value not in choices:
        raise BadInput(f"{field} must be one of {', '.join(choice for choice in choices if choice)}")
    return value


def _tag(body: Mapping[str, Any], field: str) -> str | None:
    value = _string(body, field)
    if value is not None:
        _check_tag(value, field)
    return value


def _tags(body: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = body.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise BadInput(f"{field} must be a list of language tags")
    for tag in value:
        _check_tag(tag, field)
    return tuple(dict.fromkeys(value))


def _check_tag(tag: str, field: str) -> None:
    try:
        primary(tag)
    except BadInput as error:
        raise BadInput(f"{field}: {error.reason}") from error


def _flag(body: Mapping[str, Any], field: str) -> bool:
    value = body.get(field, False)
    if not isinstance(value, bool):
        raise BadInput(f"{field} must be true or false")
    return value
