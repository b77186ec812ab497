"""`dragoman bench`: imports the one bench asked for."""

from __future__ import annotations

import argparse
import importlib

BENCHES = {
    "latency": ("bench.latency_command", "how late and how good the speech is, clip by clip"),
    "quality": ("bench.quality_command", "how good the translation of text is at each k of wait-k, and how late"),
    "asr": ("bench.asr_command", "recognition alone: word errors, how late words are, compute and memory"),
    "silence": ("bench.silence_command", "what is recognised where nobody speaks, and what that costs"),
    "degrade": ("bench.degrade_command", "a damaged copy of a corpus: telephone, clipping, low level, lost packets"),
    "stages": ("bench.stages_command", "each model by itself, by length of its input and batch size"),
    "load": ("bench.load_command", "how many speakers a live server carries"),
    "budget": (
        "bench.budget_command",
        "speech under an induced overload, with the budget enforced and without",
    ),
    "listeners": ("bench.listeners_command", "what each further listener of a meeting costs the server"),
    "meeting": ("bench.meeting_command", "a conversation of three in real browsers"),
    "soak": ("bench.soak_command", "hours of speech in one session: whether lag or memory grow"),
    "compare": ("bench.compare_command", "two latency runs, clip by clip: what is better, by how much"),
}
_EXAMPLES = """examples:
  dragoman bench latency --from en --to pt --json run.json
  dragoman bench latency --manifest clips.tsv --from en --to pt --json run.json
  dragoman bench latency --manifest clips.tsv --from en --to pt --server http://localhost:8080 --json live.json
  dragoman bench compare run.json live.json
  dragoman bench load --from en --to pt --json load.json
  dragoman bench soak --from en --to pt --minutes 60 --json soak.json
  dragoman bench budget --from en --to pt --minutes 60 --json budget.json
  dragoman bench quality --from en --to pt --src news.en --ref news.pt
  dragoman bench asr --manifest clips.tsv --lang en
  dragoman bench degrade --manifest clips.tsv --lang en --how narrow_band --out telephone
  dragoman bench stages

`dragoman bench NAME --help` tells more.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    listed = "\n".join(f"  {name:<10} {summary}" for name, (_, summary) in BENCHES.items())
    command = argparse.ArgumentParser(
        prog="dragoman bench",
        usage="dragoman bench [-h] NAME ...",
        description=f"Measure the product.\n\nbenches:\n{listed}",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("name", choices=list(BENCHES), help=argparse.SUPPRESS)
    command.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return command


def run(args: argparse.Namespace) -> int:
    """The bench's own exit code. Raises as it does."""
    module = importlib.import_module(BENCHES[args.name][0])
    code: int = module.run(module.parser().parse_args(args.arguments))
    return code
