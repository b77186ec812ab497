"""What a task group failed of, as the one error that the bench's callers know how to tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from streaming.errors import DragomanError


@contextmanager
def first_error() -> Iterator[None]:
    """Raises the first DragomanError in a group of errors in the group's place; other groups pass."""
    try:
        yield
    except BaseExceptionGroup as group:
        meant = group.subgroup(DragomanError)
        if meant is None:
            raise
        raise _leaf(meant) from group


def _leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
