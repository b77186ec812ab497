"""Whisper, its tokens and the whole stage, on the real model and on speech that Piper makes for the test."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

import anyio
import numpy as np
import pytest
from threadpoolctl import threadpool_info

from asr.recognition import RecognizeRequest
from asr.stage import RecognitionStage
from asr.tokens import MOST_PROMPT_TOKENS, WhisperTokens
from asr.vad import VoiceActivityDetector, load_silero
from asr.whisper import TOKEN_FRAME_S, Whisper, load_whisper
from server.models import models_dir
from streaming.audio import ASR_RATE_HZ, resample
from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.errors import UnsupportedLanguage
from streaming.items import AudioChunk, Samples, Transcript, Word
from streaming.local_engine import LocalEngine, VirtualCores
from tests.asr.sounds import chunks, hum, noise, silence, vowel

pytestmark = pytest.mark.e2e

SENTENCES = (
    "Good morning everyone, and thank you for coming to the meeting.",
    "The second bridge over the river was finished in the spring, three months before the harbour opened.",
)


@functools.cache
def whisper() -> Whisper:
    return Whisper(models_dir() / "whisper-base")


@functools.cache
def speech(text: str) -> Samples:
    from piper import PiperVoice

    voice = PiperVoice.load(models_dir() / "piper-en_US-joe" / "en_US-joe-medium.onnx")
    pieces = [chunk.audio_float_array for chunk in voice.synthesize(text)]
    return resample(np.concatenate(pieces), voice.config.sample_rate, ASR_RATE_HZ)


@functools.cache
def talk() -> Samples:
    pieces = [silence(0.5), *(piece for sentence in SENTENCES for piece in (speech(sentence), silence(1.0)))]
    joined = np.concatenate(pieces)
    return joined + noise(len(joined) / ASR_RATE_HZ + 0.01, level=0.002)[: len(joined)]


def request(
    samples: Samples, *, prefix: tuple[int, ...] = (), most: int = 60, language: str = "en"
) -> RecognizeRequest:
    return RecognizeRequest(samples, language, prefix, most)


def recognize(samples: Samples) -> list[Transcript]:
    """The stage's output in virtual time, with the real compute on the clock."""
    transcripts: list[Transcript] = []

    async def feed(inbox: Channel[AudioChunk]) -> None:
        for chunk in chunks(samples):
            await anyio.sleep(len(chunk.samples) / ASR_RATE_HZ)
            await inbox.send(chunk)
        inbox.close()

    async def main() -> None:
        engine = LocalEngine(VirtualCores(), workers=1, observe=lambda name, size, seconds: None)
        stage = RecognitionStage(
            engine=engine,
            whisper=whisper(),
            tokens=whisper().tokens,
            vad=VoiceActivityDetector(load_silero()),
            language="en",
            knobs=Knobs,
        )
        inbox: Channel[AudioChunk] = Channel("audio", 8, "wait")
        outbox: Channel[Transcript] = Channel("transcripts", 8, "wait")
        async with anyio.create_task_group() as group:
            group.start_soon(engine.run)
            group.start_soon(feed, inbox)
            group.start_soon(stage.run, inbox, outbox)
            async for transcript in outbox:
                transcripts.append(transcript)
                assert all(word.end_s < now() for word in transcript.committed)
            group.cancel_scope.cancel()

    run_virtual(main())
    return transcripts


def committed(transcripts: Sequence[Transcript]) -> list[Word]:
    return [word for transcript in transcripts for word in transcript.committed]


def spoken(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("harbor", "harbour"))


@functools.cache
def transcripts_of_talk() -> list[Transcript]:
    return recognize(talk())


def test_speech_is_recognised_word_by_word() -> None:
    heard = spoken(" ".join(word.text for word in committed(transcripts_of_talk())))
    said = spoken(" ".join(SENTENCES))
    assert len(set(said) & set(heard)) >= 0.85 * len(set(said))
    assert abs(len(heard) - len(said)) <= 3


def test_word_times_are_monotone_and_inside_the_audio() -> None:
    words = committed(transcripts_of_talk())
    assert all(0 <= word.start_s <= word.end_s <= len(talk()) / ASR_RATE_HZ for word in words)
    assert all(left.end_s <= right.end_s for left, right in itertools.pairwise(words))


def test_words_come_before_the_utterance_is_over() -> None:
    transcripts = transcripts_of_talk()
    assert len([transcript for transcript in transcripts if transcript.committed]) >= 6
    assert sum(transcript.utterance_end for transcript in transcripts) >= 2


@pytest.mark.parametrize("sound", [noise(20), hum(20), noise(20, level=0.3)], ids=["noise", "hum", "loud noise"])
def test_twenty_seconds_of_no_speech_give_no_word(sound: Samples) -> None:
    assert recognize(sound) == []


def test_a_blip_ends_in_order() -> None:
    transcripts = recognize(np.concatenate((silence(0.5), vowel(0.2), silence(1.5))))
    assert len(committed(transcripts)) <= 2


def test_a_batch_of_unlike_windows_gives_what_each_gives_alone() -> None:
    first, second = (speech(sentence) for sentence in SENTENCES)
    batch = [request(first), request(second[:48000]), request(first, language="pt"), request(silence(0.2))]
    together = whisper().run(batch)
    alone = [whisper().run([one])[0] for one in batch]
    assert [one.tokens for one in together[:2]] == [one.tokens for one in alone[:2]]
    assert len(together) == len(batch)


