"""What a training step of an LSTM layer spends its time on: launches, arithmetic, memory.

Nothing is timed here: `analysis.device_time` counts, and divides by what a device can do.
"""

from functools import cache

import numpy as np

from unrolled.analysis.device_time import H200, measured, time_of_step
from unrolled.analysis.gradient_flow import log10
from unrolled.datasets import results
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

D = 128
N_ALL = [2**k for k in range(11)]
H_ALL = [32, 64, 128, 256, 512, 1024]
T_ALL = [10, 25, 50, 100, 200, 400]
WAYS = {"loop": ("Python loop", "highlight", "/"), "fused": ("fused layer", "target", "")}
PARTS = ("launches", "arithmetic", "memory")
DATA_SHEET = "H200, data sheet"
BARS, TOTALS = (-4, 6), (-2, 6)  # decades of milliseconds
SPENT = {
    "launches": "starting {count:.0f} operations",
    "arithmetic": "arithmetic",
    "memory": "moving numbers to and from memory",
}


@cache
def record():
    """What was measured: a part for the processor, and one for a GPU if there was one."""
    return results.read("gpu")["results"]


@cache
def devices():
    """The devices to choose from, by the name that the slider shows."""
    found = {DATA_SHEET: H200}
    if record()["gpu"]:
        found["recorded GPU"] = measured(record()["gpu"], "recorded GPU", H200.processors)
    return found | {"recorded CPU": measured(record()["cpu"], "recorded CPU")}


def compute(device, N, H, T):
    """Log10 milliseconds: the parts at one setting, and the totals against N."""
    found = {}
    for way in WAYS:
        parts = time_of_step(devices()[device], way, N, T, D, H)
        heights = log10(1e3 * np.array(parts)) - BARS[0]
        found[f"{way}_bars"] = np.maximum(heights, 0)
        against_N = time_of_step(devices()[device], way, np.array(N_ALL), T, D, H)
        found[f"{way}_totals"] = log10(1e3 * against_N.total)
    return found | {
        "now_x": np.log2([N, N]),
        **spent(devices()[device], N, H, T),
        "source": source(device, N, H, T),
    }


def spent(device, N, H, T):
    """Two sentences: what the loop spends most on, and how much faster the fused layer is."""
    loop, fused = (time_of_step(device, way, N, T, D, H) for way in WAYS)
    factor = loop.total / fused.total
    faster = (
        f"{factor:.2g} times as fast as the loop" if factor > 1.05 else "no faster than the loop"
    )
    return {
        "loop": f"In a Python loop a training step takes about {time(loop.total)}, most of it for "
        f"{mostly(device, 'loop', loop, T)}.",
        "fused": f"One fused call takes about {time(fused.total)}, most of it for "
        f"{mostly(device, 'fused', fused, T)}, and is {faster}.",
    }


def mostly(device, way, parts, T):
    """The largest part of a step in words."""
    per_step, beside = device.launches[way, "lstm"]
    return SPENT[parts.largest].format(count=per_step * T + beside)


def time(seconds):
    """A time in words, in two digits."""
    unit, size = next(u for u in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)) if seconds >= u[1])
    value = float(f"{seconds / size:.2g}")
    return f"{value:g} {unit}"


def source(name, N, H, T):
    """Where the device's numbers come from, and what was timed at this size."""
    if name == DATA_SHEET:
        return (
            "Nothing here was measured: rate and bandwidth are those of the data sheet, and "
            "5 µs per launch is a typical figure, and the operations are counted in sources."
        )
    machine = record()["gpu" if name == "recorded GPU" else "cpu"]
    timed = {
        row["way"]: row["seconds"]
        for row in machine["rows"]
        if row["precision"] == "float32"
        and row["seconds"]
        and (row["N"], row["T"], row["D"], row["H"]) == (N, T, D, H)
    }
    where = f"Rate, bandwidth and launch were measured on {machine['date']} ({machine['device']})"
    if not timed.keys() >= WAYS.keys():
        return f"{where}; a step of this size was not timed."
    return (
        f"{where}; a step of this size took {time(timed['loop'])} in the loop and "
        f"{time(timed['fused'])} fused."
    )


class WhereTimeGoes(Explorable):
    """Choose a device and a layer, and see what a training step spends its time on."""

    def __init__(self, *, device=DATA_SHEET, N=32, H=128, T=50):
        parts = lines.bars(
            list(PARTS),
            {name: (states.no_data(3), role, fill) for name, role, fill in WAYS.values()},
            title="Parts of a training step",
            alt="Bars of three times for the loop and the fused layer, on a logarithmic axis.",
            y_title="ms",
            **theme.decades(BARS),
        )
        parts.update_traces(base=BARS[0])
        totals = lines.curves(
            np.log2(N_ALL),
            {
                "Python loop": (states.no_data(len(N_ALL)), "highlight", "dash"),
                "fused layer": (states.no_data(len(N_ALL)), "target"),
            },
            title="The whole step against the batch",
            alt="Lines of the time of a step against the batch size, for loop and fused layer.",
            x_title="batch size N",
            y_title="ms",
            **theme.decades(TOTALS),
        )
        for figure, kind in ((parts, "bars"), (totals, "totals")):
            for trace, way in zip(figure.data, WAYS, strict=True):
                trace.meta = {"y": f"{way}_{kind}"}
        totals.update_xaxes(range=[-0.3, 10.3], tickvals=np.log2(N_ALL[::2]), ticktext=N_ALL[::2])
        totals.add_scatter(
            x=[0, 0],
            y=list(TOTALS),
            name="now",
            mode="lines",
            line=theme.line("ink", "dashdot", 1.5),
            showlegend=False,
            hoverinfo="skip",
            meta={"x": "now_x"},
        )
        names = list(devices())
        super().__init__(
            compute,
            [
                Slider("device", "Device", names, device, texts=names),
                Slider("N", "Batch size N", N_ALL, N),
                Slider("H", "Hidden units H", H_ALL, H),
                Slider("T", "Length T", T_ALL, T),
            ],
            [parts, totals],
            title="Where the time goes",
            caption=(
                "A small recurrent layer keeps a GPU waiting for launches: at first the curves "
                "hardly rise, a larger batch costs next to nothing, and fewer launches are the "
                "only gain. Where a curve rises with the batch, arithmetic or memory has taken "
                "over. The calculator counts and divides, knows no caches and no waiting, and is "
                "good for orders of magnitude. D is 128, numbers are float32."
            ),
            alt=(
                "Left, bars on a logarithmic axis: on the GPU at N = 32, H = 128 and T = 50 the "
                "launches take over a millisecond and arithmetic and memory a small part of it, "
                "less for the fused layer than for the loop. Right, the time of a step against "
                "the batch size: flat at first, the loop above the fused layer."
            ),
            texts=("loop", "fused", "source"),
        )
