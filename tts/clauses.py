"""Cuts committed target words into clauses that can be spoken at once.

Phrase breaks as in incremental speech synthesis (Baumann & Schlangen 2012): at punctuation, before a function word
that opens a clause or phrase, at a maximum length, and when words have waited long enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from streaming.budget import Knobs
from streaming.items import Clause, TargetWord
from tts.function_words import FUNCTION_WORDS, FunctionWords
from tts.synthesis import is_speakable

MIN_AT_PUNCTUATION = 3
"""Words: shorter pieces cost a call each and sound chopped."""
MIN_BEFORE_CONJUNCTION = 5
"""Words: about two seconds of speech, enough to hide the making of the next clause behind."""
MIN_BEFORE_PREPOSITION = 7
"""Words: such a break is heard, so it comes only when the clause is long already."""
WHOLE_SENTENCE = 7
"""Words: a complete sentence up to this long is spoken in one breath."""
MAX_WORDS = 12
"""Words: about five seconds; past this the listener would wait for the voice."""
HARD_MAX_WORDS = 20
"""Words: cut even after an article, so that no text makes a clause without bound."""
MIN_BY_CHOICE = 3
"""Words: when time forces a cut, a better place is taken only if this much is said before it."""
ORPHAN_PATIENCE = 2.0
"""A single word waits this many times as long as more words would."""
CHARACTERS_PER_S = 18.0
"""How fast a voice speaks clauses at tempo 1.0, to know how long it is busy: Kokoro pt said 15 a second, Piper en 18;
the faster, so that no gap opens."""

_CLOSERS = "\"'”’»)]"
_SENTENCE_END = re.compile(r"[.!?…]+$")
_CLAUSE_END = re.compile(r"[,;:—–]$")
_INITIAL = re.compile(r"(\w\.)+")
_NUMBER = re.compile(r"[^\w\s]*\d[\d.,/]*")
_ABBREVIATIONS = frozenset(
    ["mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "no.", "sr.", "sra.", "dra.", "profa.", "av.", "ex.", "nº."]
)


@dataclass(frozen=True, slots=True)
class _Pending:
    word: TargetWord
    pushed_at_s: float
    ends_sentence: bool
    speakable: bool


class ClauseCutter:
    """Words in, clauses out; joined with spaces, the clauses' texts are the words' texts."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._function_words = FUNCTION_WORDS.get(language.split("-")[0].lower(), FunctionWords())
        self._pending: list[_Pending] = []
        self._next_index = 0
        self._voice_busy_until_s = float("-inf")
        self._deadline_s: float | None = None
        self._tempo = 1.0

    def push(self, words: Sequence[TargetWord], sentence_end: bool, now: float, knobs: Knobs) -> list[Clause]:
        """The clauses that are complete once `words` (the last of its sentence with `sentence_end`) have come."""
        self._tempo = knobs.tempo
        for word in words:
            ends = _ends_sentence(word.text)
            self._pending.append(_Pending(word, now, ends, is_speakable(word.text)))
        return self._cut_all(sentence_end, now) + self.poll(now, knobs)

    def poll(self, now: float, knobs: Knobs) -> list[Clause]:
        """What must go out because it has waited `knobs.clause_wait_s` and the voice has nothing else left to say.

        While the voice is busy with earlier clauses, cutting sooner would not be heard sooner. Call it when
        `next_deadline` has come.
        """
        clauses: list[Clause] = []
        while first := next((p for p in self._pending if p.speakable), None):
            self._deadline_s = max(first.pushed_at_s + knobs.clause_wait_s, self._voice_busy_until_s)
            if now < self._deadline_s:
                return clauses
            cut = self._best_cut(self._pending, at_least=MIN_BY_CHOICE) or self._best_cut(self._pending, at_least=2)
            if not cut and self._speakable(self._pending) == 1 and not self._binds(len(self._pending)):
                patience_s = ORPHAN_PATIENCE * knobs.clause_wait_s
                self._deadline_s = max(first.pushed_at_s + patience_s, self._voice_busy_until_s)
                if now < self._deadline_s:
                    return clauses
                cut = len(self._pending)
            if not cut:  # nothing that may stand alone: only more words can change that
                break
            clauses.append(self._take(cut, now))
        self._deadline_s = None
        return clauses

    def next_deadline(self) -> float | None:
        """Clock: when `poll` will have something to say if no word comes before, None if never."""
        return self._deadline_s

    def flush(self, now: float) -> list[Clause]:
        """The rest; what has nothing to say and no clause to go with becomes a clause of its own."""
        self._deadline_s = None
        clauses = self._cut_all(True, now)
        return clauses + ([self._take(len(self._pending), now)] if self._pending else [])

    def _cut_all(self, sentence_end: bool, now: float) -> list[Clause]:
        if sentence_end and self._pending:
            self._pending[-1] = replace(self._pending[-1], ends_sentence=True)
        clauses: list[Clause] = []
        while cut := self._next_cut():
            clauses.append(self._take(cut, now))
        return clauses

    def _take(self, count: int, now: float) -> Clause:
        taken, self._pending = self._pending[:count], self._pending[count:]
        text = " ".join(p.word.text for p in taken)
        self._voice_busy_until_s = max(self._voice_busy_until_s, now) + len(text) / (CHARACTERS_PER_S * self._tempo)
        self._next_index += 1
        return Clause(
            index=self._next_index - 1,
            language=self._language,
            text=text,
            source_start_s=min(p.word.source_start_s for p in taken),
            source_end_s=max(p.word.source_end_s for p in taken),
            committed_at_s=taken[-1].pushed_at_s,
            sentence_end=_last_spoken(taken).ends_sentence,
        )

    def _next_cut(self) -> int | None:
        """How many words make the next clause, None if it is too early to say."""
        end = self._sentence_length()
        sentence = self._pending[: end or len(self._pending)]
        total = self._speakable(sentence)
        said = 0
        for count, pending in enumerate(sentence, start=1):
            said += pending.speakable
            if end and (total - said < 2 or total <= WHOLE_SENTENCE):
                continue
            if self._is_break(sentence, count, said):
                return count
            if said >= MAX_WORDS and (cut := self._best_cut(sentence[:count], at_least=MIN_AT_PUNCTUATION)):
                return cut
            if said >= HARD_MAX_WORDS:
                return count
        return end

    def _sentence_length(self) -> int | None:
        """The number of words up to the first sentence end that has something to say before it."""
        said = False
        for count, pending in enumerate(self._pending, start=1):
            said = said or pending.speakable
            if said and pending.ends_sentence:
                return count + self._unspoken_after(count)
        return None

    def _unspoken_after(self, count: int) -> int:
        """A dash or quote that stands alone goes with the words before it."""
        following = self._pending[count:]
        return next((n for n, p in enumerate(following) if p.speakable), len(following))

    def _is_break(self, sentence: Sequence[_Pending], count: int, said: int) -> bool:
        text = sentence[count - 1].word.text.rstrip(_CLOSERS)
        if _CLAUSE_END.search(text):
            return said >= MIN_AT_PUNCTUATION
        if count == len(sentence) or self._binds(count):
            return False
        following = sentence[count].word.text.lower()
        if following in self._function_words.starts_clause:
            return said >= MIN_BEFORE_CONJUNCTION
        return following in self._function_words.starts_phrase and said >= MIN_BEFORE_PREPOSITION

    def _best_cut(self, words: Sequence[_Pending], at_least: int) -> int | None:
        """The best place among `words` to end a clause now; of equals the last."""
        best, best_rank = None, 0
        said = 0
        for count, pending in enumerate(words, start=1):
            said += pending.speakable
            if said < at_least or self._binds(count):
                continue
            rank = self._rank(words, count)
            if rank >= best_rank:
                best, best_rank = count, rank
        return best

    def _rank(self, words: Sequence[_Pending], count: int) -> int:
        if _CLAUSE_END.search(words[count - 1].word.text.rstrip(_CLOSERS)):
            return 3
        following = words[count].word.text.lower() if count < len(words) else ""
        if following in self._function_words.starts_clause:
            return 2
        return int(following in self._function_words.starts_phrase)

    def _binds(self, count: int) -> bool:
        """Whether the word before this place belongs to the word after it."""
        text = self._pending[count - 1].word.text
        if text.lower() in self._function_words.binds_right or text.lower() in _ABBREVIATIONS:
            return True
        following = self._pending[count].word.text if count < len(self._pending) else ""
        if following[:1].isupper() and text[:1].isupper() and text.isalpha():  # a name: New York
            return True
        return _NUMBER.fullmatch(text) is not None and not text.endswith((",", "."))

    @staticmethod
    def _speakable(words: Sequence[_Pending]) -> int:
        return sum(p.speakable for p in words)


def _last_spoken(words: Sequence[_Pending]) -> _Pending:
    return next((p for p in reversed(words) if p.speakable), words[-1])


def _ends_sentence(text: str) -> bool:
    bare = text.rstrip(_CLOSERS)
    if bare.lower() in _ABBREVIATIONS or _INITIAL.fullmatch(bare):
        return False
    return _SENTENCE_END.search(bare) is not None
