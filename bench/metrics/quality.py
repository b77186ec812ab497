"""Translation quality by sacreBLEU (Post 2018): BLEU (Papineni et al. 2002) and chrF (Popović 2015), corpus level."""

from __future__ import annotations

from collections.abc import Sequence

import sacrebleu


def bleu(hypotheses: Sequence[str], references: Sequence[str]) -> float:
    """0 to 100, tokenizer 13a."""
    return sacrebleu.corpus_bleu(list(hypotheses), [list(references)]).score


def chrf(hypotheses: Sequence[str], references: Sequence[str]) -> float:
    """0 to 100, chrF2."""
    return sacrebleu.corpus_chrf(list(hypotheses), [list(references)]).score
