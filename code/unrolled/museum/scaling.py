"""A scaler that has seen the future. Built up in chapter 21."""

import numpy as np


def scaler(train, rest, *, mended):
    """A function that standardizes; in the broken form it was fitted on everything."""
    seen = train if mended else np.concatenate([train, rest])
    mean, std = seen.mean(axis=0), seen.std(axis=0)
    return lambda x: (x - mean) / std
