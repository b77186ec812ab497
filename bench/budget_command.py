"""`dragoman bench budget`: the same speech with the latency budget enforced and without, under an overload."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tqdm import tqdm

from bench.arguments import add_corpus, add_languages
from bench.budget_figures import BudgetRun, figures
from bench.budget_plot import write_plot
from bench.built_in_corpus import default_manifest
from bench.corpus import Clip, read_manifest
from bench.endless_clip import endless_clip
from bench.events import BenchEvent
from bench.json_output import open_output, write_json
from bench.overload import PHASES, Overload
from bench.provenance import engine_models, provenance
from bench.systems.in_process import InProcess
from server.load import Models, load_models
from server.models import ModelStore, models_dir
from streaming.budget import PRESETS, BudgetConfig
from streaming.errors import BadInput
from streaming.language import primary

_EXAMPLES = """examples:
  dragoman bench budget --from en --to pt --minutes 60 --json budget.json
  dragoman bench budget --from en --to pt --minutes 60 --virtual --json budget.json
  dragoman bench budget --from pt --to en --minutes 10 --budget fast --json - | jq .runs

The run has five phases: calm, other processes burning one core, then both, the voice's model doing everything twice,
calm again. --json budget.json also writes budget.png, the span over time with the enforcer and without.
"""
_NEVER_S = float("inf")


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench budget",
        description="Speak under an induced overload, once with the latency budget enforced and once without: the "
        "ear-voice span, what was spoken, and how soon all is well again.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_corpus(command, "path, lang")
    add_languages(command)
    command.add_argument("--minutes", type=float, default=60.0, metavar="M", help="of speech, twice (default: 60)")
    command.add_argument("--budget", choices=tuple(PRESETS), default="balanced", help="default: balanced")
    command.add_argument("--virtual", action="store_true", help="in virtual time, on virtual cores")
    command.add_argument("--json", required=True, metavar="OUT.json", help="the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for arguments or a corpus that can't be used."""
    if not 0 < args.minutes < float("inf"):
        raise BadInput("--minutes: more than none")
    source, target = primary(args.source), primary(args.target)
    store, config = ModelStore(models_dir()), PRESETS[args.budget]
    models = load_models(store, speech_kept=0)  # the corpus is said again and again, which nobody does
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        clips, _ = read_manifest(args.manifest or default_manifest(source, lambda: models.voices), source, bad="refuse")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-budget-")))
        clip = endless_clip(clips, 60 * args.minutes, folder / "speech.flac")
        runs = [
            measure(models, clip, source, target, budget, virtual=args.virtual)
            for budget in (config, BudgetConfig(_NEVER_S, config.knobs))
        ]
        found = [figures(each, clip.seconds, config.p95_s) for each in runs]
        result = {
            "provenance": provenance(engine_models({name for each in runs for name in each.models}, store)),
            "time": "virtual" if args.virtual else "real",
            "budget": {"name": args.budget, "p95_s": config.p95_s},
            "phases": [phase.name for phase in PHASES],
            "runs": found,
        }
        if out is not None:
            write_json(result, out)
    if args.json != "-":
        write_plot(Path(args.json).with_suffix(".png"), runs, clip.seconds, config.p95_s)
    for each in found:
        span = each["ear_voice_span_ms"]
        print(
            f"{'enforced' if each['enforced'] else 'not enforced'}: span p50 {span['p50']} p95 {span['p95']} ms, "
            f"{each['within_budget']} within budget, {each['spoken']} spoken, recovered in {each['recovered_s']} s",
            file=sys.stderr,
        )
    return 0


def measure(models: Models, clip: Clip, source: str, target: str, budget: BudgetConfig, *, virtual: bool) -> BudgetRun:
    """One session, from the clip's beginning until all of it has been heard."""
    voice = models.voices.choose(target, None).model.name
    overload = Overload(clip.seconds, {voice}, virtual=virtual)
    kept = BudgetRun(enforced=budget.p95_s < _NEVER_S)
    system = InProcess(
        models,
        source,
        target,
        realtime=not virtual,
        execute=overload,
        keep=False,
        budget=budget,
        beside=overload.run,
    )
    with tqdm(total=round(clip.seconds), unit="s", disable=not sys.stderr.isatty()) as bar:

        def take(event: BenchEvent) -> None:
            kept.take(event)
            bar.update(min(event.at_s, clip.seconds) - bar.n)

        system.run(clip, take)
    return kept
