"""Closed word classes that tell where a clause may be cut: what a clause starts with, and what can't end one.

Breaks before conjunctions, relatives and prepositions, and none inside a noun phrase: the chinks-and-chunks rule of
phrasing for speech synthesis (Liberman & Church 1992).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """The lower-case function words of one language."""

    starts_clause: frozenset[str] = frozenset()
    """conjunctions and relatives: a good place to cut is before one"""
    starts_phrase: frozenset[str] = frozenset()
    """prepositions: a fair place to cut is before one"""
    binds_right: frozenset[str] = frozenset()
    """words that belong to the next one: never cut after one"""
    binds_left: frozenset[str] = frozenset()
    """words that a noun's complement begins with: never cut before one"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EN_CONJUNCTIONS = _words(
    "and but or nor so because that which who whom whose when where while whereas if although though unless until "
    "since after before then than as how why what whether"
)
_EN_PREPOSITIONS = _words(
    "in on at for with from by about into onto through during between among over under without within against "
    "towards toward across behind beyond despite except like near per upon to"
)
_EN_BOUND = _words(
    "a an the this these those my your his her its our their some any no every each of very more most too not n't "
    "i you he she it we they is are was were am be been being do does did have has had will would can could should "
    "shall may might must don't doesn't didn't won't can't couldn't isn't aren't wasn't i'm you're we're they're "
    "it's he's she's that's there's there i've we've you've they've i'll we'll you'll they'll i'd we'd let's let "
    "another both several many few such mr mrs ms dr prof st"
)
_PT_CONJUNCTIONS = _words(
    "e mas ou nem porque que quando onde se enquanto embora pois então portanto porém como quem cujo cuja cujos cujas "
    "qual quais conforme caso logo"
)
_PT_PREPOSITIONS = _words(
    "para com em no na nos nas num numa neste nesta nesse nessa naquele naquela por pelo pela pelos pelas sobre entre "
    "até desde durante sem contra após sob perante ao aos à às pra pro nestes nestas nesses nessas naqueles naquelas"
)
_PT_BOUND = _words(
    "o a os as um uma uns umas de do da dos das deste desta desse dessa disso disto este esta esse essa estes estas "
    "esses essas aquele aquela meu minha meus minhas teu tua seu sua seus suas nosso nossa nossos nossas todo toda "
    "todos todas cada algum alguma alguns algumas nenhum nenhuma outro outra outros outras vários várias qualquer "
    "destes destas desses dessas daquele daquela daqueles daquelas aqueles aquelas muitos muitas muita poucos poucas "
    "muito mais menos tão não já mesmo assim também eu você ele ela "
    "nós vocês eles elas tu é são era eram foi foram está estão estava estavam ser estar sendo tem têm tinha tinham "
    "temos tenho há vai vão vou vamos pode podem podemos posso deve devem devemos quero queremos me te lhe lhes isso "
    "quer sr sra dr dra prof profa"
)

FUNCTION_WORDS: Mapping[str, FunctionWords] = MappingProxyType(
    {
        "en": FunctionWords(
            _EN_CONJUNCTIONS,
            _EN_PREPOSITIONS,
            _EN_BOUND | _EN_CONJUNCTIONS | _EN_PREPOSITIONS - {"like", "near"},
            _words("of"),
        ),
        "pt": FunctionWords(
            _PT_CONJUNCTIONS,
            _PT_PREPOSITIONS,
            _PT_BOUND | _PT_CONJUNCTIONS | _PT_PREPOSITIONS,
            _words("de do da dos das"),
        ),
    }
)
"""By primary language subtag; a language that is absent is cut at punctuation, length and time alone."""
