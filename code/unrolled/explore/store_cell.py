"""Chapter 9: a sum that should keep one letter, and the gates that it turns out to need."""

import numpy as np

from unrolled.engine import lstm
from unrolled.figures import network

from .blame import LETTERS
from .controls import Choice, Number, Question, Story
from .explorable import Explorable

READINGS = ("f M a f", "M f N f")  # a capital is to be stored
CELLS = ("a sum", "+ input gate", "+ forget gate", "+ output gate")
PUSH = 4  # what a gate gets where it should open, and its negative elsewhere
T = 5  # four letters and the question


def inputs(reading):
    """A letter's number, 1 where it is to be stored, 1 where the cell is asked: (T, 3)."""
    x = np.zeros((T, 3))
    for t, letter in enumerate(reading.replace(" ", "")):
        x[t] = LETTERS[letter.lower()], letter.isupper(), 0
    x[-1, 2] = 1
    return x


def by_hand():
    """The parameters of an LSTM of one unit that keeps the letter stored last until it is asked.

    The input gate opens at a letter to be stored and the forget gate shuts there; the output gate
    opens at the question. The candidate is the tanh of the letter's number.
    """
    columns = {"i": [0, 2, 0], "f": [0, -2, 0], "o": [0, 0, 2]}
    params = {f"W_x{gate}": PUSH * np.array(column)[:, None] for gate, column in columns.items()}
    params |= {"W_xg": np.array([[1.0], [0.0], [0.0]]), "b_g": np.zeros(1)}
    params |= {"b_i": np.array([-PUSH]), "b_f": np.array([PUSH]), "b_o": np.array([-PUSH])}
    params |= {f"W_h{gate}": np.zeros((1, 1)) for gate in "ifgo"}
    return {name: value.astype(float) for name, value in params.items()}


def run(reading, cell):
    """Gates, cell and state, each (T,); a gate that the cell does not have is 1."""
    x, params = inputs(reading), by_hand()
    gates = lstm.gates(x, np.zeros((T, 1)), params)
    found = {name: gate[:, 0] for name, gate in zip("ifgo", gates, strict=True)}
    for gate in "ifo"[CELLS.index(cell) :]:
        found[gate] = np.ones(T)
    c = np.zeros(T + 1)
    for t in range(T):
        c[t + 1] = found["f"][t] * c[t] + found["i"][t] * found["g"][t]
    return found | {"c": c[1:], "h": found["o"] * np.tanh(c[1:]), "before": c[:-1]}


def says(h):
    """The letter whose own state, kept whole, is nearest to h, or "nothing" if zero is nearer."""
    letters = {name: np.tanh(np.tanh(value)) for name, value in LETTERS.items()} | {"nothing": 0.0}
    return min(letters, key=lambda name: abs(letters[name] - h))


def compute(reading, cell, t):
    """All numbers of the steps up to t, and what the cell answers when it is asked."""
    found, gates = run(reading, cell), "ifo"[: CELLS.index(cell)]
    seen = np.arange(T) < t

    def until_now(values):
        return np.where(seen, values, np.nan)

    shown = {gate: until_now(found[gate] if gate in gates else np.nan) for gate in "ifo"}
    now, letters = t - 1, reading.replace(" ", "") + "?"
    right = [letter for letter in letters if letter.isupper()][-1].lower()
    said = says(found["h"][-1])
    return {
        "all": np.ones(T),
        **{name: until_now(found[name]) for name in "gch"},
        **{f"gate_{gate}": shown[gate] for gate in "ifo"},
        "arrives": until_now(0.5),
        "letters": np.where(seen, 0.5, 0.25),
        "write": until_now(found["i"]),
        "written": until_now(found["i"] * found["g"]),
        "keep": np.append(until_now(found["f"])[1:], np.nan),
        "kept": np.append(until_now(found["f"] * found["before"])[1:], np.nan),
        "show": until_now(found["o"]),
        "read": letters,
        "letter": letters[now],
        **{f"now_{name}": found[name][now] + 0.0 for name in ("i", "f", "g", "o", "c", "h")},
        "before": found["before"][now] + 0.0,
        "asked": t == T,
        "said": said,
        "right": right,
        "correct": said == right,
        "loudest": np.abs(found["h"][:-1]).max(),
        "silent": bool(np.abs(found["h"][:-1]).max() < 0.05),
    }


