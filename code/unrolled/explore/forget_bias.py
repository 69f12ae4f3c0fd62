"""Chapter 9: how much of a cell the bias of the forget gate keeps, and for how long."""

import numpy as np

from unrolled.analysis.gates import bias_to_keep, log10_kept
from unrolled.engine.activations import sigmoid
from unrolled.figures import lines, theme

from .controls import Number, Question, Story
from .explorable import Explorable

BIASES = [-1, -0.5, 0, 0.1, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6]
LAGS = [1, 2, 5, 10, 20, 30, 50, 75, 100, 125, 150, 200]
BEHIND = {0: "dot", 1: "dash", 3: "dashdot", 5: "longdash"}
STEPS, CURVE = np.arange(LAGS[-1] + 1), np.linspace(-6, 6, 121)
DEPTHS = (3, 6, 12, 24, 60, 120)  # decades that the axis can show


def compute(bias, lag):
    """What is left after every lag, how long half of it lasts, and which bias the lag takes."""
    left = log10_kept(bias, STEPS)
    depth = next(depth for depth in DEPTHS if left[lag] > -depth)
    half = np.log(0.5) / np.log(sigmoid(bias))
    return {
        "left": left,
        "decades": np.array([-depth, 0.03 * depth]),
        "kept": sigmoid(bias),
        "share": left[lag],
        "half": half,
        "outlasts": "a step" if half > 1 else "nothing",
        "wanted": abs(bias_to_keep(0.5, lag)),  # 0 without a sign at lag 1
    }


def panes():
    """What is left of a cell over the lag, and the sigmoid that the bias goes through."""
    behind = {f"b = {b}": (log10_kept(b, STEPS), "muted", dash) for b, dash in BEHIND.items()}
    fading = lines.curves(
        STEPS,
        behind | {"this bias": ("left", "forward")},
        title="What is left of the cell",
        alt="Straight lines of what is left against the lag, on a logarithmic scale.",
        x_title="lag (steps)",
        y_title="σ(b)<sup>lag</sup>",
        **theme.decades((-12, 0)),
    )
    for trace in fading.data[:-1]:
        trace.line.width = 1.2
    half = lines.reference([0, LAGS[-1]], [np.log10(0.5)] * 2, name="half")
    half.line = theme.line("ink", width=1)  # b = 0 is dotted
    fading.add_trace(half)
    fading.update_xaxes(range=[-4, LAGS[-1] + 4])
    fading.update_layout(margin_l=72)  # room for 10 to a power of three digits
    theme.fit(fading, "yaxis", "decades", decades=True)
    curve = lines.curves(
        CURVE,
        {"σ(b)": (sigmoid(CURVE), "forward")},
        title="What is kept in one step",
        alt="The sigmoid from −6 to 6; the line that marks the bias crosses it at what is kept.",
        x_title="bias b",
        y_title="σ(b)",
        range=[-0.03, 1.03],
    )
    return [theme.mark(fading, "lag", label="lag", foot=True), theme.mark(curve, "bias", label="b")]


class ForgetBias(Explorable):
    """Move the bias of a forget gate and see how far back its cell remembers."""

    title = "The bias of the forget gate"
    caption = (
        "A cell into which nothing is written, whose forget gate is held by its bias alone. The "
        "sigmoid is flat near 1, yet what is left is its power: a bias of 5 instead of 3 keeps "
        "only 0.041 more in one step, but 8 times as much after fifty."
    )
    alt = (
        "Left, what is left of the cell against the lag, a falling straight line on a logarithmic "
        "axis: at bias 1 it passes 1.6 × 10⁻⁷ at 50 steps, with thin lines of biases 0, 1, 3 and 5 "
        "beside it. Right, the sigmoid, which is 0.731 at bias 1."
    )
    controls = (
        Number("bias", "Forget bias b", BIASES, 1),
        Number("lag", "Lag in steps", LAGS, 50),
    )
    lines = ("verdict", "wish")
    compute, panes = compute, panes
    question = Question(
        "To keep half of a cell for 50 steps takes a forget bias of 4.27. Which bias does it take "
        "for 200 steps?",
        ("about 5.7", "about 8.5", "about 17"),
        0,
        {"bias": 5.5, "lag": 200},
        "It takes 5.66. For large b the gate loses about e to the power of −b in each step, so "
        "four times as long takes only log 4 = 1.4 more: long memories lie close together on the "
        "scale of the bias.",
    )
    stories = (
        Story(
            "PyTorch starts near here",
            {"bias": 0, "lag": 50},
            "The gate is half open, and after fifty steps a millionth of a billionth is left.",
        ),
        Story(
            "Keras starts here",
            {"bias": 1, "lag": 50},
            "Seven tenths at every step sounds like plenty; after fifty steps it is a sixth of a "
            "millionth.",
        ),
        Story(
            "an input of 0.1",
            {"bias": 0.1, "lag": 1},
            "It does not let a tenth through but 0.525: what goes into a sigmoid is not what comes "
            "out.",
        ),
        Story(
            "from 5 to 3",
            {"bias": 5, "lag": 50},
            "Drag the bias back to 3. The sigmoid hardly sinks on the way, but what is left after "
            "fifty steps falls from 0.71 to 0.088.",
            ("bias",),
        ),
    )
