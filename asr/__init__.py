"""Speech recognition while the speaker talks: voice activity, endpointing, incremental Whisper, commit policies."""
