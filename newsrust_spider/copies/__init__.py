"""Copies: two publishers print the same agency text. Pure: words, sketches, overlaps, clusters."""
