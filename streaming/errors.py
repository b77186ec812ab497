"""The one exception tree: what went wrong, as a code a program reads and a reason a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class DragomanError(Exception):
    """Base of every error that Dragoman raises on purpose.

    `code` is stable and machine-readable, `status` the HTTP status it maps to at the edge.
    """

    code = "internal_error"
    status = 500

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadInput(DragomanError):
    """The request, file or message can't be understood or is out of bounds."""

    code = "bad_input"
    status = 400


class UnsupportedLanguage(BadInput):
    """No model for this language or language pair."""

    code = "unsupported_language"


class Unauthorized(DragomanError):
    """Missing, wrong or expired credential."""

    code = "unauthorized"
    status = 401


class Busy(DragomanError):
    """Admitting one more speaker would break the budget of those inside."""

    code = "busy"
    status = 503

    def __init__(self, reason: str, *, retry_after_s: float) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class ModelMissing(DragomanError):
    """A model is not on this machine (or not all of it)."""

    code = "model_missing"
    status = 503


class ModelTampered(DragomanError):
    """A model file's sha256 is not the one that was published."""

    code = "model_tampered"
    status = 503


class DeadlinePassed(DragomanError):
    """A model call would have come too late, so it was not run."""

    code = "deadline_passed"
    status = 503


class StageFailed(DragomanError):
    """A stage of the pipeline failed; its session ends."""

    code = "stage_failed"


def first_cause(group: ExceptionGroup) -> Exception:
    """The first DragomanError in a task group's failures, else the first of them: the others are mostly its effects."""
    error: Exception = group.subgroup(DragomanError) or group
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


@contextmanager
def first_error() -> Iterator[None]:
    """Raises the first DragomanError in a group of errors in the group's place; other groups pass."""
    try:
        yield
    except ExceptionGroup as group:
        cause = first_cause(group)
        if not isinstance(cause, DragomanError):
            raise
        raise cause from group
