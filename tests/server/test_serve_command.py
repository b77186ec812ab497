"""`dragoman serve` as a process: how it fails and how it stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from server.config import Settings
from server.http_server import listen
from streaming.errors import BadInput

ROOT = Path(__file__).parents[2]


def serve(*arguments: str) -> subprocess.Popen[str]:
    command: Sequence[str] = [sys.executable, "-m", "server.cli", "serve", *arguments]
    env = {**os.environ, "CI": "true"}
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


def test_a_port_in_use_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"127.0.0.1 port {port} is in use .* --port"):
            listen(Settings(port=port))


def test_a_machine_that_vanished_is_noticed() -> None:
    with listen(Settings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 20_000


def test_missing_models_end_the_server_with_one_line(tmp_path: Path) -> None:
    process = serve("--port", "0", "--models", str(tmp_path))
    said = process.communicate(timeout=30)[1].splitlines()
    assert process.returncode == 1
    assert said[-1].startswith("dragoman: ")
    assert "dragoman models fetch" in said[-1]
    assert not any("Traceback" in line for line in said)


@pytest.mark.e2e
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(stop: signal.Signals) -> None:
    port = free_port()
    process = serve("--port", str(port))
    for _ in range(200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                break
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    process.send_signal(stop)
    shown, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert f"http://localhost:{port}/meet/#token=" in shown
    assert "#token=" not in said, "the log has a secret"
    assert "Traceback" not in said
    assert said.splitlines()[-1].endswith("stopped")
