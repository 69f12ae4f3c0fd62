"""Chapter 12: which network learns which task, with the answer how many steps back.

Nothing is trained here: unrolled.experiments.lag_dial recorded it in data/results/lag-dial.json,
and in lag-dial-control.json the same networks with only the readout trained.
"""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.datasets import results
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

# How each network is called in sentences and in a figure, and drawn: its role and symbol.
STYLES = {
    "RNN": ("RNN", "RNN", "muted", "circle"),
    "identity RNN": ("identity RNN", "identity", "ink", "square"),
    "LSTM, forget bias 0": ("LSTM with bias 0", "LSTM 0", "highlight", "triangle-down"),
    "LSTM, forget bias 1": ("LSTM with bias 1", "LSTM 1", "forward", "diamond"),
    "LSTM, forget bias 3": ("LSTM with bias 3", "LSTM 3", "target", "triangle-up"),
    "GRU": ("GRU", "GRU", "backward", "cross"),
}
TASKS = ("echo", "copy", "adding", "parity")
CUTS = ("full", "truncated at 10")
LAGS = (1, 2, 5, 10, 20, 40, 80)
STARTS = 3
SOLVED = 0.95
RANGE = [-0.05, 1.08]


@cache
def record():
    """Settings and results of the experiment."""
    return results.read("lag-dial")


@cache
def readout_alone(task, lag):
    """Mean skill of each network with only its readout trained; NaN where that was not run."""
    control = results.read("lag-dial-control")
    lags, found = control["settings"]["lags"], control["results"][task]
    at = lags.index(lag) if lag in lags else None
    return np.array([np.nan if at is None else found[n]["mean skill"][at] for n in STYLES])


def compute(task, bptt, lag):
    """Mean skills against the lag, those of all starts at one lag, and what a loss reaches."""
    found = {name: record()["results"][task][name][bptt] for name in STYLES}
    at = LAGS.index(lag)
    means = np.array([found[name]["mean skill"][at] for name in STYLES])
    starts = np.array([found[name]["skill"][at] for name in STYLES])
    untrained = readout_alone(task, lag)
    names = [name for name, *_ in STYLES.values()]
    solved = [name for name, mean in zip(names, means, strict=True) if mean >= SOLVED]
    others = np.flatnonzero(means < SOLVED)
    best = others[means[others].argmax()] if len(others) else means.argmax()
    return {
        **{name: np.array(found[name]["mean skill"]) for name in STYLES},
        "means": means,
        "starts": starts.ravel(),
        "untrained": untrained,
        "solvers": ("none" if not solved else "some") if len(others) else "all",
        "solved": ", ".join(solved) or "none",
        "best": names[best],
        "best_mean": means[best],
        "best_low": starts[best].min(),
        "best_high": starts[best].max(),
        "compared": bool(np.isfinite(untrained).all()),
        "best_untrained": float(np.nan_to_num(untrained).max()),
        **reach(task, bptt, lag),
    }


def reach(task, bptt, lag):
    """Facts of how far a loss looks back and the answer lies."""
    settings = record()["settings"]
    cut, T = settings["k1 = k2 if truncated"], settings["steps T"][task][LAGS.index(lag)]
    back = lag + (T - lag + 1) // 2 if task == "copy" else lag
    whole = bptt == "full" or cut >= T
    reached = "whole" if whole else "sometimes" if back < cut else "never"
    return {"reach": reached, "back": back, "length": T, "cut": cut, "bits": lag + 1}


