"""Our long-form metrics equal those of OmniSTEval, which reckons in milliseconds, on one re-segmentation."""

import random

import pytest

from bench.metrics.long_yaal import long_yaal
from bench.metrics.resegmentation import Segment, resegment, sentence_delays
from bench.metrics.stream_laal import stream_laal

scoring = pytest.importorskip("omnisteval.scoring")
data = pytest.importorskip("omnisteval.data")
alignment = pytest.importorskip("omnisteval.alignment")
resegmenter = pytest.importorskip("omnisteval.resegment")

VOCABULARY = [
    begun + ended for begun in ("ka", "mo", "ri", "te", "su") for ended in ("lon", "fer", "dip", "gus", "bav")
]


def talk(seed: int, *, sentences: int = 25) -> tuple[list[str], list[float], list[Segment]]:
    """A made-up talk: references, and an output that errs in a tenth of the words and lags 1 to 4 s."""
    draw = random.Random(seed)
    words: list[str] = []
    delays: list[float] = []
    references = []
    start_s = at_s = 0.0
    for _ in range(sentences):
        text = draw.choices(VOCABULARY, k=draw.randint(4, 14))
        references.append(Segment(" ".join(text), start_s, 0.4 * len(text)))
        for index, word in enumerate(text):
            at_s = max(at_s, start_s + 0.4 * index + draw.uniform(1.0, 4.0))
            said = draw.choices([[word], [], [word, word], [draw.choice(VOCABULARY)]], weights=[90, 4, 2, 4])[0]
            words += said
            delays += [at_s] * len(said)
        start_s += 0.4 * len(text) + 0.5
    return words, delays, references


def recording_s(references: list[Segment]) -> float:
    """OmniSTEval takes the recording to end with the last sentence."""
    return max(reference.start_s + reference.duration_s for reference in references)


def instances(words: list[str], delays: list[float], references: list[Segment]) -> list:
    return [
        data.Instance(
            prediction="-",
            reference=reference.text,
            source_length=reference.duration_s * 1000,
            emission_cu=[delay * 1000 for delay in of_sentence],
            time_to_recording_end=(recording_s(references) - reference.start_s) * 1000,
            longform=True,
        )
        for reference, of_sentence in zip(references, sentence_delays(words, delays, references), strict=True)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_long_yaal_and_stream_laal_are_the_same(seed: int) -> None:
    words, delays, references = talk(seed)
    theirs = instances(words, delays, references)
    yaal = long_yaal(words, delays, references, source_s=recording_s(references))
    assert yaal == pytest.approx(scoring.YAALScorer(is_longform=True)(theirs) / 1000)
    assert stream_laal(words, delays, references) == pytest.approx(scoring.LAALScorer()(theirs) / 1000)


def test_the_re_segmentation_agrees_in_nine_of_ten_words() -> None:
    words, delays, references = talk(0)
    outputs = [
        alignment.Word(word, emission_cu=1000 * delay, original=word) for word, delay in zip(words, delays, strict=True)
    ]
    wanted = [
        alignment.Word(word, seq_id=index, emission_cu=1000 * reference.start_s)
        for index, reference in enumerate(references)
        for word in reference.text.split()
    ]
    segmentation = [
        {"offset": 1000 * r.start_s, "duration": 1000 * r.duration_s, "time_to_recording_end": 0.0} for r in references
    ]
    theirs, _ = resegmenter.resegment([wanted], [outputs], segmentation, [reference.text for reference in references])
    their_sentence = [index for index, sentence in enumerate(theirs) for _ in sentence.prediction.split()]
    slices = resegment(words, [reference.text for reference in references])
    our_sentence = [index for index, (first, end) in enumerate(slices) for _ in range(end - first)]
    assert len(their_sentence) == len(our_sentence)
    agreed = sum(one == other for one, other in zip(our_sentence, their_sentence, strict=True))
    assert agreed >= 0.9 * len(words)
