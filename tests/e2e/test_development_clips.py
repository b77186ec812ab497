"""Human speech from the development data, where it lies beside the checkout: what streaming costs against offline."""

from pathlib import Path

import pytest

from bench.speech_quality import SpeechQuality, read_manifest, summary
from server.models import ModelStore

pytestmark = pytest.mark.e2e

MANIFEST = Path(__file__).parents[2].parent / "shared" / "data" / "audio" / "manifest.tsv"
CLIPS = {"en": ("LJ001-0001", "LJ001-0005", "0890"), "pt": ("Esperado_3", "Esperado_10", "LapsBM_0385")}


@pytest.mark.parametrize(("source", "target"), [("en", "pt"), ("pt", "en")])
def test_the_speech_keeps_most_of_the_offline_quality(source: str, target: str, models: ModelStore) -> None:
    if not MANIFEST.is_file():
        pytest.skip("the development clips (../shared/data) are not beside this checkout")
    clips = [clip for clip in read_manifest(MANIFEST, source) if clip.path.stem.endswith(CLIPS[source])]
    assert len(clips) == len(CLIPS[source])
    bench = SpeechQuality(models, source, target)
    result = summary([bench.measure(clip) for clip in clips])
    assert result["kept"] >= 0.7, result  # three clips: below the 0.8 that all of them are held to, for the spread
