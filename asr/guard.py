"""Drops what Whisper invents: text on silence, stock phrases of its training subtitles, loops.

Thresholds of no-speech and log-probability as in Radford et al. 2022 (section 4.5); phrases after Koenecke et al. 2024.
Whisper's own signs are weak on sounds that resemble speech, so words are also held against the voice under them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from asr.hypothesis import HypothesisWord
from asr.recognition import Recognition
from asr.speech_evidence import SpeechEvidence

NO_SPEECH_PROBABILITY = 0.6
LOG_PROBABILITY = -1.0
"""text is invented where Whisper thinks that nobody speaks and is unsure of it; without a clear voice one is enough"""
CLEAR_VOICE_S = 0.15
"""the shortest words have as much of it"""
UNHEARD_PROBABILITY = 0.5
"""a word was not heard where no speech probability reaches this: what would not have begun an utterance"""
ALIGNMENT_ERROR_S = 0.2
"""the voice of a word may end so long before the aligner lets the word begin"""
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
        "see you next time",
        "see you in the next video",
        "don t forget to subscribe",
        "like and subscribe",
        "thank you so much for watching",
        "subtitles by the amara org community",
        "obrigado",
        "obrigada",
        "obrigado por assistir",
        "obrigado por assistirem",
        "obrigada por assistir",
        "muito obrigado",
        "e aí",
        "tchau",
        "tchau tchau",
        "legendas pela comunidade amara org",
        "inscreva se no canal",
        "se inscreva no canal",
        "até a próxima",
        "até o próximo vídeo",
        "gracias",
        "muchas gracias",
        "gracias por ver",
        "gracias por ver el video",
        "suscríbete al canal",
        "hasta la próxima",
        "subtítulos realizados por la comunidad de amara org",
        "merci",
        "merci beaucoup",
        "merci d avoir regardé cette vidéo",
        "abonnez vous",
        "sous titrage st 501",
        "sous titrage société radio canada",
        "sous titres réalisés par la communauté d amara org",
        "untertitel der amara org community",
        "untertitelung des zdf 2020",
        "vielen dank",
        "vielen dank fürs zuschauen",
        "bis zum nächsten mal",
        "grazie",
        "grazie a tutti",
        "grazie per aver guardato il video",
        "sottotitoli creati dalla comunità amara org",
    }
)


class HallucinationGuard:
    """Looks at each hypothesis before the commit policy does; `dropped` counts the words taken out, by reason."""

    def __init__(self, evidence: SpeechEvidence, terms: Sequence[str] = ()) -> None:
        """`evidence`: of the stream that the hypotheses are about; `terms`: what recognition was told to expect."""
        self.dropped: Counter[str] = Counter()
        self._evidence = evidence
        self._terms = frozenset(word for term in terms for word in _spoken(term).split())

    def push(
        self,
        words: Sequence[HypothesisWord],
        recognition: Recognition,
        *,
        first: bool,
        after: Sequence[HypothesisWord] = (),
    ) -> list[HypothesisWord]:
        """What may be believed of `words`.

        `first`: nothing of this utterance is committed yet; `after`: the last words that are.
        """
        words = self._keep(words, self._heard(words), "no voice")
        before_loop = _loop_start(words, after)
        if self._is_invented(words, recognition, loops=before_loop < len(words)):
            return self._keep(words, 0, "no speech")
        if self._leaked(words):
            return self._keep(words, 0, "spoken term")
        if first and _is_stock(words) and _is_doubtful(recognition):
            return self._keep(words, 0, "stock phrase")
        return self._keep(words, before_loop, "loop")

    def _heard(self, words: Sequence[HypothesisWord]) -> int:
        """How many words there are up to the last one with a voice under it."""
        count = len(words)
        while count and not self._has_voice(words[count - 1]):
            count -= 1
        return count

    def _has_voice(self, word: HypothesisWord) -> bool:
        return self._evidence.peak(word.start_s - ALIGNMENT_ERROR_S, word.end_s) >= UNHEARD_PROBABILITY

    def _is_invented(self, words: Sequence[HypothesisWord], recognition: Recognition, *, loops: bool) -> bool:
        if not words:
            return False
        silent = recognition.no_speech_probability > NO_SPEECH_PROBABILITY
        unsure = loops or recognition.average_log_probability < LOG_PROBABILITY  # every round of a loop is surer
        if self._evidence.clear_s(words[0].start_s - ALIGNMENT_ERROR_S, words[-1].end_s) >= CLEAR_VOICE_S:
            return silent and unsure
        return silent or unsure or _is_stock(words)

    def _leaked(self, words: Sequence[HypothesisWord]) -> bool:
        """The prompt comes back as text where little was said: terms alone need a clear voice under all of them."""
        if (
            not words
            or not self._terms
            or not all(self._terms.issuperset(_spoken(word.text).split()) for word in words)
        ):
            return False
        clear_s = self._evidence.clear_s(words[0].start_s - ALIGNMENT_ERROR_S, words[-1].end_s)
        return clear_s < CLEAR_VOICE_S * len(words)

    def _keep(self, words: Sequence[HypothesisWord], count: int, reason: str) -> list[HypothesisWord]:
        if count < len(words):
            self.dropped[reason] += len(words) - count
        return list(words[:count])


def _is_doubtful(recognition: Recognition) -> bool:
    return (
        recognition.no_speech_probability > STOCK_NO_SPEECH_PROBABILITY
        or recognition.average_log_probability < STOCK_LOG_PROBABILITY
    )


def _is_stock(words: Sequence[HypothesisWord]) -> bool:
    return " ".join(" ".join(_spoken(word.text).split()) for word in words).strip() in STOCK_PHRASES


def _loop_start(words: Sequence[HypothesisWord], after: Sequence[HypothesisWord]) -> int:
    """How many of `words` stand before a group repeats for the second time; all of them where nothing loops.

    The loop may have begun in the words before them: then it goes no further.
    """
    texts = [_spoken(word.text) for word in (*after, *words)]
    for start in range(len(texts)):
        for size in range(1, LONGEST_LOOP + 1):
            group, end = texts[start : start + size], start + size * LOOP_REPEATS
            if end > len(after) and texts[start:end] == group * LOOP_REPEATS:
                return max(0, start + size - len(after))
    return len(words)


def _spoken(text: str) -> str:
    return "".join(character if character.isalnum() else " " for character in text.casefold()).strip()
