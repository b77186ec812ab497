"""`dragoman serve`: the server and its page, until it is interrupted."""

from __future__ import annotations

import argparse
import functools
import logging
import socket

import anyio
import anyio.to_thread
import uvicorn

from server.app import create_app
from server.config import FLAGS, Settings, read_settings
from server.load import load_models
from server.local_interpreter import LocalInterpreter
from server.models import ModelStore, models_dir
from server.runtime import Runtime
from streaming.local_engine import WORKERS, LocalEngine, in_thread
from streaming.wire import FRAME_MAX_BYTES

_PING_S = 20.0
"""A WebSocket client whose machine vanished is noticed after two of these."""

_GOODBYE_S = 5
"""How long open sessions may take to end when the server stops."""

_log = logging.getLogger(__name__)

_EXAMPLES = """examples:
  dragoman serve
  dragoman serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
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
    """Serves until interrupted. Raises DragomanError for wrong settings and missing models."""
    settings = read_settings(vars(args))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # at INFO it would log streaming tokens
    try:
        anyio.run(_serve, settings)
    except* KeyboardInterrupt:  # uvicorn raises it again once everything is closed
        _log.info("stopped")
    return 0


async def _serve(settings: Settings) -> None:
    runtime = Runtime.from_settings(settings)
    if runtime.keys.open:
        _log.warning("no API key is configured: whoever reaches this server may use it (--api-keys)")
    server = uvicorn.Server(_uvicorn_config(runtime))
    failures: list[Exception] = []

    async def interpret() -> None:
        try:
            await _interpret(runtime)
        except Exception as error:  # the server says goodbye in good order first
            failures.append(error)
            server.should_exit = True

    with _listen(settings) as listener:
        async with anyio.create_task_group() as group:
            group.start_soon(interpret, name="interpreter")
            await server.serve(sockets=[listener])
            group.cancel_scope.cancel()
    if failures:
        raise failures[0]


def _listen(settings: Settings) -> socket.socket:
    """Raises OSError, with a reason, where the address can't be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


async def _interpret(runtime: Runtime) -> None:
    """Loads the models in a thread, so that the server answers meanwhile, then runs them for as long as it serves."""
    settings = runtime.settings
    store = ModelStore(settings.models or models_dir())
    load = functools.partial(load_models, store, threads=settings.threads, device=settings.device)
    models = await anyio.to_thread.run_sync(load)
    engine = LocalEngine(in_thread, workers=WORKERS, observe=runtime.metrics.observe_batch)
    runtime.interpreter = LocalInterpreter(models, engine)
    _log.info("ready: %s", settings.origin)
    await engine.run()


def _uvicorn_config(runtime: Runtime) -> uvicorn.Config:
    settings = runtime.settings
    return uvicorn.Config(
        create_app(runtime),
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        ws="websockets-sansio",
        ws_max_size=FRAME_MAX_BYTES,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
        timeout_graceful_shutdown=_GOODBYE_S,
        log_config=None,
        access_log=False,
        server_header=False,
    )
