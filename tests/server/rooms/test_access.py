from __future__ import annotations

import time

import jwt
import pytest

from server.auth import ApiKeys, Forbidden
from server.config import RoomPolicy
from server.rooms.access import Access, require
from server.rooms.seat import Role
from server.rooms.store import StoredRoom
from streaming.errors import BadInput, Unauthorized

SECRET = b"s" * 64
ROOM = StoredRoom("bcdf-ghjk-mnpq", "Board", False, "none", (), 0.0)
OPEN_ROOM = StoredRoom("bcdf-ghjk-mnpr", "Everyone", True, "none", (), 0.0)
HOUR_S = 3600.0


def access(policy: RoomPolicy = "invited", keys: tuple[str, ...] = (), secret: bytes = SECRET) -> Access:
    return Access(ApiKeys(keys), policy=policy, secret=lambda: secret)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def signed(algorithm: str = "HS256", **claims: object) -> str:
    whole = {"aud": "dragoman room", "exp": time.time() + HOUR_S, "role": "host", "room": ROOM.id} | claims
    return jwt.encode({name: claim for name, claim in whole.items() if claim is not None}, SECRET, algorithm)


@pytest.mark.parametrize("role", ["host", "speaker", "listener"])
def test_a_token_leads_into_its_room_in_its_role(role: Role) -> None:
    token = access().issue(role, ROOM.id, HOUR_S)
    assert access().check(bearer(token), ROOM) == role
    assert access().check(f"bearer  {token} ", ROOM) == role


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        (None, "invited"),
        ("", "invited"),
        ("Basic x", "invited"),
        ("Bearer", "not one of this server's"),
        ("Bearer x.y.z", "not one of this server's"),
        ("DeepL-Auth-Key anything", "invited"),
        (bearer(access().issue("host", OPEN_ROOM.id, HOUR_S)), "not for this room"),
        (bearer(access().issue("host", None, HOUR_S)), "not for this room"),
        (bearer(access().issue("host", ROOM.id, -1.0)), "expired"),
        (bearer(access(secret=b"t" * 64).issue("host", ROOM.id, HOUR_S)), "not one of this server's"),
        (bearer(access().issue_resume(ROOM.id, "p7")), "not one of this server's"),
        (bearer(signed("HS512")), "not one of this server's"),
        (bearer(signed(exp=None)), "not one of this server's"),
        (bearer(signed(aud=None)), "not one of this server's"),
        (bearer(signed(role="admin")), "not one of this server's"),
        (bearer(signed(role=["host"])), "not one of this server's"),
    ],
)
def test_without_a_good_token_an_invited_room_is_shut(authorization: str | None, reason: str) -> None:
    with pytest.raises(Unauthorized, match=reason):
        access().check(authorization, ROOM)


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(Unauthorized):
        access().check(bearer(jwt.encode({"role": "host", "room": ROOM.id}, "", "none")), ROOM)


def test_whoever_knows_an_open_room_speaks_in_it() -> None:
    assert access("open").check(None, OPEN_ROOM) == "speaker"


def test_a_bad_token_is_told_in_an_open_room_too() -> None:
    with pytest.raises(Unauthorized, match="expired"):
        access("open").check(bearer(access().issue("host", OPEN_ROOM.id, -1.0)), OPEN_ROOM)


@pytest.mark.parametrize(("policy", "room"), [("open", ROOM), ("invited", OPEN_ROOM)])
def test_a_room_is_open_only_if_it_was_made_so_on_a_server_that_still_has_open_rooms(
    policy: RoomPolicy, room: StoredRoom
) -> None:
    with pytest.raises(Unauthorized, match="invited"):
        access(policy).check(None, room)


def test_an_api_key_counts_as_host() -> None:
    assert access(keys=("right",)).check("DeepL-Auth-Key right", ROOM) == "host"
    with pytest.raises(Unauthorized):
        access(keys=("right",)).check("DeepL-Auth-Key wrong", ROOM)


def test_rooms_are_opened_by_a_hosts_token_for_no_room_or_a_key() -> None:
    access().may_open(bearer(access().issue("host", None, HOUR_S)))
    access(keys=("right",)).may_open("DeepL-Auth-Key right")


def test_whoever_reaches_a_server_with_open_rooms_opens_one() -> None:
    access("open").may_open(None)


@pytest.mark.parametrize("authorization", [None, "Bearer x", "DeepL-Auth-Key any"])
def test_others_open_no_rooms(authorization: str | None) -> None:
    with pytest.raises(Unauthorized):
        access().may_open(authorization)


@pytest.mark.parametrize("role", ["host", "speaker"])
def test_a_token_for_a_room_opens_no_others(role: Role) -> None:
    with pytest.raises(Forbidden):
        access().may_open(bearer(access().issue(role, ROOM.id, HOUR_S)))


def test_only_a_hosts_token_may_name_no_room() -> None:
    with pytest.raises(BadInput, match="speaker"):
        access().issue("speaker", None, HOUR_S)


def test_any_token_of_any_room_or_a_key_is_enough_for_what_all_may() -> None:
    keyed = access(keys=("right",))
    keyed.check_any(bearer(keyed.issue("listener", ROOM.id, HOUR_S)))
    keyed.check_any(bearer(keyed.issue("host", None, HOUR_S)))
    keyed.check_any("DeepL-Auth-Key right")
    for nothing in (None, "Bearer x", bearer(keyed.issue_resume(ROOM.id, "p7")), "DeepL-Auth-Key wrong"):
        with pytest.raises(Unauthorized):
            keyed.check_any(nothing)


@pytest.mark.parametrize(("policy", "keys"), [("open", ("right",)), ("invited", ())])
def test_where_whoever_comes_may_speak_nobody_needs_a_token_for_what_all_may(
    policy: RoomPolicy, keys: tuple[str, ...]
) -> None:
    access(policy, keys).check_any(None)


def test_a_resume_token_names_its_participant_in_its_room() -> None:
    token = access().issue_resume(ROOM.id, "p7")
    assert access().check_resume(token, ROOM.id) == "p7"
    with pytest.raises(Unauthorized, match="not for this room"):
        access().check_resume(token, OPEN_ROOM.id)


def test_a_rooms_token_resumes_nothing() -> None:
    with pytest.raises(Unauthorized):
        access().check_resume(access().issue("host", ROOM.id, HOUR_S), ROOM.id)


def test_a_server_without_rooms_lets_nobody_in() -> None:
    token = access().issue("host", ROOM.id, HOUR_S)
    with pytest.raises(Forbidden, match="no rooms"):
        access("off").check(bearer(token), ROOM)
    with pytest.raises(Forbidden, match="no rooms"):
        access("off", ("right",)).may_open("DeepL-Auth-Key right")


@pytest.mark.parametrize(("role", "least"), [("host", "host"), ("host", "listener"), ("speaker", "speaker")])
def test_a_role_may_what_those_below_it_may(role: Role, least: Role) -> None:
    require(role, least)


@pytest.mark.parametrize(("role", "least"), [("speaker", "host"), ("listener", "speaker")])
def test_a_role_may_not_what_is_above_it(role: Role, least: Role) -> None:
    with pytest.raises(Forbidden, match=f"a {role} may not"):
        require(role, least)


def test_the_secret_is_read_once_and_not_before_it_is_needed() -> None:
    read: list[bytes] = []

    def secret() -> bytes:
        read.append(SECRET)
        return SECRET

    lazy = Access(ApiKeys(()), policy="invited", secret=secret)
    assert not read
    lazy.check(bearer(lazy.issue("host", ROOM.id, HOUR_S)), ROOM)
    assert len(read) == 1
