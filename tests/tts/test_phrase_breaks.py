import pytest

from tts.phrase_breaks import Break, PhraseBreaks, ends_sentence


@pytest.mark.parametrize(
    ("language", "before", "after", "place"),
    [
        ("pt", "esperar,", "tudo", Break.PUNCTUATION),
        ("pt", "ontem", "que", Break.CLAUSE),
        ("pt", "discurso", "para", Break.PHRASE),
        ("pt", "fala", "rápido", Break.POSSIBLE),
        ("pt", "suas", "ferramentas", None),
        ("pt", "muitas", "mensagens", None),
        ("pt", "para", "enviar", None),
        ("pt", "mensagens", "de", None),
        ("pt-BR", "o", "projeto", None),
        ("en", "speech", "of", None),
        ("en", "New", "York", None),
        ("en", "25", "kilometres", None),
        ("en", "25,", "then", Break.PUNCTUATION),
        ("en", "Mr.", "Smith", None),
        ("en", "tools", "or", Break.CLAUSE),
        ("de", "das", "Haus", Break.POSSIBLE),
    ],
)
def test_a_place_is_as_good_as_the_words_around_it_make_it(
    language: str, before: str, after: str, place: Break | None
) -> None:
    assert PhraseBreaks(language).after([before, after], 1) is place


def test_after_the_last_word_only_that_word_counts() -> None:
    breaks = PhraseBreaks("pt")
    assert breaks.after(["mensagens"], 1) is Break.POSSIBLE
    assert breaks.after(["para"], 1) is None


@pytest.mark.parametrize(
    ("word", "ends"), [("lá.", True), ("lá?”", True), ("Dr.", False), ("J.", False), ("U.S.", False)]
)
def test_an_abbreviation_or_initial_ends_no_sentence(word: str, ends: bool) -> None:
    assert ends_sentence(word) is ends
