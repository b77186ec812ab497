"""The server's settings: command-line flags first, then DRAGOMAN_* in the environment, then defaults."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from asr.whisper_device import ComputeType, Device
from server.ice import IceConfig, read_ice
from server.transcript_store import RETENTION_S, Retention
from streaming.budget import PRESETS, BudgetConfig, Preset
from streaming.errors import BadInput

DEFAULT_HOST = "127.0.0.1"
"""This machine alone: opening a microphone service to a network is a decision."""

DEFAULT_PORT = 8080

WIDEST_BEAM = 10
"""beyond it nothing is gained and the time grows with the width"""

RoomPolicy = Literal["invited", "open", "off"]
"""Who may meet: who has a token or key, whoever reaches the server, nobody."""

FLAGS: dict[str, str] = {
    "host": "address to listen on; 0.0.0.0 for all (default 127.0.0.1)",
    "port": "port to listen on (default 8080)",
    "tls_cert": "certificate chain (PEM): browsers give the microphone to other machines' pages over HTTPS only",
    "tls_key": "private key of the certificate (PEM)",
    "api_keys": "comma-separated keys, one of which every client must show (default: open to all)",
    "max_speakers": "most speakers at the same time (default: as many as the machine carries, which is measured)",
    "threads": "threads for the voices (default: one per core)",
    "device": "where Whisper runs: cpu, cuda (not measured yet) or auto: cuda where there is one (default auto)",
    "compute_type": "type of Whisper's weights, such as int8, float16, float32 (default int8 on cpu, float16 on cuda)",
    "whisper": "the recognizer, a name of `dragoman models list` (default whisper-base)",
    "asr_beam": "width of Whisper's beam search, 1 to 10: 5 takes twice the time of 1 to write (default 1, greedy)",
    "ice_servers": "comma-separated stun:, turn: and turns: URLs for peers behind a NAT or firewall (default: none)",
    "turn_login": "NAME:PASSWORD for the TURN servers; every page gets to see it",
    "turn_secret": "instead: the secret shared with the TURN servers (coturn's use-auth-secret); its logins expire",
    "glossary": "comma-separated names of stored glossaries for every session (`dragoman glossary`; default: none)",
    "budgets": "latency budgets that sessions may ask for, the first by default (default balanced,fast,faithful)",
    "transcripts": "how long what is said may be read afterwards: none, 15m, 1d or 30d (default none: it isn't stored)",
    "rooms": "who may meet: invited (who has a link), open (whoever reaches the server) or off (default invited)",
    "xtts": "folder of XTTS-v2's weights, for a GPU and not for commercial use (default: none; needs dragoman[xtts])",
    "models": "folder of the models (default: where `dragoman models` puts them)",
}
"""Every setting: `--tls-cert` on the command line is DRAGOMAN_TLS_CERT in the environment."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    tls_cert: Path | None = None
    tls_key: Path | None = None
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    """empty: open to all"""
    max_speakers: int | None = None
    """None: as many as the machine carries"""
    threads: int = 1
    device: Device = "auto"
    compute_type: ComputeType | None = None
    """None: the device's default"""
    whisper: str = ""
    """empty: the shipped one"""
    asr_beam: int = 1
    ice: IceConfig = field(default_factory=IceConfig)
    glossary: tuple[str, ...] = ()
    budgets: tuple[Preset, ...] = tuple(PRESETS)
    """that a session may ask for; the first where it doesn't"""
    transcripts: Retention = "none"
    """Who runs a server must decide to keep what people say."""
    rooms: RoomPolicy = "invited"
    xtts: Path | None = None
    models: Path | None = None
    """None: the default folder"""

    @property
    def origin(self) -> str:
        """Where a person finds the page."""
        scheme = "https" if self.tls_cert else "http"
        host = "localhost" if self.host in ("0.0.0.0", "127.0.0.1", "::", "::1") else self.host
        return f"{scheme}://{host}:{self.port}"

    def budget(self, asked: str | None, where: str) -> BudgetConfig:
        """The budget for a session that asks for this one. Raises BadInput, naming `where`, for one not allowed."""
        name = asked or self.budgets[0]
        if name not in self.budgets:
            raise BadInput(f"{where} must be one of {', '.join(self.budgets)}")
        return PRESETS[name]


def read_settings(flags: Mapping[str, str | None], environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises BadInput, with the setting's name, for values that can't be."""

    def text(name: str) -> str | None:
        return flags.get(name) or environment.get(f"DRAGOMAN_{name.upper()}") or None

    cert, key = _file("tls_cert", text("tls_cert")), _file("tls_key", text("tls_key"))
    if (cert is None) != (key is None):
        raise BadInput("tls_cert and tls_key go together: give both or neither")
    models, xtts, most = text("models"), text("xtts"), text("max_speakers")
    return Settings(
        host=text("host") or DEFAULT_HOST,
        port=_number("port", text("port"), DEFAULT_PORT, 0, 65535),
        tls_cert=cert,
        tls_key=key,
        api_keys=_list(text("api_keys")),
        max_speakers=_number("max_speakers", most, 1, 1, 10_000) if most else None,
        threads=_number("threads", text("threads"), os.cpu_count() or 1, 1, 1024),
        device=cast(Device, _one_of("device", text("device"), get_args(Device)) or "auto"),
        compute_type=cast(ComputeType | None, _one_of("compute_type", text("compute_type"), get_args(ComputeType))),
        whisper=text("whisper") or "",
        asr_beam=_number("asr_beam", text("asr_beam"), 1, 1, WIDEST_BEAM),
        ice=read_ice(_list(text("ice_servers")), login=text("turn_login"), secret=text("turn_secret")),
        glossary=_list(text("glossary")),
        budgets=_some_of("budgets", text("budgets"), tuple(PRESETS)),
        transcripts=cast(Retention, _one_of("transcripts", text("transcripts"), RETENTION_S) or "none"),
        rooms=cast(RoomPolicy, _one_of("rooms", text("rooms"), get_args(RoomPolicy)) or "invited"),
        xtts=Path(xtts).expanduser().absolute() if xtts else None,
        models=Path(models).expanduser().absolute() if models else None,
    )


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part for each in (text or "").split(",") if (part := each.strip()))


def _number(name: str, text: str | None, default: int, least: int, most: int) -> int:
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadInput(f"{name}: {text!r} is not a number from {least} to {most}")
    return int(text)


def _one_of(name: str, text: str | None, known: Collection[str]) -> str | None:
    if text is not None and text not in known:
        raise BadInput(f"{name}: {text!r} is none of {', '.join(known)}")
    return text


def _some_of(name: str, text: str | None, known: tuple[Preset, ...]) -> tuple[Preset, ...]:
    asked = _list(text) or known
    for each in asked:
        _one_of(name, each, known)
    return cast(tuple[Preset, ...], asked)


def _file(name: str, text: str | None) -> Path | None:
    if text is None:
        return None
    path = Path(text).expanduser()
    if not path.is_file():
        raise BadInput(f"{name}: there is no file {path}")
    return path
