"""Guesses from its neighbours whether a word stands there as a noun, a verb or an adjective.

Rules of the kind that a constraint grammar has (Karlsson 1990), a few for each language, and none that is sure.
"""

from __future__ import annotations

from dataclasses import dataclass

from mt.homographs import FUNCTION_WORDS, HOMOGRAPHS, SET_PHRASES
from mt.word_form import Feature
from streaming.glossary import Pos

Classes = frozenset[Pos]

_NOMINAL: Classes = frozenset({"noun", "adj"})
_NOUN: Classes = frozenset({"noun"})
_ADJECTIVE: Classes = frozenset({"adj"})
_VERB: Classes = frozenset({"verb"})
_ANY: Classes = frozenset({"noun", "adj", "verb"})


@dataclass(frozen=True, slots=True)
class Place:
    """A word between its neighbours, all in lower case and without punctuation."""

    previous: str
    """empty: the sentence, or a part of it that marks set off, begins here"""
    word: str
    following: str | None
    """empty: such a part ends here; None: not heard yet"""


@dataclass(frozen=True, slots=True)
class _Cues:
    """What stands beside words of one class."""

    determiners: frozenset[str]
    prepositions: frozenset[str]
    subjects: frozenset[str]
    """pronouns that a finite verb follows"""
    modals: frozenset[str]
    """a verb follows"""
    verbal: frozenset[str]
    """mostly a verb follows, with nothing but a noun in dispute"""
    degrees: frozenset[str]
    """an adjective follows"""
    copulas: frozenset[str]
    """an adjective follows, or a noun that needs no determiner"""
    open: frozenset[str]
    """anything may follow"""
    objects: frozenset[str]
    """they follow a verb"""
    after_nouns: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _Cues(
    determiners=_words(
        "the a an this these those my your his her its our their every each some any no another whose many much"
        " few more most less least several all both enough other own same next last first new old big small good"
        " bad great high low main large long short early late key full own such one two three four five six seven"
        " eight nine ten eleven twelve twenty thirty forty fifty sixty hundred thousand million"
    ),
    prepositions=_words(
        "of in on at by for with from into over under about between through during without within against per via"
        " across after before behind like than toward towards upon despite"
    ),
    subjects=_words("i we they he she"),
    modals=_words(
        "will would can could may might must shall should cannot does did please let's i'd we'd they'd he'd she'd you'd"
    ),
    verbal=_words("you who help helps helped never not always also often still then us them him me"),
    degrees=_words("very too quite so extremely"),
    copulas=_words("is are was were be been being am isn't aren't wasn't weren't i'm you're we're they're he's she's"),
    open=_words(
        "have has had do done it that what there and or but nor if when while because since how where why which"
        " as only just it's that's"
    ),
    objects=_words(
        "the a an this these those my your his her its our their every each some any it them us him me you everything"
    ),
    after_nouns=_words(
        "of is are was were has have had will would can could may might must should does did isn't aren't wasn't"
    ),
)
_PORTUGUESE = _Cues(
    determiners=_words(
        "o a os as um uma uns umas este esta estes estas esse essa esses essas aquele aquela aqueles aquelas meu"
        " minha meus minhas seu sua seus suas nosso nossa nossos nossas todo toda todos todas cada algum alguma"
        " alguns algumas nenhum nenhuma outro outra outros outras muitos muitas poucos poucas vários várias mesmo"
        " mesma qualquer primeiro primeira segunda último última novo nova novos novas grande grandes melhor"
        " melhores maior maiores menor pior bom boa dois duas três quatro cinco seis sete oito nove dez onze doze"
        " quinze vinte trinta quarenta cinquenta cem cento mil do da dos das no na nos nas ao à aos às pelo pela"
        " pelos pelas num numa deste desta destes destas neste nesta nestes nestas desse dessa nesse nessa daquele"
        " daquela"
    ),
    prepositions=_words("de em com sem por para sobre entre até contra desde sob após durante conforme tem têm há"),
    subjects=_words("eu tu você ele ela nós vocês eles elas"),
    modals=_words("vai vamos vão vou pode podem posso deve devem"),
    verbal=_words("quem se me te lhe lhes que não nunca já também sempre ainda quer querem"),
    degrees=_words("muito tão bastante mais menos"),
    copulas=_words("é são está estão foi foram era eram ficou fica ser estar"),
    open=_words("e ou mas quando onde como porque só"),
    objects=_words(
        "o a os as um uma uns umas isso isto aquilo esse essa este esta seu sua seus suas meu minha que lo la los"
        " las se"
    ),
    after_nouns=_words("de do da dos das é são está estão foi foram era eram será tem têm vai vão pode podem deve"),
)
_ADJECTIVE_ENDINGS = ("al", "ive", "ous", "ic", "ful", "less", "able", "ible", "ary")
_ADJECTIVES_IN_LY = _words("daily weekly monthly yearly quarterly hourly early friendly likely family supply only")
_VERB_ENDINGS = tuple(_words("ar er ir ndo ei ou eu iu mos ram vam arem erem irem azem izem ava faz fez"))
_NO_NOUN_AFTER = _words("não nunca sempre me te lhe lhes se")
_PLURALS_WITHOUT_S = _words("people children men women teeth feet")