def panes():
    """Mean skill against the lag, and all starts at one lag."""
    # Side by side, since at a skill of 1 the marks would hide each other.
    shifts = np.linspace(-0.04, 0.04, len(STYLES))
    against_lag = lines.curves(
        np.log10(LAGS),
        {label: (name, role) for name, (_, label, role, _) in STYLES.items()},
        title="Mean skill (1 = no mistake)",
        alt="Six lines of skill against the lag on a logarithmic axis, one for each network.",
        x_title="lag",
        y_title="skill",
        height=330,
        range=RANGE,
    )
    for trace, shift, (*_, role, symbol) in zip(
        against_lag.data, shifts, STYLES.values(), strict=True
    ):
        trace.update(
            x=np.log10(LAGS) + shift,
            mode="lines+markers",
            line=theme.line(role, width=1.5),
            marker={"symbol": symbol, "size": 9, "color": theme.COLORS[role][0]},
            hovertemplate="skill %{y:.2f}",
        )
    ends = np.log10([0.8 * LAGS[0], 1.25 * LAGS[-1]])
    against_lag.update_xaxes(range=ends, tickvals=np.log10(LAGS), ticktext=LAGS)
    labels = [label for _, label, _, _ in STYLES.values()]
    at_lag = lines.bars(
        labels,
        {"mean": ("means", "forward")},
        title="At this lag: the mean and each start",
        alt="Bars of the mean skill of each network, with a circle for each start and a dash "
        "where the same network comes to with only its readout trained.",
        y_title="skill",
        height=330,
        range=RANGE,
    )
    colors = [theme.COLORS[role][0] for _, _, role, _ in STYLES.values()]
    at_lag.data[0].marker.update(color=colors, opacity=0.6)  # a dash is seen on any of them
    each = lines.marker(np.repeat(labels, STARTS), "starts", name="one start", role="ink")
    each.marker.update(color=theme.NEUTRAL, size=9)  # to be seen on a dark bar
    dash = lines.marker(labels, "untrained", name="readout alone", role="ink", symbol="line-ew")
    dash.marker.update(size=26, line={"width": 3, "color": theme.INK})
    threshold = go.Scatter(x=labels, y=[SOLVED] * len(labels), name=f"{SOLVED}", mode="lines")
    threshold.line = theme.line("muted", "dot", 1.5)
    at_lag.add_traces([each, dash, threshold]).update_layout(showlegend=True)
    theme.mark(against_lag, "lag", label="lag", at=np.log10(LAGS))
    return [against_lag, at_lag]


class LagDial(Explorable):
    """Turn the lag of four tasks and see which of six networks learned them."""

    title = "Lag dial"
    caption = (
        "A recorded experiment: three starts of each network, 32 units, at most 1,500 updates of "
        "Adam, and one learning rate for all, so a low skill means that this much training was "
        "not enough, not that the network cannot do it. The number behind LSTM is the forget bias "
        "at the start; identity is an RNN whose recurrent matrix starts as the identity. Dashes, "
        "recorded from lag 10 on, show what the same networks reach with only the readout trained."
    )
    alt = (
        "Left, the mean skill of six networks against the lag on a logarithmic axis: in copy with "
        "full BPTT all are near 1 up to lag 10, and then they fall, the identity RNN and the LSTM "
        "with forget bias 0 first. Right, bars of the mean skill of each network at the chosen "
        "lag, with a circle for each of three starts and a dash for the readout alone."
    )
    controls = (
        Choice("task", "Task", TASKS, "copy"),
        Choice("bptt", "Gradient", CUTS, "full", ("full", "cut after 10")),
        Number("lag", "Lag", LAGS, 40),
    )
    lines = ("asked", "verdict", "control")
    compute, panes = compute, panes
    question = Question(
        "Adding asks for a number seen 80 steps earlier, and the gradient is cut after 10 steps, "
        "so no loss ever reaches that number. How many of the six networks got a mean skill above "
        "0.9?",
        ("none", "one", "three"),
        2,
        {"task": "adding", "bptt": "truncated at 10", "lag": 80},
        "Three: the GRU and the LSTMs with bias 1 and 3 have 0.94, where the readout alone has at "
        "most 0.1. The state crosses the cut; only the gradient stops there.",
    )
    stories = (
        Story(
            "echo, 20 steps back",
            {"task": "echo", "bptt": "full", "lag": 20},
            "At lag 10 every mean is at least 0.99, and at 20 none reaches 0.95; look at the "
            "circles of the RNN before you rank anybody, for its three starts run from 0.49 to "
            "0.92.",
        ),
        Story(
            "echo, cut",
            {"task": "echo", "bptt": "truncated at 10", "lag": 10},
            "The bit lies one step beyond the reach of any loss: five means drop to about a third "
            "or less, and the RNN keeps 0.99.",
        ),
        Story(
            "copy, cut",
            {"task": "copy", "bptt": "truncated at 10", "lag": 20},
            "No loss reaches a symbol, yet the GRU has 0.85 and its dash is at 0.01: it carries "
            "symbols that no gradient ever told it to keep.",
        ),
        Story(
            "three starts disagree",
            {"task": "parity", "bptt": "full", "lag": 10},
            "One start of the GRU has parity without a mistake and the other two are guessing, so "
            "their mean of 0.34 describes none of them.",
        ),
    )
