"""Chapter 17: when more processes make a training step faster, and when they do not."""

import numpy as np

from unrolled.analysis.scaling import LINKS, bytes_sent, speedup, step
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

P = np.array([1, 2, 4, 8, 16, 32, 64])
MILLIONS = [0.2, 1, 5, 20, 100]
MILLISECONDS = [1, 3, 10, 30, 100, 300]
DECADES = (-2, 4)  # of a time in milliseconds
FLOOR = 1 / 16  # a speedup below it is drawn there


def compute(processes, parameters, milliseconds, link):
    """What both panes show at one setting."""
    setting = {
        "compute": milliseconds / 1000, "parameters": parameters * 1e6, "link": LINKS[link],
    }  # fmt: skip
    computing, sending = (1000 * part for part in step(P, **setting))
    faster, now = speedup(P, **setting), list(P).index(processes)
    drawn = np.log10(np.maximum(faster, FLOOR))
    total = np.log10(computing + sending)
    return {
        "computing": np.log10(computing),
        "sending": np.log10(sending, out=np.full(len(P), np.nan), where=sending > 0),
        "total": total,
        "speedup": drawn,
        "now_x": np.log10([processes]),
        "now_total": total[[now]],
        "now_speedup": drawn[[now]],
        "parts": parts(processes, computing[now], sending[now], 4e6 * parameters),
        "verdict": verdict(processes, faster),
    }


def parts(processes, computing, sending, size):
    """What a step is made of, in words: times in milliseconds, the gradient's size in bytes."""
    if processes == 1:
        return f"With one process a step takes {written(computing)} of computing; nothing is sent."
    return (
        f"With {processes} processes a step takes {written(computing + sending)}: "
        f"{written(computing)} of computing and {written(sending)} of sending, "
        f"{bytes_sent(processes, size) / 1e6:.3g} MB from each process."
    )


def written(milliseconds):
    """A time with its unit, three digits."""
    if milliseconds < 999.5:
        return f"{milliseconds:.3g} ms"
    return f"{milliseconds / 1000:.3g} s"


def verdict(processes, faster):
    """The speedup and the efficiency at this number of processes, and the best one, in words."""
    here, best = faster[list(P).index(processes)], P[faster.argmax()]
    most = f"the best up to 64 is {faster.max():.3g} times, with {best} processes"
    if best == 1:
        most = "no number of them is faster than one"
    if processes == 1:
        return f"One process is the measure, and {most}."
    if here < 1:
        slower = f"{1 / here:.3g}" if 1 / here < 999.5 else f"{1 / here:,.0f}"
        return f"That takes {slower} times as long as one process; {most}."
    share = f"{100 * here / processes:.2g}% of the ideal {processes}"
    return f"That is {here:.3g} times as fast as one process, {share}" + (
        ", and the best up to 64." if best == processes else f"; {most}."
    )


class ScalingOut(Explorable):
    """Share a training step among processes, and see when sending takes over from computing."""

    def __init__(self, *, processes=8, parameters=5, milliseconds=100, link="Ethernet 10 Gb/s"):
        blank, x = states.no_data(len(P)), np.log10(P)
        times = lines.curves(
            x,
            {
                "total": (blank, "ink"),
                "computing, the ideal": (blank, "forward", "dash"),
                "sending": (blank, "backward", "dot"),
            },
            title="Computing is shared, sending is not",
            alt="Lines of the time of a step, its computing and its sending against processes.",
            x_title="processes P",
            y_title="milliseconds",
            **theme.decades(DECADES),
        )
        ticks = [FLOOR, 0.25, 1, 4, 16, 64]
        gain = lines.curves(
            x,
            {"speedup": (blank, "ink"), "ideal": (x, "muted", "dash")},
            title="How many times faster than one process",
            alt="A line of the speedup against processes, below the straight line of the ideal.",
            x_title="processes P",
            y_title="speedup",
            range=np.log10([0.7 * FLOOR, 90]),
            tickvals=np.log10(ticks),
            ticktext=["≤ 1/16", "1/4", *map(str, ticks[2:])],
        )
        for pane, keys in ((times, ("total", "computing", "sending")), (gain, ("speedup",))):
            pane.update_xaxes(range=np.log10([0.9, 72]), tickvals=x, ticktext=P)
            for trace, key in zip(pane.data, keys, strict=False):
                trace.update(mode="lines+markers", meta={"y": key})
            now = {"x": "now_x", "y": f"now_{keys[0]}"}
            pane.add_trace(lines.marker([0], [0], name="now", showlegend=False, meta=now))
        super().__init__(
            compute,
            [
                Slider("processes", "Processes P", P.tolist(), processes),
                Slider(
                    "parameters",
                    "Parameters",
                    MILLIONS,
                    parameters,
                    [f"{million:g} million" for million in MILLIONS],
                ),
                Slider(
                    "milliseconds",
                    "Computing, one process",
                    MILLISECONDS,
                    milliseconds,
                    [f"{value} ms" for value in MILLISECONDS],
                ),
                Slider("link", "Link", list(LINKS), link, list(LINKS)),
            ],
            [times, gain],
            title="Scaling out",
            caption=(
                "Computing is divided among the processes; sending is not: each sends almost twice "
                "the gradient, however many they are. Where the two lines cross, more processes "
                "begin to help little, and a model that computes little and sends much is fastest "
                "alone. The times are added, and a share of the rows is taken to need the same "
                "share of the time; DDP hides part of the sending behind the backward pass."
            ),
            alt=(
                "Left, on logarithmic axes, computing falls in a straight line while sending rises "
                "and then levels off; they cross near 4 processes, and the total is least at 32. "
                "Right, the speedup bends away from the straight line of the ideal and stays "
                "below 3."
            ),
            texts=("parts", "verdict"),
        )
