"""Chapter 21: five bugs of cells without a loop, which a gentle test does not notice."""

import numpy as np

from unrolled.figures import lines, theme
from unrolled.museum.quiet import DECAYS, LEVELS, SCENES, T, compared

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

SHIFT, MODES, DIVIDED, TRACES, GATE = SCENES


def compute(bug, level):
    """The right form and the broken one at every step, and how far they are apart."""
    right, broken, off, first, lost, setting = compared(bug, level)
    drawn = np.concatenate([right, broken[np.isfinite(broken)]])
    low, high = float(drawn.min()), float(drawn.max())
    room = 0.06 * (high - low)
    return {
        "right": right,
        "broken": broken,
        "ends": np.array([low - room, high + room]),
        "off": off,
        "first": 0 if first is None else first,
        "seen": "same" if first is None else "lost" if lost else "off",
        "setting": setting,
        "gentle": level == 0,
    }


def panes():
    """Both forms over the steps."""
    figure = lines.curves(
        np.arange(T),
        {"right": ("right", "forward"), "broken": ("broken", "backward", "dash")},
        title="The right form and the broken one",
        alt="Two curves over 24 steps, as shares of the largest right number.",
        x_title="step",
        y_title="share of the largest",
        range=[-1.2, 1.2],
    )
    theme.fit(figure, "yaxis", "ends")
    return [figure]


class QuietBugs(Explorable):
    """Five bugs; make the test harder until one shows."""

    title = "Five quiet bugs"
    caption = (
        "Each bug is asked six times, from a gentle test to a harsh one. Where the curves lie on "
        "each other the test would pass the bug; where the broken one ends, it is no number from "
        "there on."
    )
    alt = (
        "Two curves over 24 steps. Cut before step 12, the broken cell follows the right one up to "
        "there, jumps away, and comes back as the state is forgotten."
    )
    controls = (
        Choice(
            "bug",
            "Bug",
            list(SCENES),
            MODES,
            ["decays not shifted", "two modes", "divided", "stack of traces", "gate"],
        ),
        Number("level", "How hard the test is", LEVELS, 3),
    )
    lines = ("test", "verdict")
    compute, panes = compute, panes
    question = Question(
        "A recurrence is computed by cumprod and cumsum, 24 steps in single precision. Which cell "
        "breaks it?",
        ("one that keeps 90% at each step", "one that keeps 1%", "any, after enough steps"),
        1,
        {"bug": DIVIDED, "level": DECAYS.index(0.01)},
        "The product of the decays shrinks by 100 at each step, and after 19 a number of single "
        "precision cannot hold what the next division needs. A cell that forgets is what breaks "
        "it, though its right answer needs only the last few inputs.",
        corrects={
            0: "0.9 to the power of 24 is 0.08, which divides well.",
            2: "True, but 24 steps are not enough for most: at a half it takes about 130.",
        },
    )
    stories = (
        Story(
            "one step at a time",
            {"bug": MODES, "level": 1},
            "Cut before the last step nothing shows, since a single step is computed the right "
            "way. Make the test harder: the second half has two steps or more.",
            ("level",),
        ),
        Story(
            "all decays equal",
            {"bug": SHIFT, "level": 0},
            "Equal decays may be shifted or not. A cell whose decays do not depend on the input "
            "never shows this bug.",
            ("level",),
        ),
        Story(
            "one layer is enough",
            {"bug": TRACES, "level": 0},
            "A layer on top that remembers nothing leaves the traces exact; let it remember.",
            ("level",),
        ),
        Story(
            "a plausible zero",
            {"bug": GATE, "level": 4},
            "The sum of the weights overflows, and a finite number divided by it is zero: no "
            "error, and an answer that nobody would doubt.",
        ),
    )
