"""Where a bench writes its JSON."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from streaming.errors import BadInput


def open_output(out: str | None, stack: ExitStack) -> TextIO | None:
    """`-` is standard output, None none. Opened before the work, so that no hour of it finds nowhere to go, and
    written line by line, so that a log can be followed.

    Raises BadInput where nothing can be written.
    """
    if out is None:
        return None
    if out == "-":
        return sys.stdout
    try:
        return stack.enter_context(Path(out).open("w", encoding="utf-8", buffering=1))
    except OSError as error:
        raise BadInput(f"{out} can't be written: {error.strerror}") from error


def write_json(result: Any, file: TextIO) -> None:
    """Indented, one line feed at its end."""
    json.dump(result, file, ensure_ascii=False, indent=1)
    file.write("\n")
