"""Who may import whom, read from the sources."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"server", "streaming", "asr", "mt", "tts", "clients", "bench"}
MAY_IMPORT: dict[str, set[str]] = {
    "streaming": set(),
    "asr": {"streaming"},
    "mt": {"streaming"},
    "tts": {"streaming"},
    "clients": {"streaming"},
    "bench": {"clients", "server", "asr", "mt", "tts", "streaming"},  # server: the wiring that it measures in process
    "server": {"asr", "mt", "tts", "streaming"},
}
STREAMING_NEEDS = {"anyio", "msgpack", "numpy", "soxr"}
CLIENT_NEEDS = {"anyio", "httpx", "msgpack", "numpy", "sounddevice", "soundfile", "soxr", "websockets"}
HEAVY_HOMES = {
    "torch": {
        "mt/batches.py",
        "mt/captured.py",
        "mt/checkpoint.py",
        "mt/model.py",
        "mt/prefix_marks.py",
        "mt/teacher.py",
        "mt/train.py",
        "mt/trainer.py",
        "tts/xtts.py",
    },
    "ray": {"server/ray_engine.py"},
    "aiortc": {
        "server/peer.py",
        "server/event_channel.py",
        "server/received_packets.py",
        "server/voice_track.py",
        "server/microphone_input.py",
        "server/rooms/packet_track.py",
        "server/rooms/ice_fragment.py",
        "clients/participant.py",
        "clients/webrtc.py",
    },
}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module the file names, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield node.module or ""


def top(module: str) -> str:
    return module.split(".")[0]


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_those_below_it(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    wrong = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(package)
        for module in imports(path)
        if top(module) in OURS - allowed
    }
    assert not wrong


@pytest.mark.parametrize(("package", "needs"), [("streaming", STREAMING_NEEDS), ("clients", CLIENT_NEEDS)])
def test_a_light_package_needs_only_the_light_install(package: str, needs: set[str]) -> None:
    allowed = needs | OURS | set(sys.stdlib_module_names)
    wrong = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(package)
        if str(path.relative_to(ROOT)) not in HEAVY_HOMES["aiortc"]  # for tests and load, beside a server
        for module in imports(path)
        if top(module) not in allowed
    }
    assert not wrong


@pytest.mark.parametrize("heavy", sorted(HEAVY_HOMES))
def test_a_heavy_dependency_stays_in_its_file(heavy: str) -> None:
    everywhere = (path for package in OURS for path in sources(package))
    importers = {str(path.relative_to(ROOT)) for path in everywhere if heavy in map(top, imports(path))}
    assert importers <= HEAVY_HOMES[heavy]


def test_the_command_line_starts_without_the_server_extra() -> None:
    """`dragoman room` must run in a light install, so nothing that `server.cli` imports first may need more."""
    named = {top(module) for module in imports(ROOT / "server" / "cli.py")}
    assert named <= set(sys.stdlib_module_names) | {"streaming"}
