"""How disfluent real transcripts, fluent texts and our made speech are, counted alike; per 100 words.

Counted on the surface, after Shriberg 1994, "Preliminaries to a Theory of Speech Disfluencies"; where a transcript has
a fluent version beside it, also by aligning the two.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

from matplotlib.figure import Figure

from bench.json_output import open_output, write_json
from bench.provenance import provenance
from mt.asr_style import StyleRates
from mt.content_words import bare
from mt.disfluency import Disfluency
from mt.disfluency_rates import SPONTANEOUS

_EXAMPLES = """examples:
  python -m bench.disfluency_rates --lang en --real meetings=train.tsv.gz:3 --pairs telephone=pairs.tsv \\
      --fluent web=web.txt.gz:1 --json rates.json --plot rates.png

A column is counted from 1. Each corpus is cut down to the same number of words, drawn by sentences. What we make is
said from the texts of --fluent and from the fluent side of --pairs, without the recogniser's part: as people write it.
"""
_FILLED_PAUSES = {
    "en": ("uh", "um", "uhm", "er", "erm", "hm", "hmm", "mm", "mmm", "ah", "huh"),
    "pt": ("ah", "ahn", "ãh", "hã", "ã", "hum", "hm", "uh", "uhm", "uhn", "eh", "éh"),  # "é" is most often the verb
}
_MARKERS = {
    "en": ("you know", "i mean", "kind of", "sort of", "well", "like", "so", "okay", "right"),
    "pt": ("quer dizer", "não é", "né", "sabe", "tipo", "assim", "então", "aí", "bom", "olha"),
}
_NOT_WORDS = re.compile(r"\{[^}]*\}|\(\([^)]*\)\)|\([^)]*\)|\$unc\$|[^\w\s'’.?!-]")
_SPLIT_CLITIC = re.compile(r"\s+(?=['’](?:s|m|re|ve|ll|d)\b)|\s+(?=n['’]t\b)")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_SHORTEST = 5
"""words; below are mostly answers and backchannels"""
_WORDS_OF_ONE_LETTER = "aioeéàó"
_COMPARED_LENGTHS = range(8, 16)
"""words; the share of clean sentences depends on their length"""
_LONGEST_REPEAT = 3

Sentences = list[list[str]]


@dataclass(frozen=True, slots=True)
class Corpus:
    name: str
    sentences: Sentences
    """what was said"""
    fluent: Sentences
    """the same without disfluencies, where that is known; else empty"""


def rates(corpus: Corpus, language: str, vocabulary: frozenset[str]) -> dict[str, float]:
    """Per 100 words, by phenomenon; `clean_percent` of the sentences of 8 to 15 words.

    The rates that need a fluent version are left out where there is none.
    """
    counts: Counter[str] = Counter()
    clean: list[bool] = []
    for sentence in corpus.sentences:
        found = surface(sentence, language, vocabulary)
        counts.update(found)
        counts["words"] += len(sentence)
        if len(sentence) in _COMPARED_LENGTHS:
            clean.append(not found.total())
    for said, fluent in zip(corpus.sentences, corpus.fluent, strict=False):
        counts.update(removed(said, fluent, language))
    shown = list(surface([], language, vocabulary)) + (["removed words", "edits"] if corpus.fluent else [])
    per_100 = {kind: round(100 * counts[kind] / max(counts["words"], 1), 2) for kind in shown}
    return {**per_100, "clean_percent": round(100 * sum(clean) / max(len(clean), 1), 1)}


def surface(words: Sequence[str], language: str, vocabulary: frozenset[str]) -> Counter[str]:
    """What shows in the words themselves; markers also count where they are used as plain words."""
    heard = [word for word in words if word not in _FILLED_PAUSES[language]]
    line = f" {' '.join(words)} "
    found = Counter({"filled pauses": len(words) - len(heard)})
    found["markers"] = sum(line.count(f" {marker} ") for marker in _MARKERS[language])
    for length in range(1, _LONGEST_REPEAT + 1):
        found[f"repeats of {length}"] = _repeats(heard, length)
    found["partial words"] = sum(
        word.endswith("-") or (word not in vocabulary and word != following and following.startswith(word))
        for word, following in zip(heard, [*heard[1:], ""], strict=False)
    )
    return found


def removed(said: Sequence[str], fluent: Sequence[str], language: str) -> Counter[str]:
    """Words that the fluent version hasn't, and stretches of them that are neither fillers, markers nor repeats."""
    counts: Counter[str] = Counter()
    for tag, begin, end, *_ in SequenceMatcher(None, said, fluent, autojunk=False).get_opcodes():
        if tag not in ("delete", "replace"):
            continue
        counts["removed words"] += end - begin
        line = f" {' '.join(word for word in said[begin:end] if word not in _FILLED_PAUSES[language])} "
        for marker in _MARKERS[language]:
            line = line.replace(f" {marker} ", " ")
        rest = line.split()
        is_repeat = rest in (list(said[end : end + len(rest)]), list(said[max(begin - len(rest), 0) : begin]))
        counts["edits"] += bool(rest) and not is_repeat
    return counts


