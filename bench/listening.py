"""A listener's ear: the speech that came out, transcribed (Whisper base, offline, beam 5)."""

from __future__ import annotations

from pathlib import Path

from faster_whisper import WhisperModel

from asr.whisper import CPU_THREADS
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.items import Samples


class Ear:
    """What it mishears itself is in every figure that rests on it, the same for all systems."""

    def __init__(self, model: Path) -> None:
        """`model`: a folder in CTranslate2's format."""
        self._whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=CPU_THREADS)

    def transcribe(self, samples: Samples, language: str) -> str:
        """16 kHz mono."""
        segments, _ = self._whisper.transcribe(
            samples, language=language, beam_size=5, condition_on_previous_text=False, vad_filter=True
        )
        return " ".join(segment.text.strip() for segment in segments)

    def hear(self, speech: Samples, language: str) -> str:
        """24 kHz mono, as the product speaks; nothing is heard in nothing."""
        if not len(speech):
            return ""
        return self.transcribe(resample(speech, SPEECH_RATE_HZ, ASR_RATE_HZ), language)