def may_stand_as(pos: Pos, place: Place, *, lemma: str, feature: Feature, language: str) -> bool | None:
    """Whether a term of this part of speech may be meant here; None: the following word has to be known first.

    Words that nothing else is spelt like are refused only where what goes before them leaves no room for the term,
    homographs also where what follows says so, and function words everywhere but where nothing else is possible.
    """
    if language not in HOMOGRAPHS:
        return True
    own_spelling = language == "pt" or _is_plain_verb_form(place.word, lemma, feature)
    spellings = {place.word} if own_spelling else {place.word, lemma}
    if (place.previous, place.word) in SET_PHRASES[language]:
        return False
    if spellings & FUNCTION_WORDS[language]:
        return pos in (_before(place, language) or ())
    if not spellings & HOMOGRAPHS[language]:
        return not _is_excluded(pos, place, feature, language)
    classes = _classes(place, language, adjective=pos == "adj" and language == "en")
    if classes is None:
        return None
    return pos in classes and not (pos == "verb" and "noun" in classes)


def is_ambiguous(word: str, language: str) -> bool:
    """Whether the word is spelt like one of another part of speech."""
    return word in FUNCTION_WORDS.get(language, ()) or word in HOMOGRAPHS.get(language, ())


def _is_plain_verb_form(word: str, lemma: str, feature: Feature) -> bool:
    """Past, participle and gerund of a verb are spelt like its noun only where they are like the infinitive (set)."""
    return feature in ("past", "participle", "gerund") and word != lemma


def _is_excluded(pos: Pos, place: Place, feature: Feature, language: str) -> bool:
    cues = _cues(language)
    if pos != "verb":
        return place.previous in cues.subjects | cues.modals | _NO_NOUN_AFTER
    if feature in ("past", "participle") or (language == "pt" and feature == "base"):
        return False
    nouns = cues.determiners | (cues.prepositions if language == "en" and feature != "gerund" else frozenset())
    return place.previous in nouns


def _classes(place: Place, language: str, *, adjective: bool = False) -> Classes | None:
    """`adjective`: that is the question, so noun or adjective is no answer."""
    before = _before(place, language)
    if before is not None and not (adjective and before == _NOMINAL):
        return before
    if place.following is None:
        return None
    if before == _NOMINAL:
        cues = _cues(language)
        closed = place.following in cues.after_nouns | cues.prepositions | cues.open or not place.following
        return _NOUN if closed else _NOMINAL
    return _after(place, place.following, language)


def _before(place: Place, language: str) -> Classes | None:
    """What goes before decides; None: it does not."""
    cues, previous = _cues(language), place.previous
    if language == "en":
        if previous == "to":
            return _NOMINAL if _has_s(place.word) else _VERB
        if previous.endswith(("'s", "’s")) and previous not in cues.open | {"let's"}:
            return _NOMINAL
        if previous.endswith(("n't", "'ll", "n’t", "’ll")):
            return _VERB
        if previous.endswith("ly") and previous not in _ADJECTIVES_IN_LY:
            return _VERB
    elif previous.endswith("mente"):
        return _VERB
    if previous in cues.determiners or previous[:1].isdigit():
        return _NOMINAL
    if previous in cues.subjects | cues.modals | cues.verbal:
        return _VERB
    if previous in cues.prepositions:
        return _NOMINAL
    if previous in cues.degrees | cues.copulas:
        if language == "pt" or (previous in cues.copulas and _has_s(place.word)):
            return _NOMINAL
        return _ADJECTIVE
    if language == "en" and len(previous) > 4 and previous.endswith(_ADJECTIVE_ENDINGS):
        return _NOMINAL
    return None


def _after(place: Place, following: str, language: str) -> Classes:
    """What follows decides, or else what kind of word an unknown one before it is."""
    cues, previous = _cues(language), place.previous
    if following in cues.after_nouns:
        return _NOUN if language == "en" else _NOMINAL
    if following in cues.objects:
        return _VERB
    if previous in cues.open:
        return _VERB if (previous, following) == ("that", "to") else _ANY
    if language == "pt":
        # Two nouns seldom stand side by side: one is the object of the verb before it, or the verb of that noun.
        return _ANY if not previous else _NOMINAL if previous.endswith(_VERB_ENDINGS) else _VERB | _ADJECTIVE
    if not previous:
        return _NOMINAL if _has_s(place.word) else _ANY
    if _has_s(previous) or previous in _PLURALS_WITHOUT_S:
        return _ANY if _has_s(place.word) or not following else _VERB
    return _ANY if _has_s(place.word) else _NOMINAL


def _cues(language: str) -> _Cues:
    return _ENGLISH if language == "en" else _PORTUGUESE


def _has_s(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))
