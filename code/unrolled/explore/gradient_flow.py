"""Chapter 5: how long a gradient stays alive on its way back through time."""

from functools import cache

import numpy as np

from unrolled.analysis import gradient_flow
from unrolled.engine import initializers, rnn
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

H, LONGEST = 16, 100
KINDS = ("Gaussian", "orthogonal", "identity", "non-normal")
DECADES = (-16, 8)


@cache
def network(kind):
    """Parameters with recurrent gain 1, inputs (1, LONGEST, 1), and a unit gradient (1, H)."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(1, H, rng=rng)
    make = getattr(initializers, kind.lower().replace("-", "_"))
    x = rng.standard_normal((1, LONGEST, 1))
    dh_T = rng.standard_normal((1, H))
    return params, make, x, dh_T / np.linalg.norm(dh_T)


def compute(gain, T, input_scale, kind):
    """Norms of dL_T/dh_t, and singular values of the whole Jacobian product, as log10."""
    params, make, x, dh_T = network(kind)
    W_hh = make(H, gain=gain, rng=np.random.default_rng(8))
    params = {**params, "W_hh": W_hh * gain / initializers.spectral_radius(W_hh)}
    tape = rnn.forward(input_scale * x[:, :T], params)[1]
    norms = gradient_flow.log10(gradient_flow.backward_norms(tape, params, dh_T))
    product = gradient_flow.jacobian_product(tape, params)
    spectrum = gradient_flow.log10(np.linalg.svd(product, compute_uv=False))
    return {
        "norms": np.concatenate([np.full(LONGEST - T, np.nan), norms]),
        "spectrum": np.maximum(spectrum, DECADES[0]),
        "verdict": verdict(norms[0], T, gain, np.linalg.norm(params["W_hh"], 2)),
    }


def verdict(log_norm, T, radius, norm):
    """The fate of the gradient in words."""
    fates = {-6: "It has vanished.", -2: "It is fading.", 2: "It is alive."}
    fate = next((text for limit, text in fates.items() if log_norm < limit), "It has exploded.")
    return (
        f"W_hh has spectral radius {radius:.2f} and norm {norm:.2f}. Back at the first of {T} "
        f"steps the gradient is {scientific(log_norm)} of its length at the last. {fate}"
    )


def scientific(log10):
    """The number whose logarithm is `log10`, in two digits."""
    if -3 <= log10 < 3:
        return f"{10**log10:.2g}" if log10 < 2 else f"{10**log10:.0f}"
    mantissa, exponent = f"{10.0**log10:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


class GradientFlow(Explorable):
    """Watch a gradient shrink or grow on its way back, and the spectrum that decides it."""

    def __init__(self, *, gain=0.9, T=50, input_scale=0.5, kind="Gaussian"):
        flow = lines.curves(
            np.arange(-LONGEST + 1, 1),
            {"gradient": (states.no_data(LONGEST), "backward")},
            title="Length of ∂L/∂h on the way back from the loss",
            alt="Line of the gradient's length against time, on a logarithmic scale.",
            x_title="time step t − T",
            y_title="length of ∂L/∂h<sub>t</sub>",
            **theme.decades(DECADES),
        )
        flow.data[0].meta = {"y": "norms"}
        spectrum = lines.bars(
            np.arange(1, H + 1),
            {"singular value": (states.no_data(H), "forward")},
            title="Singular values of the whole product of Jacobians",
            alt="Bars of sixteen singular values on a logarithmic scale.",
            y_title="singular value",
            **theme.decades(DECADES),
        )
        spectrum.update_layout(xaxis_title="direction")
        spectrum.data[0].update(meta={"y": "spectrum_height"}, base=DECADES[0])
        super().__init__(
            with_heights,
            [
                Slider(
                    "gain",
                    "Recurrent gain",
                    [0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.4],
                    gain,
                ),
                Slider("T", "Sequence length T", [10, 20, 50, 100], T),
                Slider("input_scale", "Input scale", [0.0, 0.1, 0.5, 1.0, 2.0], input_scale),
                Slider("kind", "Recurrent weights", list(KINDS), kind, texts=list(KINDS)),
            ],
            [flow, spectrum],
            title="Gradient flow",
            caption=(
                "On a logarithmic axis the gradient runs along a straight line: every step back "
                "multiplies it by about the same factor. Below a gain of 1 it vanishes in the end; "
                "above 1 it explodes only while the units are not saturated."
            ),
            alt=(
                "Left, the gradient's length against time on a logarithmic axis: at gain 0.9 with "
                "Gaussian weights it falls by a constant factor per step. Right, the singular "
                "values of the product of all Jacobians, spread over many decades."
            ),
            texts=("verdict",),
        )


def with_heights(**values):
    """`compute`, with the bars' heights counted from the bottom of the axis."""
    result = compute(**values)
    result["spectrum_height"] = result.pop("spectrum") - DECADES[0]
    return result
