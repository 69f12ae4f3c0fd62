"""Chapter 9: the gates of two trained LSTMs, and what is lost when one of them is held."""

from functools import cache

import numpy as np

from unrolled.analysis.gates import clamped
from unrolled.datasets import files, results
from unrolled.datasets.words import numbered, words_in
from unrolled.engine import dense, losses
from unrolled.figures import lines, states

from .explorable import Explorable, Slider

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
KINDS = ("1,000 sequences of 60 letters", 25), ("80 test reviews", 50)
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


def model_of(reading):
    """The model that reads it."""
    return model("reviews" if reading in REVIEWS else "letters")


def inputs(reading):
    """One reading as its network gets it, (1, T, D), and the right class at every step, or -1."""
    if reading in REVIEWS:
        params, words, _ = model_of(reading)
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
    params, (x, right) = model_of(reading)[0], inputs(reading)
    found = {name: value[0] for name, value in clamped(x, params, HELD[held]).items()}
    return found, losses.softmax(dense.forward(found["h"], params)), right


def compute(reading, held, unit):
    """The gates of one unit, all cells, and the answer so far."""
    found, p, right = run(reading, held)
    belief = 2 * p[:, 1] - 1
    if reading not in REVIEWS:
        belief = np.where(right < 0, np.nan, 2 * p[np.arange(T), right] - 1)
    t = list(READINGS).index(reading) * states.STRETCH + np.arange(T, dtype=float)
    cells = np.vstack([np.tanh(found["c"]).T, states.no_data(1, T), belief])
    return {
        **{gate: found[gate][:, unit] for gate in "ifgo"},
        "t": t,
        "cells": cells,
        "minus_x": states.minus_places(t, len(cells)),
        "minus_y": states.below_zero(cells),
        "box_x": t[[0, -1, -1, 0, 0]] + [-0.5, 0.5, 0.5, -0.5, -0.5],
        "box_y": unit + np.array([-0.5, -0.5, 0.5, 0.5, -0.5]),
        "verdict": verdict(reading, held),
        "share": share(reading, held),
        "cell": cell(reading, held, unit),
    }


def answer(reading, held):
    """What the network says at the end, how probable that is to it, and whether it is right."""
    _, p, right = run(reading, held)
    best = int(p[-1].argmax())
    name = ("bad", "good")[best] if reading in REVIEWS else ALPHABET[best]
    return f"“{name}” with probability {p[-1, best]:.2f}", best == right[-1]


def verdict(reading, held):
    """The answer with and without the clamp, in words."""
    said, good = answer(reading, held)
    lead = "The network" if held == FREE else f"With {held} the network"
    end = "." if held == FREE else f"; left alone it answers {answer(reading, FREE)[0]}."
    return f"{lead} answers {said}, which is {'right' if good else 'wrong'}{end}"


def share(reading, held):
    """How often it is right, in words."""
    record = model_of(reading)[-1]
    kind, guess = KINDS[reading in REVIEWS]
    alone = f"{100 * record['test accuracy']:.0f}%"
    if held == FREE:
        return f"Of {kind} it gets {alone} right; guessing gives {guess}%."
    rest = f"{100 * record['test accuracy with a gate held'][held]:.0f}%"
    return f"Of {kind} it then gets {rest} right, left alone {alone}; guessing gives {guess}%."


def cell(reading, held, unit):
    """Where the cell of one unit ends, in words."""
    c, alone = (run(reading, which)[0]["c"][-1, unit] for which in (held, FREE))
    end = "." if held == FREE else f"; left alone at {alone:.2f}."
    return f"The cell of unit {unit} ends at c = {c:.2f}{end}".replace("-", "−")


class GateInspector(Explorable):
    """Watch the gates of a trained LSTM, unit by unit, and hold one of them open or shut."""

    def __init__(self, *, reading="letters", held=FREE, unit=7):
        blank = states.no_data(T)
        gates = lines.curves(
            blank,
            {
                "i": (blank, "target"),
                "f": (blank, "forward", "dash"),
                "g": (blank, "highlight", "dot"),
                "o": (blank, "backward", "dashdot"),
            },
            title="The gates of one unit",
            alt="Four lines, the gates i, f, g and o of one unit, over what is read.",
            x_title="",
            y_title="gate",
            height=360,
            range=[-1.05, 1.05],
        )
        for trace, gate in zip(gates.data, "ifgo", strict=True):
            trace.meta = {"x": "t", "y": gate}
        heat = states.heat_map(
            states.no_data(H + 2, T),
            title="All cells as tanh(c), and the answer so far",
            alt="Heat map of eight cells over what is read, with the answer so far as last row.",
            x_title="",
            y_title="unit",
            height=360,
        )
        heat.data[0].update(x=blank, meta={"x": "t", "z": "cells"}, hoverongaps=False)
        heat.update_xaxes(range=None)
        heat.data[1].meta = {"x": "minus_x", "y": "minus_y"}
        rows = [*range(H), H + 1]
        heat.update_yaxes(tickvals=rows, ticktext=[*map(str, range(H)), "answer"])
        box = {"x": "box_x", "y": "box_y"}
        heat.add_trace(states.now_line(0, H).update(x=[0] * 5, y=[0] * 5, name="unit", meta=box))
        for figure in (gates, heat):
            figure.update_xaxes(states.readings_axis(READINGS.values()))
            figure.update_layout(margin_b=100)
        super().__init__(
            compute,
            [
                Slider("reading", "What it reads", list(READINGS), reading, list(READINGS)),
                Slider("held", "Gate held", list(HELD), held, list(HELD)),
                Slider("unit", "Unit", list(range(H)), unit),
            ],
            [gates, heat],
            title="Gate inspector",
            caption=(
                "At “store” unit 7 opens its input gate and shuts its forget gate; after it, it "
                "keeps. Held at 0, the forget gates lose the letter; held at 1, they cannot erase, "
                "and the answer is the letter stored first. In the reviews no gate is so sharp."
            ),
            alt=(
                "Left, the four gates of unit 7 over 19 letters: the forget gate falls from about "
                "0.9 to below 0.2 at the two letters to store, where the input gate is at 1. "
                "Right, a heat map of eight cells, some of which change at these letters, and "
                "below it the answer so far, right from the first stored letter on."
            ),
            texts=("verdict", "share", "cell"),
        )
