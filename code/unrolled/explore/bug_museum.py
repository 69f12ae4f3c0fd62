"""Chapter 21: touch one step of one example, and see whose answers move."""

import numpy as np

from unrolled.figures import network
from unrolled.museum.touched import BLOCK, LENGTHS, MODELS, N, T, touched

from .controls import Choice, Number, Question, Story, Switch
from .explorable import Explorable

SWAPPED, PADDED, BACKWARD, SHUFFLED = MODELS
ROWS = [f"example_{n}" for n in range(N)]
WIRES = {"on": (0, 1), "back": (0, -1), "down": (1, 0), "hop": (-1, 1)}  # rows and steps to go
WIRED = [(name, n) for name in WIRES for n in range(N) if (name, n) != ("down", N - 1)]
FAINTEST = 0.01  # a smaller change is drawn like this one


def compute(exhibit, mended, n, t):
    """How strongly every state moves, along which wires, and whose answers move."""
    change, answers, read, expected = touched(exhibit, mended, n, t)
    decades = 1 + np.log10(np.maximum(change, FAINTEST)) / -np.log10(FAINTEST)
    strength = np.where(change > 0, np.maximum(decades, 0.1), 0)
    arrays = {f"moved_{row}": strength[row] for row in range(N)}
    there = wires(exhibit, mended)
    for name, row in WIRED:
        arrays[f"{name}_{row}"] = np.where(there[name][row], strength[row], np.nan)
    heard = np.flatnonzero(answers)
    facts = {
        "moved": ("none", "one", "two")[len(heard)] if len(heard) < 3 else "more",
        "first": heard[0] if len(heard) else 0,
        "last": heard[-1] if len(heard) else 0,
        "padding": not expected.any(),
        "right": np.array_equal(answers > 0, expected),
    }
    return arrays | facts | letters(exhibit, read, n, t)


def wires(exhibit, mended):
    """Where a state is handed on, (N, T), by each kind of wire."""
    found = {name: np.zeros((N, T), bool) for name in WIRES}
    if exhibit == BACKWARD:
        found["back"][:, 1:] = True
    elif exhibit == SWAPPED and not mended:
        found["down"][:-1] = True
    else:
        found["on"][:, :-1] = True
    if exhibit == SHUFFLED and not mended:
        ends = slice(BLOCK - 1, T - 1, BLOCK)
        found["on"][:, ends], found["hop"][:, ends] = False, True
    return found


def letters(exhibit, read, n, t):
    """What stands in the boxes: a cross at the touch, A at an answer, a dot in padding."""
    signs = np.full((N, T), " ")
    if exhibit == PADDED:
        signs[np.arange(T) >= LENGTHS[:, None]] = "·"
    signs[np.arange(N), read] = "A"
    signs[n, t] = "×"
    return {f"signs_{row}": "".join(signs[row]) for row in range(N)}


def panes():
    """The states of four examples, and the wires between them."""
    return [
        network.Diagram(
            title="Four examples: × is touched, and an answer is read at A",
            alt=(
                "Four rows of twelve boxes, the states of four examples at each step, with arrows "
                "that hand a state on. Boxes and arrows that the touch moves are colored."
            ),
            length="moved_0",
            rows=tuple(
                network.Row(row, f"{n}", f"moved_{n}", scale=True, letters=f"signs_{n}")
                for n, row in enumerate(ROWS)
            ),
            arrows=tuple(
                network.Arrow(ROWS[n], ROWS[(n + rows) % N], shift, f"{name}_{n}")
                for name, n in WIRED
                for rows, shift in [WIRES[name]]
            ),
            touch=("n", "t"),
        )
    ]


class BugMuseum(Explorable):
    """Four bugs and their fixes in one picture: touch an input, see what moves."""

    title = "The museum of bugs"
    caption = (
        "Tap a box to touch its input. Whatever changes is colored, more strongly where it "
        "changes more. A correct model colors the touched example alone and moves its answer, "
        "unless what was touched is padding; each of these bugs breaks that rule somewhere."
    )
    alt = (
        "Four rows of boxes, one for each example, with steps from left to right. With shuffled "
        "rows, touching step 1 of example 1 colors its first block, then the second block of "
        "example 0 and the third of example 3, whose answer moves."
    )
    controls = (
        Choice(
            "exhibit",
            "Bug",
            list(MODELS),
            SHUFFLED,
            ["swapped axes", "padding read", "wrong end", "shuffled rows"],
        ),
        Switch("mended", "Fixed", False),
        Number("n", "Touched example", range(N), 1),
        Number("t", "Touched step", range(T), 1, play=400),
    )
    lines = ("verdict", "wiring")
    compute, panes = compute, panes
    question = Question(
        "Somebody feeds a batch whose first two axes are swapped, and reads each answer at the "
        "last step. You change step 3 of example 0. Which answers move?",
        ("that of example 0", "all four", "none"),
        2,
        {"exhibit": SWAPPED, "mended": False, "n": 0, "t": 3},
        "The memory runs from example to example within one step, so the change goes down and "
        "never to the right. No answer at step 11 has heard of step 3.",
    )
    stories = (
        Story(
            "a state among strangers",
            {"exhibit": SHUFFLED, "mended": False, "n": 1, "t": 1},
            "A touch in example 1 wanders on through example 0 and ends in the answer to example "
            "3; switch on the fix and it stays in its own row.",
        ),
        Story(
            "memory across the batch",
            {"exhibit": SWAPPED, "mended": False, "n": 1, "t": 0},
            "Play the step: the color never spreads to the right, and no answer moves until the "
            "last step, when those of the later examples move as well.",
        ),
        Story(
            "padding has a say",
            {"exhibit": PADDED, "mended": False, "n": 3, "t": 8},
            "Example 3 ended at step 4, and yet padding, which should not count, moves its answer.",
        ),
        Story(
            "a lucky test",
            {"exhibit": BACKWARD, "mended": False, "n": 1, "t": 11},
            "This broken model does exactly what it should, but go one step back and no answer "
            "moves.",
        ),
    )
