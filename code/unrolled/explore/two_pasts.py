"""Chapter 1: one recurrent unit reads two sequences that differ only in their first number."""

import numpy as np

from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

T = 30


def compute(w_hh, w_xh, wait):
    """States of both readings, and what is left of their difference after `wait` steps."""
    t = np.arange(T)
    rest = 0.5 * np.sin(1.3 * t)
    readings = []
    for first in (1.0, -1.0):
        x = rest.copy()
        x[0] = first
        h = np.zeros(T)
        for step in range(T):
            h[step] = np.tanh(w_hh * (h[step - 1] if step else 0) + w_xh * x[step])
        readings.append(h)
    gap = np.abs(readings[0] - readings[1])
    return {
        "after_plus": readings[0],
        "after_minus": readings[1],
        "gap": np.log10(np.maximum(gap, 1e-9)),
        "wait_x": np.array([wait, wait], float),
        "verdict": verdict(wait, gap[wait]),
    }


def verdict(wait, gap):
    """Whether the unit still knows, in words."""
    if gap < 1e-3:
        return (
            f"After {wait} steps the two states are {gap:.1g} apart: the first number is forgotten."
        )
    return (
        f"After {wait} steps the two states are {gap:.3f} apart: the unit still knows which it was."
    )


class TwoPasts(Explorable):
    """Feed one unit two different first numbers and see how long its states differ."""

    def __init__(self, *, w_hh=0.8, w_xh=1.0, wait=10):
        blank = states.no_data(T)
        readings = lines.curves(
            np.arange(T),
            {
                "first number +1": (blank, "forward"),
                "first number −1": (blank, "backward", "dash"),
            },
            title="One unit, two pasts",
            alt="Two lines of the unit's state over 30 steps, which start apart.",
            x_title="time step t",
            y_title="state h<sub>t</sub>",
            range=[-1.05, 1.05],
        )
        gap = lines.curves(
            np.arange(T),
            {"difference": (blank, "forward")},
            title="How far apart the two states are",
            alt="Line of the difference between the two states on a logarithmic scale.",
            x_title="time step t",
            y_title="difference",
            **theme.decades((-9, 1)),
        )
        for figure, keys, low, high in (
            (readings, ("after_plus", "after_minus"), -1.05, 1.05),
            (gap, ("gap",), -9, 1),
        ):
            for trace, key in zip(figure.data, keys, strict=True):
                trace.meta = {"y": key}
            figure.add_scatter(
                x=[0, 0],
                y=[low, high],
                name="now",
                mode="lines",
                showlegend=False,
                line=theme.line("highlight", "dashdot"),
                meta={"x": "wait_x"},
            )
        super().__init__(
            compute,
            [
                Slider("w_hh", "Recurrent weight", [0.0, 0.3, 0.5, 0.8, 0.9, 1.0, 1.2, 2.0], w_hh),
                Slider("w_xh", "Input weight", [0.1, 0.5, 1.0, 2.0], w_xh),
                Slider("wait", "Steps waited", list(range(T)), wait, play=180),
            ],
            [readings, gap],
            title="Two pasts",
            caption=(
                "From step 1 on both readings receive the same numbers. What keeps them apart is "
                "the state alone, and the recurrent weight decides for how long."
            ),
            alt=(
                "Left, the state of one unit over 30 steps for two sequences whose first number is "
                "plus or minus one; right, their difference on a logarithmic axis, which falls "
                "steadily with recurrent weight 0.8."
            ),
            texts=("verdict",),
        )
