from __future__ import annotations

import json

from server.transcript_export import export
from server.transcript_lines import Line
from server.transcript_store import Session, StoredTranscript

SESSION = Session("7", "en", ("pt",), 0.0)


def said(text: str, start_s: float, end_s: float) -> Line:
    return Line("en", True, 0, text, start_s, end_s, 60.0)


def translated(text: str, start_s: float, end_s: float, *, language: str = "pt", skipped: bool = False) -> Line:
    return Line(language, False, 0, text, start_s, end_s, 60.0, skipped)


TALK = StoredTranscript(
    SESSION,
    (
        said("The budget that we have is small.", 1.0, 3.5),
        translated("O orçamento", 1.0, 2.0),
        translated("que temos", 2.0, 3.0, skipped=True),
        translated("é pequeno.", 3.0, 3.5),
        said("Thank you.", 65.25, 66.0),
        translated("Obrigado.", 65.25, 66.0),
    ),
)


def cues(*lines: Line) -> list[str]:
    """The texts of the captions."""
    blocks = export(StoredTranscript(SESSION, lines), "srt").split("\n\n")
    return [block.strip().split("\n", 2)[2] for block in blocks]


def test_json_has_both_languages_with_their_times() -> None:
    body = json.loads(export(TALK, "json"))
    assert {name: value for name, value in body.items() if name != "lines"} == {
        "session_id": "7",
        "source_language": "en",
        "target_languages": ["pt"],
        "begun": "1970-01-01T00:00:00.000+00:00",
    }
    assert body["lines"][2] == {
        "kind": "translation",
        "language": "pt",
        "text": "que temos",
        "start_s": 2.0,
        "end_s": 3.0,
        "committed": "1970-01-01T00:01:00.000+00:00",
        "skipped": True,
    }


def test_plain_text_says_when_in_which_language_and_what_was_not_spoken() -> None:
    assert export(TALK, "txt").splitlines() == [
        "1970-01-01T00:00:00.000+00:00 en to pt",
        "",
        "0:00:01 en: The budget that we have is small.",
        "0:00:01 pt: O orçamento",
        "0:00:02 pt (not spoken): que temos",
        "0:00:03 pt: é pequeno.",
        "0:01:05 en: Thank you.",
        "0:01:05 pt: Obrigado.",
    ]


def test_a_caption_is_a_sentence_with_its_whole_translation() -> None:
    blocks = export(TALK, "srt").split("\n\n")
    assert blocks[0].splitlines() == [
        "1",
        "00:00:01,000 --> 00:00:03,500",
        "The budget that we have is small.",
        "O orçamento que temos é pequeno.",
    ]
    assert "00:01:05.250 --> 00:01:06.250\n<c.source>Thank you.</c>\nObrigado.\n" in export(TALK, "vtt")


def test_a_caption_has_a_line_for_each_language() -> None:
    both = translated("Obrigado.", 0.0, 1.0), translated("Gracias.", 0.0, 1.0, language="es")
    assert cues(said("Thank you.", 0.0, 1.0), *both) == ["Thank you.\nGracias.\nObrigado."]


def test_a_translation_of_what_is_not_written_stands_alone() -> None:
    later = said("Thank you.", 5.0, 6.0), translated("Obrigado.", 5.0, 6.0)
    assert cues(translated("Bom dia.", 0.0, 1.0), *later) == ["Bom dia.", "Thank you.\nObrigado."]


def test_what_is_not_translated_yet_has_a_caption() -> None:
    assert cues(said("Thank you.", 0.0, 1.0)) == ["Thank you."]
