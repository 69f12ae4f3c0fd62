"""Exercises that answer: `check("bptt-2", answer)` says what is wrong with an answer."""

from .checking import Wrong, check

__all__ = ["Wrong", "check"]
