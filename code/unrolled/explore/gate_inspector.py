"""Chapter 9: the gates of two trained LSTMs, and what is lost when one of them is held."""

from functools import cache

import numpy as np

from unrolled.analysis.gates import clamped
from unrolled.datasets import files, results
from unrolled.datasets.words import numbered, words_in
from unrolled.engine import dense, losses
from unrolled.figures import lines, states, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

ALPHABET = "abcd"
LETTERS = ["b", "d", "store b", *"bbaddad", "store a", *"bbccbadc"]
REVIEWS = {  # from the test part of data/reviews.csv: the same words, the opposite judgment
    "mess to gem": "It starts as a mess and ends as a gem, and in a mystery the ending is what "
    "counts.",
    "gem to mess": "It starts as a gem and ends as a mess, and the ending is what counts in a "
    "mystery.",
}
READINGS = {"letters": LETTERS} | {name: words_in(text) for name, text in REVIEWS.items()}
H, T = 8, len(LETTERS)
FREE = "nothing"
HELD = {FREE: {}} | {f"{gate} = {value}": {gate: value} for gate in "ifo" for value in (0, 1)}


@cache
def model(task):
    """What unrolled.experiments.gate_models has trained: parameters, words if any, and the record.

    The tasks are "reviews" and "letters".
    """
    with np.load(files.path("results/gate-models.npz"), allow_pickle=False) as file:
        arrays = {k.split("/")[1]: v for k, v in file.items() if k.startswith(f"{task}/")}
    words = arrays.pop("words", np.array([])).tolist()
    return arrays, words, results.read("gate-models")["results"][task]


def task_of(reading):
    """Which of the two networks reads it."""
    return "reviews" if reading in REVIEWS else "letters"


def inputs(reading):
    """One reading as its network gets it, (1, T, D), and the right class at every step, or -1."""
    if reading in REVIEWS:
        params, words, _ = model("reviews")
        ids = numbered(READINGS[reading], {word: i for i, word in enumerate(words)}, unknown=1)
        return params["W_e"][ids][None], np.full(T, int(reading.endswith("gem")))
    x, right = np.zeros((1, T, len(ALPHABET) + 1), np.float32), np.full(T, -1)
    for t, word in enumerate(LETTERS):
        letter = ALPHABET.index(word[-1])
        x[0, t, letter] = 1
        if word.startswith("store"):
            x[0, t, -1], right[t:] = 1, letter
    return x, right


@cache
def run(reading, held):
    """Gates and states (T, H), probabilities of the answers (T, K), and the right ones (T,)."""
    params, (x, right) = model(task_of(reading))[0], inputs(reading)
    found = {name: value[0] for name, value in clamped(x, params, HELD[held]).items()}
    return found, losses.softmax(dense.forward(found["h"], params)), right


def answer(reading, held):
    """What the network says at the end, how probable that is to it, and whether it is right."""
    _, p, right = run(reading, held)
    best = int(p[-1].argmax())
    name = ("bad", "good")[best] if reading in REVIEWS else ALPHABET[best]
    return name, p[-1, best], bool(best == right[-1])


def shares(reading, held):
    """How often it is right on inputs of this kind, and how often it names the first letter stored.

    Of the letters these are the sequences of 19 with two different letters stored where the shown
    one has them, and of the reviews all those of the test part, where there is no first letter.
    """
    record = model(task_of(reading))[-1]
    if reading in REVIEWS:
        return record["test accuracy with a gate held"].get(held, record["test accuracy"]), 0.0
    first, last = record["named of two"][held]
    return last, first


def compute(reading, held, unit):
    """The gates of one unit, all cells, and the answer so far."""
    found, p, right = run(reading, held)
    belief = 2 * p[:, 1] - 1
    if reading not in REVIEWS:
        belief = np.where(right < 0, np.nan, 2 * p[np.arange(T), right] - 1)
    t = list(READINGS).index(reading) * states.STRETCH + np.arange(T, dtype=float)
    cells = np.vstack([np.tanh(found["c"]).T, states.no_data(1, T), belief])
    share, first = shares(reading, held)
    said, sure, correct = answer(reading, held)
    said_alone, sure_alone, _ = answer(reading, FREE)
    return {
        **{gate: found[gate][:, unit] for gate in "ifgo"},
        "t": t,
        "cells": cells,
        "minus_x": states.minus_places(t, len(cells)),
        "minus_y": states.below_zero(cells),
        "task": task_of(reading),
        "clamped": held != FREE,
        "said": said,
        "sure": sure,
        "correct": correct,
        "said_alone": said_alone,
        "sure_alone": sure_alone,
        "share": share,
        "first": first,
        "share_alone": shares(reading, FREE)[0],
        "c": found["c"][-1, unit],
        "c_alone": run(reading, FREE)[0]["c"][-1, unit],
    }


