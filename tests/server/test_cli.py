from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from server import cli
from streaming.errors import BadInput

Runs = Callable[[Callable[[argparse.Namespace], int]], None]


@pytest.fixture
def room_runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Puts a function in the place of `dragoman room`."""

    def put(run: Callable[[argparse.Namespace], int]) -> None:
        module = SimpleNamespace(parser=argparse.ArgumentParser, run=run)
        monkeypatch.setitem(sys.modules, "clients.room_command", module)

    return put


def raises(error: BaseException) -> Callable[[argparse.Namespace], int]:
    def run(args: argparse.Namespace) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BadInput("talk.txt has no audio"), "dragoman: talk.txt has no audio\n"),
        (ExceptionGroup("tasks", [BadInput("no route")]), "dragoman: no route\n"),
        (PermissionError(13, "Permission denied", "/x"), "dragoman: [Errno 13] Permission denied: '/x'\n"),
        (
            ModuleNotFoundError("No module named 'websockets'", name="websockets"),
            "dragoman: `dragoman room` needs the module websockets: pip install 'dragoman'\n",
        ),
        (
            ZeroDivisionError("division by zero"),
            "dragoman: internal error, ZeroDivisionError: division by zero (DRAGOMAN_TRACEBACK=1 shows where)\n",
        ),
    ],
)
def test_an_error_is_one_line_and_exit_code_1(
    error: Exception, line: str, room_runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    room_runs(raises(error))
    assert cli.main(["room"]) == 1
    assert capsys.readouterr().err == line


def test_ctrl_c_is_exit_code_130(room_runs: Runs) -> None:
    room_runs(raises(KeyboardInterrupt()))
    assert cli.main(["room"]) == 130


def test_the_commands_own_exit_code_is_passed_on(room_runs: Runs) -> None:
    room_runs(lambda args: 1)
    assert cli.main(["room"]) == 1


def test_no_command_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "commands:" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["nosuch"], ["models", "nosuch"], ["--nosuch"], ["room", "--nosuch"]])
def test_wrong_usage_is_exit_code_2(argv: list[str], room_runs: Runs) -> None:
    room_runs(lambda args: 0)
    with pytest.raises(SystemExit) as left:
        cli.main(argv)
    assert left.value.code == 2


@pytest.mark.parametrize("command", [command.name for command in cli.COMMANDS])
def test_every_command_has_help_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    assert f"dragoman {command}" in capsys.readouterr().out.partition("examples:")[2]


def test_a_command_loads_no_other_commands_modules() -> None:
    code = "import sys; from server.cli import main; main(['models', 'list', '--json']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert not [
        heavy for heavy in ("onnxruntime", "fastapi", "aiortc", "av", "faster_whisper") if f"'{heavy}'" in loaded
    ]
