"""Runs the unit tests of the page's modules with Node's own test runner."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.parametrize("file", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_the_modules_of_the_page(file):
    if NODE is None and os.environ.get("CI") != "true":
        pytest.skip("node is not installed: the page's modules are not tested")
    assert NODE, "node is not installed"
    done = subprocess.run([NODE, "--test", str(HERE / file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
