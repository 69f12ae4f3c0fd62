"""Chapter 6: what a truncated gradient keeps, and whether the answer is in it."""

from functools import cache
from typing import NamedTuple

import numpy as np

from unrolled.analysis import truncation
from unrolled.datasets import recall
from unrolled.engine import dense, initializers, losses, rnn
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider
from .gradient_flow import scientific

N, H = 4, 16
LENGTHS = [20, 40, 60, 80]
K2 = [1, 2, 5, 10, 20, 40, 60]
GAINS = [0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.3]
LAGS = [1, 3, 5, 10, 19, 20, 30, 39, 59]
FLOOR = -18


def pairs(T, gain, lag):
    """Pair gradients (T, T, P) of an untrained network that should recall its input `lag` ago."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(1, H, rng=rng) | dense.init_params(H, 1, rng=rng)
    params["W_hh"] *= gain / initializers.spectral_radius(params["W_hh"])
    x, targets = recall(N, LENGTHS[-1], lag=lag, rng=rng)
    x, targets = x[:, :T], targets[:, :T]
    h, tape = rnn.forward(x, params)
    _, dlogits = losses.mean_squared_error(dense.forward(h, params), targets)
    return truncation.pair_gradients(dense.backward(dlogits, h, params)[0], tape, params)


class Comparison(NamedTuple):
    """Full BPTT beside each loss reaching k2 steps (k1 = 1) and blocks of k2 steps (k1 = k2)."""

    shares: dict  # log10 of each lag's share of the full gradient's length
    cosines: np.ndarray
    errors: np.ndarray


@cache
def compare(T, gain, lag):
    """A Comparison for every k2. The pair gradients, large, are let go at the end."""
    everything = pairs(T, gain, lag)
    full = everything.sum(axis=1)
    total = full.sum(axis=0)
    length = np.linalg.norm(total)
    comparisons = {}
    for k2 in K2:
        each, block = (truncation.by_lag(everything, truncation.kept(T, k1, k2)) for k1 in (1, k2))
        sums = each.sum(axis=0), block.sum(axis=0)
        comparisons[k2] = Comparison(
            {
                name: _logs(np.linalg.norm(part, axis=1) / length)
                for name, part in (("full", full), ("each", each), ("block", block))
            },
            np.array([truncation.cosine(part, total) for part in sums]),
            np.array([np.linalg.norm(part - total) / length for part in sums]),
        )
    return comparisons


def compute(T, k2, gain, lag):
    """What both panes show at one setting."""
    shares, cosines, errors = compare(T, gain, lag)[k2]
    return shares | {
        "lag_x": np.array([lag, lag], float),
        "each_bars": np.array([cosines[0], errors[0]]),
        "block_bars": np.array([cosines[1], errors[1]]),
        "numbers": (
            f"Against full BPTT: cosine {cosines[0]:.3f}, relative error {errors[0]:.2g} with "
            f"k1 = 1; cosine {cosines[1]:.3f}, relative error {errors[1]:.2g} with k1 = k2."
        ),
        "verdict": verdict(T, k2, lag, shares["full"], cosines[0]),
    }


def _logs(shares):
    """log10 of shares of the gradient over lags, padded to the longest sequence with NaN."""
    with np.errstate(divide="ignore"):
        logs = np.log10(shares)
    logs[~np.isfinite(logs)] = np.nan
    return np.concatenate([logs, np.full(LENGTHS[-1] - len(logs), np.nan)])


def verdict(T, k2, lag, full, cosine):
    """What the truncated gradient knows about the answer, in words."""
    if lag >= T:
        return f"The answer lies {lag} steps back, before the sequence of {T} steps begins."
    share = scientific(full[lag])
    if lag >= k2:
        return (
            f"The answer lies {lag} steps back and the gradient stops after {k2}: it carries "
            f"nothing about the answer, and its cosine with the full gradient is {cosine:.3f}. "
            f"The full gradient carries {share} of its length from there."
        )
    if full[lag] < -3:
        return (
            f"The gradient reaches the answer {lag} steps back, but only {share} of its length "
            "comes from there: it has vanished on the way. Reaching further does not cure that."
        )
    return (
        f"The gradient reaches the answer {lag} steps back, and {share} of its length comes from "
        "there: here is something to learn from."
    )


class TruncationLab(Explorable):
    """Cut the gradient off after k2 steps and see what is lost, lag by lag."""

    def __init__(self, *, T=60, k2=20, gain=0.8, lag=59):
        blank = states.no_data(LENGTHS[-1])
        by_lag = lines.curves(
            np.arange(LENGTHS[-1]),
            {
                "full BPTT": (blank, "backward"),
                "k1 = 1": (blank, "forward", "dash"),
                "k1 = k2": (blank, "target", "dot"),
            },
            title="What each lag contributes to the weight gradient",
            alt="Three lines of the contribution of each lag, on a logarithmic scale.",
            x_title="lag (steps back)",
            y_title="share of full length",
            **theme.decades((FLOOR, 1)),
        )
        by_lag.update_xaxes(range=[LENGTHS[-1], -1])
        for trace, key in zip(by_lag.data, ("full", "each", "block"), strict=True):
            trace.meta = {"y": key}
        by_lag.add_scatter(
            x=[0, 0],
            y=[FLOOR, 1],
            name="the answer",
            mode="lines",
            line=theme.line("highlight", "dashdot"),
            meta={"x": "lag_x"},
        )
        summary = lines.bars(
            ["cosine with full", "relative error"],
            {"k1 = 1": ([0, 0], "forward"), "k1 = k2": ([0, 0], "target", "/")},
            title="The truncated gradient as a whole",
            alt="Bars of the cosine and the relative error of both truncated gradients.",
            y_title="",
            range=[-0.05, 1.1],
        )
        for trace, key in zip(summary.data, ("each_bars", "block_bars"), strict=True):
            trace.meta = {"y": key}
        super().__init__(
            compute,
            [
                Slider("T", "Sequence length T", LENGTHS, T),
                Slider("k2", "Steps back k2", K2, k2),
                Slider("gain", "Recurrent gain", GAINS, gain),
                Slider("lag", "Lag of the answer", LAGS, lag),
            ],
            [by_lag, summary],
            title="Truncation lab",
            caption=(
                "A truncated gradient can point where the full one points, to three decimals, and "
                "hold nothing of the answer, because the full one hardly holds it either."
            ),
            alt=(
                "Left, the contribution of each lag to the weight gradient, falling steadily on a "
                "logarithmic axis, with k1 = 1 following full BPTT up to lag k2 - 1 and then gone, "
                "and k1 = k2 sinking below it on the way. Right, cosine near 1 and relative error "
                "near 0 for both."
            ),
            texts=("verdict", "numbers"),
        )
