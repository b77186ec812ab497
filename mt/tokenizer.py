"""Subword tokens and the whole words they make up: SentencePiece (Kudo and Richardson 2018), `▁` begins a word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sentencepiece

from streaming.errors import BadInput, ModelMissing

_WORD_START = "▁"
_FINAL_MARKS = frozenset(".!?…")
_CLOSING_MARKS = frozenset(".!?…\"')”’»")


class Tokenizer:
    """One vocabulary, shared by the source and the target side."""

    def __init__(self, vocabulary: Path) -> None:
        """Raises ModelMissing when there is no such file, BadInput when it isn't a SentencePiece model."""
        if not vocabulary.is_file():
            raise ModelMissing(f"{vocabulary}: no such file")
        try:
            self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
        except (RuntimeError, OSError) as error:
            raise BadInput(f"{vocabulary}: not a SentencePiece model") from error
        pieces = [self._pieces.id_to_piece(token) for token in range(self._pieces.get_piece_size())]
        self.end: int = self._pieces.eos_id()
        self.unknown: int = self._pieces.unk_id()
        self.starts_word: npt.NDArray[np.bool_] = np.array([piece.startswith(_WORD_START) for piece in pieces])
        """which tokens begin a word"""
        self.ends_sentence: npt.NDArray[np.bool_] = np.array([_ends_sentence(piece) for piece in pieces])
        """which tokens are nothing but the marks that close a sentence"""

    def encode(self, text: str) -> list[int]:
        """The text's tokens, without `</s>`."""
        return list(self._pieces.encode(text))

    def decode(self, tokens: Sequence[int]) -> str:
        return str(self._pieces.decode(list(tokens)))

    def words(self, tokens: Sequence[int]) -> list[str]:
        """The words that the tokens make up; the last one may lack its end as long as the next token isn't known."""
        groups: list[list[int]] = []
        for token in tokens:
            if self.starts_word[token] or not groups:
                groups.append([])
            groups[-1].append(token)
        texts = (self.decode(group).strip() for group in groups)
        return [text for text in texts if text]


def _ends_sentence(piece: str) -> bool:
    marks = set(piece.removeprefix(_WORD_START))
    return bool(marks & _FINAL_MARKS) and marks <= _CLOSING_MARKS
