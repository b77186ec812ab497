from __future__ import annotations

import pytest

from server.rooms.roster import MixKey, Roster, UnknownParticipant
from server.rooms.seat import Wishes

TARGETS = {"en": ["pt"], "pt": ["en"], "fr": ["en", "pt"]}


def roster(*wishes: Wishes) -> Roster:
    here = Roster()
    for each in wishes:
        here.add("speaker", each)
    return here


ANA = Wishes("Ana", speaks="pt", hears="pt", captions="pt")
BEN = Wishes("Ben", speaks="en", hears="en", captions="en")


def test_a_speaker_is_translated_into_what_the_others_hear() -> None:
    here = roster(ANA, BEN, Wishes("Cid", hears="pt"))
    assert here.aims("p1", TARGETS.__getitem__) == {"en": True}
    assert here.aims("p2", TARGETS.__getitem__) == {"pt": True}


def test_a_language_that_is_only_read_is_not_spoken() -> None:
    here = roster(ANA, Wishes("Ben", captions="en"))
    assert here.aims("p1", TARGETS.__getitem__) == {"en": False}
    here.add("listener", Wishes("Cid", hears="en"))
    assert here.aims("p1", TARGETS.__getitem__) == {"en": True}


def test_nobody_hears_their_own_translation_but_may_read_it() -> None:
    here = roster(Wishes("Ana", speaks="pt", hears="en", captions="en"))
    assert here.aims("p1", TARGETS.__getitem__) == {"en": False}


def test_a_language_without_a_model_is_no_aim() -> None:
    here = roster(BEN, Wishes("Dee", hears="es", captions="es"))
    assert here.aims("p1", TARGETS.__getitem__) == {}


def test_those_without_a_microphone_share_a_mix_and_who_speaks_has_their_own() -> None:
    here = roster(ANA, BEN, Wishes("Cid", hears="pt"), Wishes("Dee", hears="pt"))
    assert here.mix_key("p3") == here.mix_key("p4") == MixKey("pt", 0.2, None)
    assert here.mix_key("p1") == MixKey("pt", 0.2, "p1")


def test_listeners_are_counted_and_find_themselves() -> None:
    here = roster(ANA, Wishes("Cid", hears="pt"))
    described = here.described("p2")
    assert [one["name"] for one in described["participants"]] == ["Ana"]
    assert described["listeners"] == 1
    assert described["you"]["name"] == "Cid"


def test_an_id_is_not_given_twice() -> None:
    here = roster(ANA, BEN)
    here.remove("p2")
    assert here.add("speaker", BEN).id == "p3"


def test_who_was_here_before_a_restart_has_the_same_id() -> None:
    here = Roster()
    assert here.add("speaker", ANA, again="p2").id == "p2"
    assert [here.add("speaker", BEN).id, here.add("speaker", BEN).id] == ["p1", "p3"]


def test_a_stranger_is_unknown() -> None:
    with pytest.raises(UnknownParticipant):
        roster(ANA)["p9"]
