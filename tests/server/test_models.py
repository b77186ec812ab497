from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from model_samples import RECOGNIZER, SPEAKER

from server.model_catalogue import SHIPPED
from server.models import ModelStore, models_dir
from streaming.errors import BadInput, ModelMissing, ModelTampered


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", shipped=(RECOGNIZER, SPEAKER))


def write(store: ModelStore, content: bytes) -> Path:
    path = store.root / "small" / "model.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_dragoman_models_names_the_folder() -> None:
    assert models_dir({"DRAGOMAN_MODELS": "/srv/models", "XDG_DATA_HOME": "/data"}) == Path("/srv/models")


def test_xdg_data_home_is_used() -> None:
    assert models_dir({"XDG_DATA_HOME": "/data"}) == Path("/data/dragoman/models")


def test_a_relative_xdg_data_home_is_ignored() -> None:
    assert models_dir({"XDG_DATA_HOME": "data"}) == Path.home() / ".local/share/dragoman/models"


def test_an_empty_environment_falls_back_to_the_home_of_the_user_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    assert models_dir({}).parts[-4:] == (".local", "share", "dragoman", "models")


def test_a_missing_model_names_the_file_and_the_command_that_gets_it(store: ModelStore) -> None:
    with pytest.raises(ModelMissing, match=r"small/model\.bin is missing.*dragoman models fetch"):
        store.path("small")


def test_an_unknown_model_lists_those_there_are(store: ModelStore) -> None:
    with pytest.raises(BadInput, match="no model is called 'large'; there are small, speaker"):
        store.path("large")


def test_a_tampered_file_is_refused_with_its_name_and_both_hashes(store: ModelStore) -> None:
    path = write(store, b"something else")
    with pytest.raises(ModelTampered) as refused:
        store.path("small")
    found = hashlib.sha256(b"something else").hexdigest()
    assert all(part in refused.value.reason for part in (str(path), found, RECOGNIZER.files[0].sha256))


def test_a_change_of_one_bit_that_keeps_size_and_time_is_refused(store: ModelStore) -> None:
    path = write(store, b"first half, second half")
    store.verify("small")
    path.write_bytes(b"first half, second halg")
    with pytest.raises(ModelTampered):
        ModelStore(store.root, shipped=(RECOGNIZER,)).path("small")


def test_a_right_model_is_verified_and_handed_out(store: ModelStore) -> None:
    write(store, b"first half, second half")
    assert store.check(RECOGNIZER).state == "verified"
    assert store.path("small") == store.root / "small"


def test_whisper_is_the_one_that_the_environment_names(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    write(store, b"first half, second half")
    monkeypatch.setenv("DRAGOMAN_WHISPER", "small")
    assert store.whisper() == store.root / "small"


def test_a_voice_is_no_recognizer(store: ModelStore) -> None:
    with pytest.raises(BadInput, match="speaker is not a Whisper model"):
        ModelStore(store.root, shipped=(SPEAKER,), whisper="speaker").whisper()


def test_kokoro_is_none_where_it_was_not_fetched(store: ModelStore) -> None:
    assert store.kokoro() is None


def test_a_pair_that_no_student_knows_is_none(store: ModelStore) -> None:
    assert store.student("en", "xx") is None


def test_a_student_that_is_shipped_but_absent_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        ModelStore(tmp_path).student("en-US", "pt-BR")


def test_pairs_are_those_on_this_machine(tmp_path: Path) -> None:
    assert ModelStore(tmp_path).pairs() == ()


def test_every_shipped_file_has_a_hash_a_size_and_a_source() -> None:
    files = [file for model in SHIPPED for file in model.files]
    assert all(len(file.sha256) == 64 and file.size > 0 and file.pieces for file in files)


@pytest.mark.e2e
def test_the_shipped_models_are_what_was_published(models: ModelStore) -> None:
    assert {model.name: models.check(model).problems for model in SHIPPED} == {model.name: () for model in SHIPPED}


@pytest.mark.e2e
def test_both_directions_are_there(models: ModelStore) -> None:
    folder = models.student("en", "pt")
    assert folder is not None and (folder / "encoder.onnx").is_file() and (folder / "decoder.onnx").is_file()
    assert {("en", "pt"), ("pt", "en")} <= set(models.pairs())