def test_requests_with_unequal_prefixes_share_a_batch_and_answer_as_alone() -> None:
    free = [whisper().run([request(speech(sentence))])[0].tokens for sentence in SENTENCES]
    batch = [
        request(speech(SENTENCES[0]), prefix=free[0][:5], most=20),
        request(speech(SENTENCES[1])[: 5 * ASR_RATE_HZ], most=31),
        request(speech(SENTENCES[1]), prefix=free[1][:11], most=9),
    ]
    assert len({whisper().bucket(one) for one in batch}) == 1
    for together, alone in zip(whisper().run(batch), [whisper().run([one])[0] for one in batch], strict=True):
        assert together.tokens == alone.tokens
        assert together.average_log_probability == pytest.approx(alone.average_log_probability, abs=1e-3)
        assert together.end_s == pytest.approx(alone.end_s, abs=TOKEN_FRAME_S + 1e-6)


def test_requests_that_would_wait_for_each_other_have_buckets_of_their_own() -> None:
    alike = request(silence(2), most=60)
    others = [
        request(silence(2), most=70),
        request(silence(12), most=60),
        request(silence(2), most=60, language="pt"),
        replace(alike, translate=True),
    ]
    assert whisper().bucket(alike) == whisper().bucket(request(silence(3), prefix=(1, 2), most=50))
    assert whisper().bucket(alike) not in [whisper().bucket(other) for other in others]


def test_a_bound_beyond_the_position_table_is_cut_to_it() -> None:
    samples = speech(SENTENCES[0])
    assert whisper().run([request(samples, most=5000)])[0].tokens == whisper().run([request(samples)])[0].tokens


def test_a_beam_keeps_the_prefix_and_the_bound() -> None:
    samples = speech(SENTENCES[0])
    beam = load_whisper(models_dir() / "whisper-base", device="cpu", beam_size=5)
    free = beam.run([request(samples)])[0]
    forced = beam.run([request(samples, prefix=free.tokens[:5], most=3), request(samples[:32000])])[0]
    assert set(spoken(SENTENCES[0])) <= set(spoken(beam.tokens.text(free.tokens)))
    assert forced.tokens[:5] == free.tokens[:5]
    assert len(forced.tokens) <= 8


def test_a_forced_prefix_stays_and_new_tokens_are_bounded() -> None:
    samples = speech(SENTENCES[0])
    free = whisper().run([request(samples)])[0]
    forced = whisper().run([request(samples, prefix=free.tokens[:5], most=3)])[0]
    assert forced.prefix_length == 5
    assert forced.tokens == free.tokens[:8]


def test_token_ends_never_fall_and_stay_inside_the_window() -> None:
    samples = speech(SENTENCES[1])
    recognition = whisper().run([request(samples)])[0]
    assert list(recognition.end_s) == sorted(recognition.end_s)
    assert len(recognition.end_s) == len(recognition.tokens)
    assert recognition.end_s[-1] <= len(samples) / ASR_RATE_HZ


def test_the_language_is_told_only_to_those_who_ask_and_among_those_they_name() -> None:
    asked = replace(request(speech(SENTENCES[0])), identify=("pt", "en", "de"))
    told, untold = whisper().run([asked, request(speech(SENTENCES[0]))])
    assert dict(told.languages)["en"] > 0.9
    assert sum(dict(told.languages).values()) == pytest.approx(1)
    assert untold.languages == ()
    assert told.tokens == untold.tokens


def test_terms_bound_the_prompt_and_leave_prefix_and_bound_as_they_are() -> None:
    samples = speech(SENTENCES[0])
    free = whisper().run([request(samples)])[0]
    terms = tuple(f"Kowalczyk{number}" for number in range(200))
    told = whisper().run([replace(request(samples, prefix=free.tokens[:5], most=3), terms=terms)])[0]
    assert len(whisper().tokens.prompt(terms)) <= MOST_PROMPT_TOKENS + 1
    assert (told.prefix_length, told.tokens) == (5, free.tokens[:8])


def test_no_audio_is_no_error() -> None:
    assert len(whisper().run([request(silence(0)), request(silence(0.01))])) == 2


def test_a_language_whisper_does_not_know_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage, match="xx"):
        whisper().run([request(silence(1), language="xx")])


def test_whisper_translates_all_its_languages_but_english() -> None:
    languages = whisper().translated_languages
    assert len(languages) == len(set(languages)) == 98
    assert {"de", "pt", "haw", "zh"} < set(languages)
    assert not {"en", "translate"} & set(languages)


def test_the_task_is_the_last_word_of_the_start_sequence() -> None:
    tokens = whisper().tokens
    written = [tokens._tokenizer.tokenizer.id_to_token(token) for token in tokens.start("de", translate=True)]
    assert written == ["<|startoftranscript|>", "<|de|>", "<|translate|>", "<|notimestamps|>"]
    assert tokens.start_aligned("de") != tokens.start_aligned("de", translate=True)


def test_a_window_over_thirty_seconds_is_refused() -> None:
    with pytest.raises(ValueError, match="30 s"):
        whisper().run([request(silence(30.5))])


@pytest.mark.parametrize(
    "text", [" Não, a ação é às três.", " naïve façade — “quoted” 日本", " well-known isn't 1,000"]
)
def test_tokens_split_into_whole_words_and_join_again(text: str) -> None:
    tokens = WhisperTokens.load(models_dir() / "whisper-base")
    ids = tuple(tokens._tokenizer.encode(text))
    split = tokens.split(ids, "pt")
    assert tuple(token for word in split for token in word) == ids
    assert [tokens.text(word).strip() for word in split] == text.split()


@pytest.mark.e2e
def test_the_mel_filters_threads_do_not_spin_beside_the_model() -> None:
    whisper()
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
