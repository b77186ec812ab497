"""`dragoman bench degrade`: a damaged copy of a corpus, which every other bench takes as it takes the original."""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from bench.corpus import Clip, Segment, read_manifest
from bench.degradation import DEGRADATIONS
from server.media_file import read_audio
from streaming.audio import ASR_RATE_HZ
from streaming.errors import BadInput
from streaming.items import Samples
from streaming.language import primary

_COLUMNS = ("path", "lang", "transcript", "reference", "segments", "type")
_SEGMENT_COLUMNS = ("start", "end", "transcript", "reference")
_EXAMPLES = """examples:
  dragoman bench degrade --manifest clips.tsv --lang en --how narrow_band --out telephone
  dragoman bench asr --manifest telephone/manifest.tsv --lang en --policy confirmed_align_att,offline
  dragoman bench degrade --manifest clips.tsv --lang pt --how noise,clipped,packet_loss --out worst --seed 2

how: narrow_band, a telephone call, 300 to 3400 Hz in G.711 mu-law; clipped, 5 % of the samples cut off; quiet and
very_quiet, speech at -60 and -70 dBFS; packet_loss, 5 % of the 20 ms packets silent; burst_loss, the same three in a
row in the mean; noise, pink at 10 dB; hum, of the mains at 10 dB. Several are done one after the other.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench degrade",
        description="Write a damaged copy of a corpus: 16 kHz WAV files and their manifest.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--manifest", type=Path, required=True, metavar="M.tsv", help="the corpus, left as it is")
    command.add_argument("--lang", required=True, metavar="LANG", help="its clips in this language")
    command.add_argument("--how", type=_ways, required=True, metavar="HOW,...", help=f"of {', '.join(DEGRADATIONS)}")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="made where it is absent")
    command.add_argument(
        "--seed", type=int, default=1, metavar="N", help="another seed loses other packets (default: 1)"
    )
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for a corpus or a folder that can't be used."""
    if args.seed < 0:
        raise BadInput("--seed: none below zero")
    language = primary(args.lang)
    clips, _ = read_manifest(args.manifest, language, bad="refuse")
    try:
        _write(clips, args.how, args.out, args.seed)
    except OSError as error:
        raise BadInput(f"{args.out} can't be written: {error.strerror}") from error
    print(f"{args.out / 'manifest.tsv'}: {len(clips)} clips in {language}, {', '.join(args.how)}")
    return 0


def _ways(text: str) -> list[str]:
    ways = text.split(",")
    if unknown := [way for way in ways if way not in DEGRADATIONS]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not of {', '.join(DEGRADATIONS)}")
    return ways


def _write(clips: Sequence[Clip], ways: Sequence[str], folder: Path, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for clip in clips:
        wav, segments = f"{clip.name}.wav", f"{clip.name}.segments.tsv" if clip.segments else ""
        soundfile.write(folder / wav, _degraded(clip, ways, seed), ASR_RATE_HZ, subtype="PCM_16")
        if segments:
            _write_table(folder / segments, _SEGMENT_COLUMNS, [_segment_row(segment) for segment in clip.segments])
        kind = ", ".join((*filter(None, [clip.kind]), *ways))
        rows.append((wav, clip.language, clip.transcript, clip.reference, segments, kind))
    _write_table(folder / "manifest.tsv", _COLUMNS, rows)


def _degraded(clip: Clip, ways: Sequence[str], seed: int) -> Samples:
    """A clip's damage depends on its name, not on which clips come before it."""
    samples = np.concatenate(list(read_audio(clip.path)))
    rng = np.random.default_rng([seed, zlib.crc32(clip.name.encode())])
    for way in ways:
        samples = DEGRADATIONS[way](samples, rng)
    return samples


def _segment_row(segment: Segment) -> tuple[str, ...]:
    return f"{segment.start_s:.3f}", f"{segment.end_s:.3f}", segment.transcript, segment.reference


def _write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as table:
        table.writelines("\t".join(row) + "\n" for row in (columns, *rows))
