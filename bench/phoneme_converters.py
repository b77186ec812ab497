"""Text into IPA by converters other than eSpeak NG, for `bench.phonemes`.

They are no part of the product and ask for old versions of what it uses, so this runs in an environment of its own:

    pip install gruut==2.4.0 gruut-lang-pt piper-plus-g2p==0.3.1
    python bench/phoneme_converters.py gruut pt < pieces.txt > gruut.tsv

A line each: the piece, a tab, its IPA in eSpeak's letters, which the voices were trained on.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

_GRUUT_ENGLISH = {
    "eɪ": "e^ɪ",
    "aɪ": "a^ɪ",
    "oʊ": "o^ʊ",
    "aʊ": "a^ʊ",
    "ɔɪ": "ɔ^ɪ",
    "ˈi": "ˈiː",
    "ˌi": "ˌiː",
    "ˈu": "ˈuː",
    "ˌu": "ˌuː",
    "ɑ": "ɑː",
    "ɔɹ": "ɔːɹ",
    "ˈɚ": "ˈɜː",
}
_GRUUT_PORTUGUESE = {"w̃": "ʊ̃", "ɐw": "aʊ", "ɐj": "aɪ", "w": "ʊ", "j": "ɪ", "ʁ": "x"}
_PIPER_PLUS_PORTUGUESE = {"ãu": "ɐ̃ʊ̃", "ai": "aɪ", "au": "aʊ", "ei": "eɪ", "ʁ": "x", "ã": "ɐ̃"}


def gruut(language: str) -> Callable[[str], str]:
    import gruut as converter

    def convert(text: str) -> str:
        words = [
            "".join(word.phonemes)
            for sentence in converter.sentences(text, lang={"en": "en-us"}.get(language, language))
            for word in sentence
            if word.is_spoken
        ]
        ipa = " ".join(words).replace("\u0361", "")
        return _replaced(ipa, {"en": _GRUUT_ENGLISH, "pt": _GRUUT_PORTUGUESE}[language])

    return convert


def piper_plus(language: str) -> Callable[[str], str]:
    from piper_plus_g2p import get_phonemizer

    phonemizer = get_phonemizer(language)
    return lambda text: _replaced("".join(phonemizer.phonemize(text)), _PIPER_PLUS_PORTUGUESE)


def _replaced(ipa: str, letters: dict[str, str]) -> str:
    """Nasal vowels with a combining tilde, as the voices know them."""
    ipa = unicodedata.normalize("NFD", ipa)
    for theirs, espeaks in letters.items():
        ipa = ipa.replace(unicodedata.normalize("NFD", theirs), espeaks)
    return ipa


def main(converter: str, language: str) -> None:
    convert = {"gruut": gruut, "piper-plus": piper_plus}[converter](language)
    for line in sys.stdin:
        piece = line.rstrip("\n")
        print(piece, convert(piece), sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])
