"""The product as SimulEval's agent, so that SimulEval itself drives and scores it.

`simuleval --agent bench/simuleval_agent.py ...` (docs/interop.md) takes the text agent; the one that speaks is
`--agent-class bench.simuleval_agent.DragomanSpeechAgent`. Policy and segments: Ma et al. 2020, "SimulEval: an
evaluation toolkit for simultaneous translation" (EMNLP demonstrations).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

import numpy as np
from simuleval.agents import GenericAgent, SpeechToSpeechAgent, SpeechToTextAgent
from simuleval.agents.actions import Action, ReadAction, WriteAction
from simuleval.agents.states import AgentStates
from simuleval.data.segments import SpeechSegment
from simuleval.utils import entrypoint

from bench.stepwise import StepwiseTranslation
from server.interpreter import Target
from server.load import load_models
from server.models import ModelStore, models_dir
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, StreamResampler
from streaming.items import Event, Samples, SpeechFrame, Translation


class _Listener:
    """Hears one source after the other from an agent's states; each is a session of its own."""

    def __init__(self, args: Namespace, *, speak: bool) -> None:
        """Loads the models. Raises UnsupportedLanguage, and ModelMissing for models that were not fetched."""
        self._models = load_models(ModelStore(models_dir()), device=args.device)
        self._models.translator(args.source_language, args.target_language)
        self._source = args.source_language
        self._target = Target(args.target_language, speak=speak)
        self._session: StepwiseTranslation | None = None
        self._to_16_khz = StreamResampler(ASR_RATE_HZ, ASR_RATE_HZ)
        self._taken = 0

    @property
    def heard_s(self) -> float:
        """How much of the present source the session has heard."""
        return 0.0 if self._session is None else self._session.heard_s

    def hear(self, states: AgentStates) -> list[Event]:
        """What comes of the samples that are new in `states`, and of the source's end when it is there."""
        new = _mono(states.source[self._taken :])
        self._taken = len(states.source)
        if self._session is None:
            self._session = StepwiseTranslation(self._models, self._source, self._target)
            self._to_16_khz = StreamResampler(states.source_sample_rate or ASR_RATE_HZ, ASR_RATE_HZ)
        events = self._session.push(self._to_16_khz.push(new))
        if states.source_finished:
            events += self._session.push(self._to_16_khz.flush())
            events += self._session.finish()
        return events

    def forget(self) -> None:
        """The next samples are another source's."""
        if self._session is not None:
            self._session.close()
        self._session = None
        self._taken = 0


class _DragomanAgent(GenericAgent):
    """What both agents share. SimulEval gives one `policy` call after the last segment, which must say everything."""

    def __init__(self, args: Namespace) -> None:
        self._listener = _Listener(args, speak=self.target_type == "speech")
        super().__init__(args)  # resets, so the listener must be there

    @staticmethod
    def add_args(parser: ArgumentParser) -> None:
        """SimulEval's hook for an agent's own arguments."""
        parser.add_argument("--source-language", required=True, help="language spoken, such as en")
        parser.add_argument("--target-language", required=True, help="language to translate into, such as pt")

    def reset(self) -> None:
        """Called by SimulEval between sources."""
        super().reset()
        self._listener.forget()


@entrypoint
class DragomanAgent(_DragomanAgent, SpeechToTextAgent):
    """Writes the target words as they are committed."""

    def policy(self) -> Action:
        """WRITE with the words that the newest segment brought, READ when there are none; finished with the source."""
        events = self._listener.hear(self.states)
        said = [event for event in events if isinstance(event, Translation)]
        words = [word.text for translation in said for word in translation.committed]
        if not words and not self.states.source_finished:
            return ReadAction()
        return WriteAction(" ".join(words), finished=self.states.source_finished)


class DragomanSpeechAgent(_DragomanAgent, SpeechToSpeechAgent):
    """Writes the target voice, 24 kHz, as it sounds; SimulEval plays each piece from the end of its segment on."""

    def reset(self) -> None:
        """Called by SimulEval between sources."""
        super().reset()
        self._written_until_s = 0.0

    def policy(self) -> Action:
        """WRITE with the voice that sounded during the newest segment, READ when it was silent."""
        begins_s = max(self._listener.heard_s, self._written_until_s)
        frames = [event for event in self._listener.hear(self.states) if isinstance(event, SpeechFrame)]
        finished = self.states.source_finished
        if not frames and not finished:
            return ReadAction()
        voice = _laid_out(frames, begins_s)
        self._written_until_s = begins_s + len(voice) / SPEECH_RATE_HZ
        return WriteAction(
            SpeechSegment(content=voice.tolist(), sample_rate=SPEECH_RATE_HZ, finished=finished), finished
        )


def _laid_out(frames: Sequence[SpeechFrame], begins_s: float) -> Samples:
    """24 kHz, shape (n,), from `begins_s` to the last frame's end.

    The silence before a frame stays in: without it a voice that goes on into the next segment would be torn apart,
    since SimulEval starts the next piece no earlier than that segment's end.
    """
    if not frames:
        return np.zeros(0, np.float32)
    starts = [max(round((frame.at_s - begins_s) * SPEECH_RATE_HZ), 0) for frame in frames]
    voice = np.zeros(starts[-1] + len(frames[-1].samples), np.float32)
    for start, frame in zip(starts, frames, strict=True):
        voice[start : start + len(frame.samples)] = frame.samples[: len(voice) - start]
    return voice


def _mono(samples: Sequence[float] | Sequence[Sequence[float]]) -> Samples:
    """SimulEval's samples, a list each where the file has several channels, as shape (n,)."""
    array = np.asarray(samples, np.float32)
    return array if array.ndim == 1 else array.mean(axis=1)
