"""Chapter 12: which network learns which task, with the answer how many steps back, and why not.

Nothing is trained here: unrolled.experiments.lag_dial recorded it in data/results/lag-dial.json and
lag-dial-probes.json, and lag_dial_linear, with fewer lags and no probes, the cells of chapters 22
and 23 in lag-dial-linear.json.
"""

from functools import cache

import numpy as np

from unrolled.analysis.lag_probes import suspects
from unrolled.datasets import results
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story, Switch
from .explorable import Explorable

# How each network is drawn: its role and symbol. Another network of the record needs a line here.
STYLES = {
    "RNN": ("muted", "circle"),
    "RNN, other start": ("ink", "square"),
    "LSTM": ("forward", "diamond"),
    "GRU": ("backward", "cross"),
}
# Cells that the reader may add, with the sign of each; the sentence about them is their legend.
LINEAR = {
    "lru": ("LRU", "triangle-up"),
    "mingru": ("minGRU", "triangle-down"),
    "signed": ("minGRU, signed", "star"),
}
TASKS = ("echo", "copy", "adding", "parity")
MORE_STEPS = {"echo": 20, "copy": 7, "adding": 5, "parity": 1}  # of a sequence, than its lag
LAGS = (5, 10, 20, 40)
RANGE = [-0.05, 1.08]
PROBES = ("2,000 updates", "longer", "curriculum", "read before", "read after", "gradient")
LONGER = ("longer", "longer, third of the rate", "much longer")
CURRICULA = ("curriculum", "curriculum, third of the rate", "much longer curriculum")


@cache
def runs():
    """What was recorded of each square: {(task, network, lag): {part: lists over starts}}."""
    found = {}
    for name in ("lag-dial", "lag-dial-probes"):
        for group in results.read(name)["results"]:
            square = found.setdefault((group["task"], group["network"], group["lag"]), {})
            square[group["part"]] = group
    return found


def solved(square, parts):
    """The share of starts that came to the criterion, in that part where most did; else NaN."""
    shares = [np.mean(np.array(square[part]["solved"]) > 0) for part in parts if part in square]
    return max(shares, default=np.nan)


@cache
def square(task, network, lag):
    """What became of a square: shares of starts that solved it, and medians of the probes.

    A longer run and a curriculum count at the better of their rates. Of the state counts, for
    `suspects`, the training after which it is read best.
    """
    parts = runs()[task, network, lag]
    test, tried = parts["test"], ("test", *LONGER, *CURRICULA)
    found = {
        "solved": solved(parts, ["test"]),
        "starts": len(test["solved"]),
        "updates": np.median([updates or np.inf for updates in test["solved"]]),
        "begin": test["begin"],
        "rate": test["rate"],
        "read": np.median([test["read before"], test["read after"]], axis=1),
        "kept": max(np.median(parts[part]["read after"]) for part in tried if part in parts),
        "share": np.median([test["share before"], test["share after"]], axis=1),
        "even": 1 / (lag + MORE_STEPS[task]),
        "longer": solved(parts, LONGER),
        "curriculum": solved(parts, CURRICULA),
        "lacks": "nothing",
    }
    if "longer" in parts:
        trained = found["longer"], found["curriculum"]
        found["lacks"] = suspects(*trained, found["kept"], found["share"][0], found["even"])
    return found


@cache
def linear_starts(task, network, lag):
    """How many starts of a linear cell solve a task, and how many were run; (0, 0) if none were."""
    groups = [
        group["solved"]
        for group in results.read("lag-dial-linear")["results"]
        if (group["part"], group["task"]) == ("test", task)
        and (group["network"], group["lag"]) == (network, lag)
    ]
    return sum(map(np.count_nonzero, groups)), sum(map(len, groups))


def linear_cells(task, lag, shown):
    """Shares of starts that solved a task against the lag, and counts at `lag`, if shown."""
    found = {}
    for key, (name, _) in LINEAR.items():
        counts = [linear_starts(task, name, other) if shown else (0, 0) for other in LAGS]
        shares = [solved / run if run else np.nan for solved, run in counts]
        solved, run = counts[LAGS.index(lag)]
        found |= {f"{key}_shares": np.array(shares), key: solved, f"{key}_of": run}
    return found | {"compared": "no" if not shown else "yes" if run else "not here"}


def compute(task, network, lag, linear):
    """Shares of starts that solved a task against the lag, the probes, and what they leave."""
    here = square(task, network, lag)
    count, times = round(here["solved"] * here["starts"]), here["share"][0] / here["even"]
    none = [np.nan] * 3
    return {
        **{
            name: np.array([square(task, name, other)["solved"] for other in LAGS])
            for name in STYLES
        },
        **linear_cells(task, lag, linear),
        "trained": np.array([here["solved"], here["longer"], here["curriculum"], *none]),
        "read": np.array([*none, *here["read"], np.nan]),
        "arrives": np.array([*none, np.nan, np.nan, min(times, 1)]),
        "count": count,
        "starts": here["starts"],
        "outcome": "half" if 2 * count > here["starts"] else "few" if count else "none",
        "updates": here["updates"] if np.isfinite(here["updates"]) else 0,
        "begin": here["begin"],
        "rate": here["rate"],
        "lacks": here["lacks"],
        "read_before": here["read"][0],
        "read_after": here["read"][1],
        "times": np.log10(times),
    }


