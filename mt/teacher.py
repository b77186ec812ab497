"""The full-sentence student as a teacher: its greedy translations of fluent sentences are what tuning learns from.

Sequence-level knowledge distillation (Kim and Rush 2016), here from the model to its own simultaneous successor.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import torch
from tqdm import tqdm

from mt.corpora import Sentence, read_corpora
from mt.lessons import Lesson, read_lessons, write_lessons
from mt.marian import read_student
from mt.model import MarianStudent, translate
from mt.tokenizer import Tokenizer

_TOKENS_A_BATCH = 2400
_SENTENCES_A_CHUNK = 4096
"""sorted by length within, so that a batch holds like lengths; the file grows by so many lines at a time"""
_PARALLEL_CORPORA = frozenset({"tatoeba", "tico19"})
"""which have sources of their own in the other direction"""


def load_student(folder: Path) -> tuple[MarianStudent, Tokenizer]:
    """The network of a student's folder, ready to translate, and its vocabulary.

    Raises ModelMissing, BadInput.
    """
    (weights,), (vocabulary,) = folder.glob("model.*.bin"), folder.glob("vocab.*.spm")
    return MarianStudent(read_student(weights)).eval(), Tokenizer(vocabulary)


def teach(sentences: Sequence[Sentence], folder: Path, out: Path) -> None:
    """Translates the sentences in random order, appending to `out`; leaves out those that an earlier run did."""
    model, tokenizer = load_student(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    done = {lesson.source for lesson in read_lessons(out)} if out.exists() else set()
    waiting = [sentence for sentence in sentences if sentence.fluent not in done]
    Random(0).shuffle(waiting)
    with tqdm(total=len(waiting)) as progress:
        for at in range(0, len(waiting), _SENTENCES_A_CHUNK):
            chunk = waiting[at : at + _SENTENCES_A_CHUNK]
            targets = translations(model, tokenizer, [sentence.fluent for sentence in chunk])
            lessons = (
                Lesson(sentence.corpus, sentence.fluent, target, sentence.spoken)
                for sentence, target in zip(chunk, targets, strict=True)
            )
            write_lessons(out, lessons)
            progress.update(len(chunk))


def translations(model: MarianStudent, tokenizer: Tokenizer, texts: Sequence[str]) -> list[str]:
    """Greedy, text by text."""
    sources = [tokenizer.encode(text) for text in texts]
    targets = [""] * len(texts)
    for rows in _batches([len(source) for source in sources]):
        outputs = translate(model, [sources[row] for row in rows], end=tokenizer.end, banned=[tokenizer.unknown])
        for row, output in zip(rows, outputs, strict=True):
            targets[row] = tokenizer.decode(output)
    return targets


def turned_round(lessons: Sequence[Lesson], target: str) -> list[Sentence]:
    """The translations as source sentences of the other direction.

    Not what came from there already, nor those of `mt.retractions`, which say more than was meant. English has the
    meetings, Portuguese most of the news: so each learns from both.
    """
    return [
        Sentence(f"{lesson.corpus}-{target}", target, lesson.target)
        for lesson in lessons
        if lesson.target and not lesson.written and lesson.corpus not in _PARALLEL_CORPORA and "-" not in lesson.corpus
    ]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Row numbers, like lengths together."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * (lengths[row] + 1) > _TOKENS_A_BATCH:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mt.teacher", description=__doc__)
    parser.add_argument("--corpora", type=Path, help="folder with the training corpora")
    parser.add_argument("--turned-round", type=Path, help="lessons of the other direction, whose targets are sources")
    parser.add_argument("--from", dest="source", required=True, help="language of the sources: en")
    parser.add_argument("--student", type=Path, required=True, help="folder of the full-sentence student")
    parser.add_argument("--out", type=Path, required=True, help="lessons.tsv, appended to")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    sentences = read_corpora(args.corpora, args.source) if args.corpora else []
    if args.turned_round:
        sentences += turned_round(read_lessons(args.turned_round), args.source)
    teach(sentences, args.student, args.out)


if __name__ == "__main__":
    main()
