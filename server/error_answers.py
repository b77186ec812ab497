"""Every error that leaves the server over HTTP: `{"message", "code"}`, with Retry-After where waiting helps."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.metrics import Metrics
from streaming.errors import Busy, DragomanError

_log = logging.getLogger(__name__)

Handler = Callable[[Request, Exception], Awaitable[Response]]


def answer(error: DragomanError) -> JSONResponse:
    """The answer that an error of ours stands for."""
    headers = {"Retry-After": str(math.ceil(error.retry_after_s))} if isinstance(error, Busy) else {}
    return _json(error.status, error.reason, error.code, headers)


def add_error_answers(app: FastAPI, metrics: Metrics) -> None:
    """Answers our errors, the framework's and unforeseen ones alike."""

    async def ours(_request: Request, error: Exception) -> Response:
        assert isinstance(error, DragomanError)
        metrics.add_refused(error.code)
        return answer(error)

    async def framework(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_input")
        return _json(error.status_code, str(error.detail), code, dict(error.headers or {}))

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        return _json(400, f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['msg']}", "bad_input", {})

    async def unforeseen(request: Request, error: Exception) -> Response:
        trace_id = request.scope.get("state", {}).get("trace_id")
        _log.error("%s %s %s failed", trace_id, request.method, request.url.path, exc_info=error)
        return _json(500, f"internal error; the server's log has it under {trace_id}", "internal_error", {})

    app.add_exception_handler(DragomanError, ours)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unforeseen)


def _json(status: int, message: str, code: str, headers: dict[str, str]) -> JSONResponse:
    return JSONResponse({"message": message, "code": code}, status, headers)
