"""`dragoman bench` finds its benches, and tells of them without loading any."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from bench.command import BENCHES, parser
from server import cli


def test_help_lists_every_bench() -> None:
    told = parser().format_help()
    assert all(f"\n  {name} " in told for name in BENCHES)
    assert "examples:" in told


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_has_help_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.main(["bench", name, "--help"])
    assert leaving.value.code == 0
    assert f"dragoman bench {name}" in capsys.readouterr().out
    assert callable(importlib.import_module(BENCHES[name][0]).run)


def test_an_unknown_bench_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.main(["bench", "marks"])
    assert leaving.value.code == cli.USAGE


def test_help_loads_no_bench() -> None:
    program = "import sys; from bench.command import parser; parser().format_help(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "faster_whisper", "matplotlib", "sacrebleu", *(module for module, _ in BENCHES.values())} & {
        *loaded
    }
