"""What a training step of an LSTM layer spends its time on: launches, arithmetic, memory.

Nothing is timed here: `analysis.device_time` counts, and divides by what a device can do.
"""

from functools import cache

import numpy as np

from unrolled.analysis.device_time import H200, measured, operations, time_of_step
from unrolled.analysis.gradient_flow import log10
from unrolled.datasets import results
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

D = 128
N_ALL = [2**k for k in range(11)]
H_ALL = [32, 64, 128, 256, 512, 1024]
T_ALL = [10, 25, 50, 100, 200, 400]
WAYS = {"loop": ("Python loop", "highlight", "/"), "fused": ("fused layer", "target", "")}
PARTS = ("launches", "arithmetic", "memory")
UNITS = ("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)
DATA_SHEET, RECORDED_GPU, RECORDED_CPU = "H200, data sheet", "recorded GPU", "recorded CPU"


@cache
def record():
    """What was measured: a part for the processor, and one for a GPU if there was one."""
    return results.read("gpu")["results"]


@cache
def devices():
    """The devices to choose from, by their names."""
    found = {DATA_SHEET: H200}
    if record()["gpu"]:
        found[RECORDED_GPU] = measured(record()["gpu"], RECORDED_GPU, H200.processors)
    return found | {RECORDED_CPU: measured(record()["cpu"], RECORDED_CPU)}


def compute(device, N, H, T):
    """The parts at one setting as shares of the loop's step, and log10 of the totals against N."""
    known, arrays, facts = devices()[device], {}, {}
    step = {way: time_of_step(known, way, N, T, D, H) for way in WAYS}
    for way, parts in step.items():
        arrays[f"{way}_parts"] = np.array(parts, float) / step["loop"].total
        against_N = time_of_step(known, way, np.array(N_ALL), T, D, H)
        arrays[f"{way}_totals"] = log10(1e3 * against_N.total)
        facts[way], facts[f"{way}_unit"] = in_two_digits(parts.total)
        facts[f"{way}_mostly"] = parts.largest
        per_step, beside = known.launches[way, "lstm"]
        facts[f"{way}_launches"] = per_step * T + beside
    alone = operations("lstm", np.array(N_ALL), T, D, H) / known.rate
    arrays["alone_totals"] = log10(1e3 * alone)
    facts["alone"], facts["alone_unit"] = in_two_digits(alone[N_ALL.index(N)])
    totals = np.array([arrays["alone_totals"], *(arrays[f"{way}_totals"] for way in WAYS)])
    low, high = np.floor(totals.min()), np.ceil(totals.max())
    arrays["decades"] = np.array([low, max(high, low + 1)])
    factor = step["loop"].total / step["fused"].total
    facts |= {"factor": float(factor), "faster": factor > 1.05}
    return arrays | facts | timed(device, N, H, T)


def in_two_digits(seconds):
    """A time as a number and its unit."""
    unit, size = next(u for u in UNITS if seconds >= u[1])
    return float(f"{seconds / size:.2g}"), unit


def timed(name, N, H, T):
    """Where the device's numbers come from, and what was timed at this size."""
    words = {"source": "sheet", "date": "", "machine": ""}
    times = {
        f"timed_{way}{end}": blank for way in WAYS for end, blank in (("", 0.0), ("_unit", ""))
    }
    if name == DATA_SHEET:
        return words | times
    machine = record()["gpu" if name == RECORDED_GPU else "cpu"]
    words |= {
        "source": "measured",
        "date": machine["date"],
        "machine": machine["device"].replace("1 thread(s)", "1 thread"),
    }
    rows = [
        row
        for row in machine["rows"]
        if row["precision"] == "float32"
        and row["seconds"]
        and row["way"] in WAYS
        and (row["N"], row["T"], row["D"], row["H"]) == (N, T, D, H)
    ]
    if len(rows) < len(WAYS):
        return words | times
    for row in rows:
        key = f"timed_{row['way']}"
        times[key], times[f"{key}_unit"] = in_two_digits(row["seconds"])
    return words | times | {"source": "timed"}


def panes():
    """The parts of a step, and the whole of it against the batch."""
    parts = lines.bars(
        list(PARTS),
        {name: (f"{way}_parts", role, fill) for way, (name, role, fill) in WAYS.items()},
        title="Parts of a training step",
        alt="Bars of three times for the loop and the fused layer.",
        y_title="share of the loop's time",
        height=300,
        range=[0, 1.03],
        tickformat=".0%",
    )
    totals = lines.curves(
        np.log2(N_ALL),
        {
            "Python loop": ("loop_totals", "highlight", "dash"),
            "fused layer": ("fused_totals", "target"),
            "at full rate": ("alone_totals", "muted", "dot"),
        },
        title="The whole step against the batch",
        alt="Lines of the time of a step against the batch size, for loop and fused layer, and of "
        "its arithmetic at the full rate far below.",
        x_title="batch size N",
        y_title="milliseconds",
        height=300,
        **theme.decades((-2, 6)),
    )
    theme.fit(totals, "yaxis", "decades", decades=True)
    totals.update_xaxes(range=[-0.3, 10.3], tickvals=np.log2(N_ALL[::2]), ticktext=N_ALL[::2])
    theme.mark(totals, "N", label="now", at=np.log2(N_ALL))
    return [parts, totals]


class WhereTimeGoes(Explorable):
    """Choose a device and a layer, and see what a training step spends its time on."""

    title = "Where the time goes"
    caption = (
        "As long as the part that dominates does not grow with the batch, a larger batch costs "
        "next to nothing. The dotted line is the arithmetic at the device’s full rate; the bars "
        "count it with some processors idle, as a small product leaves them. A step is its "
        "launches and the larger of the other two; as far as launches run ahead of the work it is "
        "less, but not less than its largest part. No caches, waiting or tensor cores "
        "are counted, so trust orders of magnitude. D is 128, in float32."
    )
    alt = (
        "Left, bars of the time that a training step spends on launches, on arithmetic and on "
        "memory, for a Python loop and for the fused layer, as shares of what the loop takes. "
        "Right, the time of the whole step against the batch size on logarithmic axes, one line "
        "for each of the two, and below them one for the arithmetic at full rate."
    )
    controls = (
        Choice("device", "Device", tuple(devices()), DATA_SHEET),
        Number("N", "Batch size N", N_ALL, 32),
        Number("H", "Hidden units H", H_ALL, 128),
        Number("T", "Length T", T_ALL, 50),
    )
    lines = ("loop_takes", "fused_takes", "known")
    compute, panes = compute, panes
    question = Question(
        "Let the layer have 1,024 units in place of 128: that is 36 times the arithmetic. On an "
        "H200, by this count, how much longer does the loop take for a step?",
        ("about 36 times as long", "about 10 times", "not even twice"),
        2,
        {"device": DATA_SHEET, "N": 32, "H": 1024, "T": 50},
        "It takes 7.5 ms in place of 4.1. The launches stay the same, and the small layer had kept "
        "most of the card idle: a product needs some size before all of its processors have work.",
    )
    stories = (
        Story(
            "nothing to lift",
            {"device": DATA_SHEET, "N": 32, "H": 128, "T": 50},
            "Of the loop's four milliseconds more than three go to starting 705 operations, "
            "whatever is in them. Its arithmetic at full rate would take 19 µs.",
        ),
        Story(
            "a batch for nothing",
            {"device": DATA_SHEET, "N": 64, "H": 128, "T": 50},
            "Drag the batch back to 1: these 64 sequences are sixty-four times the work, and the "
            "loop takes only a third longer for them.",
            ("N",),
        ),
        Story(
            "enough to lift",
            {"device": DATA_SHEET, "N": 1024, "H": 1024, "T": 50},
            "With a large layer and a large batch arithmetic is most of both, and the fused layer "
            "is only 1.2 times as fast as the loop.",
        ),
        Story(
            "on a processor",
            {"device": RECORDED_CPU, "N": 64, "H": 128, "T": 50},
            "Arithmetic is the largest bar here, and from 64 sequences on both lines climb almost "
            "in proportion to the batch.",
        ),
    )
