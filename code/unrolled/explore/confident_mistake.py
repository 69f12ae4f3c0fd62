"""Chapter 3: what two losses tell a softmax that is wrong."""

import numpy as np

from unrolled.engine import losses
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

MARGINS = np.linspace(-10, 10, 41)
CLASSES = 5
WEAKER = {1.005: "equal", 1.5: "hardly", 100: "times"}  # words below ratios
LOSSES = {"cross-entropy": ("forward",), "squared error": ("backward", "dash")}


def gradients(logits, target):
    """dL/dlogits of one softmax, (K,) each, for cross-entropy and for the sum of squared errors."""
    p = losses.softmax(logits)
    cross_entropy = losses.cross_entropy(logits[None], np.array([target]))[1][0]
    slope = 2 * (p - np.eye(len(p))[target])
    return cross_entropy, p * (slope - slope @ p)


def pulls(margin, rivals, measure):
    """Both gradients with the sign of a descent, (2, K), and the probability of the right class.

    The right class is the first, `rivals` others have a logit of 0, and the rest are far behind.
    """
    logits = np.full(CLASSES, -20.0)
    logits[0], logits[1 : 1 + rivals] = margin, 0
    cross_entropy, squared = gradients(logits, 0)
    share = CLASSES if measure == "mean" else 1
    return -np.stack([cross_entropy, squared / share]), losses.softmax(logits)[0]


def compute(margin, rivals, measure):
    """How strongly both losses pull over all margins, and on every logit at one."""
    cross_entropy, squared = np.array([pulls(m, rivals, measure)[0][:, 0] for m in MARGINS]).T
    bars, p = pulls(margin, rivals, measure)
    ratio = bars[0, 0] / bars[1, 0]
    hump = np.log(rivals / 2)  # where the right class has probability 1/3
    return {
        "cross_entropy": cross_entropy,
        "squared": squared,
        "hump_x": np.array([hump]),
        "hump_y": pulls(hump, rivals, measure)[0][1, :1],
        "bars_cross_entropy": bars[0],
        "bars_squared": bars[1],
        "p": p,
        "cross_pull": bars[0, 0],
        "squared_pull": bars[1, 0],
        "ratio": ratio,
        "weaker": next((w for limit, w in WEAKER.items() if ratio < limit), "much"),
        "side": side(p),
        "hump_pull": pulls(hump, rivals, measure)[0][1, 0],
    }


def side(p):
    """Where the probability of the right class lies: squared error pulls hardest at a third."""
    if abs(p - 1 / 3) < 1e-6:
        return "on"
    return "below" if p < 1 / 3 else "above" if p < 0.9 else "right"


def panes():
    """The pull on the right logit over its margin, and on all logits at one margin."""
    right = lines.curves(
        MARGINS,
        {name: (("cross_entropy", "squared")[i], *LOSSES[name]) for i, name in enumerate(LOSSES)},
        title="How strongly each loss pulls the right logit up",
        alt="Two curves of the pull on the right logit: one rises to 1 at the left, one is a hump.",
        x_title="logit of the right class",
        y_title="−∂L/∂logit",
        range=[-0.05, 1.05],
    )
    theme.mark(right, "margin", label="logit")
    hump = lines.marker("hump_x", "hump_y", name="p = 1/3", role="backward", symbol="diamond")
    right.add_trace(hump)
    every = lines.bars(
        ["right", "2", "3", "4", "5"],
        {
            "cross-entropy": ("bars_cross_entropy", "forward"),
            "squared error": ("bars_squared", "backward", "/"),
        },
        title="The pull on every logit",
        alt="Bars of the pull on five logits for both losses.",
        y_title="−∂L/∂logit",
        range=[-1.05, 1.05],
    )
    return [right, every]


class ConfidentMistake(Explorable):
    """Make a softmax wrong, more and more confidently, and see which loss still corrects it."""

    title = "A confident mistake"
    caption = (
        "A pull is minus the gradient at a logit, so a positive one raises it. The diamond marks "
        "where the right class has probability 1/3: no pull of squared error on the right logit is "
        "stronger than the {hump_pull:.2f} there."
    )
    alt = (
        "Left, the pull on the right logit: cross-entropy rises to 1 as the logit falls, squared "
        "error has a hump in the middle and is near 0 at both ends. Right, bars of the pull on "
        "five logits."
    )
    controls = (
        Number("margin", "Right logit", MARGINS.tolist(), 0.0),
        Number("rivals", "Strong rivals", [1, 2, 3, 4], 1),
        Choice("measure", "Squared error as", ("sum", "mean"), "sum"),
    )
    compute, panes = compute, panes
    question = Question(
        "The right class has a probability of one half, and both losses pull its logit up equally "
        "hard. Now let the softmax be nearly sure of the wrong class, with 1 in 150 left for the "
        "right one. How hard does squared error pull then, compared with its pull at one half?",
        ("twice as hard", "about as hard", "a twentieth as hard"),
        2,
        {"margin": -5.0, "rivals": 1, "measure": "sum"},
        "It pulled with 0.5 and now pulls with 0.026, because its slope has the right class's own "
        "probability as a factor. Cross-entropy went the other way, from 0.5 to 0.99.",
    )
    stories = (
        Story(
            "sure and wrong",
            {"margin": -8.0, "rivals": 1, "measure": "sum"},
            "One loss shouts and the other has fallen silent, just when it is needed most.",
        ),
        Story(
            "in doubt",
            {"margin": -0.5, "rivals": 1, "measure": "sum"},
            "Near a probability of 1/3 squared error is at its strongest and almost as strong as "
            "cross-entropy. Drag the logit to either side, and it lets go.",
            ("margin",),
        ),
        Story(
            "four rivals",
            {"margin": 0.5, "rivals": 4, "measure": "sum"},
            "Now 1/3 is reached at a higher logit, so the hump has moved to the right, and it has "
            "lost three eighths of its height.",
        ),
        Story(
            "as a mean",
            {"margin": -0.5, "rivals": 1, "measure": "mean"},
            "Libraries divide by the number of classes, here five, of which three hardly count. "
            "The hump is five times lower; its shape, which does the harm, is the same.",
        ),
    )
