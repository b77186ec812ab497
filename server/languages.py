"""The languages of this server, in the shape of the voice interface's `GET /v3/languages?resource=voice`."""

from __future__ import annotations

from typing import Any

from server.interpreter import Interpreter

_NAMES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
"""English names, as in ISO 639; a language that is not here goes by its code."""


def list_languages(interpreter: Interpreter) -> list[dict[str, Any]]:
    """One entry a language. `source`, `target` and `targets` (what it can be translated into) are our own additions.

    A source language is listed only if it can be translated into something.
    """
    pairs = {source: list(interpreter.target_languages(source)) for source in interpreter.source_languages()}
    sources = {source for source, targets in pairs.items() if targets}
    targets = {target for found in pairs.values() for target in found}
    spoken = set(interpreter.spoken_languages())
    entries = []
    for lang in sorted(sources | targets):
        features = {"transcription": lang in sources, "translated_speech": lang in targets & spoken}
        entries.append(
            {
                "lang": lang,
                "name": _NAMES.get(lang, lang),
                "usable_as_source": lang in sources,
                "usable_as_target": lang in targets,
                "features": {feature: {} for feature, there in features.items() if there},
                "source": lang in sources,
                "target": lang in targets,
                "targets": pairs.get(lang, []),
            }
        )
    return entries
