"""Checks for a reader's own model, in NumPy, PyTorch, Keras or anything else. See chapter 21.

Each takes the model and a little data, and returns a report that prints what it found; `report.ok`
is True or False. Chapter 4's `check_gradients` is for a cell with the names of our engine.
"""

from .adapter import as_function
from .data import continuation, scaler_leak
from .gradients import gradients
from .halves import two_halves
from .learning import overfit_one_batch
from .parts import dead_parts
from .randomness import fresh_randomness
from .reach import batch_independence, causality, padding
from .report import Report
from .shapes import shape_report

__all__ = [
    "Report",
    "as_function",
    "batch_independence",
    "causality",
    "continuation",
    "dead_parts",
    "fresh_randomness",
    "gradients",
    "overfit_one_batch",
    "padding",
    "scaler_leak",
    "shape_report",
    "two_halves",
]
