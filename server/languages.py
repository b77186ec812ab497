"""The languages of this server, in the shape of the voice interface's `GET /v3/languages?resource=voice`."""

from __future__ import annotations

from typing import Any

from server.interpreter import Interpreter

_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani", "ba": "Bashkir",
    "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bo": "Tibetan", "br": "Breton", "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fo": "Faroese", "fr": "French", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "haw": "Hawaiian",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian",
    "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "jw": "Javanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean",
    "la": "Latin", "lb": "Luxembourgish", "ln": "Lingala", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian",
    "mg": "Malagasy", "mi": "Maori", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi",
    "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian Nynorsk",
    "no": "Norwegian", "oc": "Occitan", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit", "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "su": "Sundanese",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai",
    "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish", "yo": "Yoruba", "yue": "Cantonese", "zh": "Chinese",
}  # fmt: skip
"""English names, as in ISO 639 (Whisper writes `jw` for `jv`); a language that is not here goes by its code."""


def list_languages(interpreter: Interpreter) -> list[dict[str, Any]]:
    """One entry a language. `source`, `target` and `targets` (what it can be translated into) are our own additions.

    A source language is listed only if it can be translated into something. One without the feature `transcription` is
    heard as English: what is said is not written in its own language. Those that are written, and targets, come first.
    """
    pairs = {source: list(interpreter.target_languages(source)) for source in interpreter.source_languages()}
    sources = {source for source, targets in pairs.items() if targets}
    targets = {target for found in pairs.values() for target in found}
    spoken = set(interpreter.spoken_languages())
    transcribed = set(interpreter.transcribed_languages())
    entries = []
    for lang in sorted(sources | targets, key=lambda lang: (lang not in transcribed | targets, _NAMES.get(lang, lang))):
        features = {"transcription": lang in sources & transcribed, "translated_speech": lang in targets & spoken}
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
