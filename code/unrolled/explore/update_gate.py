"""Chapter 10: what an update gate keeps, in both conventions, and where the reset gate acts."""

from functools import cache

import numpy as np

from unrolled.analysis.gates import gru_reset_before
from unrolled.engine import gru
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

Z = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0]
KEEPS, TAKES = CONVENTIONS = ("keeps the old", "takes the new")
BIASES = list(range(-4, 5))
T, N, D, H = 40, 8, 4, 16
STEPS = np.arange(81)


@cache
def forms(reset_bias):
    """How far the states of the two forms are apart on the same weights, as a share of their size.

    Also the reset gates' 5th and 95th percentile.
    """
    rng = np.random.default_rng(7)
    params = gru.init_params(D, H, rng=rng)
    params["b_r"] += reset_bias
    x = rng.standard_normal((N, T, D))
    after, tape = gru.forward(x, params)
    before = gru_reset_before(x, params)
    apart = np.linalg.norm(after - before) / np.linalg.norm(after)
    return apart, *np.percentile(tape.gate("r"), [5, 95])


def compute(z, convention, reset_bias):
    """What is kept in either convention, and the gap between the two forms."""
    keep = {KEEPS: z, TAKES: round(1 - z, 2)}
    other = TAKES if convention == KEEPS else KEEPS
    here = keep[convention]
    half = np.log(0.5) / np.log(here) if 0 < here < 1 else 0.0
    apart, low, high = forms(reset_bias)
    fates = {0: "overwritten", 1: "frozen"}
    return {
        "kept": here**STEPS,
        "kept_by_other": keep[other] ** STEPS,
        "keep": here,
        "take": round(1 - here, 2),
        "half": half,
        "fate": fates.get(here, "fades" if half > 1 else "gone"),
        "reset_low": low,
        "reset_high": high,
        "apart": apart,
    }


def panes():
    """A state over time in both conventions, and how far both forms are apart over the bias."""
    kept = lines.curves(
        STEPS,
        {
            "this convention": ("kept", "forward"),
            "the other": ("kept_by_other", "muted", "dash"),
        },
        title="What z leaves of a state of 1",
        alt="Two lines of the state over 80 steps, one for each convention.",
        x_title="time step t",
        y_title="h<sub>t</sub>, all candidates 0",
        range=[-0.04, 1.04],
    )
    kept.add_trace(lines.reference([0, STEPS[-1]], [0.5, 0.5], name="half"))
    apart, low, high = np.array([forms(bias) for bias in BIASES]).T
    gap = lines.curves(
        np.array(BIASES),
        {
            "spread of the reset gates": (high - low, "muted", "dash"),
            "gap between the forms": (apart, "backward"),
        },
        title="What the reset bias does",
        alt="Two humps over the bias: how far the reset gates spread, and the gap of both forms.",
        x_title="bias of the reset gate",
        y_title="spread, share of the states",
        range=[-0.03, 0.75],
    )
    return [kept, theme.mark(gap, "reset_bias", label="bias")]


class UpdateGate(Explorable):
    """Hold the update gate of a GRU, change what it means, and move its reset gate."""

    title = "The update gate"
    caption = (
        "The same z keeps in one convention and overwrites in the other, and in both what is not "
        "kept is overwritten: to keep everything is to write nothing. To reset before the product "
        "or after it makes the more difference, the more the reset gates differ from each other."
    )
    alt = (
        "Left, at z = 0.9 the state falls slowly where z keeps it, to 0.5 after about 7 steps, and "
        "at once where z takes the new one. Right, the gap between the two forms of the reset gate "
        "is a hump over the gate's bias, a tenth of the states at 0 and small at both ends."
    )
    controls = (
        Number("z", "Update gate z", Z, 0.9),
        Number("reset_bias", "Reset bias", BIASES, 0),
        Choice("convention", "Here z", CONVENTIONS, KEEPS),
    )
    lines = ("verdict", "forms")
    compute, panes = compute, panes
    question = Question(
        "With z = 0.9 a third of the state is left after ten steps. You load the same weights into "
        "a library in which z is the part that is new. How much is left there?",
        ("two thirds", "a hundredth", "a ten-billionth"),
        2,
        {"z": 0.9, "convention": TAKES, "reset_bias": 0},
        "Each step now keeps a tenth, and 0.1 to the power of 10 is a ten-billionth. The file says "
        "nothing about which was meant, and no shape differs.",
    )
    stories = (
        Story(
            "keep it all",
            {"z": 1.0, "convention": KEEPS, "reset_bias": 0},
            "The state stays for good, and the price is that nothing new can be written. Change "
            "the convention, and the first candidate takes its place.",
        ),
        Story(
            "a long memory",
            {"z": 0.99, "convention": KEEPS, "reset_bias": 0},
            "It takes 69 steps to lose half of it, and each candidate counts for only a hundredth.",
        ),
        Story(
            "a gap that hides",
            {"z": 0.9, "convention": KEEPS, "reset_bias": 4},
            "All reset gates are nearly open, so their place hardly matters: the states differ by "
            "2% instead of 12%.",
        ),
    )
