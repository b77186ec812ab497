"""What the tests need from the machine: a test that needs what is absent skips and says why; with CI=true it fails."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

from server.models import ModelStore, models_dir


@pytest.fixture(scope="session")
def models() -> ModelStore:
    """The shipped models, all of them here."""
    store = ModelStore(models_dir())
    absent = [model.name for model in store.models() if not model.added and not store.is_here(model)]
    if absent:
        _absent(f"no {', '.join(absent)} in {store.root}: run `dragoman models fetch`")
    return store


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        _absent("no Chromium: run `sudo apt-get install chromium`")
    return path


@pytest.fixture(autouse=True)
def _models_of_e2e(request: pytest.FixtureRequest) -> None:
    """A test marked e2e needs the models whether it says so or not."""
    if request.node.get_closest_marker("e2e"):
        request.getfixturevalue("models")


def _absent(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
