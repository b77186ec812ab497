from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.config import read_settings
from streaming.budget import PRESETS
from streaming.errors import BadInput


def test_defaults_need_nothing() -> None:
    settings = read_settings({}, {})
    assert (settings.host, settings.port, settings.device) == ("127.0.0.1", 8080, "auto")
    assert settings.max_speakers is None
    assert settings.threads == os.cpu_count()
    assert settings.origin == "http://localhost:8080"


def test_a_flag_goes_before_the_environment() -> None:
    settings = read_settings({"port": "1"}, {"DRAGOMAN_PORT": "2", "DRAGOMAN_MAX_SPEAKERS": "7"})
    assert (settings.port, settings.max_speakers) == (1, 7)


def test_keys_are_split_and_never_printed() -> None:
    settings = read_settings({}, {"DRAGOMAN_API_KEYS": "secret1, secret2,"})
    assert settings.api_keys == ("secret1", "secret2")
    assert "secret" not in repr(settings)


def test_ice_servers_are_named_with_commas_and_their_secret_is_never_printed() -> None:
    environment = {"DRAGOMAN_ICE_SERVERS": "stun:a, turn:b", "DRAGOMAN_TURN_SECRET": "north"}
    settings = read_settings({}, environment)
    assert [server.urls for server in settings.ice.servers(0.0)] == [("stun:a",), ("turn:b",)]
    assert "north" not in repr(settings)


def test_tls_makes_the_origin_https(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.touch(), key.touch()
    assert read_settings({"tls_cert": str(cert), "tls_key": str(key)}, {}).origin == "https://localhost:8080"


def test_glossaries_are_named_with_commas() -> None:
    assert read_settings({}, {"DRAGOMAN_GLOSSARY": "finance, people"}).glossary == ("finance", "people")


def test_sessions_may_have_the_budgets_that_are_allowed_and_the_first_where_they_ask_for_none() -> None:
    settings = read_settings({}, {"DRAGOMAN_BUDGETS": "faithful,balanced"})
    assert settings.budget(None, "budget") == PRESETS["faithful"]
    assert settings.budget("balanced", "budget") == PRESETS["balanced"]
    with pytest.raises(BadInput, match="budget must be one of faithful, balanced"):
        settings.budget("fast", "budget")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "http"),
        ("port", "70000"),
        ("port", "-1"),
        ("max_speakers", "0"),
        ("threads", "1.5"),
        ("device", "tpu"),
        ("compute_type", "int4"),
        ("asr_beam", "0"),
        ("asr_beam", "11"),
        ("tls_cert", "/no/such/file"),
        ("budgets", "fast,furious"),
        ("transcripts", "forever"),
        ("rooms", "everyone"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=name):
        read_settings({name: value}, {})


def test_nothing_that_is_said_is_kept_unless_it_is_asked_for() -> None:
    assert read_settings({}, {}).transcripts == "none"
    assert read_settings({}, {"DRAGOMAN_TRANSCRIPTS": "30d"}).transcripts == "30d"


def test_rooms_are_for_those_who_are_invited_unless_they_are_opened() -> None:
    assert read_settings({}, {}).rooms == "invited"
    assert read_settings({}, {"DRAGOMAN_ROOMS": "open"}).rooms == "open"


def test_recognition_is_set_in_the_environment() -> None:
    named = {"DEVICE": "cuda", "COMPUTE_TYPE": "int8_float16", "WHISPER": "whisper-large", "ASR_BEAM": "5"}
    settings = read_settings({}, {f"DRAGOMAN_{name}": value for name, value in named.items()})
    assert (settings.device, settings.compute_type) == ("cuda", "int8_float16")
    assert (settings.whisper, settings.asr_beam) == ("whisper-large", 5)


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    cert = tmp_path / "cert.pem"
    cert.touch()
    with pytest.raises(BadInput, match="tls_key"):
        read_settings({"tls_cert": str(cert)}, {})
