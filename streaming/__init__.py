"""The vocabulary and mechanics of the pipeline: items, channels, clocks, playout, budget. No models here."""