def panes():
    """Who solved it against the lag, and what the probes say of one of them."""
    who = lines.curves(
        np.log10(LAGS),
        {name: (name, role) for name, (role, _) in STYLES.items()}
        | {name: (f"{key}_shares", "target", "dot") for key, (name, _) in LINEAR.items()},
        title="Starts that solve it in 2,000 updates",
        alt="Four lines of the share of starts against the lag, one for each network; if they are "
        "added, three dotted ones of linear cells.",
        x_title="lag",
        y_title="share of starts",
        height=340,
        range=RANGE,
    )
    shifts = np.linspace(-0.02, 0.02, len(STYLES))  # side by side, so that no mark hides another
    for trace, shift, (role, symbol) in zip(who.data, shifts, STYLES.values(), strict=False):
        trace.update(
            x=np.log10(LAGS) + shift,
            mode="lines+markers",
            line=theme.line(role, width=1.5),
            marker={"symbol": symbol, "size": 9, "color": theme.COLORS[role][0]},
        )
    added = zip(who.data[len(STYLES) :], (-0.04, 0, 0.04), LINEAR.values(), strict=True)
    for trace, shift, (_, symbol) in added:
        trace.update(
            x=np.log10(LAGS) + shift,
            mode="lines+markers",
            connectgaps=True,  # they were not run at lag 10
            line=theme.line("target", "dot", 1.5),
            marker={"symbol": symbol, "size": 11, "color": theme.COLORS["target"][0]},
            showlegend=False,
        )
    ends = np.log10([0.85 * LAGS[0], 1.2 * LAGS[-1]])
    who.update_xaxes(range=ends, tickvals=np.log10(LAGS), ticktext=LAGS)
    probes = lines.bars(
        PROBES,
        {
            "starts that solve it": ("trained", "forward"),
            "what a line reads in the state": ("read", "target", "/"),
            "the gradient's part of an even share": ("arrives", "backward", "x"),
        },
        title="This network at this lag: three probes",
        alt="Bars of the share of starts that solve it as it is, longer and by a curriculum, of "
        "how well its state can be read before and after training, and of the gradient.",
        y_title="0 none, 1 all",
        height=340,
        range=RANGE,
    )
    probes.update_layout(barmode="overlay")
    return [theme.mark(who, "lag", label="lag", at=np.log10(LAGS)), probes]


class LagDial(Explorable):
    """Turn the lag of four tasks, see which networks learn them, and ask one that does not why."""

    title = "Lag dial"
    caption = (
        "Recorded: 32 units, ten starts of each network, tuned for each task on others (here "
        "{begin}, rate {rate:g}). What fewer than half of them solve was tried from three starts "
        "with 6,000 updates, and with as many under a curriculum of growing lags, at two rates, of "
        "which the better is drawn; what neither solved, with 24,000. The gradient is that before "
        "training, 1 if the lag had as much of it as every other step.{tuned}"
    )
    alt = (
        "Left, the share of starts that solve parity falls from all at lag 5 to none at 40, at lag "
        "10 already for the RNNs. Right, for the RNN at lag 40: no start solves it, a longer run "
        "does not help, a curriculum mostly does, its state cannot be read before training and "
        "perfectly after it, and no gradient arrives."
    )
    controls = (
        Choice("task", "Task", TASKS, "parity"),
        Number("lag", "Lag", LAGS, 40),
        Choice("network", "Ask why of", tuple(STYLES), "RNN"),
        Switch("linear", "Cells of chapters 22, 23", False),
    )
    lines = ("asked", "verdict", "probes")
    compute, panes = compute, panes
    question = Question(
        "A plain RNN was trained to say whether 41 bits hold an odd number of ones. From each of "
        "ten starts it is still guessing. How much of the very first bit, 40 steps ago, is left in "
        "its state?",
        ("nothing, 40 steps are too long", "a trace", "all of it"),
        2,
        {"task": "parity", "lag": 40, "network": "RNN", "linear": False},
        "A linear readout of its state names the first bit without a mistake, in every one of "
        "the ten recorded runs. So forty steps were not too long for that bit. What became of the "
        "other forty?",
        hides=("verdict", "probes", 1),
    )
    stories = (
        Story(
            "another start",
            {"task": "echo", "lag": 20, "network": "RNN, other start", "linear": False},
            "An orthogonal matrix and quiet inputs, and the same cell echoes over 20 steps from "
            "all ten starts, after 100 updates; as drawn, two starts do it in 2,000.",
        ),
        Story(
            "more of the same",
            {"task": "adding", "lag": 40, "network": "RNN, other start", "linear": False},
            "No start of ten in 2,000 updates, but two of three in 6,000 smaller ones: it lacked "
            "nothing but training.",
        ),
        Story(
            "hardly any gradient",
            {"task": "copy", "lag": 40, "network": "GRU", "linear": False},
            "The lag has a ten-thousandth of an even share, and still eight of ten starts learn "
            "it: untrained, the state already holds what is asked for.",
        ),
        Story(
            "gradient enough",
            {"task": "parity", "lag": 40, "network": "LSTM", "linear": False},
            "Before training nearly an even share of the gradient arrives, and no start of ten "
            "learns it in 2,000 updates. Where the lag may grow from 2 to 40, three of three do, "
            "within 900.",
        ),
    )
