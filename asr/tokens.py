"""Whisper's tokens as words (Radford et al. 2022; byte-level BPE: a character may be split over tokens)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from faster_whisper.tokenizer import Tokenizer
from tokenizers import Tokenizer as TokenizerFile

from streaming.errors import UnsupportedLanguage

UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
"""languages written without spaces: every character may begin a word"""
MOST_PROMPT_TOKENS = 60
"""some 12 names; the decoder reads them at every call"""


class WhisperTokens:
    """Implements `asr.hypothesis.WordSplitter` and names the special tokens."""

    def __init__(self, tokenizer_file: TokenizerFile) -> None:
        self._file = tokenizer_file
        self._tokenizer = Tokenizer(tokenizer_file, multilingual=True, task="transcribe", language="en")
        self.end_of_text: int = self._tokenizer.eot

    @classmethod
    def load(cls, model_dir: Path) -> WhisperTokens:
        """From the `tokenizer.json` of a faster-whisper model directory."""
        return cls(TokenizerFile.from_file(str(model_dir / "tokenizer.json")))

    @property
    def languages(self) -> tuple[str, ...]:
        """What can be spoken, in Whisper's codes: their tokens stand before those of the tasks."""
        tokens = range(self._tokenizer.sot + 1, self._tokenizer.translate)
        return tuple(self._file.decode([token], skip_special_tokens=False).strip("<|>") for token in tokens)

    def start(self, language: str, *, translate: bool = False) -> list[int]:
        """The sequence that asks for what is said in `language`, or for it in English, without time stamps."""
        return [*self.start_aligned(language, translate=translate), self._tokenizer.no_timestamps]

    def start_aligned(self, language: str, *, translate: bool = False) -> list[int]:
        """The start sequence that alignment expects. Raises UnsupportedLanguage where Whisper does not know it."""
        token = self._file.token_to_id(f"<|{language}|>")
        if token is None:
            raise UnsupportedLanguage(f"Whisper does not know the language {language!r}")
        task = self._tokenizer.translate if translate else self._tokenizer.transcribe
        return [self._tokenizer.sot, token, task]

    def prompt(self, terms: Sequence[str]) -> list[int]:
        """What goes before the start sequence to make these terms likelier: text that seems to have been said just now.

        Empty without terms; those that would make it longer than `MOST_PROMPT_TOKENS` are left out.
        """
        tokens: list[int] = []
        for term in terms:
            written = self._tokenizer.encode(f", {term}" if tokens else f" {term}")
            if len(tokens) + len(written) > MOST_PROMPT_TOKENS:
                break
            tokens += written
        return [self._tokenizer.sot_prev, *tokens] if tokens else []

    def text(self, tokens: tuple[int, ...]) -> str:
        return self._tokenizer.decode(list(tokens))

    def split(self, tokens: tuple[int, ...], language: str) -> list[tuple[int, ...]]:
        pieces, tokens_of_pieces = self._tokenizer.split_tokens_on_unicode(list(tokens))
        words: list[list[int]] = []
        for piece, piece_tokens in zip(pieces, tokens_of_pieces, strict=True):
            if not words or _begins_word(piece, language):
                words.append([])
            words[-1].extend(piece_tokens)
        return [tuple(word) for word in words]


def _begins_word(piece: str, language: str) -> bool:
    if language in UNSPACED:
        return any(character.isalnum() for character in piece)
    return piece.startswith(" ") and not _is_closing(piece)


def _is_closing(piece: str) -> bool:
    """A lone mark after a space, such as the closing one of French quotation marks or ` ?`."""
    return piece.strip() in {"?", "!", ":", ";", "»", "%", ".", ",", "…"}
