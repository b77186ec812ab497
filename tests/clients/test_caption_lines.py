from hypothesis import given
from hypothesis import strategies as st

from clients.caption_lines import LINE_CHARACTERS, CaptionLines
from streaming.wire import SourceSegment, SourceTranscriptUpdate, TargetSegment, TargetTranscriptUpdate


def source(*texts: str) -> SourceTranscriptUpdate:
    return SourceTranscriptUpdate(tuple(SourceSegment("en", text, 0.0, 0.0) for text in texts))


def test_a_sentence_becomes_one_line_when_it_ends():
    lines = CaptionLines()
    assert lines.push(source("Good", "morning")) == []
    assert lines.push(source("everyone.", "So")) == ["en    Good morning everyone."]


def test_two_languages_do_not_mix():
    lines = CaptionLines()
    lines.push(source("Good"))
    update = TargetTranscriptUpdate("pt-BR", (TargetSegment("Bom dia.", 0.0, 0.0),))
    assert lines.push(update) == ["pt-BR Bom dia."]


def test_what_was_never_completed_comes_at_the_end():
    lines = CaptionLines()
    lines.push(source("Good", "mor"))
    assert lines.flush() == ["en    Good mor"]
    assert lines.flush() == []


def test_tentative_text_is_not_printed():
    update = SourceTranscriptUpdate(tentative=(SourceSegment("en", "Perhaps.", 0.0, 0.0),))
    assert CaptionLines().push(update) == []


@given(st.lists(st.from_regex(r"\A[a-z]{1,12}[.]?\Z"), max_size=60))
def test_no_word_is_lost_and_no_line_runs_on(words):
    lines = CaptionLines()
    printed = [line for word in words for line in lines.push(source(word))] + lines.flush()
    assert " ".join(line.removeprefix("en").strip() for line in printed).split() == words
    assert all(len(line) < LINE_CHARACTERS + 20 for line in printed)
