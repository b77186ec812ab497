"""Cuts committed target words into clauses that can be spoken at once.

As in incremental speech synthesis (Baumann & Schlangen 2012): at phrase breaks, at a maximum length, and when words
have waited long enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from streaming.budget import Knobs
from streaming.items import Clause, TargetWord
from tts.phrase_breaks import Break, PhraseBreaks, ends_sentence
from tts.synthesis import is_speakable
from tts.voice_backlog import VoiceBacklog

# All of these are choices, judged by reading the clauses of two talks; none is measured.
MIN_WORDS = {Break.PUNCTUATION: 3, Break.CLAUSE: 5, Break.PHRASE: 7}
"""What a clause must have said for such a break: shorter pieces sound chopped, and a break without a mark is heard."""
WHOLE_SENTENCE = 7
"""Words: a complete sentence up to this long is spoken in one breath."""
MIN_TAIL = 3
"""Words: what a cut leaves of a finished sentence; less goes with the clause before it."""
MAX_WORDS = 12
"""Words: about five seconds of speech."""
HARD_MAX_WORDS = 20
"""Words: cut even after an article, so that no text makes a clause without bound."""
MIN_BY_CHOICE = 3
"""Words: when time forces a cut, a better place is taken only if this much is said before it."""
ORPHAN_PATIENCE = 2.0
"""A single word waits this many times as long as more words would."""


@dataclass(frozen=True, slots=True)
class _Pending:
    word: TargetWord
    pushed_at_s: float
    ends_sentence: bool
    speakable: bool


class ClauseCutter:
    """Words in, clauses out; joined with spaces, the clauses' texts are the words' texts.

    An idle voice gets the first piece that may stand alone. While it is busy, cutting sooner would not be heard sooner:
    words wait until the voice needs them, so that clauses get longer, fewer and better phrased.
    """

    def __init__(self, language: str, backlog: VoiceBacklog) -> None:
        self._language = language
        self._backlog = backlog
        self._phrase_breaks = PhraseBreaks(language)
        self._pending: list[_Pending] = []
        self._next_index = 0
        self._deadline_s: float | None = None

    def push(self, words: Sequence[TargetWord], sentence_end: bool, now: float, knobs: Knobs) -> list[Clause]:
        """The clauses that are complete once `words` (the last of its sentence with `sentence_end`) have come."""
        for word in words:
            self._pending.append(_Pending(word, now, ends_sentence(word.text), is_speakable(word.text)))
        if sentence_end:
            self._end_sentence()
        return self.poll(now, knobs)

    def poll(self, now: float, knobs: Knobs) -> list[Clause]:
        """What is to go out now; to be asked again when `next_deadline` has come."""
        clauses: list[Clause] = []
        while cut := self._next_cut(now, knobs):
            clauses.append(self._take(cut))
        return clauses

    @property
    def has_words(self) -> bool:
        """Some wait for a place to cut."""
        return bool(self._pending)

    def next_deadline(self) -> float | None:
        """Clock: when `poll` will have something to say if no word comes before, None if never."""
        return self._deadline_s

    def flush(self, now: float, knobs: Knobs) -> list[Clause]:
        """The rest; what has nothing to say and no clause to go with becomes a clause of its own."""
        self._end_sentence()
        clauses = self.poll(now, knobs)
        return clauses + ([self._take(len(self._pending))] if self._pending else [])

    def _end_sentence(self) -> None:
        if self._pending:
            self._pending[-1] = replace(self._pending[-1], ends_sentence=True)

    def _take(self, count: int) -> Clause:
        taken, self._pending = self._pending[:count], self._pending[count:]
        self._next_index += 1
        clause = Clause(
            index=self._next_index - 1,
            language=self._language,
            text=_text(taken),
            source_start_s=min(p.word.source_start_s for p in taken),
            source_end_s=max(p.word.source_end_s for p in taken),
            committed_at_s=taken[-1].pushed_at_s,
            sentence_end=_last_spoken(taken).ends_sentence,
            heard_s=max(p.word.heard_s for p in taken),
        )
        self._backlog.add(clause)
        return clause

    def _next_cut(self, now: float, knobs: Knobs) -> int | None:
        """How many words make the next clause, None if it is too early to say; then the deadline is set."""
        self._deadline_s = None
        end = self._sentence_length()
        length = end or len(self._pending)
        if not self._said(length):
            return None
        breaks = self._breaks(length, complete=end is not None)
        if breaks and now >= self._needed_s(length, now, knobs):
            in_time = [count for count in breaks if now <= self._needed_s(count, now, knobs)]
            return in_time[-1] if in_time else breaks[0]
        if self._said(length) >= MAX_WORDS and (cut := self._cut_long(length, complete=end is not None)):
            return cut
        if end:
            return end
        if breaks:
            self._deadline_s = self._needed_s(length, now, knobs)
            return None
        return self._cut_by_time(now, knobs)

    def _needed_s(self, count: int, now: float, knobs: Knobs) -> float:
        """Clock: when the making of so many words must begin, lest the voice falls silent before they are made."""
        making_s = self._backlog.making_s(_text(self._pending[:count]), knobs.tempo)
        return self._backlog.busy_until_s(now, knobs.tempo) - making_s

    def _breaks(self, length: int, *, complete: bool) -> list[int]:
        """The places in the first `length` words where a clause may end even if nothing forces a cut."""
        total = self._said(length)
        if complete and total <= WHOLE_SENTENCE:
            return []
        most = total - MIN_TAIL if complete else total
        return [count for count in range(1, length + 1) if self._said(count) <= most and self._is_break(count)]

    def _is_break(self, count: int) -> bool:
        place = self._place(count)
        return place in MIN_WORDS and self._said(count) >= MIN_WORDS[place]

    def _cut_long(self, length: int, *, complete: bool) -> int | None:
        """A place for a clause of `MAX_WORDS` or less; where all of them bind, `HARD_MAX_WORDS`."""
        total = self._said(length)
        if complete and total == MAX_WORDS:
            return None
        longest = min(MAX_WORDS, total - MIN_TAIL) if complete else MAX_WORDS
        cut = self._best_cut(self._count_of(longest), at_least=MIN_BY_CHOICE)
        return self._count_of(HARD_MAX_WORDS) if cut is None and total >= HARD_MAX_WORDS else cut

    def _cut_by_time(self, now: float, knobs: Knobs) -> int | None:
        """The best place in a sentence without any break, once it has waited long enough and the voice needs it."""
        length = len(self._pending)
        needed_s = self._needed_s(length, now, knobs)
        came_s = next(p.pushed_at_s for p in self._pending if p.speakable)
        if self._is_early(max(came_s + knobs.clause_wait_s, needed_s), now):
            return None
        cut = self._best_cut(length, at_least=MIN_BY_CHOICE) or self._best_cut(length, at_least=2)
        if cut:
            return cut
        if self._said(length) > 1 or self._place(length) is None:
            return None  # nothing that may stand alone: only more words can change that
        if self._is_early(max(came_s + ORPHAN_PATIENCE * knobs.clause_wait_s, needed_s), now):
            return None
        return length

    def _is_early(self, deadline_s: float, now: float) -> bool:
        early = now < deadline_s
        self._deadline_s = deadline_s if early else None
        return early

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

    def _best_cut(self, length: int, at_least: int) -> int | None:
        """The best place among the first `length` words to end a clause now; of equals the last."""
        best, best_place = None, Break.POSSIBLE
        for count in range(1, length + 1):
            place = self._place(count)
            if place is not None and place >= best_place and self._said(count) >= at_least:
                best, best_place = count, place
        return best

    def _place(self, count: int) -> Break | None:
        return self._phrase_breaks.after([p.word.text for p in self._pending], count)

    def _said(self, count: int) -> int:
        """How many of the first `count` words are more than punctuation."""
        return sum(p.speakable for p in self._pending[:count])

    def _count_of(self, said: int) -> int:
        """How many words have this many speakable ones among them."""
        return next(count for count in range(len(self._pending) + 1) if self._said(count) == said)


def _last_spoken(words: Sequence[_Pending]) -> _Pending:
    return next((p for p in reversed(words) if p.speakable), words[-1])


def _text(words: Sequence[_Pending]) -> str:
    return " ".join(p.word.text for p in words)
