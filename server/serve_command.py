"""`dragoman serve`: the server and its page, until it is interrupted."""

from __future__ import annotations

import argparse
import functools
import gc
import logging
import signal

import anyio
import anyio.to_thread

from server.config import FLAGS, Settings, read_settings
from server.glossary_source import load_terminology
from server.http_server import create_server, listen
from server.load import load_models
from server.local_interpreter import LocalInterpreter
from server.metered import Metered
from server.models import ModelStore, models_dir
from server.rooms.invitation import meeting_link
from server.runtime import Runtime
from streaming.errors import BadInput
from streaming.local_engine import WORKERS, LocalEngine, in_thread

_HOST_LINK_LIFE_S = 86_400.0

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_log = logging.getLogger(__name__)

_EXAMPLES = """examples:
  dragoman serve
  dragoman serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  dragoman serve --glossary finance
  dragoman serve --rooms open --transcripts 1d
  DRAGOMAN_API_KEYS=secret1,secret2 dragoman serve --max-speakers 4
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments; each can be given in the environment instead."""
    command = argparse.ArgumentParser(
        prog="dragoman serve",
        description="Run the server: the page at /, the voice interface at /v3/voice/realtime, metrics at /metrics. "
        "Every option can also be set in the environment: --tls-cert is DRAGOMAN_TLS_CERT, and so on.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, text in FLAGS.items():
        command.add_argument(f"--{name.replace('_', '-')}", metavar="X", help=text)
    return command


def run(args: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM. Raises DragomanError for wrong settings and missing models."""
    settings = read_settings(vars(args))
    _set_up_log()
    # uvicorn takes both signals while it serves, stops, and raises them again for us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        anyio.run(_serve, settings)
    except* KeyboardInterrupt:
        pass  # not raised where SIGINT is ignored, as for a script's job in the background
    _log.info("stopped")
    return 0


def _set_up_log() -> None:
    """Lines for the person who runs the server: what they can act on, no tokens, no texts."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for chatty in ("aioice", "aiortc", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    uvicorn_log = logging.getLogger("uvicorn.error")
    uvicorn_log.setLevel(logging.WARNING)  # at INFO it would log streaming tokens
    # It says this of every WebSocket that was refused with an HTTP answer (its 401 or 503 has just gone out).
    uvicorn_log.addFilter(lambda record: "without completing handshake" not in record.getMessage())


async def _serve(settings: Settings) -> None:
    runtime = Runtime.from_settings(settings)
    server = create_server(runtime)
    failures: list[Exception] = []

    async def interpret() -> None:
        try:
            await _interpret(runtime)
        except Exception as error:  # the server says goodbye in good order first
            failures.append(error)
            server.should_exit = True

    with listen(settings) as listener:
        if runtime.keys.open and settings.host not in _LOOPBACK:
            _log.warning("no API key is configured: whoever reaches this server may use it (--api-keys)")
        _log.info("loading the models")
        async with anyio.create_task_group() as group:
            group.start_soon(interpret, name="interpreter")
            await server.serve(sockets=[listener])
            group.cancel_scope.cancel()
    if failures:
        raise failures[0]


async def _interpret(runtime: Runtime) -> None:
    """Loads the models in a thread, so that the server answers meanwhile, then runs them for as long as it serves."""
    settings = runtime.settings
    terminology = await anyio.to_thread.run_sync(load_terminology, settings.glossary, runtime.glossaries)
    store = ModelStore(settings.models or models_dir(), whisper=settings.whisper)
    load = functools.partial(
        load_models,
        store,
        threads=settings.threads,
        device=settings.device,
        compute_type=settings.compute_type,
        beam_size=settings.asr_beam,
        xtts=settings.xtts,
    )
    try:
        models = await anyio.to_thread.run_sync(load)
    except RuntimeError as error:  # what CTranslate2 says of a machine without CUDA
        if settings.device == "cpu":
            raise
        raise BadInput(
            f"device: {settings.device} can't be used on this machine ({error}); try --device cpu"
        ) from error
    gc.collect()
    gc.freeze()  # what stays for good is not gone through again: full collections held up the sound for 0.1 to 0.2 s
    engine = LocalEngine(Metered(in_thread, runtime.load), workers=WORKERS, observe=runtime.metrics.observe_batch)
    runtime.interpreter = LocalInterpreter(
        models, engine, runtime.metrics, terminology, is_busy=runtime.admission.is_busy
    )
    _log.info("ready: open %s", settings.origin)
    await _invite(runtime)
    await engine.run()


async def _invite(runtime: Runtime) -> None:
    """Shows whoever started the server the way to a meeting: on the terminal, since the log must not have the token."""
    settings = runtime.settings
    if settings.rooms == "off":
        return
    token = await anyio.to_thread.run_sync(runtime.access.issue, "host", None, _HOST_LINK_LIFE_S)
    print(f"to start a meeting, open {meeting_link(settings.origin, token, None)}", flush=True)
