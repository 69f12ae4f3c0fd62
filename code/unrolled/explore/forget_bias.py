"""Chapter 9: how much of a cell the bias of the forget gate keeps, and for how long."""

import numpy as np

from unrolled.analysis.gates import bias_to_keep, log10_kept
from unrolled.engine.activations import sigmoid
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider
from .gradient_flow import scientific

BIASES = [-1, -0.5, 0, 0.1, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6]
LAGS = [1, 2, 5, 10, 20, 30, 50, 75, 100, 125, 150, 200]
BEHIND = {0: ("dot", 47), 1: ("dash", 104), 3: ("dashdot", 185), 5: ("longdash", 185)}  # label at
STEPS, CURVE = np.arange(LAGS[-1] + 1), np.linspace(-6, 6, 121)
DECADES = (-16, 0)


def compute(bias, lag):
    """What is left after every lag, and where the bias lies on the sigmoid."""
    left = log10_kept(bias, STEPS)
    return {
        "left": np.where(left < DECADES[0], np.nan, left),
        "lag_x": np.array([lag], float),
        "lag_y": np.maximum(left[[lag]], DECADES[0]),
        "bias_x": np.array([bias], float),
        "bias_y": np.array([sigmoid(bias)]),
        "verdict": verdict(bias, lag),
        "wanted": wanted(bias, lag),
    }


def verdict(bias, lag):
    """What the bias keeps, in words."""
    left = float(log10_kept(bias, lag))
    share = f"{10**left:.3g}" if left > -3 else scientific(left)
    per_step, steps = f"{sigmoid(bias):.3f}", "1 step" if lag == 1 else f"{lag} steps"
    return f"A bias of {bias:g} keeps {per_step} of the cell per step and {share} after {steps}."


def wanted(bias, lag):
    """The half-life at this bias, and the bias for which the lag is the half-life."""
    half = np.log(0.5) / np.log(sigmoid(bias))
    needed = abs(bias_to_keep(0.5, lag))  # 0 without a sign at lag 1
    times = f"after {half:.3g} steps" if half > 1 else "within the first step"
    return (
        f"Half of it is gone {times}; to have half of it after {lag} takes a bias of {needed:.2f}."
    )


class ForgetBias(Explorable):
    """Move the bias of a forget gate and see how far back its cell remembers."""

    def __init__(self, *, bias=1, lag=50):
        fading = lines.curves(
            STEPS,
            {f"b = {b}": (log10_kept(b, STEPS), "muted", dash) for b, (dash, _) in BEHIND.items()},
            title="What is left of the cell",
            alt="Straight lines of what is left against the lag, on a logarithmic scale.",
            x_title="lag (steps)",
            y_title="σ(b)<sup>lag</sup>",
            **theme.decades(DECADES) | {"range": [DECADES[0] - 0.4, DECADES[1] + 0.6]},
        )
        fading.update_traces(line={"width": 1.2})
        fading.update_xaxes(range=[-4, LAGS[-1] + 4])
        fading.update_layout(showlegend=False)
        for b, (_, at) in BEHIND.items():
            fading.add_annotation(
                x=at, y=log10_kept(b, at), text=f"b = {b}", showarrow=False,
                yshift=-12 if b > 1 else 0, xshift=0 if b > 1 else 26, font={"color": theme.MUTED},
            )  # fmt: skip
        fading.add_scatter(
            x=STEPS,
            y=states.no_data(len(STEPS)),
            name="this bias",
            mode="lines",
            line=theme.line("forward"),
            meta={"y": "left"},
        )
        curve = lines.curves(
            CURVE,
            {"σ(b)": (sigmoid(CURVE), "forward")},
            title="What is kept in one step",
            alt="The sigmoid from −6 to 6 with a point at the bias.",
            x_title="bias b",
            y_title="σ(b)",
            range=[-0.03, 1.03],
        )
        for figure, name in ((fading, "lag"), (curve, "bias")):
            meta = {"x": f"{name}_x", "y": f"{name}_y"}
            figure.add_trace(lines.marker([0], [0], name="now", showlegend=False, meta=meta))
        super().__init__(
            compute,
            [
                Slider("bias", "Forget bias b", BIASES, bias),
                Slider("lag", "Lag in steps", LAGS, lag),
            ],
            [fading, curve],
            title="The bias of the forget gate",
            caption=(
                "The sigmoid is flat near 1, but what is left is its power: between a bias of 3 "
                "and one of 5 lie 0.041 in one step and a factor of 8 after fifty."
            ),
            alt=(
                "Left, what is left of the cell against the lag, a falling straight line on a "
                "logarithmic axis: at bias 1 it passes 1.6e-7 at 50 steps, with thin lines of "
                "biases 0, 3 and 5 beside it. Right, the sigmoid with a point at 0.731."
            ),
            texts=("verdict", "wanted"),
        )