def panes():
    """The four gates of the unit, and all cells above the answer so far."""
    gates = lines.curves(
        "t",
        {
            "i": ("i", "target"),
            "f": ("f", "forward", "dash"),
            "g": ("g", "highlight", "dot"),
            "o": ("o", "backward", "dashdot"),
        },
        title="The gates of one unit",
        alt="Four lines, the gates i, f, g and o of one unit, over what is read.",
        x_title="",
        y_title="gate",
        height=310,
        range=[-1.05, 1.05],
    )
    heat = states.heat_map(
        (H + 2, T),
        bound=("cells", "minus_y"),
        title="All cells, and the answer",
        alt="Heat map of tanh(c) of eight cells over what is read, and the answer so far below.",
        x_title="",
        y_title="",
        height=310,
    )
    heat.data[0].update(y=np.arange(H + 2), meta={"x": "t", "z": "cells"}, hoverongaps=False)
    heat.data[1].update(x=None, meta={"x": "minus_x", "y": "minus_y"})
    heat.update_xaxes(range=None)
    rows = [*range(H), H + 1]
    heat.update_yaxes(tickvals=rows, ticktext=[*map(str, range(H)), "answer"])
    theme.mark(heat, "unit", axis="y", label="unit")
    for figure in (gates, heat):
        figure.update_xaxes(states.readings_axis(READINGS.values()), tickfont_size=10)
        figure.update_layout(margin_b=72)
    return [gates, heat]


class GateInspector(Explorable):
    """Watch the gates of a trained LSTM, unit by unit, and hold one of them open or shut."""

    title = "Gate inspector"
    caption = (
        "Each cell is drawn as tanh(c). In the row of the answer, the nearer to orange, the surer "
        "the network is {about}"
    )
    alt = (
        "Left, the four gates of unit 7 over 19 letters: the forget gate falls from about 0.9 to "
        "below 0.2 at the two letters to store, where the input gate is at 1. Right, a heat map of "
        "eight cells, some of which change at these letters, and below it the answer so far, right "
        "from the first stored letter on."
    )
    controls = (
        Choice("reading", "What it reads", tuple(READINGS), "letters"),
        Choice("held", "Gate held", tuple(HELD), FREE),
        Number("unit", "Unit", range(H), 7),
    )
    lines = ("verdict", "frequency", "cell")
    compute, panes = compute, panes
    question = Question(
        "The network must name the letter that came with the last “store”. Here b is stored first, "
        "and later a. If we hold every forget gate open, so that no cell can be emptied, what does "
        "it answer?",
        ("a, stored last", "b, stored first", "neither"),
        1,
        {"reading": "letters", "held": "f = 1", "unit": 7},
        "It answers b, as it names the first letter in 94% of 1,000 such sequences. The second is "
        "still written, but what the cells already hold outweighs it.",
    )
    stories = (
        Story(
            "forget, then write",
            {"reading": "letters", "held": FREE, "unit": 7},
            "Follow f, the dashed blue line: it is open nearly all the time and shuts at the two "
            "letters marked “store”, where i, the solid green line, opens.",
        ),
        Story(
            "nothing is kept",
            {"reading": "letters", "held": "f = 0", "unit": 7},
            "With the forget gates shut every cell is emptied at every step, and three letters "
            "after a “store” the right answer has less than half of the probability.",
        ),
        Story(
            "nothing is erased",
            {"reading": "letters", "held": "f = 1", "unit": 7},
            "The answer is the letter that was stored first, and all cells but one end up nearly "
            "full, at one end of the scale or the other.",
        ),
        Story(
            "the end of a review",
            {"reading": "mess to gem", "held": "f = 0", "unit": 7},
            "Left alone the network calls this review good; with the forget gates shut it knows "
            "little beyond the last word, “counts”, and the answer turns around.",
        ),
    )
