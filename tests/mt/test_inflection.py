from __future__ import annotations

import pytest

from mt import english_inflection, portuguese_conjugation, portuguese_inflection
from mt.inflection import inflect
from mt.word_form import Feature
from streaming.glossary import Pos


def usual(forms: object, feature: Feature) -> str:
    return next(form.text for form in forms if form.feature == feature)  # type: ignore[attr-defined]


def phrases(text: str, pos: Pos, language: str) -> set[str]:
    return {" ".join(form) for _, form in inflect(tuple(text.split()), pos, language)}


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("budget", "budgets"),
        ("box", "boxes"),
        ("city", "cities"),
        ("key", "keys"),
        ("analysis", "analyses"),
        ("child", "children"),
        ("craftsman", "craftsmen"),
        ("shelf", "shelves"),
        ("video", "videos"),
        ("equipment", "equipment"),
    ],
)
def test_english_plurals(noun: str, plural: str) -> None:
    assert usual(english_inflection.noun_forms(noun), "plural") == plural


@pytest.mark.parametrize(
    ("verb", "third", "past", "gerund"),
    [
        ("deploy", "deploys", "deployed", "deploying"),
        ("carry", "carries", "carried", "carrying"),
        ("commit", "commits", "committed", "committing"),
        ("offer", "offers", "offered", "offering"),
        ("plan", "plans", "planned", "planning"),
        ("overwrite", "overwrites", "overwrote", "overwriting"),
        ("rebuild", "rebuilds", "rebuilt", "rebuilding"),
        ("untie", "unties", "untied", "untying"),
        ("free", "frees", "freed", "freeing"),
        ("lead", "leads", "led", "leading"),
    ],
)
def test_english_verbs(verb: str, third: str, past: str, gerund: str) -> None:
    forms = list(english_inflection.verb_forms(verb))
    assert [usual(forms, feature) for feature in ("third", "past", "gerund")] == [third, past, gerund]


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("avião", "aviões"),
        ("pão", "pães"),
        ("mão", "mãos"),
        ("canal", "canais"),
        ("papel", "papéis"),
        ("nível", "níveis"),
        ("barril", "barris"),
        ("lençol", "lençóis"),
        ("imagem", "imagens"),
        ("mês", "meses"),
        ("país", "países"),
        ("ônibus", "ônibus"),
        ("cor", "cores"),
        ("vez", "vezes"),
    ],
)
def test_portuguese_plurals(noun: str, plural: str) -> None:
    assert portuguese_inflection.plurals(noun)[0] == plural


@pytest.mark.parametrize(
    ("adjective", "forms"),
    [
        ("novo", {"nova", "novos", "novas"}),
        ("inglês", {"inglesa", "ingleses", "inglesas"}),
        ("bom", {"boa", "bons", "boas"}),
        ("disponível", {"disponíveis"}),
        ("europeu", {"europeia", "europeus", "europeias"}),
    ],
)
def test_portuguese_adjectives(adjective: str, forms: set[str]) -> None:
    assert forms <= {form.text for form in portuguese_inflection.adjective_forms(adjective)}


@pytest.mark.parametrize(
    ("verb", "third", "past", "gerund", "others"),
    [
        ("implantar", "implanta", "implantou", "implantando", {"implantamos", "implantei", "implantará", "implante"}),
        ("proteger", "protege", "protegeu", "protegendo", {"protejo", "protegeria", "protegidas"}),
        ("seguir", "segue", "seguiu", "seguindo", {"sigo", "siga", "seguiram"}),
        ("ficar", "fica", "ficou", "ficando", {"fiquei", "fiquem"}),
        ("construir", "constrói", "construiu", "construindo", {"construíram", "construído", "construo"}),
        ("sair", "sai", "saiu", "saindo", {"saio", "saíram", "saia"}),
        ("bloquear", "bloqueia", "bloqueou", "bloqueando", {"bloqueio", "bloqueiem"}),
        ("traduzir", "traduz", "traduziu", "traduzindo", {"traduzem"}),
        ("manter", "mantém", "manteve", "mantendo", {"mantenho", "mantido"}),
        ("compor", "compõe", "compôs", "compondo", {"composta", "compuseram"}),
        ("escrever", "escreve", "escreveu", "escrevendo", {"escrita"}),
        ("servir", "serve", "serviu", "servindo", {"sirvo"}),
    ],
)
def test_portuguese_verbs(verb: str, third: str, past: str, gerund: str, others: set[str]) -> None:
    forms = list(portuguese_conjugation.verb_forms(verb))
    assert [usual(forms, feature) for feature in ("third", "past", "gerund")] == [third, past, gerund]
    assert others <= {form.text for form in forms}


@pytest.mark.parametrize(
    ("phrase", "pos", "language", "form"),
    [
        ("data lake", "noun", "en", "data lakes"),
        ("point of sale", "noun", "en", "points of sale"),
        ("roll out", "verb", "en", "rolled out"),
        ("lago de dados", "noun", "pt", "lagos de dados"),
        ("modelo acústico", "noun", "pt", "modelos acústicos"),
        ("palavra chave", "noun", "pt", "palavras chave"),
        ("quase acidente", "noun", "pt", "quase acidentes"),
        ("só de leitura", "adj", "pt", "só de leitura"),
        ("fazer o deploy", "verb", "pt", "fizeram o deploy"),
    ],
)
def test_the_head_of_a_phrase_inflects(phrase: str, pos: Pos, language: str, form: str) -> None:
    assert form in phrases(phrase, pos, language)


@pytest.mark.parametrize(("pos", "language"), [("name", "en"), ("noun", "de"), ("adj", "en")])
def test_without_rules_there_is_the_dictionary_form(pos: Pos, language: str) -> None:
    assert phrases("data lake", pos, language) == {"data lake"}


def test_a_long_phrase_has_no_explosion_of_forms() -> None:
    assert len(list(inflect(("não-avião",) * 30, "adj", "pt"))) < 2000
