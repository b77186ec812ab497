"""eSpeak NG through its C interface (`speak_lib.h`): phonemes for other voices, and speech where no other voice is."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence

import espeakng_loader
import numpy as np

from streaming.audio import SPEECH_RATE_HZ, resample
from streaming.errors import ModelMissing, UnsupportedLanguage
from streaming.items import Samples
from streaming.language import primary
from tts.mastering import master
from tts.synthesis import SynthesizeRequest, spoken_text

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_PHONEMES_IPA = 0x02
_PHONEMES_TIE = 0x80
_PARAMETER_RATE = 1
_SUCCESS = 0

TIE = "^"
"""Stands between the letters of one sound (an affricate, a diphthong) in what `phonemes` returns."""

NORMAL_RATE_WPM = 165
"""A choice, a little slower than eSpeak's own 175 words a minute."""

_CODES = {"zh": "cmn", "no": "nb", "en": "en-us", "pt": "pt-br", "tl": "fil", "iw": "he", "in": "id"}
"""Where eSpeak's name differs from the tag, or the tag alone means another accent than ours."""

_LOCK = threading.Lock()
"""The library keeps all of its state in process-wide variables, so this belongs to the process too."""

_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """The library, loaded and ready. Safe to call from several threads: one call runs at a time."""

    def __init__(self) -> None:
        """Raises ModelMissing when the library or its data cannot be loaded."""
        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        except OSError as error:
            raise ModelMissing(f"eSpeak NG cannot be loaded: {error}") from error
        self._declare()
        data = espeakng_loader.get_data_path().encode()
        with _LOCK:
            self._rate_hz = self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data, _INITIALIZE_DONT_EXIT)
        if self._rate_hz <= 0:
            raise ModelMissing("eSpeak NG cannot read its data")

    def voice_for(self, language: str) -> str:
        """eSpeak's name for the best voice of a language tag. Raises UnsupportedLanguage if it has none."""
        tag = language.lower()
        for name in (_CODES.get(one, one) for one in (tag, primary(tag))):
            with _LOCK:
                if self._library.espeak_SetVoiceByName(name.encode()) == _SUCCESS:
                    return name
        raise UnsupportedLanguage(f"eSpeak NG does not speak {language!r}")

    def phonemes(self, text: str, voice: str) -> str:
        """IPA with stress marks, words set apart by spaces, `TIE` inside affricates and diphthongs."""
        mode = _PHONEMES_IPA | _PHONEMES_TIE | ord(TIE) << 8
        rest = ctypes.c_char_p(text.encode() + b"\n")  # it keeps a last clause of one letter for the next call
        parts = []
        with _LOCK:
            self._set_voice(voice)
            while rest.value:  # one clause a call; the pointer moves on, NULL at the end
                part = self._library.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, mode)
                parts.append(part.decode())
        return " ".join(part for part in parts if part)

    def speak(self, text: str, voice: str, tempo: float) -> Samples:
        """Speech at `SPEECH_RATE_HZ`, as eSpeak makes it."""
        blocks: list[np.ndarray] = []

        def collect(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
            if samples and count > 0:
                blocks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
            return 0

        callback = _SynthCallback(collect)
        data = text.encode()
        with _LOCK:
            self._set_voice(voice)
            self._library.espeak_SetSynthCallback(callback)
            self._library.espeak_SetParameter(_PARAMETER_RATE, round(NORMAL_RATE_WPM * tempo), 0)
            self._library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _CHARS_UTF8, None, None)
        if not blocks:
            return np.zeros(0, np.float32)
        return resample(np.concatenate(blocks).astype(np.float32) / 32768.0, self._rate_hz, SPEECH_RATE_HZ)

    def _set_voice(self, voice: str) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()) != _SUCCESS:
            raise UnsupportedLanguage(f"eSpeak NG has no voice {voice!r}")

    def _declare(self) -> None:
        c = ctypes
        library = self._library
        library.espeak_Initialize.argtypes = [c.c_int, c.c_int, c.c_char_p, c.c_int]
        library.espeak_SetVoiceByName.argtypes = [c.c_char_p]
        library.espeak_SetSynthCallback.argtypes = [_SynthCallback]
        library.espeak_SetSynthCallback.restype = None
        library.espeak_SetParameter.argtypes = [c.c_int, c.c_int, c.c_int]
        library.espeak_TextToPhonemes.argtypes = [c.POINTER(c.c_char_p), c.c_int, c.c_int]
        library.espeak_TextToPhonemes.restype = c.c_char_p
        library.espeak_Synth.argtypes = [
            *(c.c_char_p, c.c_size_t, c.c_uint, c.c_int, c.c_uint, c.c_uint),
            *(c.c_void_p, c.c_void_p),
        ]


class EspeakModel:
    """Speaks any language that eSpeak knows, in a plain formant voice."""

    name = "espeak-ng"
    max_batch = 1
    threads = 1

    def __init__(self, espeak: Espeak) -> None:
        self._espeak = espeak

    def run(self, batch: Sequence[SynthesizeRequest]) -> list[Samples]:
        return [self._speak(request) for request in batch]

    def _speak(self, request: SynthesizeRequest) -> Samples:
        return master(self._espeak.speak(spoken_text(request), request.voice, request.tempo))
