"""The rolling audio of one utterance and the forced prefix: the committed tokens whose speech is still in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from asr.hypothesis import HypothesisWord
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples

TRIM_AFTER_S = 4.0
"""committed speech longer than this is trimmed: every forced token costs as much as a new one"""
KEPT_WORDS = 4
"""committed words that stay with their audio: forced, they keep a word at the cut from being lost or said twice"""
LONGEST_CALL_S = 15.0
"""audio of one recognition at most; what came in beyond it waits for the next"""
LONGEST_BACKLOG_S = 30.0
"""audio that waits at most; when recognition is further behind, the oldest is dropped and counted"""
SENTENCE_END = (".", "?", "!", "…", "。", "？", "！")
CLAUSE_END = (",", ";", ":", "、", "，")


class RecognitionWindow:
    """Audio from `start` on, positions in samples of the source stream."""

    def __init__(self, start: int) -> None:
        self.dropped = 0
        """samples given up because recognition was too far behind"""
        self._start = start
        self._audio = np.zeros(0, np.float32)
        self._committed: list[HypothesisWord] = []

    @property
    def start(self) -> int:
        return self._start

    @property
    def end(self) -> int:
        return self._start + len(self._audio)

    @property
    def committed(self) -> Sequence[HypothesisWord]:
        """The committed words whose speech is still in it."""
        return self._committed

    @property
    def prefix(self) -> tuple[int, ...]:
        """The tokens to force on the next recognition."""
        return tuple(token for word in self._committed for token in word.tokens)

    @property
    def committed_end_s(self) -> float:
        """Where the committed words in the window end."""
        return self._committed[-1].end_s if self._committed else self._start / ASR_RATE_HZ

    def push(self, samples: Samples) -> None:
        """More audio, right after what is there."""
        self._audio = np.concatenate((self._audio, samples))
        excess = len(self._audio) - int(LONGEST_BACKLOG_S * ASR_RATE_HZ)
        if excess > 0:
            self.dropped += excess
            self.forget_before(self._start + excess)

    def audio(self, until: int) -> Samples:
        """The audio of the next recognition, from `start` to the position `until` at most."""
        return self._audio[: min(until - self._start, int(LONGEST_CALL_S * ASR_RATE_HZ))]

    def commit(self, words: Sequence[HypothesisWord]) -> None:
        """These words are final; they are forced until their audio is trimmed."""
        self._committed += [word for word in words if _start(word) >= self._start]
        if self.committed_end_s - self._start / ASR_RATE_HZ > TRIM_AFTER_S:
            self._trim()

    def forget_before(self, position: int) -> None:
        """Gives up the audio before `position` and the words that began in it."""
        position = min(max(position, self._start), self.end)
        self._audio = self._audio[position - self._start :]
        self._start = position
        self._committed = [word for word in self._committed if _start(word) >= position]

    def _trim(self) -> None:
        """Cuts before one of the committed words: best after a sentence, then at a clause, else anywhere."""
        last = len(self._committed) - KEPT_WORDS
        if last < 1:
            return
        cut = self._last_after(SENTENCE_END, last) or self._last_after(CLAUSE_END, last) or last
        before, after = self._committed[cut - 1], self._committed[cut]
        position = int((before.end_s + after.start_s) / 2 * ASR_RATE_HZ)
        kept = self._committed[cut:]
        self.forget_before(position)
        self._committed = kept

    def _last_after(self, marks: tuple[str, ...], last: int) -> int:
        """The last place up to `last` that follows a word with one of the marks, 0 if there is none."""
        for place in range(last, 0, -1):
            if self._committed[place - 1].text.endswith(marks):
                return place
        return 0


def _start(word: HypothesisWord) -> int:
    """To the nearest sample: cut off, one word in 150 would begin before the window that it is the first word of."""
    return round(word.start_s * ASR_RATE_HZ)
