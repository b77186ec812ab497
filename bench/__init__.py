"""Measures the product: what is lost by streaming, and how late it is."""
