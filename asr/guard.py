"""Drops what Whisper invents: text on silence, stock phrases of its training subtitles, loops.

Thresholds of no-speech and log-probability as in Radford et al. 2022 (section 4.5); phrases after Koenecke et al. 2024.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from asr.hypothesis import HypothesisWord
from asr.recognition import Recognition

NO_SPEECH_PROBABILITY = 0.6
LOG_PROBABILITY = -1.0
"""a window is silence where Whisper thinks so and is unsure of its text"""
STOCK_NO_SPEECH_PROBABILITY = 0.2
STOCK_LOG_PROBABILITY = -0.6
"""a stock phrase that stands alone needs only one of the two signs, and a weaker one"""
LONGEST_LOOP = 4
"""words of a repeated group"""
LOOP_REPEATS = 4
"""people say "no, no, no"; nobody says a group of words four times in a row"""
STOCK_PHRASES = frozenset(
    {
        "you",
        "thank you",
        "thanks for watching",
        "thank you for watching",
        "thank you very much",
        "please subscribe",
        "bye",
        "bye bye",
        "subtitles by the amara org community",
        "obrigado",
        "obrigada",
        "obrigado por assistir",
        "e aí",
        "tchau",
        "tchau tchau",
        "legendas pela comunidade amara org",
        "inscreva se no canal",
        "gracias",
        "gracias por ver el video",
        "subtítulos realizados por la comunidad de amara org",
        "merci",
        "merci d avoir regardé cette vidéo",
        "sous titres réalisés par la communauté d amara org",
        "untertitel der amara org community",
        "vielen dank",
        "grazie",
    }
)


class HallucinationGuard:
    """Looks at each hypothesis before the commit policy does; `dropped` counts the words taken out, by reason."""

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()

    def push(self, words: Sequence[HypothesisWord], recognition: Recognition, *, first: bool) -> list[HypothesisWord]:
        """What may be believed of `words`; `first`: nothing of this utterance is committed yet."""
        if _is_silence(recognition):
            return self._keep(words, 0, "no speech")
        if first and _is_stock(words) and _is_doubtful(recognition):
            return self._keep(words, 0, "stock phrase")
        return self._keep(words, _loop_start(words), "loop")

    def _keep(self, words: Sequence[HypothesisWord], count: int, reason: str) -> list[HypothesisWord]:
        if count < len(words):
            self.dropped[reason] += len(words) - count
        return list(words[:count])


def _is_silence(recognition: Recognition) -> bool:
    return (
        recognition.no_speech_probability > NO_SPEECH_PROBABILITY
        and recognition.average_log_probability < LOG_PROBABILITY
    )


def _is_doubtful(recognition: Recognition) -> bool:
    return (
        recognition.no_speech_probability > STOCK_NO_SPEECH_PROBABILITY
        or recognition.average_log_probability < STOCK_LOG_PROBABILITY
    )


def _is_stock(words: Sequence[HypothesisWord]) -> bool:
    return " ".join(" ".join(_spoken(word.text).split()) for word in words).strip() in STOCK_PHRASES


def _loop_start(words: Sequence[HypothesisWord]) -> int:
    """How many words stand before a group repeats for the second time; all of them where nothing loops."""
    texts = [_spoken(word.text) for word in words]
    for start in range(len(texts)):
        for size in range(1, LONGEST_LOOP + 1):
            group = texts[start : start + size]
            if texts[start : start + size * LOOP_REPEATS] == group * LOOP_REPEATS:
                return start + size
    return len(texts)


def _spoken(text: str) -> str:
    return "".join(character if character.isalnum() else " " for character in text.casefold()).strip()
