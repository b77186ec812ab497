import xml.etree.ElementTree as ElementTree

import pytest

from bench import plots
from bench.events import BenchEvent, BudgetChanged, ClauseHeard, ClauseSkipped
from bench.waterfall import median_clause, stages
from tests.bench.recordings import recording


def clip(name="clip", *, reference="Bom dia a todos", transcript="Good morning everyone"):
    return {
        "name": name,
        "seconds": 4.0,
        "transcript": transcript,
        "reference": reference,
        "source_text": "Good morning everyone",
        "target_text": "Bom dia a todos",
    }


def heard(span_s, *, index=0, source_end_s=2.0):
    return ClauseHeard(index, "sim", 1.0, source_end_s, 2.5, 2.8, source_end_s + span_s, 1.0, span_s)


def test_each_clause_is_a_dot_at_its_source_end():
    told = list(recording().events)
    assert plots.spans_over_time([clip()], {"clip": told}).count("<use ") > plots.spans_over_time(
        [clip()], {"clip": [heard(1.0)]}
    ).count("<use ")


def test_a_skipped_clause_is_told_of():
    told: list[BenchEvent] = [heard(1.0), ClauseSkipped(1, "não", 2.0, 3.0, "late", 4.0)]
    assert "not spoken" in plots.spans_over_time([clip()], {"clip": told})


def test_a_raised_budget_level_is_shaded():
    told: list[BenchEvent] = [heard(1.0), BudgetChanged(2, "speaking faster", 1.0), BudgetChanged(0, "calm", 2.0)]
    svg = plots.spans_over_time([clip()], {"clip": told})
    assert "opacity: 0.12" in svg.replace("fill-opacity", "opacity")


def test_a_picture_without_clauses_says_so():
    assert "no clause was heard" in plots.spans_over_time([clip()], {})
    assert "no clause was heard" in plots.span_distribution({"clip": []})
    assert "no clause was heard" in plots.waterfall([])


def test_a_clip_without_texts_gives_no_quality():
    silent = clip(reference="", transcript="")
    assert "no clip with clauses has" in plots.quality_against_lag([silent], {"clip": [heard(1.0)]})


def test_word_accuracy_stands_in_where_no_clip_has_a_reference():
    svg = plots.quality_against_lag([clip(reference="")], {"clip": [heard(1.0)]})
    assert "word accuracy" in svg and ">chrF<" not in svg


def test_of_a_long_name_its_end_is_shown():
    svg = plots.quality_against_lag([clip("a" * 30 + "-0001")], {"a" * 30 + "-0001": [heard(1.0)]})
    assert "…aaaaaaaaaaaa-0001" in svg and "a" * 18 not in svg


def test_a_system_that_does_not_tell_its_compute_is_named_so():
    assert "does not tell" in plots.compute_by_model({})


def test_names_are_escaped_and_no_formulas():
    svg = plots.compute_by_model({"<b>$x^2$": 0.5})
    assert "&lt;b&gt;$x^2$" in svg and "<b>" not in svg


@pytest.mark.filterwarnings("error")
def test_letters_of_any_script_pass():
    assert "こんにちは" in plots.compute_by_model({"こんにちは": 0.5})


def test_the_picture_is_xml_in_the_page_s_colour():
    svg = plots.span_distribution({"clip": [heard(1.0), heard(2.0, index=1)]})
    assert ElementTree.fromstring(svg).get("aria-label") == "Distribution of ear-voice spans"
    assert "currentColor" in svg and "#010203" not in svg


def test_no_two_pictures_define_the_same_name():
    told = {"clip": list(recording().events)}
    pictures = [plots.spans_over_time([clip()], told), plots.span_distribution(told), plots.compute_by_model({"a": 1})]
    names = [element.get("id") for svg in pictures for element in ElementTree.fromstring(svg).iter()]
    named = [name for name in names if name]
    assert len(named) == len(set(named)) > 0


def test_the_same_run_gives_the_same_picture():
    told = {"clip": list(recording().events)}
    assert plots.span_distribution(told) == plots.span_distribution(told)


def test_the_median_of_two_clauses_is_the_shorter_span():
    found = median_clause({"a": [heard(3.0)], "b": [heard(1.0)]})
    assert found is not None and found[0] == "b"


def test_stages_add_up_to_the_span():
    told = recording(late_s=0.3).events
    found = median_clause({"clip": told})
    assert found is not None
    way = stages(found[1], told)
    assert [stage.name for stage in way][:3] == ["audio waited for", "source words committed", "target words committed"]
    assert sum(stage.seconds for stage in way) == pytest.approx(1.3)


def test_stages_by_hand():
    told = recording().events  # "Bom dia": heard to 1.5, recognised 1.6, translated 1.7, spoken 2.2
    first = next(event for event in told if isinstance(event, ClauseHeard))
    assert [round(stage.seconds, 3) for stage in stages(first, told)] == [0.3, 0.1, 0.1, 0.5]


def test_a_stage_over_before_the_one_ahead_takes_no_time():
    early = ClauseHeard(0, "sim", 1.0, 2.0, 1.8, 1.9, 3.0, 1.0, 1.0)
    assert [stage.seconds for stage in stages(early, [])] == [0.0, 0.0, 0.0, 1.0]
