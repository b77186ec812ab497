"""Prefix-to-prefix translation with a Marian student under ONNX Runtime: greedy, in batches, stateless.

The encoder runs anew on every source prefix, since it is bidirectional (as in test-time wait-k, Ma et al. 2019; Elbayad
et al. 2020 train for it); the decoder goes on from the SSRU cells (Kim et al. 2019) of the committed target, which
travel with the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from mt.greedy import EMPTY_TARGET, Goal, GreedyTarget, TargetState
from mt.marian import Float32
from mt.speculative_beam import WINDOW, SpeculativeBeam
from mt.term_guide import TermGuide
from mt.tokenizer import Tokenizer
from mt.wait_k import POLICY_FILE, WaitK
from streaming.errors import BadInput, ModelMissing

ENCODER_FILE = "encoder.onnx"
DECODER_FILE = "decoder.onnx"
_MAX_BATCH = 8
_MAX_SOURCE_TOKENS = 256
"""far above the 50 words that a sentence may have; what goes beyond is junk and isn't worth its time"""


@dataclass(frozen=True, slots=True)
class TranslateRequest:
    """A source prefix, what its translation so far is, and how much more of it is wanted."""

    source: str
    final: bool
    """the source sentence is complete: translate to its end"""
    target: TargetState = EMPTY_TARGET
    words: int = 0
    """further target words to commit at most, while the source isn't final"""
    tentative_words: int = 0
    """length of the tentative continuation at most"""
    due: int = 0
    """of `words`, so many must be written even where the model would rather read on"""
    read_above: float = 0.5
    """probability of a READ above which a word that isn't due is held back"""
    terms: tuple[str, ...] = ()
    """a glossary's translations that stand in the source, each as often as it does there"""


@dataclass(frozen=True, slots=True)
class TranslateResult:
    words: tuple[str, ...]
    """newly committed, with their punctuation; the whole rest of the sentence if the source was final"""
    target: TargetState
    """to go on from"""
    tentative: str = ""


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the decoder attends to: keys (layers, B, heads, d, S), values (layers, B, heads, S, d), mask (B, S)."""

    keys: Float32
    values: Float32
    mask: Float32

    def rows(self, kept: list[int]) -> _Memory:
        return _Memory(self.keys[:, kept], self.values[:, kept], self.mask[kept])


class Translator:
    """One direction of one language pair."""

    def __init__(self, model_dir: Path, *, threads: int = 1) -> None:
        """`model_dir` holds encoder.onnx, decoder.onnx (see `mt.export`), vocab.*.spm, and policy.json if it is tuned.

        Raises ModelMissing when one is absent, BadInput when one can't be read.
        """
        vocabularies = sorted(model_dir.glob("vocab.*.spm"))
        if len(vocabularies) != 1:
            raise ModelMissing(f"{model_dir}: needs one vocab.*.spm, has {len(vocabularies)}")
        self.name = model_dir.name
        self.max_batch = _MAX_BATCH
        self.threads = threads
        self.policy = WaitK.of_model(model_dir)
        self.marks_end = (model_dir / POLICY_FILE).is_file()
        """whether it was tuned, and so tells a complete source from a prefix by the mark at its end"""
        self._tokenizer = Tokenizer(vocabularies[0])
        self._encoder = _load(model_dir / ENCODER_FILE, threads)
        self._decoder = _load(model_dir / DECODER_FILE, threads)
        layers, _, dim = next(each.shape for each in self._decoder.get_inputs() if each.name == "state")
        self._empty = np.zeros((layers, dim), np.float32)

    def run(self, batch: Sequence[TranslateRequest]) -> list[TranslateResult]:
        sources = [self._tokenizer.encode(request.source)[:_MAX_SOURCE_TOKENS] for request in batch]
        targets = [self._begin(request, len(source)) for request, source in zip(batch, sources, strict=True)]
        running = [row for row, target in enumerate(targets) if target.growing and sources[row]]
        if running:
            memory = self._encode([sources[row] for row in running])
            self._decode([targets[row] for row in running], memory)
        return [self._result(request, target.best) for request, target in zip(batch, targets, strict=True)]

    def _begin(self, request: TranslateRequest, source_length: int) -> SpeculativeBeam:
        """A final source leaves nothing to speculate about, and what isn't committed isn't worth the time."""
        window = WINDOW if request.words and not request.final else 0
        ahead = max(request.tentative_words, window)
        goal = Goal(request.final, request.words, ahead, request.due, request.read_above)
        target = GreedyTarget(
            self._tokenizer,
            request.target,
            goal,
            source_length=source_length,
            empty=self._empty,
            guide=TermGuide([self._tokenizer.encode(term) for term in request.terms], self._tokenizer.starts_word),
        )
        return SpeculativeBeam(target, window=window, words=request.words + request.tentative_words)

    def _encode(self, sources: list[list[int]]) -> _Memory:
        """A prefix is closed by `</s>` like a whole sentence: without it the model rambles on past the prefix's end."""
        rows = [[*source, self._tokenizer.end] for source in sources]
        tokens = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros(tokens.shape, np.float32)
        for number, row in enumerate(rows):
            tokens[number, : len(row)] = row
            mask[number, : len(row)] = 1
        keys, values = self._encoder.run(["keys", "values"], {"source": tokens, "mask": mask})
        return _Memory(keys, values, mask)

    def _decode(self, targets: list[SpeculativeBeam], memory: _Memory) -> None:
        """Grows all targets together, a token a step; those that are done leave the batch."""
        encoded: list[int] = []
        while rows := [(row, growing) for row, target in enumerate(targets) for growing in target.growing]:
            if encoded != [row for row, _ in rows]:
                encoded = [row for row, _ in rows]
                attended = memory.rows(encoded)
            logits, cells = self._step([growing for _, growing in rows], attended)
            for row, target in enumerate(targets):
                own = [at for at, of in enumerate(encoded) if of == row]
                if own:
                    target.advance(logits[own[0] : own[-1] + 1], cells[:, own[0] : own[-1] + 1])

    def _step(self, targets: list[GreedyTarget], memory: _Memory) -> tuple[Float32, Float32]:
        """Logits (B, vocabulary) and cells (layers, B, dim)."""
        inputs = {
            "token": np.array([target.last_token for target in targets], np.int64),
            "position": np.array([len(target.tokens) for target in targets], np.int64),
            "state": np.stack([target.cells for target in targets], axis=1),
            "keys": memory.keys,
            "values": memory.values,
            "mask": memory.mask,
        }
        logits, cells = self._decoder.run(["logits", "next_state"], inputs)
        return logits, cells

    def _result(self, request: TranslateRequest, target: GreedyTarget) -> TranslateResult:
        added = target.committed.tokens[len(request.target.tokens) :]
        tentative = self._tokenizer.decode(target.tentative) if request.tentative_words else ""
        return TranslateResult(tuple(self._tokenizer.words(added)), target.committed, tentative)


def _load(path: Path, threads: int) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise ModelMissing(f"{path}: no such file")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's own exceptions share no base class
        raise BadInput(f"{path}: not a graph that ONNX Runtime can load: {error}") from error
