"""Chapter 20: touch one step of one example, and see whose answers move."""

import numpy as np

from unrolled.analysis.gradient_flow import log10
from unrolled.figures import lines, maps, states
from unrolled.museum.touched import LENGTHS, MODELS, N, T, touched

from .explorable import Explorable, Slider

DECADES = (-2, 0)
NAMES = [f"example {n}" for n in range(N)]


def compute(exhibit, mended, n, t):
    """What both panes show at one setting."""
    change, answers, read, expected = touched(exhibit, mended, n, t)
    logs = np.maximum(log10(np.where(change > 0, change, np.nan)), DECADES[0])
    return {
        "moved": logs,
        "read_x": read.astype(float),
        "touched_x": np.array([t], float),
        "touched_y": np.array([n], float),
        "answers": answers,
        "verdict": verdict(exhibit, n, t, answers > 0, expected),
    }


def verdict(exhibit, n, t, heard, expected):
    """Whose answers moved, whose should have, in words."""
    padding = exhibit == "state read from padding" and t >= LENGTHS[n]
    step = f"Step {t} of example {n}{', which is padding,' if padding else ''}"
    lead = f"{step} moves {whose(heard)}"
    if (heard == expected).all():
        return f"{lead}, as it should."
    return f"{lead}, and should move {whose(expected)}."


def whose(answers):
    """ "the answer to example 1", "the answers to examples 1 and 2", or "no answer"."""
    chosen = [str(n) for n in np.flatnonzero(answers)]
    if not chosen:
        return "no answer"
    if len(chosen) == 1:
        return f"the answer to example {chosen[0]}"
    return f"the answers to examples {', '.join(chosen[:-1])} and {chosen[-1]}"


class BugMuseum(Explorable):
    """Four bugs and their mends in one picture: touch an input, see what moves."""

    def __init__(self, *, exhibit="stateful rows shuffled", mended=False, n=1, t=1):
        moved = maps.strengths(
            states.no_data(N, T),
            title="What moves",
            alt="Grid of four examples over twelve steps, colored where a state has moved.",
            x_title="time step t",
            y_title="example n",
            decades=DECADES,
        )
        moved.data[0].update(y=np.arange(N), meta={"z": "moved"})
        moved.add_trace(
            lines.marker(
                np.zeros(1),
                np.zeros(1),
                name="touched",
                role="ink",
                symbol="x-thin",
                meta={"x": "touched_x", "y": "touched_y"},
            )
        )
        moved.add_trace(
            lines.marker(
                np.zeros(N),
                np.arange(N),
                name="answer read here",
                symbol="circle-open",
                meta={"x": "read_x"},
            )
        )
        moved.update_layout(showlegend=True)
        moved.update_xaxes(range=[-0.5, T - 0.5], dtick=1)
        moved.update_yaxes(tickvals=np.arange(N))
        answers = lines.bars(
            NAMES,
            {"change": (states.no_data(N), "backward")},
            title="How far the answers move",
            alt="A bar for the answer to each of the four examples.",
            y_title="change",
            range=[0, 0.36],
        )
        answers.data[0].meta = {"y": "answers"}
        super().__init__(
            compute,
            [
                Slider("exhibit", "Exhibit", list(MODELS), exhibit, list(MODELS)),
                Slider("mended", "Form", [False, True], mended, ["broken", "mended"]),
                Slider("n", "Touch example", list(range(N)), n),
                Slider("t", "at step", list(range(T)), t),
            ],
            [moved, answers],
            title="The museum of bugs",
            caption=(
                "One input is touched, and everything that moves is colored. A right model colors "
                "the touched example alone, on one side of the touched step, and moves its answer; "
                "each bug breaks one of these rules."
            ),
            alt=(
                "Left, with shuffled rows, touching step 1 of example 1 colors its first block, "
                "then the second block of one other example and the third of another. Right, one "
                "bar stands: the answer to that last example has moved."
            ),
            texts=("verdict",),
        )
