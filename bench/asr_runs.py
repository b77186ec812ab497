"""One recogniser over all clips: our commit policies in virtual time, other systems in real time, and the alignment."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from asr.align_att import AlignAtt
from asr.commit_policy import CommitPolicy
from asr.confirmed_align_att import ConfirmedAlignAtt
from asr.local_agreement import LocalAgreement
from asr.recognition import RecognizeRequest
from asr.vad import VoiceActivityDetector, load_silero
from asr.whisper import Whisper
from bench.corpus import Clip
from bench.cpu_time import in_cpu_time
from bench.offline_recognition import OfflineRecognizer
from bench.peers.peer import Peer
from bench.recognition_run import RecognitionRun, StreamingRecognizer
from bench.recognition_soak import RecognitionSoak
from clients.file import FileSource
from server.media_file import read_audio
from streaming.audio import ASR_RATE_HZ
from streaming.budget import Knobs
from streaming.items import Samples, Word
from streaming.local_engine import Execute, VirtualCores

STREAMING: dict[str, Callable[[], CommitPolicy]] = {
    "confirmed_align_att": ConfirmedAlignAtt,
    "align_att": AlignAtt,
    "local_agreement": LocalAgreement,
}
Thing = TypeVar("Thing")
OFFLINE = "offline"
STRIDE_S = Knobs().stride_s
"""the product's"""
_WARM_UP = 5 * ASR_RATE_HZ
"""samples of the first clip: what a runtime sets up at its first call isn't the first clip's"""


@dataclass(frozen=True, slots=True)
class Setting:
    """How our own recogniser is set; offline has no stride."""

    policy: str
    stride_s: float = STRIDE_S
    """new audio between two recognitions"""

    @property
    def name(self) -> dict[str, str | float]:
        return {"policy": self.policy} if self.policy == OFFLINE else {"policy": self.policy, "stride_s": self.stride_s}


@dataclass(frozen=True, slots=True)
class Measured:
    """One recogniser over all clips."""

    name: dict[str, str | float]
    """what tells it from the other runs"""
    clock: str
    runs: list[RecognitionRun]
    memory_mb: float | None


def by_peer(clips: Sequence[Clip], language: str, peer: Peer) -> Measured:
    """Raises ConnectionLost, SessionRefused, Unreachable."""
    peer.run(_samples(clips[0])[:_WARM_UP], language)
    runs = [peer.run(_samples(clip), language) for clip in _shown(clips, peer.name)]
    return Measured({"peer": peer.name, "address": peer.address}, "real", runs, None)


def by_policy(
    clips: Sequence[Clip],
    language: str,
    folder: Path,
    setting: Setting,
    *,
    speakers: int,
    first: bool,
    cpu_time: bool = False,
) -> Measured:
    """`folder`: a Whisper; `first`: nothing else has been measured in this process, so its peak of memory counts.

    `speakers` clips of like length are spoken at once; offline is not streamed and takes one after the other.
    `cpu_time`: compute is CPU time, which is for one speaker.
    """
    if setting.policy == OFFLINE:
        offline = OfflineRecognizer(folder, language, timer=time.process_time if cpu_time else time.perf_counter)
        runs = [offline.run(_samples(clip)) for clip in _shown(clips, OFFLINE)]
    else:
        recognizer = _streaming(folder, language, setting, execute=_execute(cpu_time))
        runs = _together(recognizer, clips, speakers, setting.policy)
    return Measured(
        setting.name, "virtual, CPU time" if cpu_time else "virtual", runs, _peak_memory_mb() if first else None
    )


def in_one_stream(clip: Clip, folder: Path, setting: Setting, *, cpu_time: bool = False) -> RecognitionSoak:
    """The whole clip by one of our streaming policies; it is never in memory as a whole."""
    recognizer = _streaming(folder, clip.language, setting)
    soak = RecognitionSoak()
    with FileSource(clip.path) as source:
        chunks: Iterable[Samples] = tqdm(
            source.chunks(), total=round(10 * clip.seconds), unit="chunk", disable=not sys.stderr.isatty()
        )
        soak.run(chunks, recognizer.stage, execute=_execute(cpu_time))
    return soak


def _together(
    recognizer: StreamingRecognizer, clips: Sequence[Clip], speakers: int, policy: str
) -> list[RecognitionRun]:
    by_length = sorted(range(len(clips)), key=lambda place: clips[place].seconds)
    runs: dict[int, RecognitionRun] = {}
    for begin in _shown(range(0, len(clips), speakers), policy):
        places = by_length[begin : begin + speakers]
        together = recognizer.run_together([_samples(clips[place]) for place in places])
        runs.update(zip(places, together, strict=True))
    return [runs[place] for place in range(len(clips))]


def spoken_words(clips: Sequence[Clip], language: str, folder: Path, measured: Sequence[Measured]) -> list[list[Word]]:
    """The offline alignment: that of the offline run where there is one."""
    for one in measured:
        if one.name.get("policy") == OFFLINE:
            return [[committed.word for committed in run.words] for run in one.runs]
    # Loaded only now: the alignment's memory isn't the recogniser's.
    aligner = OfflineRecognizer(folder, language)
    return [aligner.align(_samples(clip)) for clip in _shown(clips, "aligning")]


def _execute(cpu_time: bool) -> Callable[[], Execute]:
    """Makes what runs the model calls of a clip."""
    return (lambda: in_cpu_time) if cpu_time else VirtualCores


def _streaming(
    folder: Path, language: str, setting: Setting, *, execute: Callable[[], Execute] = VirtualCores
) -> StreamingRecognizer:
    whisper = Whisper(folder)
    # What the runtime sets up at its first call isn't the first clip's.
    whisper.run([RecognizeRequest(np.zeros(ASR_RATE_HZ, np.float32), language, (), 1)])
    silero = load_silero()
    return StreamingRecognizer(
        whisper,
        whisper.tokens,
        lambda: VoiceActivityDetector(silero),
        language,
        STREAMING[setting.policy],
        knobs=partial(Knobs, stride_s=setting.stride_s),
        execute=execute,
    )


def _samples(clip: Clip) -> Samples:
    return np.concatenate(list(read_audio(clip.path)))


def _shown(things: Sequence[Thing], doing: str) -> Sequence[Thing]:
    """With a progress bar for a person who watches."""
    bar: Sequence[Thing] = tqdm(things, unit="clip", desc=doing, disable=not sys.stderr.isatty())
    return bar


def _peak_memory_mb() -> float:
    """Resident; the kernel counts in KiB, macOS in bytes (getrusage(2))."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)
