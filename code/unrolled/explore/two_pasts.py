"""Chapter 1: one recurrent unit reads two sequences that differ only in their first number."""

import numpy as np

from unrolled.figures import lines, theme

from .controls import Number, Question, Story
from .explorable import Explorable

T = 30
LEAST = 1e-9  # the shortest difference that is drawn


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
    log_gap = np.log10(np.maximum(gap, LEAST))
    drawn = log_gap.copy()
    drawn[1:][gap[:-1] < LEAST] = np.nan  # a line that has left the picture ends there
    return {
        "after_plus": readings[0],
        "after_minus": readings[1],
        "gap": drawn,
        "decades": np.array([min(-2, np.floor(log_gap.min())), 0.5]),
        "left": float(gap[wait]),
        "memory": "gone" if gap[wait] < LEAST else "forgotten" if gap[wait] < 1e-3 else "known",
    }


def panes():
    """Both readings, and how far apart they are."""
    readings = lines.curves(
        np.arange(T),
        {
            "first number +1": ("after_plus", "forward"),
            "first number −1": ("after_minus", "backward", "dash"),
        },
        title="One unit, two pasts",
        alt="Two lines of the unit's state over 30 steps, which start apart.",
        x_title="time step t",
        y_title="state h<sub>t</sub>",
        range=[-1.05, 1.05],
    )
    gap = lines.curves(
        np.arange(T),
        {"difference": ("gap", "forward")},
        title="How far apart the two states are",
        alt="Line of the difference between the two states on a logarithmic scale.",
        x_title="time step t",
        y_title="difference",
        **theme.decades((-9, 1)),
    )
    theme.fit(gap, "yaxis", "decades", decades=True)
    for figure in (readings, gap):
        theme.mark(figure, "wait", label="now")
    return [readings, gap]


class TwoPasts(Explorable):
    """Feed one unit two different first numbers and see how long its states differ."""

    title = "Two pasts"
    caption = (
        "From step 1 on both readings receive the same numbers. What keeps them apart is the state "
        "alone. How long it does depends on the recurrent weight, and on the inputs: strong ones "
        "push the unit to where the tanh is flat."
    )
    alt = (
        "Left, the state of one unit over 30 steps for two sequences whose first number is plus or "
        "minus one; right, their difference on a logarithmic axis, which falls steadily with "
        "recurrent weight 0.8."
    )
    controls = (
        Number("w_hh", "Recurrent weight", [0.0, 0.3, 0.5, 0.8, 0.9, 1.0, 1.2, 2.0], 0.8),
        Number("w_xh", "Input weight", [0.1, 0.5, 1.0, 2.0], 1.0),
        Number("wait", "Steps waited", range(T), 10, play=180),
    )
    compute, panes = compute, panes
    question = Question(
        "The unit's first number was +1 or −1, and everything after it is the same. With a "
        "recurrent weight of 0.8, after how many steps are the two states less than a thousandth "
        "apart?",
        ("about 5", "about 10", "more than 20"),
        2,
        {"w_hh": 0.8, "w_xh": 1.0, "wait": 22},
        "It takes 22 steps. Every step keeps at most 0.8 of the difference, and 0.8 to the power "
        "of 22 is still 0.007; the tanh does the rest.",
        hides=("verdict", 1),
        corrects={
            0: "After five steps they are still 0.22 apart.",
            1: "They look alike by then, but are still 0.043 apart.",
        },
    )
    stories = (
        Story(
            "it forgets",
            {"w_hh": 0.5, "w_xh": 1.0, "wait": 9},
            "The difference shrinks step by step, and is below a thousandth after nine steps.",
        ),
        Story(
            "a push makes it forget",
            {"w_hh": 0.8, "w_xh": 2.0, "wait": 11},
            "The recurrent weight is 0.8 as before, but the inputs are twice as strong. They push "
            "the unit to where the tanh is flat, and it forgets in half the time.",
        ),
        Story(
            "it goes deaf",
            {"w_hh": 2.0, "w_xh": 1.0, "wait": 29},
            "The two states do not meet in thirty steps, but they no longer listen either: these "
            "inputs are too soft to move either from its end.",
        ),
        Story(
            "both at once",
            {"w_hh": 1.2, "w_xh": 1.0, "wait": 29},
            "After thirty numbers the two states are still 1.0 apart, and both go up and down with "
            "what comes in. Move the weight: one stop to the left they grow together, one to the "
            "right they go deaf.",
            ("w_hh",),
        ),
    )
