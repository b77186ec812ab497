"""`dragoman bench compare`: two runs of `bench latency` on the same clips."""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from bench.lags import LAGS
from bench.metrics.compute import compute_per_second
from bench.metrics.quality import chrf
from bench.metrics.word_error_rate import plain, word_errors
from bench.paired_bootstrap import Difference, paired_bootstrap
from streaming.errors import BadInput

_EXAMPLES = """examples:
  dragoman bench compare before.json after.json
  dragoman bench compare virtual.json live.json --json -
"""
_MORE_IS_BETTER = ("chrf", "asr_chrf")
_CLIP_FIELDS = {
    "name", "seconds", "transcript", "reference", "source_text", "target_text", "heard_text", "lags_s", "compute_s",
}  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench compare",
        description="Hold run B against run A, clip by clip: the mean difference of each metric with its 95 % "
        "interval by paired bootstrap over the clips.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("a", type=Path, metavar="A.json")
    command.add_argument("b", type=Path, metavar="B.json")
    command.add_argument("--json", metavar="OUT.json", help="write the comparison; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for what is no result of `bench latency`, and where no clip is common."""
    differences, clips = compare(_clips(args.a), _clips(args.b))
    if args.json:
        text = json.dumps(
            {"clips": clips, "metrics": {name: _in_words(name, one) for name, one in differences.items()}}, indent=1
        )
        if args.json == "-":
            print(text)
            return 0
        _write(Path(args.json), text)
    print(f"B against A on {clips} common clips: mean difference [95 % interval], share of resamples with B better")
    for name, difference in differences.items():
        interval = f"[{difference.low:+.3f}, {difference.high:+.3f}]"
        share = f"{_better_share(name, difference):4.0%}"
        print(f"  {name:<24} {difference.mean:+9.3f} {interval:<20} {share}  {_verdict(name, difference)}")
    return 0


def compare(a: dict[str, Any], b: dict[str, Any]) -> tuple[dict[str, Difference], int]:
    """By metric, and the number of common clips. Raises BadInput where there is none."""
    common = [name for name in a if name in b]
    if not common:
        raise BadInput("the two runs have no clip in common")
    found = {}
    measured = [(_figures(a[name]), _figures(b[name])) for name in common]
    for metric in sorted({metric for one, other in measured for metric in (*one, *other)}):
        pairs = [(one[metric], other[metric]) for one, other in measured if metric in one and metric in other]
        if pairs:
            found[metric] = paired_bootstrap([one for one, _ in pairs], [other for _, other in pairs])
    return found, len(common)


def _figures(clip: dict[str, Any]) -> dict[str, float]:
    """One number a metric: the median of its samples, seconds; qualities and compute of the clip alone."""
    figures = {f"{lag}_s": statistics.median(clip["lags_s"][lag]) for lag in LAGS if clip["lags_s"].get(lag)}
    if clip["compute_s"]:
        figures["compute_per_second"] = compute_per_second(clip["compute_s"], clip["seconds"])["all"]
    if clip["transcript"]:
        figures["wer"] = word_errors(clip["transcript"], clip["source_text"]).rate
    if clip["reference"]:
        figures["chrf"] = chrf([clip["target_text"]], [clip["reference"]])
        figures["asr_chrf"] = chrf([plain(clip["heard_text"])], [plain(clip["reference"])])
    return figures


def _in_words(name: str, difference: Difference) -> dict[str, Any]:
    """`mean`, `low` and `high` are B minus A; `b_better` is a share."""
    return {
        "mean": difference.mean,
        "low": difference.low,
        "high": difference.high,
        "b_better": _better_share(name, difference),
        "verdict": _verdict(name, difference),
    }


def _better_share(name: str, difference: Difference) -> float:
    """Of the resamples; those in which both are equal count for neither."""
    return difference.rises if name in _MORE_IS_BETTER else difference.falls


def _verdict(name: str, difference: Difference) -> str:
    if difference.low <= 0 <= difference.high:
        return "no clear difference"
    return "B is better" if (difference.mean > 0) == (name in _MORE_IS_BETTER) else "A is better"


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def _clips(path: Path) -> dict[str, Any]:
    try:
        clips = json.loads(path.read_text(encoding="utf-8"))["clips"]
        for clip in clips:
            if not clip.keys() >= _CLIP_FIELDS:
                raise KeyError
        return {clip["name"]: clip for clip in clips}
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{path} is not a result of `dragoman bench latency`") from error
