"""A WAV file on which speech stands at the time it was heard, silence where nothing was."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import numpy as np
import soundfile

from streaming.audio import SPEECH_RATE_HZ
from streaming.errors import BadInput
from streaming.items import Samples

JOIN_S = 0.1
"""speech that comes this little after the end of the last piece belongs to it: the network's jitter, not a pause"""
SILENCE_BLOCK = SPEECH_RATE_HZ
"""silence is written a second at a time"""


class TimeLine:
    """Writes as it goes, so that a long session needs no memory and an interrupted one is kept."""

    def __init__(self, path: Path, rate_hz: int = SPEECH_RATE_HZ) -> None:
        """Raises BadInput where no file can be written."""
        self._rate_hz = rate_hz
        self._end = 0
        try:
            self._sound = soundfile.SoundFile(path, "w", rate_hz, channels=1, subtype="PCM_16", format="WAV")
        except (soundfile.LibsndfileError, OSError) as error:
            raise BadInput(f"{path} can't be written") from error

    def __enter__(self) -> TimeLine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._sound.close()

    @property
    def end_s(self) -> float:
        """Where the last speech ends."""
        return self._end / self._rate_hz

    def place(self, samples: Samples, at_s: float) -> float:
        """Puts speech at `at_s` from the start, or right behind what is there already; returns where it began, in s."""
        begin = round(at_s * self._rate_hz)
        if begin - self._end > JOIN_S * self._rate_hz:
            self._fill(begin)
        began_s = self.end_s
        self._sound.write(samples)
        self._end += len(samples)
        return began_s

    def _fill(self, to: int) -> None:
        while self._end < to:
            count = min(SILENCE_BLOCK, to - self._end)
            self._sound.write(np.zeros(count, np.float32))
            self._end += count
