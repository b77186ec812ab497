"""Portuguese verbs by rule (Cunha & Cintra 1985, chapter 13): three conjugations, their spelling, irregular families.

Rules give more than there is: that is harmless where forms are looked for in text. The first form of a feature is the
usual one. The simple tenses are all there but for the pluperfect and the second person plural.
"""

from __future__ import annotations

from collections.abc import Iterator

from mt.word_form import Feature, Form

_ENDINGS: dict[str, dict[Feature, str]] = {
    "ar": {
        "third": "a",
        "past": "ou aram ei amos ámos aste ava avam ávamos avas",
        "participle": "ado ada ados adas",
        "gerund": "ando",
        "other": "o as am e es em emos asse asses assem ássemos arei ará arás aremos arão aria arias ariam aríamos"
        " ares arem armos á",
    },
    "er": {
        "third": "e",
        "past": "eu eram i emos este ia iam íamos ias",
        "participle": "ido ida idos idas",
        "gerund": "endo",
        "other": "o es em a as am amos esse esses essem êssemos erei erá erás eremos erão eria erias eriam eríamos"
        " eres erem ermos ê",
    },
    "ir": {
        "third": "e",
        "past": "iu iram i imos iste ia iam íamos ias",
        "participle": "ido ida idos idas",
        "gerund": "indo",
        "other": "o es em a as am amos isse isses issem íssemos irei irá irás iremos irão iria irias iriam iríamos"
        " ires irem irmos í",
    },
    # After a vowel: construir, sair.
    "^ir": {
        "third": "i",
        "past": "iu íram í ímos íste ía íam íamos ías",
        "participle": "ído ída ídos ídas",
        "gerund": "indo",
        "other": "o is em a as am amos io ia ias iam iamos ísse ísses íssem íssemos irei irá irás iremos irão iria"
        " irias iriam iríamos íres írem irmos",
    },
}
_FAMILIES: dict[str, dict[Feature, str]] = {
    "ter": {
        "third": "tem tém",
        "past": "teve tiveram tive tivemos tinha tinham tínhamos",
        "other": "tenho têm tenha tenhas tenham tenhamos tiver tiverem tivesse tivessem tivéssemos tens téns",
    },
    "vir": {
        "third": "vem vém",
        "past": "veio vieram vim viemos vinha vinham vínhamos",
        "participle": "vindo vinda vindos vindas",
        "gerund": "vindo",
        "other": "venho vêm venha venham venhamos vier vierem viesse viessem viéssemos",
    },
    "ver": {
        "third": "vê",
        "past": "viu viram vi vimos via viam víamos",
        "participle": "visto vista vistos vistas",
        "other": "vejo veem veja vejam vejamos vir virem visse vissem víssemos",
    },
    "por": {
        "third": "põe",
        "past": "pôs puseram pus pusemos punha punham púnhamos",
        "participle": "posto posta postos postas",
        "gerund": "pondo",
        "other": "ponho põem pomos ponha ponham ponhamos puser puserem pusesse pusessem porei porá poremos porão poria"
        " poriam",
    },
    "fazer": {
        "third": "faz",
        "past": "fez fizeram fiz fizemos fazia faziam",
        "participle": "feito feita feitos feitas",
        "other": "faço fazem faça façam façamos fizer fizerem fizesse fizessem farei fará faremos farão faria fariam",
    },
    "dizer": {
        "third": "diz",
        "past": "disse disseram dissemos dizia diziam",
        "participle": "dito dita ditos ditas",
        "other": "digo dizem diga digam digamos disser disserem dissesse dissessem direi dirá diremos dirão diria"
        " diriam",
    },
    "trazer": {
        "third": "traz",
        "past": "trouxe trouxeram trouxemos trazia traziam",
        "other": "trago trazem traga tragam tragamos trouxer trouxerem trouxesse trarei trará traremos trarão traria",
    },
    "dar": {"third": "dá", "past": "deu deram dei demos dava davam", "other": "dou dão damos dê deem der derem desse"},
    "haver": {"third": "há", "past": "houve houveram havia haviam", "other": "hei hão haja hajam houver houvesse"},
    "ser": {"third": "é", "past": "foi foram fui fomos era eram", "other": "sou são somos seja sejam for forem fosse"},
    "ir": {"third": "vai", "past": "foi foram fui fomos ia iam", "other": "vou vão vamos vá for forem fosse"},
    "estar": {"third": "está", "past": "esteve estiveram estava", "other": "estou estão esteja estejam estiver"},
    "poder": {"third": "pode", "past": "pôde puderam pude podia", "other": "posso possa possam puder puderem pudesse"},
    "querer": {"third": "quer", "past": "quis quiseram queria", "other": "quero queira queiram quiser quisesse"},
    "saber": {"third": "sabe", "past": "soube souberam sabia", "other": "sei saiba saibam souber soubesse"},
    "ler": {"third": "lê", "past": "leu leram li lia", "other": "leio leem leia leiam"},
    "crer": {"third": "crê", "past": "creu creram cria", "other": "creio creem creia creiam"},
    "pedir": {"other": "peço peça peçam peçamos"},
    "medir": {"other": "meço meça meçam meçamos"},
    "ouvir": {"other": "ouço ouça ouçam ouçamos"},
    "perder": {"other": "perco perca percam percamos"},
    "valer": {"other": "valho valha valham"},
    "reunir": {"third": "reúne", "other": "reúno reúnem reúna reúnam"},
    "proibir": {"third": "proíbe", "other": "proíbo proíbem proíba proíbam"},
}
_PREFIXES = {
    "ter": "abs ater con de en man ob re sus",
    "vir": "ad con inter pro re sobre",
    "ver": "ante entre pre re",
    "por": "com contra de decom dis ex im inter o pro predis pressu re recom sobre su trans",
    "fazer": "contra des li re satis",
    "dizer": "ben con contra des mal pre",
    "ler": "re tres",
    "crer": "des",
    "querer": "re",
    "pedir": "des ex im",
    "valer": "equi pre",
}
_PARTICIPLES = {
    "escrever": "escrito",
    "abrir": "aberto",
    "cobrir": "coberto",
    "ganhar": "ganho",
    "gastar": "gasto",
    "pagar": "pago",
    "entregar": "entregue",
    "aceitar": "aceito",
    "eleger": "eleito",
    "imprimir": "impresso",
    "prender": "preso",
    "suspender": "suspenso",
    "soltar": "solto",
    "romper": "roto",
}


