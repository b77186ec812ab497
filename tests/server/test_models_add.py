from __future__ import annotations

from pathlib import Path

import pytest
from model_samples import piper_voice, whisper_folder

from server.added_model import add_model
from server.models import ModelStore
from streaming.errors import BadInput, ModelTampered


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", shipped=())


def test_an_added_voice_serves_the_language_it_says(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "ana", piper_voice(tmp_path / "from"))
    assert store.piper_voice("pt-BR") == store.root / "ana" / "pt_BR-test.onnx"


def test_an_added_voice_serves_the_language_it_is_given(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "ana", piper_voice(tmp_path / "from"), languages=["gl"])
    assert store.piper_voice("pt") is None
    assert store.piper_voice("gl") is not None


def test_the_newest_of_two_voices_is_used(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "b-first", piper_voice(tmp_path / "1"))
    add_model(store.root, "a-second", piper_voice(tmp_path / "2"))
    voice = store.piper_voice("pt")
    assert voice is not None and voice.parent.name == "a-second"


def test_an_added_recognizer_is_chosen_by_name(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "large", whisper_folder(tmp_path / "from"), licence="MIT")
    assert ModelStore(store.root, whisper="large").whisper() == store.root / "large"


def test_files_that_are_no_part_of_the_model_are_not_taken(store: ModelStore, tmp_path: Path) -> None:
    model = add_model(store.root, "large", whisper_folder(tmp_path / "from"))
    assert "README.md" not in {file.path for file in model.files}


def test_a_linked_model_is_not_copied(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "large", whisper_folder(tmp_path / "from"), link=True)
    assert (store.root / "large" / "model.bin").readlink() == tmp_path / "from" / "model.bin"


def test_an_added_file_that_changes_later_is_refused(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "large", whisper_folder(tmp_path / "from"), link=True)
    (tmp_path / "from" / "model.bin").write_text("other weights", "utf-8")
    with pytest.raises(ModelTampered, match=r"large/model\.bin"):
        store.path("large")


def test_a_record_that_cannot_be_read_is_refused(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "ana", piper_voice(tmp_path / "from"))
    (store.root / "ana" / "added.json").write_text("{", "utf-8")
    with pytest.raises(ModelTampered, match=r"added\.json can't be read"):
        store.models()


def test_deleting_the_folder_undoes_it(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "ana", piper_voice(tmp_path / "from"))
    for path in (store.root / "ana").iterdir():
        path.unlink()
    (store.root / "ana").rmdir()
    assert store.models() == ()


def test_a_name_in_use_is_refused(store: ModelStore, tmp_path: Path) -> None:
    add_model(store.root, "ana", piper_voice(tmp_path / "from"))
    with pytest.raises(BadInput, match="there is a model called ana already"):
        add_model(store.root, "ana", piper_voice(tmp_path / "from"))


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b", "a" * 65])
def test_a_name_that_is_no_plain_folder_name_is_refused(store: ModelStore, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="can't be a model's name"):
        add_model(store.root, name, piper_voice(tmp_path / "from"))


def test_a_folder_that_is_no_model_is_refused(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is none of: a faster-whisper folder"):
        add_model(store.root, "x", tmp_path)


def test_a_voice_whose_description_is_broken_is_refused_and_leaves_nothing(store: ModelStore, tmp_path: Path) -> None:
    voice = piper_voice(tmp_path / "from")
    voice.with_name(voice.name + ".json").write_text("[]", "utf-8")
    with pytest.raises(BadInput, match="does not describe a Piper voice"):
        add_model(store.root, "x", voice)
    assert not store.root.exists()


def test_a_student_without_its_languages_is_refused_and_leaves_nothing(store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "model.ende.bin").touch()
    (tmp_path / "vocab.ende.spm").touch()
    with pytest.raises(BadInput, match="say --from and --to"):
        add_model(store.root, "x", tmp_path)
    assert list(store.root.iterdir()) == []
