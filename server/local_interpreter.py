"""The interpreter of one machine: the loaded models and the engine that runs them for all sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asr.observer import RecognitionObserver
from mt.terminology import Terminology
from server.interpreter import Job, Target
from server.load import Models
from server.speech_path import SpeechPath
from streaming.engine import Engine


class LocalInterpreter:
    """Implements `server.interpreter.Interpreter`."""

    def __init__(
        self,
        models: Models,
        engine: Engine,
        observer: RecognitionObserver | None = None,
        terminology: Sequence[Terminology] = (),
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """`observer` is told of every session's recognition. `terminology`: where a session has none for its pair.

        `is_busy` as in `SpeechPath`.
        """
        self._models = models
        self._engine = engine
        self._observer = observer
        self._terminology = tuple(terminology)
        self._is_busy = is_busy

    def source_languages(self) -> Sequence[str]:
        return self._models.source_languages()

    def transcribed_languages(self) -> Sequence[str]:
        return self._models.transcribed_languages()

    def target_languages(self, source: str) -> Sequence[str]:
        return self._models.target_languages(source)

    def spoken_languages(self) -> Sequence[str]:
        return self._models.spoken_languages()

    def open_path(self, job: Job) -> SpeechPath:
        targets = [Target(language, speak=language in job.spoken, gender=job.gender) for language in job.targets]
        by_pair = {(terms.source, terms.target): terms for terms in (*self._terminology, *job.terminology)}
        return SpeechPath(
            engine=self._engine,
            models=self._models,
            source=job.source,
            targets=targets,
            candidates=job.candidates,
            budget=job.budget,
            observer=self._observer,
            terminology=tuple(by_pair.values()),
            is_busy=self._is_busy,
        )
