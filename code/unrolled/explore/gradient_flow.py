"""Chapter 5: how long a gradient stays alive on its way back through time."""

from functools import cache

import numpy as np

from unrolled.analysis import gradient_flow
from unrolled.engine import initializers, rnn
from unrolled.figures import lines, network, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

H, LONGEST = 16, 100
KINDS = ("Gaussian", "orthogonal", "identity", "non-normal")
FAINTEST = -16  # decades: below it double precision leaves nothing of a spectrum
WAY = "{back} {back:step|steps} back, its length has gone from 1 to {left:sci}."
DOTTED = -6  # an arrow is dotted below a millionth


@cache
def constants():
    """Weights, inputs, the gradient at the end. W_hh is gain * `scaled` + `fixed` of its kind."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(1, H, rng=rng)
    found = {"W_xh": params["W_xh"], "x": rng.standard_normal((1, LONGEST, 1))}
    dh_T = rng.standard_normal((1, H))
    found["dh_T"] = dh_T / np.linalg.norm(dh_T)
    for kind in KINDS:
        make = getattr(initializers, kind.lower().replace("-", "_"))
        W, double = (make(H, gain=gain, rng=np.random.default_rng(8)) for gain in (1.0, 2.0))
        radius = initializers.spectral_radius(double - W)
        found[f"{kind} scaled"], found[f"{kind} fixed"] = (double - W) / radius, 2 * W - double
    return found


def compute(gain, T, input_scale, kind):
    """Norms of dL_T/dh_t, and singular values of the whole Jacobian product, as log10."""
    known = constants()
    W_hh = gain * known[f"{kind} scaled"] + known[f"{kind} fixed"]
    params = {"W_xh": known["W_xh"], "W_hh": W_hh, "b_h": np.zeros(H)}
    tape = rnn.forward(input_scale * known["x"][:, :T], params)[1]
    norms = gradient_flow.log10(gradient_flow.backward_norms(tape, params, known["dh_T"]))
    product = gradient_flow.jacobian_product(tape, params)
    spectrum = gradient_flow.log10(np.linalg.svd(product, compute_uv=False))
    spectrum = np.maximum(spectrum, FAINTEST)
    low, high = decades(norms), decades(spectrum)
    padded = np.full(LONGEST, np.nan)
    padded[LONGEST - T :] = norms
    arriving = np.append(np.nan, padded[:-1])  # where the arrow from each step ends
    loss = np.full(LONGEST, np.nan)
    loss[-1] = 1.0
    return {
        "norms": padded,
        "arriving": arriving,
        "passes": np.clip(0.5 - 0.5 * arriving / DOTTED, 0, 1),
        "loss": loss,
        "time_range": np.array([0.5 - T, 0.5]),
        "norm_range": low,
        "spectrum_height": spectrum - high[0],
        "spectrum_base": np.full(H, high[0]),
        "spectrum_range": high,
        "norm": float(np.linalg.norm(W_hh, 2)),
        "left": float(norms[0]),
        "fate": fate(norms[0]),
    }


def decades(logs):
    """A range of whole decades around logarithms and around 1, at least three of them."""
    low, high = np.floor(min(logs.min(), -1)), np.ceil(max(logs.max(), 1))
    return np.array([low - 0.3, max(high, low + 3) + 0.3])


def fate(log_norm):
    """A word for a gradient whose length has this logarithm."""
    fates = {-6: "vanished", -2: "fading", 2: "alive"}
    return next((word for limit, word in fates.items() if log_norm < limit), "exploded")


def panes():
    """The network with the gradient on its way back, its length, and the spectrum behind it."""
    way = network.Diagram(
        title="The gradient on its way back, from the loss at the last step",
        alt="The unrolled network. The arrows back from the loss get thinner from step to step.",
        length="norms",
        rows=(
            network.Row("loss", "L", values="loss", text="L", role="backward"),
            network.Row("state", "h", role="forward"),
            network.Row("input", "x", role="muted"),
        ),
        arrows=(
            network.Arrow("input", "state", role="muted"),
            network.Arrow("state", "state", 1, role="forward"),
            network.Arrow(
                "state", "state", -1, strength="passes", role="backward", label="arriving"
            ),
            network.Arrow("loss", "state", strength="loss", role="backward"),
        ),
        origin=1 - LONGEST,
        walk=network.Walk("the gradient", "norms", WAY),
    )
    flow = lines.curves(
        np.arange(-LONGEST + 1, 1),
        {"gradient": ("norms", "backward")},
        title="Length of ∂L/∂h on the way back from the loss",
        alt="Line of the gradient's length against time, on a logarithmic scale.",
        x_title="time step t − T",
        y_title="length of ∂L/∂h<sub>t</sub>",
        **theme.decades((-16, 8)),
    )
    theme.fit(flow, "xaxis", "time_range")
    theme.fit(flow, "yaxis", "norm_range", decades=True)
    flow.add_trace(lines.reference([1 - LONGEST, 0], [0, 0], name="1, its length at the loss"))
    flow.update_layout(showlegend=True)
    spectrum = lines.bars(
        np.arange(1, H + 1),
        {"singular value": ("spectrum_height", "forward")},
        title="Singular values of the whole product of Jacobians",
        alt="Bars of sixteen singular values on a logarithmic scale.",
        y_title="singular value",
        **theme.decades((-16, 8)),
    )
    spectrum.data[0].meta = spectrum.data[0].meta | {"base": "spectrum_base"}
    spectrum.update_layout(xaxis_title="direction")
    spectrum.add_trace(lines.reference([0.5, H + 0.5], [0, 0], name="1"))
    spectrum.update_layout(showlegend=True)
    theme.fit(spectrum, "yaxis", "spectrum_range", decades=True)
    return [way, flow, spectrum]


class GradientFlow(Explorable):
    """Watch a gradient shrink or grow on its way back, and the spectrum that decides it."""

    title = "Gradient flow"
    caption = (
        "Every step back multiplies the gradient by W_hh and by the slopes of the tanh. Without "
        "inputs all slopes are 1 and W_hh decides alone; large inputs saturate the units, and then "
        "a gradient can vanish at a gain above 1, too. An arrow gains or loses a twelfth of the "
        "full width with every factor of ten, and is dotted below a millionth. The singular values "
        "say how much the whole way back stretches or shrinks each of sixteen directions; those "
        "below 10⁻¹⁶ are drawn there."
    )
    alt = (
        "Above, the unrolled network with arrows of the gradient from the loss at its right end "
        "back to its first step, thinner with every step. Below, the gradient's length against "
        "time on a logarithmic axis, and the singular values of the product of all Jacobians."
    )
    controls = (
        Number("gain", "Recurrent gain", (), 1.0, span=(0.3, 1.6, 0.01)),
        Number("T", "Sequence length T", (), 50, span=(5, LONGEST, 1)),
        Number("input_scale", "Input scale", (), 0.0, span=(0.0, 2.0, 0.05)),
        Choice("kind", "Recurrent weights", KINDS, "orthogonal"),
    )
    compute, panes, constants = compute, panes, constants
    question = Question(
        "Without inputs, orthogonal weights only turn the gradient, and the gain multiplies it at "
        "every step back. At a gain of 1 nothing is lost; at 0.9 each step keeps 90%. How much is "
        "left at the first of fifty steps?",
        ("about half", "about a twentieth", "less than a hundredth"),
        2,
        {"gain": 0.9, "T": 50, "input_scale": 0.0, "kind": "orthogonal"},
        "Between the last of fifty steps and the first lie 49 factors of 0.9, and 0.9 to the power "
        "of 49 is 0.0057.",
    )
    stories = (
        Story(
            "on the edge",
            {"gain": 1.0, "T": 100, "input_scale": 0.0, "kind": "orthogonal"},
            "At a gain of exactly 1 the line is level. Move the gain a little, and it swings up or "
            "down like a barrier, hinged at the loss; all singular values go with it.",
            ("gain",),
        ),
        Story(
            "it explodes",
            {"gain": 1.2, "T": 100, "input_scale": 0.0, "kind": "orthogonal"},
            "A fifth more at every step makes it about seventy million times as long.",
        ),
        Story(
            "the tanh steps in",
            {"gain": 1.2, "T": 100, "input_scale": 1.0, "kind": "orthogonal"},
            "The weights are the same; the inputs push the units to where the tanh is flat, and "
            "the gradient vanishes.",
        ),
        Story(
            "first it grows",
            {"gain": 0.8, "T": 10, "input_scale": 0.0, "kind": "non-normal"},
            "Below a gain of 1 it first grows almost ninefold within five steps; drag the length "
            "to 100 to see the decay that comes after.",
            ("T",),
        ),
    )
