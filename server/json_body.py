"""Reads a request's body, JSON mostly, no larger than it may be."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from streaming.errors import BadInput

MAX_BYTES = 256_000
"""The largest that is meant to come, glossaries apart, is a browser's session description, some 10 kB."""


class TooLarge(BadInput):
    """The body is larger than any sensible request."""

    code = "too_large"
    status = 413


async def read_body(request: Request, *, most: int = MAX_BYTES) -> bytes:
    """Raises TooLarge for more than `most` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLarge(f"the request body is larger than {most} bytes")
    return bytes(body)


async def read_json(request: Request, *, most: int = MAX_BYTES) -> Any:
    """Raises TooLarge for more than `most` bytes, BadInput for what is not JSON."""
    body = await read_body(request, most=most)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("the request body is not JSON") from error
