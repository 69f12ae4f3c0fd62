"""Chapter 3: what a network takes a word for, letter by letter, and what its doubts cost."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.datasets import rhymes
from unrolled.engine import training
from unrolled.engine.losses import softmax
from unrolled.figures import maps, network, theme

from . import rhyme_reader
from .controls import Choice, Number, Question, Story
from .explorable import Explorable

UPDATES = [0, 10, 20, 50, 100, 400]
EQUAL = 0.005  # costs that differ by less are called equal


@cache
def probabilities(updates):
    """What the network gives each word at each step of each word: (12 read, T, 12 answers)."""
    x, _ = rhymes.load_rhymes()
    return softmax(training.predict(x, rhyme_reader.trained(updates), cell=rhyme_reader.rnn)[0])


def heard(word, t):
    """The letters up to and including step t."""
    return word[: t + 1]


def compute(word, updates, t):
    """Probabilities of all words, and of the right one and its cost at each step."""
    n = rhymes.WORDS.index(word)
    p = probabilities(updates)[n]
    counted = np.array([rhymes.possible(heard(word, step))[n] for step in range(rhymes.T)])
    costs = -np.log(p[:, n])
    mean, least = costs.mean(), -np.log(counted).mean()
    likeliest = rhymes.WORDS[p[t].argmax()]
    return {
        "p": p.T,
        "right": p[:, n],
        "costs": costs,
        "read": word.ljust(rhymes.T, "·"),
        "letters": " ".join(word.ljust(rhymes.T, "·")),
        "heard": heard(word, t),
        "p_now": p[t, n],
        "counted": counted[t],
        "cost": costs[t],
        "mean": mean,
        "least": least,
        "likeliest": likeliest,
        "guess": "right" if likeliest == word else "wrong",
        "p_likeliest": p[t].max(),
        "price": "same" if mean - least < EQUAL else "more",
    }


def panes():
    """The unrolled network with its costs, and the probabilities of all twelve words."""
    steps = network.Diagram(
        title="At every letter it answers, and pays",
        alt="The unrolled network over a word's letters. Above each state stands the probability "
        "that it gives the right word, and above that its cost.",
        length="right",
        rows=(
            network.Row("cost", "L", values="costs", role="backward"),
            network.Row("answer", "p", values="right", strength="right", role="forward"),
            network.Row("state", "h", role="forward"),
            network.Row("input", "x", letters="read", role="muted"),
        ),
        arrows=(
            network.Arrow("input", "state", role="muted"),
            network.Arrow("state", "state", 1, role="forward"),
            network.Arrow("state", "answer", role="forward"),
            network.Arrow("answer", "cost", role="backward"),
        ),
        now="t",
    )
    heat = go.Figure(
        go.Heatmap(
            **theme.bound(z="p"),
            y=rhymes.WORDS,
            zmin=0,
            zmax=1,
            colorscale=maps.FAINT_TO_FULL,
            colorbar={"thickness": 10, "tickvals": [0, 0.5, 1], "outlinewidth": 0},
            xgap=1,
            ygap=1,
        )
    )
    axis = {"showgrid": False, "zeroline": False, "tickangle": 0}
    heat.update_layout(
        xaxis={"title": "read", **axis}, yaxis={"autorange": "reversed", "dtick": 1, **axis}
    )
    theme.describe(
        heat,
        title="What it gives each of its twelve words",
        alt="Heat map of probabilities from 0 to 1, a row for each word, a column for each letter.",
        height=360,
    )
    theme.labels(heat, "xaxis", "letters")
    theme.mark(heat, "t", label="now", role="ink")
    return [steps, heat]


class WordGuess(Explorable):
    """Follow what a network takes a word for, letter by letter, before and after training."""

    title = "Which word is it?"
    caption = (
        "Above, the probability that the network gives the word that it is in fact reading, and "
        "its cost, the negative logarithm. A dot is silence after the end of the word."
    )
    alt = (
        "The unrolled network over the ten steps of a word, with a probability and a cost above "
        "each; below, a heat map of the probabilities of twelve words. After 400 updates a third "
        "goes to each of three words at the first letter, and nearly all to the right one from "
        "the second."
    )
    controls = (
        Choice("word", "It reads", tuple(rhymes.WORDS), "faster"),
        Number("updates", "Updates of training", UPDATES, 0),
        Number("t", "Letter", range(rhymes.T), 0, play=500),
    )
    lines = ("verdict", "whole")
    compute, panes = compute, panes
    question = Question(
        "Before its training the network gives “faster” a twelfth. Then it learns its twelve "
        "words; “faster”, “fountain” and “function” are three of them. When it has heard an f and "
        "nothing else, what is the best probability that it can give “faster”?",
        ("1, since it has learned the word", "1/3", "1/12"),
        1,
        {"word": "faster", "updates": 400, "t": 0},
        "After an f each of the three is as likely as the others. Training does not make the "
        "network bolder than what it heard allows: it gives each of them a third.",
        hides=("verdict",),
    )
    stories = (
        Story(
            "one letter decides",
            {"word": "master", "updates": 400, "t": 1},
            "At the m it wavers between three words. At the a the other two are out, and it is "
            "sure, down to the silence at the end.",
        ),
        Story(
            "before training",
            {"word": "master", "updates": 0, "t": 5},
            "Every word gets about a twelfth, whatever it hears. Each answer costs about 2.5, "
            "which is what guessing among twelve costs.",
        ),
        Story(
            "it knows the rhyme",
            {"word": "function", "updates": 10, "t": 7},
            "After ten updates it hears that this rhymes with “unction” and hardly how it began: "
            "“function” and “junction” have almost equal shares. Other words come in other ways.",
        ),
    )
