"""AlignAtt commit policy (Papi et al. 2023), after the fact: the alignment is read once the tokens are there."""

from __future__ import annotations

from collections.abc import Sequence

from asr.hypothesis import HypothesisWord

FRAME_THRESHOLD_S = 0.3
"""words aligned to the last frames of the audio may still change; 0.3 s was good on read speech at strides of 0.5 s"""


class AlignAtt:
    """Commits whole words whose aligned end lies before the last `frame_threshold` seconds of the audio."""

    def __init__(self, *, frame_threshold_s: float = FRAME_THRESHOLD_S) -> None:
        self._frame_threshold_s = frame_threshold_s

    def push(self, words: Sequence[HypothesisWord], *, audio_end_s: float) -> list[HypothesisWord]:
        """The last word is never among them: only the next word's beginning shows that a word is whole."""
        safe_until_s = audio_end_s - self._frame_threshold_s
        committed: list[HypothesisWord] = []
        for word in words[:-1]:
            if word.end_s > safe_until_s:
                break
            committed.append(word)
        return committed

    def flush(self, words: Sequence[HypothesisWord]) -> list[HypothesisWord]:
        return list(words)
