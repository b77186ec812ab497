from __future__ import annotations

from typing import Any

import pytest
from fake_interpreter import EchoInterpreter

from server.rooms.orders import Change, Close, Glossaries, Leave, Mute, Ping, Remove, checked, read_order
from server.rooms.seat import Role, Wishes
from streaming.errors import BadInput, UnsupportedLanguage


@pytest.mark.parametrize(
    ("message", "order"),
    [
        ({"ping": {}}, Ping()),
        ({"leave": {}}, Leave()),
        ({"close": {}}, Close()),
        ({"set": {"muted": True}}, Change({"muted": True})),
        ({"mute": {"participant": "p2"}}, Mute("p2")),
        ({"remove": {"participant": "p2"}}, Remove("p2")),
        ({"glossaries": ["board"]}, Glossaries(("board",))),
        ({"from_the_future": 1}, None),
        ({}, None),
    ],
)
def test_a_message_is_an_order(message: dict[str, Any], order: object) -> None:
    assert read_order(message) == order


@pytest.mark.parametrize(
    "message",
    [
        {"set": []},
        {"set": {"colour": "red"}},
        {"set": {"muted": 1}},
        {"set": {"original": True}},
        {"set": {"name": None}},
        {"mute": "p2"},
        {"remove": {}},
        {"glossaries": "board"},
        {"glossaries": [1]},
        {"glossaries": ["x"] * 21},
    ],
)
def test_what_is_wrong_in_an_order_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        read_order(message)


def test_languages_become_primary_and_names_clean() -> None:
    wishes = Wishes("  Ana \t Lima ", speaks="en-US", hears="pt-BR", captions=None, original=0.26)
    assert checked(wishes, "speaker", EchoInterpreter()) == Wishes("Ana Lima", "en", "pt", None, 0.3)


@pytest.mark.parametrize(
    ("wishes", "role"),
    [
        (Wishes(""), "speaker"),
        (Wishes("a" * 81), "speaker"),
        (Wishes("a\u202eb"), "speaker"),
        (Wishes("Ana", original=1.5), "speaker"),
        (Wishes("Ana", original=float("nan")), "speaker"),
        (Wishes("Ana", voice="deep"), "speaker"),  # type: ignore[arg-type]
        (Wishes("Ana", speaks="en"), "listener"),
    ],
)
def test_wishes_that_cannot_be_are_refused(wishes: Wishes, role: Role) -> None:
    with pytest.raises(BadInput):
        checked(wishes, role, EchoInterpreter())


@pytest.mark.parametrize("wishes", [Wishes("A", speaks="xx"), Wishes("A", hears="ja"), Wishes("A", captions="ja")])
def test_a_language_without_a_model_is_named(wishes: Wishes) -> None:
    with pytest.raises(UnsupportedLanguage, match=r"^(speaks|hears|captions): "):
        checked(wishes, "speaker", EchoInterpreter())
