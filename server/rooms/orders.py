"""What a participant says over the data channel, checked. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from server.interpreter import Interpreter
from server.rooms.seat import Role, Wishes
from streaming.errors import BadInput, UnsupportedLanguage
from streaming.language import primary
from streaming.session_request import Gender

LONGEST_NAME = 80
_MOST_GLOSSARIES = 20


@dataclass(frozen=True, slots=True)
class Ping:
    """They are still there."""


@dataclass(frozen=True, slots=True)
class Change:
    """Of their own wishes: the fields of `Wishes`."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mute:
    """Of another participant."""

    participant: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Of another participant."""

    participant: str


@dataclass(frozen=True, slots=True)
class Glossaries:
    """For all that is said from now on."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """Goes for good."""


@dataclass(frozen=True, slots=True)
class Close:
    """Ends the meeting for all."""


Order = Ping | Change | Mute | Remove | Glossaries | Leave | Close

HOST_ONLY = (Mute, Remove, Glossaries, Close)


def read_order(message: Mapping[str, Any]) -> Order | None:
    """None for what we don't know: newer pages may say more. Raises BadInput for what is wrong in what we know."""
    for kind, body in message.items():
        match kind:
            case "ping":
                return Ping()
            case "leave":
                return Leave()
            case "close":
                return Close()
            case "set":
                return Change(_fields(body))
            case "mute":
                return Mute(_participant(kind, body))
            case "remove":
                return Remove(_participant(kind, body))
            case "glossaries":
                return Glossaries(_names(body))
    return None


def checked(wishes: Wishes, role: Role, interpreter: Interpreter) -> Wishes:
    """With primary languages and a clean name. Raises BadInput and UnsupportedLanguage, naming the field."""
    name = " ".join(wishes.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(f"name must have 1 to {LONGEST_NAME} printable characters")
    speaks, hears, captions = (tag and primary(tag) for tag in (wishes.speaks, wishes.hears, wishes.captions))
    if speaks is not None and role == "listener":
        raise BadInput("speaks: a listener has no voice here; ask the host for a speaker's invitation")
    if speaks is not None and speaks not in interpreter.source_languages():
        raise UnsupportedLanguage(f"speaks: no model recognises {speaks}")
    known = {None, *interpreter.spoken_languages(), *interpreter.transcribed_languages()}
    for field, wanted in (("hears", hears), ("captions", captions)):
        if wanted not in known:
            raise UnsupportedLanguage(f"{field}: nothing is translated into {wanted}")
    if not 0.0 <= wishes.original <= 1.0:
        raise BadInput("original must be a number from 0 to 1")
    if wishes.voice not in (None, *get_args(Gender)):
        raise BadInput("voice must be one of female, male")
    # One decimal, so that those who hear nearly the same share a mix.
    original = round(wishes.original, 1)
    return replace(wishes, name=name, speaks=speaks, hears=hears, captions=captions, original=original)


_TYPES: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "speaks": (str, type(None)),
    "hears": (str, type(None)),
    "captions": (str, type(None)),
    "original": (int, float),
    "voice": (str, type(None)),
    "muted": (bool,),
}


def _fields(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadInput("set must be an object")
    for field, value in body.items():
        known = _TYPES.get(field)
        if known is None:
            raise BadInput(f"set: there is no {field!r}")
        if not isinstance(value, known) or (isinstance(value, bool) and bool not in known):
            raise BadInput(f"set.{field} has the wrong type")
    return cast(dict[str, Any], body)


def _participant(kind: str, body: object) -> str:
    if not isinstance(body, dict) or not isinstance(body.get("participant"), str):
        raise BadInput(f"{kind}.participant is missing")
    return cast(str, body["participant"])


def _names(body: object) -> tuple[str, ...]:
    if not isinstance(body, list) or len(body) > _MOST_GLOSSARIES or not all(isinstance(name, str) for name in body):
        raise BadInput(f"glossaries must be a list of at most {_MOST_GLOSSARIES} names")
    return tuple(body)
