"""Chapter 10: what an update gate keeps, in both conventions, and where the reset gate stands."""

from functools import cache

import numpy as np

from unrolled.analysis.gates import gru_reset_before
from unrolled.analysis.gradient_flow import log10
from unrolled.engine import gru
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

Z = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0]
KEEPS, TAKES = CONVENTIONS = ("z keeps the old state", "z takes the new one")
USED_BY = {KEEPS: "Cho et al. 2014, PyTorch, Keras", TAKES: "Chung et al. 2014"}
BIASES = list(range(-4, 5))
T, N, D, H = 40, 8, 4, 16
DECADES = (-3, 0)


@cache
def forms(reset_bias):
    """Over time, on the same weights: how far both forms are apart, and how large states are.

    Both are root mean squares over units and sequences, (T,). Also the reset gates' 5th and 95th
    percentile.
    """
    rng = np.random.default_rng(7)
    params = gru.init_params(D, H, rng=rng)
    params["b_r"] += reset_bias
    x = rng.standard_normal((N, T, D))
    after, tape = gru.forward(x, params)
    before = gru_reset_before(x, params)
    apart, size = (np.sqrt((part**2).mean(axis=(0, 2))) for part in (after - before, after))
    return apart, size, np.percentile(tape.gate("r"), [5, 95])


def compute(z, convention, reset_bias):
    """What is kept in either convention, and the gap between the two forms."""
    keep = {KEEPS: z, TAKES: 1 - z}
    other = TAKES if convention == KEEPS else KEEPS
    apart, size, _ = forms(reset_bias)
    gap = np.full(T, np.nan)
    gap[1:] = log10(apart[1:])  # at step 0 there is no past to reset
    return {
        "kept": keep[convention] ** np.arange(T + 1),
        "kept_otherwise": keep[other] ** np.arange(T + 1),
        "gap": gap,
        "size": log10(size),
        "verdict": verdict(z, round(keep[convention], 2), convention),
        "forms": between(reset_bias),
    }


def verdict(z, keep, convention):
    """What one step keeps and takes, in words."""
    lead = f"Where {convention} ({USED_BY[convention]}), z = {z:g} keeps {keep:g} of it per step"
    if keep == 0:
        return f"{lead}: the first candidate overwrites it all."
    if keep == 1:
        return f"{lead}: it stays forever, and no candidate can be written."
    half = np.log(0.5) / np.log(keep)
    times = f"after {half:.3g} steps" if half > 1 else "within the first step"
    return f"{lead} and takes {1 - keep:.2g} of the candidate: half of it is gone {times}."


def between(reset_bias):
    """How far the two forms end up from each other, in words."""
    apart, size, (low, high) = forms(reset_bias)
    return (
        f"With a reset bias of {reset_bias} nine of ten reset gates lie between {low:.2f} and "
        f"{high:.2f}, and at the end the two forms differ by {apart[-1]:.3f}, "
        f"{100 * apart[-1] / size[-1]:.2g}% of the states' size.".replace("-", "−")
    )


class UpdateGate(Explorable):
    """Hold the update gate of a GRU, change what it means, and move its reset gate."""

    def __init__(self, *, z=0.9, convention=KEEPS, reset_bias=0):
        kept = lines.curves(
            np.arange(T + 1),
            {
                "this convention": (states.no_data(T + 1), "forward"),
                "the other": (states.no_data(T + 1), "muted", "dash"),
            },
            title="A state of 1, while all candidates are 0",
            alt="Two lines of the state over 40 steps, one for each convention.",
            x_title="time step t",
            y_title="state h<sub>t</sub>",
            range=[-0.04, 1.04],
        )
        gap = lines.curves(
            np.arange(T),
            {
                "size of the states": (states.no_data(T), "muted", "dash"),
                "gap between the forms": (states.no_data(T), "backward"),
            },
            title="Reset gate after and before the product",
            alt="The gap between both forms over 40 steps, below the size of the states.",
            x_title="time step t",
            y_title="root mean square",
            **theme.decades(DECADES),
        )
        for figure, keys in ((kept, ("kept", "kept_otherwise")), (gap, ("size", "gap"))):
            for trace, key in zip(figure.data, keys, strict=True):
                trace.meta = {"y": key}
        super().__init__(
            compute,
            [
                Slider("z", "Update gate z", Z, z),
                Slider("convention", "Convention", list(CONVENTIONS), convention, CONVENTIONS),
                Slider("reset_bias", "Bias of the reset gate", BIASES, reset_bias),
            ],
            [kept, gap],
            title="The update gate",
            caption=(
                "The same z keeps in one convention and overwrites in the other, and in both what "
                "is not kept is overwritten: keeping all means that nothing can be written. Reset "
                "before or after the product hardly differs while all reset gates are alike."
            ),
            alt=(
                "Left, at z = 0.9 the state falls slowly where z keeps it, to 0.5 after about "
                "7 steps, and at once where z takes the new one. Right, the gap between the two "
                "forms of the reset gate stays about a tenth of the size of the states."
            ),
            texts=("verdict", "forms"),
        )
