from hypothesis import given
from hypothesis import strategies as st

from tts.kokoro import pace, split_phonemes
from tts.kokoro_phonemes import rewrite


def test_affricates_become_one_letter() -> None:
    assert rewrite("t^ʃˈa^ʊ d^ʒˈiæ tʃ", english=False) == "ʧˈaʊ ʤˈiæ ʧ"


def test_a_nasal_vowel_keeps_its_tilde() -> None:
    assert rewrite("xˌeuniˈɐ̃^ʊ̃", english=False) == "xˌeuniˈɐ̃ʊ̃"


def test_english_diphthongs_and_r_colours_are_written_as_kokoro_does() -> None:
    assert rewrite("nˈa^ɪn tə dˈe^ɪ bˈɜːd wˈɛðɚ ɹˈo^ʊd", english=True) == "nˈIn tə dˈA bˈɜɹd wˈɛðəɹ ɹˈOd"


def test_a_short_input_is_paced_up_a_little_and_never_down() -> None:
    assert 1.1 < pace(20, 1.0) < 1.2
    assert 1.0 < pace(200, 1.0) < 1.02
    assert pace(20, 1.25) == 1.3
    assert pace(20, 1.5) == 1.5


def test_a_long_input_is_split_after_the_last_sentence_that_fits() -> None:
    assert split_phonemes("aaa. bbb, ccc ddd", 12) == ["aaa.", " bbb,", " ccc ddd"]


@given(st.text("ab .,", max_size=200), st.integers(1, 40))
def test_pieces_join_to_the_whole_and_none_is_too_long(phonemes: str, limit: int) -> None:
    pieces = split_phonemes(phonemes, limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join(pieces).rstrip() == phonemes.rstrip()
