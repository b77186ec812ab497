"""The `dragoman` command: imports the one subcommand asked for and turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from streaming.errors import DragomanError, first_cause

OK, FAILURE, USAGE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: its module has `parser() -> ArgumentParser` and `run(args) -> int`."""

    name: str
    module: str
    summary: str
    install: str
    """what pip has to install for it"""


COMMANDS = (
    Command("serve", "server.serve_command", "run the server and its page", "dragoman[server]"),
    Command("translate", "server.translate_command", "translate a recording", "dragoman[server]"),
    Command("room", "clients.room_command", "connect a room's microphone and loudspeaker to a server", "dragoman"),
    Command("models", "server.models_command", "list, fetch, verify and add models", "dragoman[server]"),
    Command("glossary", "server.glossary_command", "check, try and store glossaries", "dragoman[server]"),
    Command("token", "server.token_command", "make a token or link for a meeting", "dragoman[server]"),
    Command("bench", "bench.command", "measure lag, quality and cost", "dragoman[server,bench]"),
)
_EXAMPLES = """examples:
  dragoman serve --port 8080
  dragoman translate talk.mp3 -o talk.pt.wav --from en --to pt
  dragoman models list

`dragoman COMMAND --help` tells more.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed, 2 wrong usage (argparse exits by itself then), 130 interrupted."""
    parser = _parser()
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    command = next(command for command in COMMANDS if command.name == args.command)
    try:
        return _run(command, args.arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has gone; keep Python from complaining about it once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except Exception as error:
        return _fail(_reason(error, command))


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {command.name:<10} {command.summary}" for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="dragoman",
        usage="dragoman [-h] [--version] COMMAND ...",
        description=f"Self-hosted, real-time speech-to-speech translation.\n\ncommands:\n{listed}",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dragoman {_version()}")
    parser.add_argument("command", nargs="?", choices=[command.name for command in COMMANDS], help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _run(command: Command, arguments: Sequence[str]) -> int:
    module = importlib.import_module(command.module)
    code: int = module.run(module.parser().parse_args(arguments))
    sys.stdout.flush()
    return code


def _fail(reason: str) -> int:
    if os.environ.get("DRAGOMAN_TRACEBACK"):
        traceback.print_exc()
    print(f"dragoman: {reason}", file=sys.stderr)
    return FAILURE


def _reason(error: Exception, command: Command) -> str:
    """One line a person understands."""
    if isinstance(error, ExceptionGroup):
        return _reason(first_cause(error), command)
    if isinstance(error, DragomanError):
        return error.reason
    if isinstance(error, ModuleNotFoundError):
        return f"`dragoman {command.name}` needs the module {error.name}: pip install '{command.install}'"
    if isinstance(error, OSError):
        return str(error)
    return f"internal error, {type(error).__name__}: {error} (DRAGOMAN_TRACEBACK=1 shows where)"


def _version() -> str:
    try:
        return version("dragoman")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
