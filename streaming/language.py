"""Language tags as people write them (BCP 47: `pt-BR`) and the primary language that models go by (`pt`)."""

from __future__ import annotations

import re

from streaming.errors import BadInput

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def primary(tag: str) -> str:
    """`pt-BR` -> `pt`. Raises BadInput for what is not a language tag (RFC 5646, section 2.1)."""
    if not _TAG.fullmatch(tag):
        raise BadInput(f"{tag!r} is not a language tag such as en or pt-BR")
    return tag.split("-")[0].lower()
