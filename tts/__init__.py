"""Committed target words into speech: clauses, normalisation, voices, synthesis."""
