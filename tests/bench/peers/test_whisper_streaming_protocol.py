"""whisper_streaming's lines, as its published source writes them, also over a TCP socket that speaks them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
import numpy as np
import pytest
from anyio.abc import SocketStream

from bench.peers.link import line_socket
from bench.peers.session import PeerSession
from bench.peers.whisper_streaming import WhisperStreaming
from bench.recognition_run import RecognitionRun
from clients.voice_client import ConnectionLost, Unreachable
from streaming.clock import run_virtual
from streaming.errors import first_error

_SECOND = np.zeros(16000, np.float32)
_SECOND_BYTES = 32000


def _against(serve: Callable[[SocketStream], Awaitable[None]]) -> RecognitionRun:
    """One second spoken to a peer on a socket of this machine, in virtual time."""

    async def main() -> RecognitionRun:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        with first_error():
            async with listener, anyio.create_task_group() as group:
                group.start_soon(listener.serve, serve)
                async with line_socket(f"127.0.0.1:{port}") as link:
                    run = await PeerSession(link, WhisperStreaming()).run(_SECOND)
                group.cancel_scope.cancel()
        return run

    return run_virtual(main())


def _texts(run: RecognitionRun) -> list[tuple[str, float]]:
    return [(one.word.text, round(one.at_s, 1)) for one in run.words]


def test_each_line_is_final_and_gives_its_words_the_lines_times() -> None:
    peer = WhisperStreaming()
    peer.received("0 1720 Takhle to je")
    peer.received("1720 2000 tak.")
    assert [(word.text, word.start_s, word.end_s) for word in peer.final][2:] == [
        ("je", 0.0, 1.72),
        ("tak.", 1.72, 2.0),
    ]


def test_padding_is_no_line() -> None:
    peer = WhisperStreaming()
    peer.received("\0\0")
    assert peer.final == []


@pytest.mark.parametrize("line", ["hello", "HTTP/1.1 400 Bad Request"])
def test_a_line_without_times_is_another_protocol(line: str) -> None:
    with pytest.raises(Unreachable, match="whisper_streaming"):
        WhisperStreaming().received(line)


def test_words_are_committed_as_their_lines_arrive_also_in_the_silence_after_the_clip() -> None:
    heard = bytearray()
    lines = {
        _SECOND_BYTES // 2: b"0 400 in\n",
        _SECOND_BYTES * 2: b"400 900 being com",
        _SECOND_BYTES * 3: b"parative\n",
    }

    async def serve(stream: SocketStream) -> None:
        async for data in stream:
            heard.extend(data)
            for due in [due for due in lines if due <= len(heard)]:
                await stream.send(lines.pop(due))
        await stream.aclose()

    run = _against(serve)
    assert _texts(run) == [("in", 0.5), ("being", 3.0), ("comparative", 3.0)]
    assert len(heard) == 18 * _SECOND_BYTES  # the clip, and silence until 15 s after the last line


def test_a_peer_that_hangs_up_within_the_clip_has_no_result() -> None:
    async def serve(stream: SocketStream) -> None:
        await stream.receive()
        await stream.aclose()

    with pytest.raises(ConnectionLost):
        _against(serve)


def test_where_nobody_listens_there_is_no_peer() -> None:
    async def main() -> None:
        async with line_socket("127.0.0.1:1"):
            pass

    with pytest.raises(Unreachable, match="does not open"):
        run_virtual(main())
