"""English inflection by rule: plurals of nouns, forms of verbs (Quirk et al. 1985, chapters 3 and 5).

Rules give more than there is ("setted"): that is harmless where forms are looked for in text. The first form of a
feature is the usual one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mt.word_form import Form

_PLURALS = """
man:men woman:women child:children person:people foot:feet tooth:teeth goose:geese mouse:mice ox:oxen leaf:leaves
shelf:shelves half:halves life:lives knife:knives wife:wives wolf:wolves self:selves thief:thieves loaf:loaves
calf:calves datum:data medium:media bacterium:bacteria curriculum:curricula stratum:strata spectrum:spectra
criterion:criteria phenomenon:phenomena matrix:matrices index:indices vertex:vertices appendix:appendices
nucleus:nuclei stimulus:stimuli fungus:fungi radius:radii alumnus:alumni larva:larvae formula:formulae
vertebra:vertebrae
"""
_VERBS = """
arise/arose/arisen awake/awoke/awoken bear/bore/borne beat/beat/beaten become/became/become begin/began/begun
bend/bent bet/bet bid/bid bind/bound bite/bit/bitten bleed/bled blow/blew/blown break/broke/broken breed/bred
bring/brought broadcast/broadcast build/built burn/burnt burst/burst buy/bought cast/cast catch/caught
choose/chose/chosen cling/clung come/came/come cost/cost creep/crept cut/cut deal/dealt dig/dug do/did/done
draw/drew/drawn dream/dreamt drink/drank/drunk drive/drove/driven eat/ate/eaten fall/fell/fallen feed/fed feel/felt
fight/fought find/found flee/fled fling/flung fly/flew/flown forbid/forbade/forbidden forget/forgot/forgotten
forgive/forgave/forgiven freeze/froze/frozen get/got/gotten give/gave/given go/went/gone grind/ground
grow/grew/grown hang/hung have/had hear/heard hide/hid/hidden hit/hit hold/held hurt/hurt keep/kept know/knew/known
lay/laid lead/led leap/leapt learn/learnt leave/left lend/lent let/let lie/lay/lain light/lit lose/lost make/made
mean/meant meet/met mow/mowed/mown pay/paid prove/proved/proven put/put quit/quit read/read ride/rode/ridden
ring/rang/rung rise/rose/risen run/ran/run saw/sawed/sawn say/said see/saw/seen seek/sought sell/sold send/sent
set/set sew/sewed/sewn shake/shook/shaken shed/shed shine/shone shoot/shot show/showed/shown shrink/shrank/shrunk
shut/shut sing/sang/sung sink/sank/sunk sit/sat sleep/slept slide/slid sow/sowed/sown speak/spoke/spoken spend/spent
spill/spilt spin/spun split/split spoil/spoilt spread/spread spring/sprang/sprung stand/stood steal/stole/stolen
stick/stuck sting/stung strike/struck/struck string/strung strive/strove/striven swear/swore/sworn sweep/swept
swell/swelled/swollen swim/swam/swum swing/swung take/took/taken teach/taught tear/tore/torn tell/told think/thought
throw/threw/thrown understand/understood wake/woke/woken wear/wore/worn weave/wove/woven win/won wind/wound
write/wrote/written
"""
"""infinitive, past and, where it differs from it, participle"""
_DOUBLING_VERBS = """
admit begin commit compel confer control debug defer equip expel forget format incur infer occur omit patrol permit
prefer program rebel recur refer regret remit submit transfer transmit unplug
"""
"""of several syllables; for other such verbs the doubled spelling comes second"""
_UNCOUNTABLE_NOUNS = """
advice baggage data equipment evidence feedback furniture hardware homework information knowledge luggage machinery
money news progress research series software species staff traffic
"""

_UNCOUNTABLE = frozenset(_UNCOUNTABLE_NOUNS.split())
_IRREGULAR_PLURALS = dict(pair.split(":") for pair in _PLURALS.split())
_IRREGULAR_VERBS = {forms[0]: (forms[1], forms[-1]) for forms in (entry.split("/") for entry in _VERBS.split())}
_DOUBLED = frozenset(_DOUBLING_VERBS.split())
_PREFIXES = ("re", "over", "under", "out", "un", "mis", "fore", "with", "inter", "up", "down", "pre")
_CLOSED_SYLLABLE = re.compile(r"([^aeiou]|qu|^)[aeiouy][^aeiouwxy]$")
_VOWELS = re.compile(r"[aeiouy]+")


def noun_forms(noun: str) -> Iterator[Form]:
    """The plurals."""
    if noun in _UNCOUNTABLE:
        yield Form("plural", noun)
    if irregular := _irregular_plural(noun):
        yield Form("plural", irregular)
    if noun.endswith("is"):
        yield Form("plural", noun[:-2] + "es")
    yield Form("plural", _with_s(noun))
    if noun.endswith("o"):
        yield Form("plural", noun + "es")


def verb_forms(verb: str) -> Iterator[Form]:
    """All that is not the infinitive."""
    yield Form("third", _with_s(verb))
    if verb.endswith("o"):
        yield Form("third", verb + "es")
    irregular = _irregular_verb(verb)
    if irregular is not None:
        yield Form("past", irregular[0])
        yield Form("participle", irregular[1])
    for stem in _stems(verb):
        yield Form("past", stem + "ed")
        yield Form("participle", stem + "ed")
    for stem in _gerund_stems(verb):
        yield Form("gerund", stem + "ing")


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in ("a", "e", "o", "u", ""):
        return word[:-1] + "ies"
    return word + "s"


def _irregular_plural(noun: str) -> str | None:
    if noun in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[noun]
    return noun[:-3] + "men" if noun.endswith("man") and noun not in ("human", "german", "roman") else None


def _irregular_verb(verb: str) -> tuple[str, str] | None:
    if verb in _IRREGULAR_VERBS:
        return _IRREGULAR_VERBS[verb]
    for prefix in _PREFIXES:
        rest = verb.removeprefix(prefix).removeprefix("-")
        if rest != verb and rest in _IRREGULAR_VERBS:
            past, participle = _IRREGULAR_VERBS[rest]
            before = verb.removesuffix(rest)
            return before + past, before + participle
    return None


def _stems(verb: str) -> list[str]:
    """What -ed may follow, the usual spelling first."""
    if verb.endswith("e"):
        return [verb[:-1]]
    if verb.endswith("y") and verb[-2:-1] not in ("a", "e", "o", "u", ""):
        return [verb[:-1] + "i"]
    if verb.endswith("c"):
        return [verb + "k", verb]
    if not _CLOSED_SYLLABLE.search(verb):
        return [verb]
    doubled = verb + verb[-1]
    return [doubled, verb] if len(_VOWELS.findall(verb)) == 1 or verb in _DOUBLED else [verb, doubled]


def _gerund_stems(verb: str) -> list[str]:
    if verb.endswith("ie"):
        return [verb[:-2] + "y"]
    return [verb] if verb.endswith(("y", "ee", "oe", "ye")) else _stems(verb)
