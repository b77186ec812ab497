"""How disfluent speech is: probabilities, and what transcripts of spontaneous speech show (docs/disfluency.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mt.asr_style import StyleRates


@dataclass(frozen=True, slots=True)
class Rates:
    """How much is said beside the text, as probabilities; 0 gives the text back."""

    unevenness: float = 0.0
    """variance of a sentence's intensity around 1 (gamma); the rates per word and per clause are multiplied by it"""
    filled_pause_per_word: float = 0.0
    marker_per_word: float = 0.0
    repetition_per_word: float = 0.0
    partial_per_word: float = 0.0
    substitution_per_word: float = 0.0
    restart_per_clause: float = 0.0
    filled_pause_per_clause: float = 0.0
    """before it, beside those per word"""
    marker_per_clause: float = 0.0
    """before it"""
    closing_marker_per_clause: float = 0.0
    """after it"""
    sharp: float = 1.0
    """how many times as often numbers, dates, names and places are corrected"""
    function_words: float = 1.0
    """how many times as often function words are repeated"""
    repeated_again: float = 0.0
    """of the repetitions: said three times"""
    interregnum: float = 1.0
    """of the substitutions: with an editing term"""
    own_restart: float = 0.5
    """of the restarts: the sentence's own beginning"""
    partial_with_dash: float = 0.5
    style: StyleRates = field(default_factory=StyleRates)


_RECOGNISED = StyleRates(
    lower_case_per_sentence=0.5,
    number_words_per_sentence=0.6,
    confusion_per_word=0.01,
    deletion_per_word=0.012,
    false_cut_per_word=0.006,
    lost_mark_per_mark=0.1,
    moved_mark_per_mark=0.03,
)
_IN_BOTH = Rates(
    unevenness=1.2,
    marker_per_clause=0.15,
    repetition_per_word=0.013,
    function_words=2.0,
    substitution_per_word=0.012,
    sharp=4.0,
    interregnum=0.65,
    restart_per_clause=0.05,
)
SPONTANEOUS: Mapping[str, Rates] = {
    "en": replace(
        _IN_BOTH,
        filled_pause_per_word=0.028,
        filled_pause_per_clause=0.05,
        marker_per_word=0.014,
        closing_marker_per_clause=0.05,
        repeated_again=0.12,
        partial_per_word=0.008,
        style=replace(_RECOGNISED, dropped_apostrophe_per_sentence=0.4, reduction_per_word=0.15),
    ),
    "pt": replace(
        _IN_BOTH,
        filled_pause_per_word=0.012,
        filled_pause_per_clause=0.03,
        marker_per_word=0.018,
        closing_marker_per_clause=0.12,
        repeated_again=0.1,
        partial_per_word=0.006,
        style=replace(_RECOGNISED, reduction_per_word=0.4),
    ),
}
