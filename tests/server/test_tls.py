"""The server over TLS, by itself and behind a reverse proxy."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import websockets
from running_server import rest, running

from server.config import Settings
from server.http_server import create_server
from server.runtime import Runtime
from streaming.errors import BadInput
from streaming.wire import EndOfSourceMedia, EndOfStream, encode


@dataclass(frozen=True)
class Certificate:
    cert: Path
    key: Path

    def trusting(self) -> ssl.SSLContext:
        """A client's settings that take this certificate for good."""
        return ssl.create_default_context(cafile=self.cert)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    if shutil.which("openssl") is None and os.environ.get("CI") != "true":
        pytest.skip("openssl is not installed: TLS is not tested")
    folder = tmp_path_factory.mktemp("tls")
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    what = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(made.key), "-out", str(made.cert)]
    subprocess.run(["openssl", "req", "-x509", *what, *names, *files], check=True, capture_output=True)
    return made


def test_page_and_voice_interface_work_over_tls(certificate: Certificate) -> None:
    async def main() -> None:
        settings = Settings(tls_cert=certificate.cert, tls_key=certificate.key)
        async with running(settings, verify=certificate.trusting()) as server:
            assert server.url.startswith("https://")
            assert "Dragoman" in (await server.http.get("/")).text
            asked = (await server.ask()).json()
            assert asked["streaming_url"].startswith("wss://127.0.0.1:")
            url = f"{asked['streaming_url']}?token={asked['token']}"
            async with websockets.connect(url, ssl=certificate.trusting()) as socket:
                await socket.send(encode(EndOfSourceMedia(), "json"))
                assert (await rest(socket))[-1] == EndOfStream()

    asyncio.run(main())


def test_behind_a_proxy_that_speaks_tls_the_stream_goes_through_it_too() -> None:
    """The headers of the README's nginx example."""

    async def main() -> None:
        async with running() as server:
            server.http.headers.update(
                {
                    "Host": "translate.example.org",
                    "X-Forwarded-Proto": "https",
                    "Origin": "https://translate.example.org",
                }
            )
            url = (await server.ask()).raise_for_status().json()["streaming_url"]
            assert url == "wss://translate.example.org/v3/voice/realtime/connect"

    asyncio.run(main())


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_text("hello"), key.write_text("hello")
    with pytest.raises(BadInput, match=r"tls_cert.*cert\.pem"):
        create_server(Runtime.from_settings(Settings(tls_cert=cert, tls_key=key)))
