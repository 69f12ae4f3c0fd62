"""The small series that the book ships, and synthetic tasks whose answers are known."""

from .series import load_sunspots
from .synthetic import recall

__all__ = ["load_sunspots", "recall"]
