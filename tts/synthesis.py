"""What is asked of a voice: the request that every synthesis model takes."""

from __future__ import annotations

from dataclasses import dataclass

from tts.normalize import normalize

CLOSERS = "\"'”’»)]"
"""what may stand after the mark that ends a sentence or clause"""


@dataclass(frozen=True, slots=True)
class SynthesizeRequest:
    """A clause to be spoken; the result is mono float32 at `streaming.audio.SPEECH_RATE_HZ`."""

    text: str
    language: str
    """BCP 47, as `pt` or `pt-BR`"""
    voice: str
    """a name the model knows, see `tts.voices`"""
    tempo: float = 1.0
    """speaking rate, 1.0 = the voice's own"""
    sentence_end: bool = True
    """False: more of the sentence follows, the voice must not fall"""


def is_speakable(text: str) -> bool:
    """False for what is punctuation alone."""
    return any(character.isalnum() for character in text)


def spoken_text(request: SynthesizeRequest) -> str:
    """The request's text as its voice should read it, empty if there is nothing to say."""
    if not is_speakable(request.text):
        return ""
    return with_final_punctuation(normalize(request.text, request.language), sentence_end=request.sentence_end)


def with_final_punctuation(text: str, *, sentence_end: bool) -> str:
    """`text` ended as the voice should hear it: a sentence by `.`, `?` or `!`, a clause that goes on by a comma."""
    bare = text.strip().rstrip(CLOSERS + " ")
    if sentence_end:
        return bare if bare.endswith((".", "?", "!", "…")) else bare.rstrip(",;:—–-") + "."
    return bare.rstrip(",;:—–-.…").rstrip() + ","
