"""What the model is tuned on: disfluent sources and their prefixes, with how much of the target can be said by then.

Multi-path wait-k (Elbayad et al. 2020): k is drawn anew for every prefix, so that one model serves every k. Beyond
wait-k a prefix's target ends where the full-sentence teacher, given the same prefix, would go on otherwise than it does
with the whole sentence: there the model shall learn to say that nothing is safe yet (READ), by `</s>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from random import Random

from mt.content_words import bare, content_words
from mt.disfluency import SPONTANEOUS, Disfluency, Spoken
from mt.lessons import Lesson
from mt.sentences import closed
from mt.term_copies import TermCopies
from mt.tokenizer import Tokenizer
from mt.wait_k import WaitK

_KS = (1, 2, 3, 3, 4, 4, 5, 6)
_SUBSTITUTIONS_WHERE_CORRECTED = 0.06
"""a word; 0.012 is natural"""
_WORDS_BEYOND_WAIT_K = 6
"""how far past wait-k the teacher is asked whether a word is safe already"""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the examples."""

    prefixes: float = 0.6
    clean: float = 0.65
    """said as written"""
    spoken: float = 0.5
    """of those that are not clean and whose corpus has what was really said: the real thing"""
    corrected: float = 0.45
    """of the others: with many more self-corrections than are natural, which there would be too few of to learn"""
    joined: float = 0.08
    """two sentences as one: context, and the recogniser's missing full stops"""
    filtered: float = 0.8
    """without fillers and repeats, as the product's filter leaves it"""
    terms: float = 0.15
    """with a glossary's term, translated already"""


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a batch, in tokens without `</s>`."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    whole: bool
    """the source is complete and `</s>` follows the target"""
    stands: int = 0
    """so many tokens of the target are not to be learnt: they stand already"""
    meant: tuple[int, ...] = ()
    """the whole sentence in fluent words, for the teacher"""
    settled: tuple[int, ...] = ()
    """prefix: of them, those that are surely said by now"""
    waited: int = 0
    """prefix: this many tokens of the target are due by wait-k, safe or not"""
    complete: bool = True
    """the target ends here; otherwise there is more of it, too far ahead to be said"""

    @property
    def length(self) -> int:
        """of its longest row, `</s>` included"""
        return 1 + max(len(row) for row in (self.source, self.target, self.meant, self.settled))


class Curriculum:
    """Draws examples without end."""

    def __init__(
        self,
        lessons: Sequence[Lesson],
        tokenizer: Tokenizer,
        language: str,
        *,
        ratio: float,
        terms: TermCopies,
        mix: Mix,
    ) -> None:
        """`language` of the sources; `ratio`: target words for one source word."""
        self._lessons = [lesson for lesson in lessons if lesson.target]
        self._tokenizer = tokenizer
        self._language = language
        self._policy = WaitK(ratio)
        self._terms = terms
        self._mix = mix
        vocabulary = sorted({bare(word) for lesson in self._lessons[:20_000] for word in lesson.source.split()})
        substitutes = [word for word in vocabulary if word.isalpha()]
        corrected = replace(SPONTANEOUS[language], substitution_per_word=_SUBSTITUTIONS_WHERE_CORRECTED)
        self._disfluency = Disfluency(language, substitutes=substitutes)
        self._corrections = Disfluency(language, corrected, substitutes=substitutes)

    def draw(self, random: Random) -> Example:
        lesson = self._lesson(random)
        copied = self._terms.draw(lesson, random) if random.random() < self._mix.terms else None
        spoken = self._say(lesson, random)
        if copied is not None:
            lesson = copied.lesson
            if not copied.is_in(spoken.words):  # a filler within, or a word misheard
                spoken = _as_written(lesson.source)

        def tokens(words: Sequence[str]) -> tuple[int, ...]:
            return tuple(self._tokenizer.encode(" ".join(words) if copied is None else copied.replace(words)))

        heard, fluent = self._filter(spoken.words, random), lesson.source.split()
        meant = tokens(fluent)
        if len(heard) < 2 or random.random() >= self._mix.prefixes:
            target = tuple(self._tokenizer.encode(lesson.target))
            stands = self._stands(lesson, target)
            return Example(tokens(closed(heard)), target, whole=True, stands=stands, meant=meant)
        end = random.randrange(1, len(spoken.words))
        settled = spoken.said[end - 1]
        heard = self._filter(spoken.words[:end], random)
        due = self._policy.writable(settled, k=random.choice(_KS)).due
        prefix = self._prefix(tokens(heard), tokens(fluent[:settled]), lesson, settled, due)
        return replace(prefix, meant=meant)

    def _lesson(self, random: Random) -> Lesson:
        at = random.randrange(len(self._lessons) - 1)
        lesson = self._lessons[at]
        if random.random() >= self._mix.joined:
            return lesson
        following = self._lessons[at + 1]
        if lesson.written or following.written:
            return lesson
        return Lesson("joined", f"{lesson.source} {following.source}", f"{lesson.target} {following.target}")

    def _say(self, lesson: Lesson, random: Random) -> Spoken:
        if random.random() < self._mix.clean:
            return _as_written(lesson.source)
        if lesson.spoken and random.random() < self._mix.spoken:
            return align(lesson.spoken.split(), lesson.source.split())
        if lesson.written:
            return self._disfluency.speak(lesson.source, random)
        speaker = self._corrections if random.random() < self._mix.corrected else self._disfluency
        return speaker.speak(lesson.source, random)

    def _filter(self, words: Sequence[str], random: Random) -> Sequence[str]:
        return content_words(words, self._language) if random.random() < self._mix.filtered else words

    def _prefix(
        self, source: tuple[int, ...], fluent: tuple[int, ...], lesson: Lesson, settled: int, due: int
    ) -> Example:
        """`source` and `fluent` in tokens: what was said, and of it the `settled` words of the fluent text.

        `due`: words of the target that must stand by then.
        """
        target = self._tokenizer.encode(lesson.target)
        known = word_end(self._tokenizer, target, self._policy.writable(settled, k=1).due + _WORDS_BEYOND_WAIT_K)
        return Example(
            source,
            tuple(target[:known]),
            whole=False,
            stands=self._stands(lesson, target),
            settled=fluent,
            waited=word_end(self._tokenizer, target, due),
            complete=known == len(target),
        )

    def _stands(self, lesson: Lesson, target: Sequence[int]) -> int:
        return word_end(self._tokenizer, target, len(lesson.written.split()))


def _as_written(text: str) -> Spoken:
    words = text.split()
    return Spoken(tuple(words), tuple(range(1, len(words) + 1)))


def align(spoken: Sequence[str], fluent: Sequence[str]) -> Spoken:
    """How much of the fluent text is said after each spoken word, by the longest common subsequences of words."""
    said = [0] * len(spoken)
    matcher = SequenceMatcher(None, [*map(bare, spoken)], [*map(bare, fluent)], autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            said[block.a + offset] = block.b + offset + 1
    for at in range(1, len(said)):
        said[at] = max(said[at], said[at - 1])
    said[-1] = len(fluent)
    return Spoken(tuple(spoken), tuple(said))


def word_end(tokenizer: Tokenizer, tokens: Sequence[int], words: int) -> int:
    """How many of the tokens make up the first so many words."""
    begun = 0
    for at, token in enumerate(tokens):
        begun += bool(tokenizer.starts_word[token]) or at == 0
        if begun > words:
            return at
    return len(tokens)
