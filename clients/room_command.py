"""`dragoman room`: a conference room's microphone and loudspeaker, or files in their place, connected to a server."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio

from clients import microphone
from clients.file import FileSource, in_real_time
from clients.room import RecordingSpeaker, Room, Speaker
from clients.room_report import RoomReport
from clients.time_line import TimeLine
from clients.voice_client import SOURCE_TYPE, SPEECH_TYPE, connect
from streaming.errors import BadInput, first_error
from streaming.items import Samples
from streaming.session_request import SessionRequest

OK, INTERRUPTED = 0, 130
KEY_VARIABLE = "DRAGOMAN_API_KEY"

_EXAMPLES = """examples:
  dragoman room --server https://dragoman.example --from en --to pt --captions
  dragoman room --from en --to pt --half-duplex --voice female
  dragoman room --from en --to pt --in talk.wav --out talk.pt.wav --json

Without --in it listens to the default microphone until Ctrl+C (once: the last words are still spoken; twice: at once).
The key is read from --key-file or from the environment variable DRAGOMAN_API_KEY.
A server whose certificate no authority signed is trusted with SSL_CERT_FILE=its-cert.pem in the environment.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman room",
        description="Connect a room's microphone and loudspeaker to a Dragoman server.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--server", default="http://localhost:8080", metavar="URL", help="default: %(default)s")
    command.add_argument("--from", dest="source", required=True, metavar="LANG", help="language spoken, such as en")
    command.add_argument("--to", dest="target", required=True, metavar="LANG", help="language to hear, such as pt")
    command.add_argument("--voice", choices=("female", "male"), help="default: the server's choice")
    command.add_argument("--in", dest="input", type=Path, metavar="FILE", help="speak this audio file, in real time")
    command.add_argument("--out", type=Path, metavar="FILE.wav", help="write what is heard, on the input's time line")
    command.add_argument("--half-duplex", action="store_true", help="mute the microphone while the loudspeaker speaks")
    command.add_argument("--captions", action="store_true", help="print both transcripts")
    command.add_argument("--json", action="store_true", help="print every event as a line of JSON, with its time")
    command.add_argument("--key-file", type=Path, metavar="FILE", help="file that holds the server's API key")
    return command


def run(args: argparse.Namespace) -> int:
    """0 when the stream ended well, 130 when it was cut short. Raises DragomanError for all that a user can mend."""
    if not args.server.startswith(("http://", "https://")):
        raise BadInput(f"--server {args.server}: it begins with http:// or https://")
    if args.out is not None and args.out.suffix.lower() != ".wav":
        raise BadInput(f"what is heard is written as WAV: name it {args.out.with_suffix('.wav')}")
    with first_error():
        return anyio.run(_converse, args, _request(args), _read_key(args.key_file))


async def _converse(args: argparse.Namespace, request: SessionRequest, key: str | None) -> int:
    with _source(args.input) as heard:
        async with connect(args.server, request, key) as connection:
            report = RoomReport(captions=args.captions, events=args.json)
            with _speaker(args.out) as speaker:
                room = Room(connection, speaker, half_duplex=args.half_duplex, tell=report.push)
                code = await _until_stopped(room, heard, is_file=args.input is not None)
    report.end()
    return code


@contextmanager
def _source(path: Path | None) -> Iterator[AsyncIterator[Samples]]:
    if path is None:
        with microphone.microphone() as channel:
            yield microphone.chunked(channel)
    else:
        with FileSource(path) as file:
            yield in_real_time(file.chunks())


@contextmanager
def _speaker(path: Path | None) -> Iterator[Speaker]:
    if path is None:
        with microphone.loudspeaker() as speaker:
            yield speaker
    else:
        with TimeLine(path) as time_line:
            yield RecordingSpeaker(time_line)


async def _until_stopped(room: Room, heard: AsyncIterator[Samples], *, is_file: bool) -> int:
    """The first signal lets the last words be spoken, the second one ends the session at once."""
    signals_seen = 0

    async def follow(signals: AsyncIterator[signal.Signals]) -> None:
        nonlocal signals_seen
        async for _ in signals:
            signals_seen += 1
            if signals_seen > 1:
                tasks.cancel_scope.cancel()
                return
            room.finish()
            print("speaking the last words; Ctrl+C once more stops at once", file=sys.stderr)

    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(follow, signals, name="signals")
            await room.converse(heard)
            tasks.cancel_scope.cancel()
    cut_short = signals_seen > 1 or (signals_seen == 1 and is_file)
    return INTERRUPTED if cut_short else OK


def _request(args: argparse.Namespace) -> SessionRequest:
    """Checked by the same rules as the server's, so that a slip shows before anything is opened."""
    body = SessionRequest(
        source_media_content_type=SOURCE_TYPE,
        source_language=args.source,
        source_language_mode="fixed",
        target_languages=(args.target,),
        target_media_languages=(args.target,),
        target_media_content_type=SPEECH_TYPE,
        target_media_voice=args.voice,
        message_format="msgpack",
        dragoman_events=True,
    )
    return SessionRequest.from_json(body.to_json())


def _read_key(path: Path | None) -> str | None:
    if path is None:
        return os.environ.get(KEY_VARIABLE) or None
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"--key-file {path} can't be read") from error
