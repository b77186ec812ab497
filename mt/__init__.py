"""Simultaneous machine translation: a Marian student under ONNX Runtime, driven by a wait-k policy."""