def is_infinitive(word: str) -> bool:
    """Whether it could be one; so could some nouns (lugar, mulher)."""
    return len(word) > 2 and word.endswith(("ar", "er", "ir", "pôr", "por"))


def verb_forms(verb: str) -> Iterator[Form]:
    """All that is not the infinitive."""
    verb = verb[:-2] + "or" if verb.endswith("ôr") else verb
    yield from _of_family(verb)
    yield from _strong_participles(verb)
    stem, conjugation = verb[:-2], verb[-2:]
    if conjugation == "ir" and stem.endswith(("a", "o", "u")) and not stem.endswith(("gu", "qu")):
        conjugation = "^ir"
    if conjugation not in _ENDINGS:
        return
    if verb.endswith("uzir"):
        yield Form("third", stem)
    yield from _of_present(stem, conjugation)
    for feature, endings in _ENDINGS[conjugation].items():
        for ending in endings.split():
            yield Form(feature, _spelt(stem, conjugation, ending))


def _of_family(verb: str) -> Iterator[Form]:
    for family, features in _FAMILIES.items():
        prefix = verb.removesuffix(family)
        if verb == prefix or (prefix and prefix not in _PREFIXES.get(family, "").split()):
            continue
        for feature, forms in features.items():
            for form in _usual_first(forms.split(), feature, prefix):
                yield Form(feature, prefix + form)


def _usual_first(forms: list[str], feature: Feature, prefix: str) -> list[str]:
    """`tem`, but `mantém`."""
    return forms[::-1] if prefix and feature == "third" else forms


def _strong_participles(verb: str) -> Iterator[Form]:
    for base, participle in _PARTICIPLES.items():
        if verb.endswith(base):
            whole = verb.removesuffix(base) + participle
            endings = ("e", "es") if whole.endswith("e") else ("o", "a", "os", "as")
            yield from (Form("participle", whole[:-1] + ending) for ending in endings)


def _of_present(stem: str, conjugation: str) -> Iterator[Form]:
    """Stems that change under stress: bloqueia, constrói, sirvo, durmo, consome."""
    if conjugation == "ar" and stem.endswith("e"):
        yield Form("third", stem + "ia")
        yield from (Form("other", stem + "i" + ending) for ending in ("o", "as", "am", "e", "es", "em"))
    if conjugation == "^ir" and stem.endswith("u"):
        yield from (Form("third", stem[:-1] + "ói"), Form("other", stem[:-1] + "oem"))
    if conjugation != "ir":
        return
    before, vowel, after = _last_vowel(stem)
    if vowel == "u":
        yield from (Form("other", before + "o" + after + ending) for ending in ("e", "es", "em"))
    if vowel in ("e", "o"):
        changed = before + {"e": "i", "o": "u"}[vowel] + after
        yield from (Form("other", _spelt(changed, "ir", ending)) for ending in ("o", "a", "as", "am", "amos"))


def _last_vowel(stem: str) -> tuple[str, str, str]:
    """The stem around it; the u of gu and qu is none: segu-ir."""
    end = len(stem) - 1 if stem.endswith(("gu", "qu")) else len(stem)
    for place in range(end - 1, -1, -1):
        if stem[place] in "aeiou":
            return stem[:place], stem[place], stem[place + 1 :]
    return stem, "", ""


def _spelt(stem: str, conjugation: str, ending: str) -> str:
    """A stem's last consonant keeps its sound: fico, fique; proteger, protejo; seguir, sigo."""
    front = ending[0] in "eiéíê"
    if conjugation == "ar" and front:
        if stem.endswith("ç"):
            return stem[:-1] + "c" + ending
        if stem.endswith(("c", "g")):
            return stem[:-1] + {"c": "qu", "g": "gu"}[stem[-1]] + ending
    if conjugation in ("er", "ir") and not front:
        if stem.endswith("gu"):
            return stem[:-1] + ending
        if stem.endswith(("c", "g")):
            return stem[:-1] + {"c": "ç", "g": "j"}[stem[-1]] + ending
    return stem + ending
