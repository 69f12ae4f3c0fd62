"""Chapter 6: what a truncated gradient keeps, and whether the answer is in it."""

from functools import cache, lru_cache

import numpy as np

from unrolled.analysis import truncation
from unrolled.analysis.gradient_flow import backward_norms, log10
from unrolled.datasets import recall
from unrolled.engine import dense, initializers, losses, rnn
from unrolled.figures import lines, network, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable
from .gradient_flow import decades
from .sentences import NOTHING

N, H, LONGEST = 4, 16, 80
FAINTEST = -18  # decades, for a share that is exactly zero
DOTTED = -12  # an arrow is dotted where less is left
WAY = "{back} {back:step|steps} back, {left:sci} of its length arrives."
STARTS = DRAWN, ORTHOGONAL = "as drawn", "orthogonal, quiet"
QUIET = 0.2  # of the input weights beside an orthogonal matrix, as in the chapter's experiment


@cache
def constants():
    """An untrained network with recurrent gain 1, its readout and inputs, and another matrix."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(1, H, rng=rng) | dense.init_params(H, 1, rng=rng)
    params["W_hh"] /= initializers.spectral_radius(params["W_hh"])
    x, _ = recall(N, LONGEST, lag=0, rng=rng)
    return {**params, "x": x, "W_orthogonal": initializers.orthogonal(H, rng=rng)}


@lru_cache(maxsize=2)  # they are large
def pairs(start, T, gain, lag):
    """Pair gradients (T, T, P) of a network that should recall its input `lag` ago, and lengths of
    the last loss's gradient on its way back (T,), as log10.
    """
    known = constants()
    quiet = start == ORTHOGONAL
    params = known | {
        "W_hh": gain * known["W_orthogonal" if quiet else "W_hh"],
        "W_xh": (QUIET if quiet else 1) * known["W_xh"],
    }
    x = known["x"][:, :T]
    targets = np.zeros_like(x)
    targets[:, lag:] = x[:, : max(0, T - lag)]
    h, tape = rnn.forward(x, params)
    _, dlogits = losses.mean_squared_error(dense.forward(h, params), targets)
    dh = dense.backward(dlogits, h, params)[0]
    last = backward_norms(tape, params, dh[:, -1])
    return truncation.pair_gradients(dh, tape, params), log10(last / last[-1])


def compute(start, T, k2, gain, lag):
    """Shares of the lags, both truncated gradients beside the full one, the last loss's way."""
    everything, last = pairs(start, T, gain, lag)
    full = everything.sum(axis=1)
    each, block = (truncation.by_lag(everything, truncation.kept(T, k1, k2)) for k1 in (1, k2))
    total = full.sum(axis=0)
    length = np.linalg.norm(total)
    shares = {
        name: log10(np.linalg.norm(part, axis=1) / length)
        for name, part in (("full", full), ("each", each), ("block", block))
    }
    sums = {"each": each.sum(axis=0), "block": block.sum(axis=0)}
    cosines = {name: truncation.cosine(part, total) for name, part in sums.items()}
    errors = {n: float(np.linalg.norm(part - total) / length) for n, part in sums.items()}
    last = np.where(np.arange(T) < T - k2, NOTHING, last)  # beyond the cut nothing arrives
    passes = np.clip(1 - last / DOTTED, 0, 1)
    passes[: max(T - k2 + 1, 0)] = 0  # and nothing leaves its first step
    cut = np.zeros(T)
    if k2 < T:
        cut[T - k2] = 1.0
    loss, answer = np.full(T, np.nan), np.full(T, np.nan)
    loss[-1] = 1.0
    if lag < T:
        answer[T - 1 - lag] = 1.0
    share = float(shares["full"][lag]) if lag < T else 0.0
    return {
        **{name: padded(np.where(logs < FAINTEST, np.nan, logs)) for name, logs in shares.items()},
        "lag_range": np.array([10 * np.ceil(T / 10), -1]),  # an axis that seldom moves is quick
        "share_range": decades(np.maximum(shares["full"], FAINTEST)),
        "each_bars": np.array([cosines["each"], min(errors["each"], 1.0)]),
        "block_bars": np.array([cosines["block"], min(errors["block"], 1.0)]),
        "whole_range": np.array([-0.05 if min(cosines.values()) >= 0 else -1.1, 1.1]),
        "passes": padded(passes, front=True),
        "last": padded(last, front=True),
        "cut": padded(cut, front=True),
        "loss": padded(loss, front=True),
        "answer": padded(answer, front=True),
        "cosine": cosines["each"],
        "cosine_block": cosines["block"],
        "error": errors["each"],
        "error_block": errors["block"],
        "share": share,
        "answer_is": where(T, k2, lag, share),
    }


def padded(values, *, front=False):
    """Values (T,) with NaN up to the longest sequence, before them or behind them."""
    gap = np.full(LONGEST - len(values), np.nan)
    return np.concatenate([gap, values] if front else [values, gap])


def where(T, k2, lag, share):
    """A word for what the truncated gradient knows about the answer."""
    if lag >= T:
        return "before"
    if lag >= k2:
        return "cut off"
    return "vanished" if share < -3 else "reached"