def panes():
    """The cell at each letter, with its numbers and its gates."""
    rows = (
        network.Row("shown", "h", "h", under="gate_o"),
        network.Row("cell", "c", "c", role="forward", under="gate_f", under_role="forward"),
        network.Row(
            "candidate", "g", "g", role="highlight", under="gate_i", under_role="target"
        ),
        network.Row("input", "x", letters="read", strength="letters", role="muted"),
    )  # fmt: skip
    arrows = (
        network.Arrow("input", "candidate", strength="arrives", role="muted"),
        network.Arrow(
            "candidate", "cell", strength="write", role="target", label="written", format=".2f"
        ),
        network.Arrow(
            "cell", "cell", 1, strength="keep", role="forward", label="kept", format=".2f"
        ),
        network.Arrow("cell", "shown", strength="show", role="ink"),
    )  # fmt: skip
    return [
        network.Diagram(
            title="From x to g, into c, and out as h",
            alt="A cell drawn once for each of four letters and a question. From below, a number "
            "for the letter is written into the cell; an arrow carries the cell on to the next "
            "step; above it is the state that it shows. Below each number is its gate, and an "
            "arrow is as wide as its gate is open.",
            length="all",
            origin=1,
            rows=rows,
            arrows=arrows,
        )
    ]


class StoreCell(Explorable):
    """Give a running sum one gate after the other until it can keep a letter."""

    title = "Keep the capital letter"
    caption = (
        "As numbers the letters are m = 1, a = 0.5, n = −0.5, f = −1. The tanh of that, g, is "
        "written into c; c is carried on, and its tanh, h, is shown. "
        "{gates} When it is asked, the cell names the letter that its h is nearest to."
    )
    alt = (
        "A cell reads f, M, a, f and is then asked which letter was the capital. As a plain sum it "
        "holds −0.76, 0.00, 0.46, −0.30 and −0.30 and answers n. With an input gate only the M is "
        "written."
    )
    controls = (
        Choice("cell", "The cell", CELLS, CELLS[0]),
        Choice("reading", "It reads", READINGS, READINGS[0]),
        Number("t", "Step", range(1, T + 1), 2, play=1200),
    )
    lines = ("arithmetic", "answer")
    compute, panes = compute, panes
    question = Question(
        "A cell that adds up whatever it reads should name the capital letter when it is asked. "
        "It has read f and M, and holds 0.00. Next come a and f. What will it answer?",
        ("m, the capital", "f, the last letter", "n, which it never reads"),
        2,
        {"cell": "a sum", "reading": READINGS[0], "t": T},
        "Everything has been added, and −0.76 + 0.76 + 0.46 − 0.76 = −0.30 shows as −0.29, which "
        "is nearest to what an n would leave. Every letter is in that sum, and none can be told "
        "from it.",
    )
    stories = (
        Story(
            "a door in front",
            {"cell": "+ input gate", "reading": READINGS[0], "t": T},
            "The input gate, green, is open at the capital alone, so only the M gets in, and the "
            "answer is right.",
        ),
        Story(
            "a second capital",
            {"cell": "+ input gate", "reading": READINGS[1], "t": T},
            "Both capitals have been written, and 0.76 − 0.46 reads like a weak a.",
        ),
        Story(
            "a door behind",
            {"cell": "+ forget gate", "reading": READINGS[1], "t": T},
            "At the N the forget gate, blue, shuts, and the M is gone when the N comes in.",
        ),
        Story(
            "silent until asked",
            {"cell": "+ output gate", "reading": READINGS[1], "t": T},
            "Until the question comes h is next to zero, whatever the cell holds.",
        ),
    )
