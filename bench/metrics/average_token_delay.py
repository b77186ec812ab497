"""Average Token Delay (Kano et al. 2023): the end of each target token minus the end of the source token it answers.

Tokens are pieces of 0.3 s where source or target are speech; written words take no time. Target token t of a chunk is
held against source token t, or against fewer where earlier chunks gave more target than source, and never against one
that came later than its own chunk. The definition follows SimulEval's, in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

TOKEN_S = 0.3
"""a word of speech, by the paper's and SimulEval's convention"""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What was written at one moment: its delay and its target tokens as (length, compute) pairs."""

    delay_s: float
    tokens: tuple[tuple[float, float], ...]
    begins_s: float


def text_delay(delays_s: Sequence[float], *, elapsed_s: Sequence[float] | None = None) -> float:
    """Of written words; computation-aware with `elapsed_s`, when each was written. Raises ValueError without words."""
    computes = _computes(delays_s, elapsed_s)
    written = zip(delays_s, computes, strict=True)
    chunks = [
        _Chunk(delay, tuple((0.0, compute) for _, compute in words), delay)
        for delay, words in groupby(written, key=lambda word: word[0])
    ]
    return _average(chunks)


def written_delay(delays_s: Sequence[float], *, written_s: Sequence[float]) -> float:
    """Of words that were really written at `written_s`: computation-aware as `heard_delay` is, and no word takes time.

    Raises ValueError without words.
    """
    if not delays_s:
        raise ValueError("no word was written")
    chunks = []
    for delay, group in groupby(zip(delays_s, written_s, strict=True), key=lambda word: word[0]):
        moments = [written for _, written in group]
        waits = [later - sooner for sooner, later in pairwise([moments[0], *moments])]
        chunks.append(_Chunk(delay, tuple((0.0, wait) for wait in waits), moments[0]))
    return _average(chunks)


def heard_delay(delays_s: Sequence[float], durations_s: Sequence[float], *, begins_s: Sequence[float]) -> float:
    """Of pieces of speech that really began at `begins_s`: the computation-aware delay of a system that runs live.

    SimulEval's own reckoning (`speech_delay` with `elapsed_s`) adds the growth of the lag to each piece, which is right
    only where compute piles up. Raises ValueError without any piece.
    """
    if not delays_s:
        raise ValueError("nothing was spoken")
    pieces = zip(delays_s, durations_s, begins_s, strict=True)
    return _average(
        [
            _Chunk(delay, tuple((length, 0.0) for length in _tokens(duration)), begin)
            for delay, duration, begin in pieces
        ]
    )


def speech_delay(
    delays_s: Sequence[float], durations_s: Sequence[float], *, elapsed_s: Sequence[float] | None = None
) -> float:
    """Of pieces of speech that last `durations_s`. Raises ValueError without any."""
    pieces = zip(delays_s, durations_s, _computes(delays_s, elapsed_s), strict=True)
    chunks = []
    for delay, group in groupby(pieces, key=lambda piece: piece[0]):
        same = list(group)
        lengths = _tokens(sum(duration for _, duration, _ in same))
        compute = sum(compute for _, _, compute in same) / max(1, len(lengths))
        chunks.append(_Chunk(delay, tuple((length, compute) for length in lengths), delay))
    return _average(chunks)


def _computes(delays_s: Sequence[float], elapsed_s: Sequence[float] | None) -> list[float]:
    """The compute that each word added to what came before it."""
    if not delays_s:
        raise ValueError("no word was written")
    if elapsed_s is None:
        return [0.0] * len(delays_s)
    behind = [elapsed - delay for elapsed, delay in zip(elapsed_s, delays_s, strict=True)]
    return [one - before for one, before in zip(behind, [0.0, *behind], strict=False)]


def _tokens(seconds: float) -> list[float]:
    """Whole tokens and a shorter rest; a rest below a microsecond is what floating point left over."""
    whole = int(seconds / TOKEN_S + 1e-6)
    rest = seconds - whole * TOKEN_S
    return [TOKEN_S] * whole + ([rest] if rest > 1e-6 else [])


def _average(chunks: Sequence[_Chunk]) -> float:
    reads = [
        later - sooner
        for later, sooner in zip([c.delay_s for c in chunks], [0.0, *(c.delay_s for c in chunks)], strict=False)
    ]
    source = [_tokens(read) for read in reads]
    source_ends = [0.0, *accumulate(length for tokens in source for length in tokens)]
    heard = written = 0
    at_s, delays = 0.0, []
    for chunk, tokens in zip(chunks, source, strict=True):
        # What earlier chunks said beyond what they had heard doesn't excuse later tokens.
        surplus = max(0, written - heard)
        heard += len(tokens)
        for index, (length, compute) in enumerate(chunk.tokens, start=written + 1):
            at_s = max(chunk.begins_s, at_s) + length + compute
            delays.append(at_s - source_ends[min(index - surplus, heard)])
        written += len(chunk.tokens)
    if not delays:
        raise ValueError("nothing was spoken")
    return sum(delays) / len(delays)
