"""Chapter 3: what two losses tell a softmax that is wrong."""

import numpy as np

from unrolled.engine import losses
from unrolled.figures import lines, states

from .explorable import Explorable, Slider

MARGINS = np.linspace(-10, 10, 41)
CLASSES = 5


def gradients(logits, target):
    """dL/dlogits of one softmax for cross-entropy and for squared error, each of shape (K,)."""
    p = losses.softmax(logits)
    onehot = np.eye(len(logits))[target]
    _, cross_entropy = losses.cross_entropy(logits[None], np.array([target]))
    _, squared = losses.mean_squared_error(p, onehot)
    return cross_entropy[0], p * (squared - squared @ p)


def logits_with(margin, rivals):
    """Logits of the right class (0), `rivals` strong classes and the rest far behind."""
    logits = np.full(CLASSES, -20.0)
    logits[0] = margin
    logits[1 : 1 + rivals] = 0
    return logits


def compute(margin, rivals):
    """Both gradients at one setting, and how strongly each pulls over all margins."""
    pulls = [gradients(logits_with(m, rivals), 0) for m in MARGINS]
    cross_entropy, squared = gradients(logits_with(margin, rivals), 0)
    p = losses.softmax(logits_with(margin, rivals))[0]
    ratio = abs(cross_entropy[0] / squared[0])
    return {
        "cross_entropy": np.array([-pull[0][0] for pull in pulls]),
        "squared": np.array([-pull[1][0] for pull in pulls]),
        "now_x": np.array([margin, margin]),
        "now_y": np.array([-cross_entropy[0], -squared[0]]),
        "bars_cross_entropy": -cross_entropy,
        "bars_squared": -squared,
        "verdict": (
            f"The right class has probability {p:.2g}. Cross-entropy pulls its logit up by "
            f"{-cross_entropy[0]:.2g}, squared error by {-squared[0]:.2g}, "
            f"{ratio:.3g} times less."
        ),
    }


class ConfidentMistake(Explorable):
    """Make a softmax wrong, more and more confidently, and see which loss still corrects it."""

    def __init__(self, *, margin=-5.0, rivals=1):
        blank = states.no_data(len(MARGINS))
        pull = lines.curves(
            MARGINS,
            {
                "cross-entropy": (blank, "forward"),
                "squared error": (blank, "backward", "dash"),
            },
            title="How strongly each loss pulls the right logit up",
            alt="Two curves of the pull on the right logit against its margin.",
            x_title="logit of the right class",
            y_title="−∂L/∂logit",
            range=[-0.05, 1.05],
        )
        pull.data[0].meta, pull.data[1].meta = {"y": "cross_entropy"}, {"y": "squared"}
        pull.add_trace(
            lines.marker(
                [0, 0], [0, 0], name="now", showlegend=False, meta={"x": "now_x", "y": "now_y"}
            )
        )
        every = lines.bars(
            ["right", "2", "3", "4", "5"],
            {
                "cross-entropy": (states.no_data(CLASSES), "forward"),
                "squared error": (states.no_data(CLASSES), "backward", "/"),
            },
            title="The pull on every logit",
            alt="Bars of the pull on five logits for both losses.",
            y_title="−∂L/∂logit",
            range=[-1.05, 1.05],
        )
        every.data[0].meta, every.data[1].meta = {"y": "bars_cross_entropy"}, {"y": "bars_squared"}
        super().__init__(
            compute,
            [
                Slider("margin", "Logit of the right class", MARGINS.tolist(), margin),
                Slider("rivals", "Strong rivals", [1, 2, 3, 4], rivals),
            ],
            [pull, every],
            title="A confident mistake",
            caption=(
                "The more wrong the softmax, the harder cross-entropy pulls, up to 1. Squared "
                "error pulls less and less: a confident mistake is left alone."
            ),
            alt=(
                "Left, the pull on the right logit: cross-entropy rises to 1 as the logit falls, "
                "squared error has a small hump in the middle and is near 0 at both ends. Right, "
                "bars of the pull on five logits."
            ),
            texts=("verdict",),
        )
