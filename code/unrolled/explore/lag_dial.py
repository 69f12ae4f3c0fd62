"""Chapter 12: which network learns which task, with the answer how many steps back.

Nothing is trained here: unrolled.experiments.lag_dial recorded it in data/results/lag-dial.json.
"""

from functools import cache

import numpy as np

from unrolled.datasets import results
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

# How each network is drawn: its short name, role and symbol. A number is a forget bias.
STYLES = {
    "RNN": ("RNN", "muted", "circle"),
    "identity RNN": ("identity", "ink", "square"),
    "LSTM, forget bias 0": ("LSTM 0", "highlight", "triangle-down"),
    "LSTM, forget bias 1": ("LSTM 1", "forward", "diamond"),
    "LSTM, forget bias 3": ("LSTM 3", "target", "triangle-up"),
    "GRU": ("GRU", "backward", "cross"),
}
# What each task asks for, and what a gradient would have to reach.
ASKED = {
    "echo": ("Echo asks at every step for the bit {lag} steps back.", "that bit"),
    "copy": ("Copy asks for three symbols after {lag} blanks and a cue.", "the symbol"),
    "adding": (
        "Adding asks for the sum of two marked numbers, the first of them {lag} steps back.",
        "the first number",
    ),
    "parity": ("Parity asks whether {bits} bits hold an odd number of ones.", "the first bit"),
}
SOLVED = 0.95
RANGE = [-0.05, 1.08]


@cache
def record():
    """Settings and results of the experiment."""
    return results.read("lag-dial")


def compute(task, bptt, lag):
    """What both panes show at one setting."""
    found = {name: record()["results"][task][name][bptt] for name in STYLES}
    at = record()["settings"]["lags"].index(lag)
    means = {name: found[name]["mean skill"][at] for name in STYLES}
    return {
        **{name: np.array(found[name]["mean skill"]) for name in STYLES},
        "lag_x": np.log10([lag, lag]),
        "bars": np.array(list(means.values())),
        "seeds": np.array([found[name]["skill"][at] for name in STYLES]).ravel(),
        "asked": asked(task, lag),
        "verdict": f"{verdict(means)} {reached(task, bptt, lag)}",
    }


def asked(task, lag):
    """The task in words."""
    sentence = ASKED[task][0].format(lag=lag, bits=lag + 1)
    return sentence if lag > 1 else sentence.replace("1 steps", "1 step").replace("blanks", "blank")


def verdict(means):
    """Who solves it, in words."""
    solved = [name for name, mean in means.items() if mean >= SOLVED]
    others = {name: mean for name, mean in means.items() if mean < SOLVED}
    if not others:
        return f"All {len(means)} networks solve it: their mean skill is at least {SOLVED}."
    best = max(others, key=others.get)
    if not solved:
        return f"No network solves it: the best mean skill is {others[best]:.2f} ({best})."
    names = " and ".join(filter(None, ["; ".join(solved[:-1]), solved[-1]]))
    return f"Solved by {names}. The best of the others has a mean skill of {others[best]:.2f}."


def reached(task, bptt, lag):
    """How far the gradient goes and the answer lies, in words."""
    settings = record()["settings"]
    k, T = settings["k1 = k2 if truncated"], settings["steps T"][task][settings["lags"].index(lag)]
    back = lag + (T - lag + 1) // 2 if task == "copy" else lag
    if bptt == "full" or k >= T:
        return f"Every loss reaches back to the first of the {T} steps."
    reach = f"A loss reaches at most {k} steps, its own included"
    what = f"{ASKED[task][1]}, {back} step{'s' * (back > 1)} back"
    return f"{reach}: at best also {what}." if back < k else f"{reach}: never {what}."


class LagDial(Explorable):
    """Turn the lag of four tasks and see which of six networks still learn them."""

    def __init__(self, *, task="copy", bptt="full", lag=40):
        settings, tasks = record()["settings"], record()["results"]
        lags = settings["lags"]
        cuts = list(tasks["echo"]["RNN"])
        # Side by side, since at a skill of 1 the marks would hide each other.
        shifts = np.linspace(-0.04, 0.04, len(STYLES))
        against_lag = lines.curves(
            np.log10(lags),
            {name: (states.no_data(len(lags)), role) for name, role, _ in STYLES.values()},
            title="Skill against the lag: 0 is guessing, 1 is no mistake",
            alt="Six lines of skill against the lag on a logarithmic axis, one for each network.",
            x_title="lag",
            y_title="skill",
            height=360,
            range=RANGE,
        )
        for trace, key, shift in zip(against_lag.data, STYLES, shifts, strict=True):
            _, role, symbol = STYLES[key]
            trace.update(
                x=np.log10(lags) + shift,
                mode="lines+markers",
                line=theme.line(role, width=1.5),
                marker={"symbol": symbol, "size": 9, "color": theme.COLORS[role][0]},
                hovertemplate="skill %{y:.2f}",
                meta={"y": key},
            )
        against_lag.add_scatter(
            x=[0, 0],
            y=RANGE,
            name="now",
            mode="lines",
            line=theme.line("ink", "dashdot", 1.5),
            showlegend=False,
            hoverinfo="skip",
            meta={"x": "lag_x"},
        )
        ends = np.log10([0.8 * lags[0], 1.25 * lags[-1]])
        against_lag.update_xaxes(range=ends, tickvals=np.log10(lags), ticktext=lags)
        # Room for two rows of names below the title.
        against_lag.update_layout(margin_t=80, title={"y": 0.97, "yanchor": "top"})
        labels = [label for label, _, _ in STYLES.values()]
        at_lag = lines.bars(
            labels,
            {"mean": (states.no_data(len(labels)), "forward")},
            title="At this lag: the mean, and each seed",
            alt="Bars of the mean skill of each network, with a point for each seed.",
            y_title="skill",
            height=360,
            range=RANGE,
        )
        colors = [theme.COLORS[role][0] for _, role, _ in STYLES.values()]
        at_lag.data[0].update(marker={"color": colors}, meta={"y": "bars"})
        seeds = len(settings["seeds"])
        at_lag.add_trace(
            lines.marker(
                np.repeat(labels, seeds),
                states.no_data(seeds * len(labels)),
                name="seed",
                role="ink",
                meta={"y": "seeds"},
            )
        )
        at_lag.update_layout(margin_t=80)
        at_lag.data[1].marker.update(color=theme.NEUTRAL, size=9)  # to be seen on a dark bar
        super().__init__(
            compute,
            [
                Slider("task", "Task", list(ASKED), task, texts=list(ASKED)),
                Slider("bptt", "BPTT", cuts, bptt, texts=cuts),
                Slider("lag", "Lag", lags, lag),
            ],
            [against_lag, at_lag],
            title="Lag dial",
            caption=(
                "Turn the lag up and the networks drop out one by one; an LSTM whose forget gates "
                "start open (bias 3) lasts longer than one with bias 0. A gradient that is cut off "
                "after 10 steps ends echo soon after lag 10 but hardly hurts adding: what is "
                "learned near the end also works far from it. The number behind LSTM is the forget "
                "bias at the start, identity is an RNN whose recurrent matrix starts as the "
                "identity, and circles are seeds."
            ),
            alt=(
                "Left, the skill of six networks against the lag on a logarithmic axis: in copy "
                "with full BPTT all are near 1 up to lag 10, and then they fall, the "
                "identity RNN and the LSTM with forget bias 0 first. Right, bars of the mean "
                "skill of each network at the chosen lag, with a circle for each seed."
            ),
            texts=("asked", "verdict"),
        )
