"""One published metric a file: formula and citation in the docstring, a hand-worked example as its test."""