def panes():
    """The last loss's gradient on its way back, the share of every lag, and the whole."""
    way = network.Diagram(
        title="The last loss's gradient on its way back to the answer",
        alt="The unrolled network. Arrows lead back from the last loss and end at the cut; the "
        "answer stands at the input that should be recalled.",
        length="passes",
        rows=(
            network.Row("loss", "L", values="loss", text="L", role="backward"),
            network.Row("state", "h", role="forward"),
            network.Row("input", "x", role="muted"),
            network.Row("answer", "", values="answer", text="?", role="highlight"),
        ),
        arrows=(
            network.Arrow("input", "state", role="muted"),
            network.Arrow("state", "state", 1, role="forward"),
            network.Arrow("state", "state", -1, strength="passes", role="backward"),
            network.Arrow("loss", "state", strength="loss", role="backward"),
            network.Arrow("answer", "input", strength="answer", role="highlight"),
        ),
        cut="cut",
        origin=1 - LONGEST,
        walk=network.Walk("the gradient", "last", WAY),
    )
    by_lag = lines.curves(
        np.arange(LONGEST),
        {
            "full BPTT": ("full", "backward"),
            "k1 = 1": ("each", "forward", "dash"),
            "k1 = k2": ("block", "target", "dot"),
        },
        title="What each lag contributes to the weight gradient",
        alt="Three lines of the contribution of each lag, on a logarithmic scale.",
        x_title="lag (steps back)",
        y_title="share of full length",
        **theme.decades((FAINTEST, 1)),
    )
    theme.fit(by_lag, "xaxis", "lag_range")
    theme.fit(by_lag, "yaxis", "share_range", decades=True)
    theme.mark(by_lag, "lag", label="the answer")
    theme.mark(by_lag, "k2", label="the cut", role="ink")
    summary = lines.bars(
        ["cosine with full", "relative error"],
        {"k1 = 1": ("each_bars", "forward"), "k1 = k2": ("block_bars", "target", "/")},
        title="The truncated gradient as a whole",
        alt="Bars of the cosine and the relative error of both truncated gradients.",
        y_title="",
        range=[-0.05, 1.1],
    )
    theme.fit(summary, "yaxis", "whole_range")
    return [way, by_lag, summary]


class TruncationLab(Explorable):
    """Cut the gradient off after k2 steps and see what is lost, lag by lag."""

    title = "Truncation lab"
    caption = (
        "The cosine tells where a truncated gradient points, and the share of the answer's lag how "
        "much of it comes from the step at which the answer came in. An arrow is dotted where less "
        "than a trillionth of the last loss's gradient is left, or nothing beyond the cut; the "
        "others are as thick as the logarithm of what is left. Errors above 1 are drawn as 1."
    )
    alt = (
        "Above, the unrolled network with the gradient of its last loss fading toward the cut, and "
        "the answer. Below, the contribution of each lag to the weight gradient on a logarithmic "
        "axis, with k1 = 1 following full BPTT up to lag k2 - 1 and then gone, and k1 = k2 sinking "
        "below it on the way; and bars of cosine and relative error."
    )
    controls = (
        Choice("start", "The network starts", STARTS, DRAWN),
        Number("T", "Sequence length T", (), 60, span=(10, LONGEST, 1)),
        Number("k2", "Steps back k2", (), 20, span=(1, LONGEST, 1)),
        Number("gain", "Recurrent gain", (), 0.8, span=(0.3, 1.4, 0.01)),
        Number("lag", "Lag of the answer", (), 59, span=(1, LONGEST - 1, 1)),
    )
    lines = ("verdict", "numbers")
    compute, panes, constants = compute, panes, constants
    question = Question(
        "The answer lies 59 steps back, and each loss reaches back only 20 steps. This truncated "
        "gradient points where the full one does, to three decimals of their cosine. Is the "
        "part from the answer's step in it?",
        ("yes, it is nearly the same gradient", "no, nothing of it"),
        1,
        {"start": DRAWN, "T": 60, "k2": 20, "gain": 0.8, "lag": 59},
        "No loss reaches that step. So little of the full gradient's length comes from there that "
        "no measure of the whole notices when it is gone.",
        hides=("verdict",),
    )
    stories = (
        Story(
            "cut at 20",
            {"start": DRAWN, "T": 60, "k2": 20, "gain": 0.8, "lag": 59},
            "With k1 = 1 less than two millionths of the gradient are missing, and among them all "
            "that comes from the answer's step.",
        ),
        Story(
            "reaching is not enough",
            {"start": DRAWN, "T": 60, "k2": 60, "gain": 0.8, "lag": 59},
            "Nothing is cut off any more, and still there is nothing to learn from: the gradient "
            "has vanished on the way.",
        ),
        Story(
            "another start",
            {"start": ORTHOGONAL, "T": 60, "k2": 60, "gain": 1.0, "lag": 30},
            "With quiet inputs and an orthogonal matrix 5% of the gradient comes from 30 steps "
            "back. Switch the start to “as drawn”: two millionths.",
            ("start",),
        ),
        Story(
            "an answer within reach",
            {"start": DRAWN, "T": 16, "k2": 10, "gain": 0.8, "lag": 5},
            "Between two and three percent of the gradient comes from five steps back. Now drag "
            "the cut.",
            ("k2",),
        ),
    )
