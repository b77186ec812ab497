from __future__ import annotations

import pytest

from server.auth import ApiKeys, Forbidden, check_origin
from streaming.errors import Unauthorized


def test_without_keys_everyone_may_enter() -> None:
    ApiKeys([]).check(None)


@pytest.mark.parametrize("header", ["DeepL-Auth-Key second", "deepl-auth-key  second "])
def test_any_of_the_keys_opens(header: str) -> None:
    ApiKeys(["first", "second"]).check(header)


@pytest.mark.parametrize(
    "header", [None, "", "second", "Bearer second", "DeepL-Auth-Key", "DeepL-Auth-Key secon", "DeepL-Auth-Key é"]
)
def test_anything_else_is_refused(header: str | None) -> None:
    with pytest.raises(Unauthorized):
        ApiKeys(["first", "second"]).check(header)


@pytest.mark.parametrize(
    ("origin", "host"),
    [(None, "here:8080"), ("http://here:8080", "here:8080"), ("https://Here", "here")],
)
def test_our_own_page_and_programs_pass(origin: str | None, host: str) -> None:
    check_origin(origin, host)


@pytest.mark.parametrize("origin", ["null", "http://here", "http://here:8080.evil.example", "https://evil.example"])
def test_other_pages_do_not_pass(origin: str) -> None:
    with pytest.raises(Forbidden):
        check_origin(origin, "here:8080")
