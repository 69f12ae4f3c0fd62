"""Chapter 11: which inputs an output has seen, in one direction and in both."""

from functools import cache

import numpy as np

from unrolled.analysis.influence import influence
from unrolled.engine import initializers, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack
from unrolled.figures import lines, maps, states, theme

from .explorable import Explorable, Slider
from .gradient_flow import scientific

T, D, H = 24, 4, 8
ONE_WAY, BOTH, BACK = DIRECTIONS = ("one way", "both ways", "backward half")
GAINS = [0.0, 0.7, 0.8, 0.9, 1.1, 1.4]
DECADES = (-7, 1)


@cache
def strengths(layers, direction, gain):
    """log10 |dh_t/dx_s| (T, T) of an untrained network, NaN where it is exactly 0."""
    rng = np.random.default_rng(7)
    x = 0.5 * rng.standard_normal((T, D))
    cell = Stack(rnn if direction == ONE_WAY else Bidirectional(rnn), layers)
    params = cell.init_params(D, H, rng=rng)
    for name in params:
        if name.endswith("W_hh"):
            params[name] *= gain / initializers.spectral_radius(params[name])
    units = slice(H, None) if direction == BACK else slice(None)
    found = influence(x, params, cell=cell, units=units)
    return np.log10(found, out=np.full((T, T), np.nan), where=found > 0)


def compute(layers, direction, gain, t):
    """What both panes show at one setting."""
    logs = strengths(layers, direction, gain)
    return {
        "strengths": logs,
        "row_y": np.array([t, t], float),
        "row": logs[t],
        "now_x": np.array([t, t], float),
        "verdict": verdict(np.flatnonzero(np.isfinite(logs[t])), t),
        "numbers": numbers(logs[t], t),
    }


def verdict(used, t):
    """Whether output t has seen the past and the future, in words."""
    past, future = int((used < t).sum()), int((used > t).sum())
    count = f"all {T}" if len(used) == T else f"{len(used)} of {T}"
    which = "its own" if len(used) == 1 else f"{used[0]} to {used[-1]}"
    return (
        f"Output {t} uses {count} inputs, {which}: {past or 'nothing'} from its past and "
        f"{future or 'nothing'} from its future."
    )


def numbers(row, t):
    """How strongly the first, the own and the last input act on output t."""
    ends = {"input 0": row[0], "its own input": row[t], f"input {T - 1}": row[-1]}
    if t in (0, T - 1):
        del ends["input 0" if t == 0 else f"input {T - 1}"]
    words = [f"{'exactly 0' if np.isnan(v) else scientific(v)} for {k}" for k, v in ends.items()]
    return f"The Jacobian has length {', '.join(words[:-1])} and {words[-1]}."


class Reach(Explorable):
    """See which inputs an output uses, one way and both ways, through up to three layers."""

    def __init__(self, *, layers=1, direction=ONE_WAY, gain=0.8, t=12):
        square = maps.strengths(
            states.no_data(T, T),
            title="What input s does to output t",
            alt="Heat map of the Jacobian's length over output and input steps, empty where 0.",
            x_title="input step s",
            y_title="output step t",
            decades=DECADES,
        )
        square.data[0].meta = {"z": "strengths"}
        square.add_scatter(
            x=[-0.5, T - 0.5],
            y=[0, 0],
            name="now",
            mode="lines",
            line=theme.line("highlight"),
            showlegend=False,
            hoverinfo="skip",
            meta={"y": "row_y"},
        )
        curve = lines.curves(
            np.arange(T),
            {"strength": (states.no_data(T), "forward")},
            title="The marked output, input by input",
            alt="Line of the Jacobian's length over the inputs, which ends where it is 0.",
            x_title="input step s",
            y_title="length of ∂h<sub>t</sub>/∂x<sub>s</sub>",
            **theme.decades(DECADES),
        )
        curve.update_traces(mode="lines+markers", meta={"y": "row"})
        curve.update_xaxes(range=[-0.5, T - 0.5])
        curve.add_scatter(
            x=[0, 0],
            y=list(DECADES),
            name="now",
            mode="lines",
            line=theme.line("highlight", "dashdot"),
            meta={"x": "now_x"},
        )
        super().__init__(
            compute,
            [
                Slider("layers", "Layers", [1, 2, 3], layers),
                Slider("direction", "Direction", list(DIRECTIONS), direction, list(DIRECTIONS)),
                Slider("gain", "Recurrent gain", GAINS, gain),
                Slider("t", "Output step t", list(range(T)), t, play=180),
            ],
            [square, curve],
            title="Reach",
            caption=(
                "One way, an output never uses a later input, however many layers: more layers "
                "change the strengths and never the triangle. Both ways, the square is full, and "
                "every output has seen the future."
            ),
            alt=(
                "Left, a heat map of how strongly each input acts on each output: one way, a "
                "triangle below the diagonal that fades to the left, the rest empty. Right, the "
                "marked row as a curve, which rises to the output's own step and ends there."
            ),
            texts=("verdict", "numbers"),
        )
