"""Elementwise functions that more than one cell needs. NumPy has the others."""

import numpy as np


def sigmoid(a):
    """1 / (1 + exp(-a)), elementwise, as (tanh(a / 2) + 1) / 2, which cannot overflow."""
    return 0.5 * np.tanh(0.5 * a) + 0.5
