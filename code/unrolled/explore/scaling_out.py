"""Chapter 17: when more processes make a training step faster, and when they do not."""

import numpy as np

from unrolled.analysis.scaling import LINKS, bytes_sent, speedup, step
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

P = np.array([1, 2, 4, 8, 16, 32, 64])
MILLIONS = [0.2, 1, 5, 20, 100]
MILLISECONDS = [1, 3, 10, 30, 100, 300]
TICKS = [4.0**k for k in range(-6, 4)]  # of a speedup


def compute(processes, parameters, milliseconds, link):
    """Log10 milliseconds and speedups for each number of processes."""
    setting = {
        "compute": milliseconds / 1000, "parameters": parameters * 1e6, "link": LINKS[link],
    }  # fmt: skip
    computing, sending = (1000 * part for part in step(P, **setting))
    faster, now = speedup(P, **setting), list(P).index(processes)
    best = P[faster.argmax()]
    total = np.log10(computing + sending)
    sent = np.log10(sending, out=np.full(len(P), np.nan), where=sending > 0)
    low = np.floor(min(np.log10(computing[-1]), np.nanmin(sent)))
    high = np.ceil(max(total.max(), np.nanmax(sent), low + 3))
    return {
        "computing": np.log10(computing),
        "sending": sent,
        "total": total,
        "times": np.array([low, high]),
        "speedup": np.log10(faster),
        "speedups": np.array([min(-0.3, np.log10(faster.min()) - 0.1), 2.0]),
        "step": float(computing[now] + sending[now]),
        "computed": float(computing[now]),
        "sent": float(sending[now]),
        "megabytes": float(bytes_sent(processes, 4 * parameters)),
        "faster": float(faster[now]),
        "slower": float(1 / faster[now]),
        "share": float(faster[now] / processes),
        "best": int(best),
        "most": float(faster.max()),
        "alone": processes == 1,
        "pace": pace(processes, faster[now], best),
        "sharing": "helps" if best > 1 else "never helps",
    }


def pace(processes, faster, best):
    """A word for the speedup of these processes."""
    if processes == 1:
        return "alone"
    if faster < 1:
        return "slower"
    return "best" if best == processes else "faster"


def panes():
    """The time of a step and its parts, and the speedup, against the number of processes."""
    x = np.log10(P)
    times = lines.curves(
        x,
        {
            "total": ("total", "ink"),
            "computing, the ideal": ("computing", "forward", "dash"),
            "sending": ("sending", "backward", "dot"),
        },
        title="Computing is shared, sending is not",
        alt="Lines of the time of a step, its computing and its sending against processes.",
        x_title="processes P",
        y_title="milliseconds",
        **theme.decades((-2, 4)),
    )
    theme.fit(times, "yaxis", "times", decades=True)
    gain = lines.curves(
        x,
        {
            "speedup": ("speedup", "ink"),
            "ideal": (x, "muted", "dash"),
            "one process": (np.zeros(len(P)), "muted", "dot"),
        },
        title="How many times faster than one process",
        alt="A line of the speedup against processes, below the straight line of the ideal.",
        x_title="processes P",
        y_title="speedup",
        tickvals=np.log10(TICKS),
        ticktext=[f"{tick:g}" if tick >= 1 else f"1/{1 / tick:g}" for tick in TICKS],
    )
    theme.fit(gain, "yaxis", "speedups")
    for pane in (times, gain):
        pane.update_traces(mode="lines+markers")
        pane.update_xaxes(range=np.log10([0.9, 72]), tickvals=x, ticktext=P)
        theme.mark(pane, "processes", label="now", at=x)
    return [times, gain]


class ScalingOut(Explorable):
    """Share a training step among processes, and see when sending takes over from computing."""

    title = "Scaling out"
    caption = (
        "Computing is divided among the processes; sending is not: each sends between once and "
        "twice the gradient and waits in every round, for an assumed 50 µs on Ethernet and 5 µs on "
        "the others. Half the rows are assumed to take half the time, and sending to begin when "
        "computing ends; DDP overlaps them in part. Nothing here was measured."
    )
    alt = (
        "Left, on logarithmic axes against the number of processes, the time of computing falls "
        "in a straight line, that of sending rises, and a third line is their sum. Right, the "
        "speedup bends away from the straight line of the ideal."
    )
    controls = (
        Number("processes", "Processes P", P.tolist(), 8),
        Number("parameters", "Parameters", MILLIONS, 5, texts=[f"{m:g} million" for m in MILLIONS]),
        Number(
            "milliseconds",
            "Computing (P = 1)",
            MILLISECONDS,
            100,
            texts=[f"{value} ms" for value in MILLISECONDS],
        ),
        Choice("link", "Link", tuple(LINKS), "Ethernet 10 Gb/s"),
    )
    lines = ("parts", "verdict")
    compute, panes = compute, panes
    question = Question(
        "A step of a small network of 0.2 million parameters is 10 ms of computing. Over Ethernet "
        "of 1 Gb/s, how many processes take the step in the least time?",
        ("64", "about 8", "2", "1"),
        3,
        {"processes": 2, "parameters": 0.2, "milliseconds": 10, "link": "Ethernet 1 Gb/s"},
        "Two processes save 5 ms of computing and spend 6.5 ms on sending, and every further one "
        "makes it worse.",
    )
    stories = (
        Story(
            "an ordinary network",
            {"processes": 8, "parameters": 5, "milliseconds": 100, "link": "Ethernet 10 Gb/s"},
            "Eight processes are only 2.4 times as fast as one, because 29 of the 41 milliseconds "
            "go to sending.",
        ),
        Story(
            "and still more of them",
            {"processes": 64, "parameters": 5, "milliseconds": 100, "link": "Ethernet 10 Gb/s"},
            "The bytes come near their limit of twice the gradient, yet the line of sending goes "
            "on rising, since every round of the ring costs a delay as well. So 64 processes are "
            "slower than 32.",
        ),
        Story(
            "a faster link",
            {"processes": 8, "parameters": 5, "milliseconds": 100, "link": "InfiniBand 200 Gb/s"},
            "Over InfiniBand the same eight are worth seven. Drag them to 64, and sending takes "
            "over here, too.",
            ("processes",),
        ),
    )