def _repeats(words: Sequence[str], length: int) -> int:
    """Stretches said twice in a row; numbers are, on purpose."""
    return sum(
        words[at : at + length] == words[at + length : at + 2 * length]
        and not any(word.isdecimal() for word in words[at : at + length])
        and (length == 1 or len(set(words[at : at + length])) > 1)
        for at in range(len(words) - 2 * length + 1)
    )


def made(name: str, fluent: Sentences, language: str, seed: int) -> Corpus:
    """The fluent sentences, said by our generator."""
    said_only = replace(SPONTANEOUS[language], style=StyleRates())
    vocabulary = sorted({word for sentence in fluent for word in sentence if word.isalpha()})
    disfluency = Disfluency(language, said_only, substitutes=vocabulary)
    random = Random(seed)
    spoken = [disfluency.speak(" ".join(sentence), random).words for sentence in fluent]
    return Corpus(name, [_bare(words) for words in spoken], fluent)


def _bare(words: Sequence[str]) -> list[str]:
    shown = [bare(word) + ("-" if word.endswith("-") and bare(word) else "") for word in words]
    return [word for word in shown if word]


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def _cleaned(text: str) -> str:
    return _SPLIT_CLITIC.sub("", _NOT_WORDS.sub(" ", text))


def _sentences(path: Path, column: int) -> Sentences:
    texts = (_cleaned(line.split("\t")[column - 1]) for line in _lines(path))
    return [_bare(sentence.split()) for text in texts for sentence in _SENTENCE_END.split(text)]


def _drawn(corpus: Corpus, words: int, random: Random) -> Corpus:
    """So many words of it, in sentences that aren't short."""
    order = [at for at, sentence in enumerate(corpus.sentences) if len(sentence) >= _SHORTEST]
    random.shuffle(order)
    kept: list[int] = []
    for at in order:
        if words <= 0:
            break
        kept.append(at)
        words -= len(corpus.sentences[at])
    fluent = [corpus.fluent[at] for at in kept] if corpus.fluent else []
    return Corpus(corpus.name, [corpus.sentences[at] for at in kept], fluent)


def _read(source: str) -> Corpus:
    name, _, rest = source.partition("=")
    path, _, column = rest.rpartition(":")
    return Corpus(name, _sentences(Path(path), int(column)), [])


def _read_pairs(source: str) -> Corpus:
    name, _, path = source.partition("=")
    pairs = [[_bare(_cleaned(side).split()) for side in line.split("\t")] for line in _lines(Path(path))]
    return Corpus(name, [said for said, _ in pairs], [fluent for _, fluent in pairs])


