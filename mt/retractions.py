"""Lessons for what is corrected after it was translated: "we meet on Tuesday, no, Thursday", and Tuesday is out.

The target of such a lesson is the teacher's translation of all that was said, correction included. Up to the first word
that the translation of what was meant does not have, it stands already and isn't learnt; how to go on from there is.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random

from mt.content_words import bare, content_words
from mt.disfluency import Disfluency
from mt.disfluency_rates import Rates
from mt.lessons import Lesson, read_lessons, write_lessons
from mt.teacher import load_student, translations

CORPUS = "retracted"
_ONE_IN_A_SENTENCE = Rates(substitution_per_word=0.04, sharp=6.0, interregnum=0.85)
_LONGEST_WRONG = 3
"""words; no comma after them shows a translation that took the correction for something else"""
_LONGEST = 25
"""words; where most of a sentence is to be learnt twice, little is about the correction"""


def spoken_with_correction(lessons: Sequence[Lesson], language: str, limit: int) -> list[tuple[Lesson, str]]:
    """Up to `limit` lessons, each with what was said: the sentence with a word in it that is corrected at once."""
    random = Random(2)
    words = sorted({bare(word) for lesson in lessons[:20_000] for word in lesson.source.split()})
    speaker = Disfluency(language, _ONE_IN_A_SENTENCE, substitutes=[word for word in words if word.isalpha()])
    found: list[tuple[Lesson, str]] = []
    for lesson in random.sample(lessons, len(lessons)):
        if len(found) == limit:
            break
        fluent = lesson.source.split()
        said = content_words(speaker.speak(lesson.source, random).words, language)
        if len(fluent) <= _LONGEST and len(said) > len(fluent):
            found.append((lesson, " ".join(said)))
    return found


def retraction(meant: Lesson, said: str, translated: str) -> Lesson | None:
    """The lesson, or None where the translation of what was said doesn't say the wrong word and then the right one."""
    target, fluent = translated.split(), meant.target.split()
    split = next((at for at, pair in enumerate(zip(target, fluent, strict=False)) if len({*map(bare, pair)}) > 1), None)
    if split is None or len(target) <= len(fluent) or bare(fluent[split]) not in map(bare, target[split + 1 :]):
        return None
    if not any(word.endswith(",") for word in target[split : split + _LONGEST_WRONG]):
        return None
    return Lesson(CORPUS, said, translated, written=" ".join(target[: split + 1]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mt.retractions", description=__doc__)
    parser.add_argument("--lessons", type=Path, required=True, help="of mt.teacher; the new ones are added")
    parser.add_argument("--from", dest="source", required=True, help="language of the sources: en")
    parser.add_argument("--student", type=Path, required=True, help="folder of the full-sentence student")
    parser.add_argument("--limit", type=int, default=4000)
    args = parser.parse_args()
    model, tokenizer = load_student(args.student)
    spoken = spoken_with_correction(read_lessons(args.lessons), args.source, args.limit)
    translated = translations(model, tokenizer, [said for _, said in spoken])
    found = (retraction(lesson, said, text) for (lesson, said), text in zip(spoken, translated, strict=True))
    write_lessons(args.lessons, [lesson for lesson in found if lesson is not None])


if __name__ == "__main__":
    main()
