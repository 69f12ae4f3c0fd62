"""Five bugs without a loop, each asked gently and ever harder. The museum's figure draws them."""

from typing import NamedTuple

import numpy as np

from unrolled.engine import mingru

from . import loopless

T = 24
LEVELS = range(6)
SPREADS = (0.0, 0.02, 0.1, 0.2, 0.3, 0.4)
CUTS = (0, T - 1, 18, 12, 6, 2)  # before which step; 0 is in one piece
DECAYS = (0.9, 0.5, 0.2, 0.05, 0.01, 0.001)
MEMORIES = (0.0, 0.1, 0.3, 0.6, 0.8, 0.95)
HEIGHTS = (0, 40, 80, 84, 86, 90)


class Scene(NamedTuple):
    """What the right and the broken form give at each step, (T,), and what the level means."""

    right: np.ndarray
    broken: np.ndarray
    setting: float


def _forms(form):
    return [np.ravel(form(mended=mended)) for mended in (True, False)]


def decays(level):
    """The gradient of each drive, for decays that differ more and more from 0.6."""
    rng = np.random.default_rng(7)
    decay = 0.6 + SPREADS[level] * rng.uniform(-1, 1, (T, 1, 1))
    dh = rng.standard_normal((T, 1, 1))
    return Scene(*_forms(lambda **m: loopless.way_back(dh, decay, **m)), SPREADS[level])


def modes(level):
    """One unit's answers, with the sequence cut before a step and the state handed on."""
    rng, cut = np.random.default_rng(7), CUTS[level]
    params = mingru.init_params(2, 1, rng=rng) | {"b_z": np.array([1.5])}
    x = rng.standard_normal((1, T, 2))

    def in_pieces(mended):
        if not cut:
            return loopless.either_mode(x, None, params, mended=mended)[0]
        first, state = loopless.either_mode(x[:, :cut], None, params, mended=mended)
        rest, _ = loopless.either_mode(x[:, cut:], state, params, mended=mended)
        return np.concatenate([first, rest], axis=1)

    return Scene(*_forms(in_pieces), cut)


def division(level):
    """States in single precision, for a decay that forgets faster and faster."""
    rng = np.random.default_rng(7)
    decay = np.full((T, 1, 1), DECAYS[level], np.float32)
    drive = rng.standard_normal((T, 1, 1)).astype(np.float32)
    return Scene(*_forms(lambda **m: loopless.by_division(decay, drive, **m)), DECAYS[level])


def stack(level):
    """What each step's loss adds to the gradient of the lower layer's decay."""
    rng = np.random.default_rng(7)
    x, pull = rng.standard_normal((2, T, 1))
    low, high = np.array([0.7]), np.array([MEMORIES[level]])
    return Scene(*_forms(lambda **m: loopless.traces(x, pull, low, high, **m)), MEMORIES[level])


def gates(level):
    """A weighted mean in single precision, with the same number added to every gate."""
    rng = np.random.default_rng(7)
    gate = (2 * rng.standard_normal(T) + HEIGHTS[level]).astype(np.float32)
    value = rng.standard_normal(T).astype(np.float32)
    forms = _forms(lambda **m: loopless.weighted_mean(gate, value, 0.9, **m)[0])
    return Scene(*forms, HEIGHTS[level])


SCENES = {
    "decays not shifted": decays,
    "two modes, one state": modes,
    "divided by a product": division,
    "traces in a stack": stack,
    "gate without maximum": gates,
}


def compared(bug, level):
    """A scene, by how much it is off, and from which step on.

    Returns
    -------
    right, broken : ndarray, shape (T,)
        As shares of the largest right number. NaN where the broken form is no finite number.
    off : float
        The largest difference among finite numbers, as such a share.
    first : int or None
        The first step that is off by more than rounding, or none.
    lost : bool
        Whether something is no finite number.
    setting : float
        What the level means for this bug.
    """
    if bug not in SCENES or level not in LEVELS:
        raise ValueError(
            f"bug must be one of {list(SCENES)}, level 0 to {LEVELS[-1]}; got {bug!r}, {level!r}"
        )
    right, broken, setting = SCENES[bug](level)
    unit, rounding = np.abs(right).max(), 256 * np.finfo(right.dtype).eps
    right, broken = right.astype(float) / unit, broken.astype(float) / unit
    finite = np.isfinite(broken)
    broken = np.where(finite, broken, np.nan)
    far = np.where(finite, np.abs(broken - right), np.inf)
    steps = np.flatnonzero(far > rounding)
    first = int(steps[0]) if len(steps) else None
    return right, broken, float(far[finite].max(initial=0)), first, not finite.all(), setting
