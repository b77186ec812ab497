import re
from dataclasses import asdict

import pytest

from bench.report import write_report
from bench.summary import clip_result, summary
from streaming.errors import BadInput
from tests.bench.recordings import recording


@pytest.fixture
def page(tmp_path):
    def written(result, events):
        path = tmp_path / "report.html"
        write_report(path, result, events)
        return path.read_text(encoding="utf-8")

    return written


def result_of(*recordings, heard_text="bom dia a todos", problems=()):
    clips = [
        clip_result(one, reference=one.clip.reference, reference_from="manifest", heard_text=heard_text)
        for one in recordings
    ]
    return {
        "provenance": {
            "machine": "a CPU, 2 cores",
            "commit": None,
            "models": {"voice": "kokoro"},
            "command": "dragoman x",
        },
        "system": "in process, virtual time",
        "summary": summary(clips, "pt"),
        "clips": [asdict(clip) for clip in clips],
        "problems": list(problems),
    }


def test_it_holds_five_pictures_and_the_numbers(page):
    one = recording()
    html = page(result_of(one), {"clip": one.events})
    assert html.count("<svg ") == 5
    assert "<b>1.00 s</b><span>ear-voice span, median</span>" in html


def test_it_needs_no_network_and_no_script(page):
    one = recording()
    html = page(result_of(one), {"clip": one.events})
    assert "<script" not in html and "@import" not in html and "<link" not in html
    assert not re.search(r'(?:src|href)="(?!#)', html)


def test_text_from_outside_is_escaped(page):
    one = recording(name="<img src=x>")
    html = page(result_of(one, heard_text="</table><script>"), {"<img src=x>": one.events})
    assert "<img" not in html and "<script>" not in html
    assert "&lt;/table&gt;&lt;script&gt;" in html


def test_a_run_without_clips_still_gives_a_page(page):
    html = page(result_of(), {})
    assert html.count("no clause was heard") == 3
    assert "None: every clip went through." in html


def test_missing_figures_show_as_a_dash(page):
    html = page(result_of(), {})
    assert "<td>wer</td><td>—</td>" in html


def test_lines_and_clips_left_out_are_listed(page):
    result = result_of(recording(), problems=[{"line": 3, "reason": "missing file"}])
    html = page({**result, "failed": [{"clip": "b", "reason": "connection lost"}]}, {})
    assert "<li>line 3: missing file</li>" in html and "<li>b: connection lost</li>" in html


def test_the_command_and_the_models_are_told(page):
    html = page(result_of(recording()), {})
    assert "<pre>dragoman x</pre>" in html and "voice kokoro" in html


def test_every_figure_has_a_meaning(page):
    one = recording()
    html = page(result_of(one), {"clip": one.events})
    assert "<td></td></tr>" not in html


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(BadInput, match="can't be written"):
        write_report(tmp_path / "missing" / "report.html", result_of(), {})
