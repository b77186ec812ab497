"""Dataclasses to plain maps, lists and scalars and back, checked all the way down: the field types are the schema.

After `structure` and `unstructure` of the cattrs library, for the few types that our messages are made of.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import functools
import types
import typing
from typing import Any

from streaming.errors import BadInput


def unstructure(value: Any) -> Any:
    """Maps, lists and scalars; a field whose default is None is left out where it is None."""
    if isinstance(value, tuple):
        return [unstructure(item) for item in value]
    if not dataclasses.is_dataclass(value):
        return value
    pairs = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {field.name: unstructure(item) for field, item in pairs if not (item is None and field.default is None)}


@functools.cache
def _field_types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def structure(wanted: Any, value: Any, where: str) -> Any:
    """`value` as the type `wanted`; `where` names it in errors. Raises BadInput where it does not fit."""
    if isinstance(wanted, types.UnionType):  # the only unions of the wire are `X | None`
        return None if value is None else structure(wanted.__args__[0], value, where)
    if typing.get_origin(wanted) is tuple:
        _require(isinstance(value, list), where, "a list")
        return tuple(structure(typing.get_args(wanted)[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if dataclasses.is_dataclass(wanted):
        return _read_fields(typing.cast(type, wanted), value, where)
    if wanted is bytes:
        return _read_bytes(value, where)
    if wanted is str:
        _require(isinstance(value, str), where, "a string")
        return value
    is_number = isinstance(value, (int, float) if wanted is float else int) and not isinstance(value, bool)
    _require(is_number, where, "a number")
    return value


def _read_fields(kind: type, value: Any, where: str) -> Any:
    _require(isinstance(value, dict), where, "a map")
    hints, found = _field_types(kind), {}
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        if field.name in value:
            found[field.name] = structure(hint, value[field.name], f"{where}.{field.name}")
        elif isinstance(hint, types.UnionType):
            found[field.name] = None
        elif field.default is dataclasses.MISSING:
            raise BadInput(f"{where}.{field.name} is missing")
    return kind(**found)


def _read_bytes(value: Any, where: str) -> bytes:
    if isinstance(value, bytes):
        return value
    _require(isinstance(value, str), where, "bytes (base64 in JSON)")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput(f"{where} is not base64") from error


def _require(condition: bool, where: str, what: str) -> None:
    if not condition:
        raise BadInput(f"{where} must be {what}")
