"""Where a figure comes from: machine, commit, models, command and date stand in every report."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from server.model_catalogue import Model
from server.models import ModelStore

_SECRETS = ("--key",)
"""options whose value must not stand in a report that is passed on"""


def provenance(models: dict[str, str]) -> dict[str, Any]:
    """`models`: what was used for each task, in words."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{_processor()}, {platform.system()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "version": _version(),
        "commit": _commit(),
        "models": models,
        "command": shlex.join(["dragoman", *_without_secrets(sys.argv[1:])]),
    }


def with_digests(names: dict[str, str], store: ModelStore) -> dict[str, str]:
    """Names of models by task, with the digests of those that the store knows."""
    known = {model.name: model for model in store.models()}
    return {task: with_digest(known[name]) if name in known else name for task, name in names.items()}


def engine_models(used: Iterable[str], store: ModelStore | None) -> dict[str, str]:
    """Models by the engine's names for them; `store` is None for a server that may have others of the same name."""
    if store is None:
        return {name: name for name in sorted(used)}
    return with_digests({name: store.whisper().name if name == "whisper" else name for name in sorted(used)}, store)


def with_digest(model: Model) -> str:
    """`NAME sha256:DIGEST`, the digest of its published files' names and sha256, shortened to 12 digits."""
    files = "".join(f"{file.sha256}  {file.path}\n" for file in sorted(model.files, key=lambda file: file.path))
    return f"{model.name} sha256:{hashlib.sha256(files.encode()).hexdigest()[:12]}"


def _without_secrets(arguments: Sequence[str]) -> list[str]:
    shown: list[str] = []
    for before, argument in zip(["", *arguments], arguments, strict=False):
        option = argument.partition("=")[0]
        if before in _SECRETS:
            shown.append("***")
        elif "=" in argument and option in _SECRETS:
            shown.append(f"{option}=***")
        else:
            shown.append(argument)
    return shown


def _processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version() -> str | None:
    """None for a checkout that is run without being installed."""
    try:
        return version("dragoman")
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """Of the checkout that runs, marked where files differ from it; None for an installed package."""
    here = Path(__file__)
    git = ["git", "-C", str(here.parent)]
    try:
        # A package installed inside somebody else's checkout has not that checkout's commit.
        subprocess.run([*git, "ls-files", "--error-unmatch", here.name], capture_output=True, check=True)
        describe = [*git, "describe", "--always", "--dirty", "--abbrev=12"]
        return subprocess.run(describe, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