def compared(arguments: argparse.Namespace) -> dict[str, dict[str, float]]:
    """The rates of each corpus by its name: the real ones, the fluent texts, and what is made of those."""
    random = Random(arguments.seed)
    pairs = [_read_pairs(source) for source in arguments.pairs]
    fluent = [_read(source) for source in arguments.fluent]
    texts = fluent + [Corpus(f"{corpus.name}, fluent side", corpus.fluent, []) for corpus in pairs]
    texts = [_drawn(corpus, arguments.words, random) for corpus in texts]
    speech = [made(f"made from {corpus.name}", corpus.sentences, arguments.lang, arguments.seed) for corpus in texts]
    real = [_drawn(corpus, arguments.words, random) for corpus in [*map(_read, arguments.real), *pairs]]
    seen = Counter(word for corpus in texts for sentence in corpus.sentences for word in sentence)
    vocabulary = frozenset(word for word in seen if seen[word] > 1 and (len(word) > 1 or word in _WORDS_OF_ONE_LETTER))
    every = [*real, *texts, *(_drawn(corpus, arguments.words, random) for corpus in speech)]
    return {corpus.name: rates(corpus, arguments.lang, vocabulary) for corpus in every}


def table(result: Mapping[str, Mapping[str, float]]) -> str:
    """In Markdown, a column for each corpus."""
    kinds = list(dict.fromkeys(kind for corpus in result.values() for kind in corpus))
    rows = [["per 100 words", *result], ["---", *("---:" for _ in result)]]
    rows += [[kind, *(str(corpus.get(kind, "")) for corpus in result.values())] for kind in kinds]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def plot(results: Mapping[str, Mapping[str, Mapping[str, float]]], path: str) -> None:
    """Bars, one panel for each language, a colour for each corpus."""
    figure = Figure(figsize=(11, 4.2 * len(results)), layout="constrained")
    for axes, (language, result) in zip(
        figure.subplots(len(results), squeeze=False)[:, 0], results.items(), strict=True
    ):
        kinds = dict.fromkeys(kind for corpus in result.values() for kind in corpus if kind != "clean_percent")
        width = 0.85 / len(result)
        for number, (name, corpus) in enumerate(result.items()):
            places = [at + (number - (len(result) - 1) / 2) * width for at in range(len(kinds))]
            axes.bar(places, [corpus.get(kind, 0.0) for kind in kinds], width, label=name)
        axes.set_xticks(range(len(kinds)), kinds)
        axes.set_ylabel("per 100 words")
        axes.set_title(language)
        axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=110)


def parser() -> argparse.ArgumentParser:
    command = argparse.ArgumentParser(
        prog="python -m bench.disfluency_rates",
        description="Count disfluencies in transcripts, fluent texts and the speech that we make from those.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--lang", required=True, choices=[*SPONTANEOUS])
    command.add_argument("--real", action="append", default=[], metavar="NAME=FILE:COLUMN", help="transcripts")
    command.add_argument("--pairs", action="append", default=[], metavar="NAME=FILE", help="verbatim TAB fluent")
    command.add_argument("--fluent", action="append", default=[], metavar="NAME=FILE:COLUMN", help="fluent texts")
    command.add_argument("--words", type=int, default=40_000, metavar="N", help="of each corpus (default: 40000)")
    command.add_argument("--seed", type=int, default=1, metavar="N")
    command.add_argument("--json", metavar="FILE", help="write the rates here; - for standard output")
    command.add_argument("--plot", metavar="FILE", help="draw them, PNG or SVG")
    command.add_argument("--beside", metavar="FILE", help="an earlier --json, to be drawn above")
    return command


def main() -> None:
    """Prints the table.

    Raises BadInput where the JSON can't be written.
    """
    arguments = parser().parse_args()
    with ExitStack() as stack:
        out = open_output(arguments.json, stack)
        result = compared(arguments)
        print(table(result))
        if out is not None:
            shown = shlex.join(["python", "-m", "bench.disfluency_rates", *sys.argv[1:]])
            about: dict[str, Any] = {**provenance({}), "command": shown, "words": arguments.words}
            write_json({"provenance": about, "rates": {arguments.lang: result}}, out)
    if arguments.plot:
        earlier = json.loads(Path(arguments.beside).read_text("utf-8"))["rates"] if arguments.beside else {}
        plot({**earlier, arguments.lang: result}, arguments.plot)


if __name__ == "__main__":
    main()
