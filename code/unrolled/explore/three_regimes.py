"""Chapter 6: what crosses a cut, the state or the gradient, in each way of cutting."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis.gradient_flow import backward_norms
from unrolled.datasets import rhymes
from unrolled.engine import dense, losses, rnn
from unrolled.figures import network, theme

from . import rhyme_reader
from .controls import Choice, Number, Question, Story
from .explorable import Explorable

WORD, TWIN = "generation", "veneration"
T = len(WORD)
PLACES = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "last",
]
REGIMES = FULL, EACH, BLOCKS, WINDOWS = "nothing", "each loss", "blocks", "blocks from zero"


@cache
def forward(word, k):
    """States and tapes of the untrained network that reads a word in blocks from zero."""
    x, params = rhymes.one_hot(word)[None, :T], rhyme_reader.trained(updates=0)
    return [rnn.forward(x[:, start : start + k], params) for start in range(0, T, k)]


def states_apart(regime, k):
    """How far the states of both words are from each other at each step, (T,)."""
    words = (
        [h[0] for h, _ in forward(word, k if regime == WINDOWS else T)] for word in (WORD, TWIN)
    )
    one, other = (np.concatenate(blocks) for blocks in words)
    return np.linalg.norm(one - other, axis=1)


@cache
def lengths_back(regime, k, e):
    """Lengths (T,) of the gradient of the loss at step e with respect to each state up to it."""
    params = rhyme_reader.trained(updates=0)
    start = e - e % k if regime == WINDOWS else 0
    h, tape = forward(WORD, k)[e // k] if regime == WINDOWS else forward(WORD, T)[0]
    e -= start
    _, dlogits = losses.cross_entropy(
        dense.forward(h, params), np.full((1, h.shape[1]), rhymes.WORDS.index(WORD))
    )
    dh, _ = dense.backward(dlogits, h, params)
    norms = backward_norms(tape.window(0, e + 1), params, dh[:, e])
    return np.pad(norms, (start, T - start - e - 1))


def kept(regime, k):
    """Whether the loss at step e reaches step t: (T, T), indexed [t, e]."""
    step, e = np.indices((T, T))
    farthest = e if regime == FULL else k - 1 if regime == EACH else e % k
    return (step <= e) & (e - step <= farthest)


def cuts(regime, k, e):
    """1 at the steps before which a cut lies, (T,)."""
    cut = np.zeros(T)
    if regime in (BLOCKS, WINDOWS):
        cut[k::k] = 1
    elif regime == EACH and k <= e:
        cut[e - k + 1] = 1
    return cut


def compute(regime, k, e):
    """What of the first letter comes forward, what of the loss goes back, and all pairs."""
    pairs, cut = kept(regime, k), cuts(regime, k, e)
    apart, back = states_apart(regime, k), lengths_back(regime, k, e)
    back = np.where(pairs[:, e], back / back[e], 0)
    forth = apart / apart.max()
    if regime == WINDOWS:
        forth[np.flatnonzero(cut) - 1] = np.nan
    behind = np.arange(T) > e
    forth = np.where(np.arange(T) >= e, np.nan, forth)  # into states that are not drawn
    loss = np.where(np.arange(T) == e, 1.0, np.nan)
    return {
        "length": np.ones(T),
        "heard": np.where(behind, np.nan, 0.5),
        "forth": forth,
        "back": np.where(behind, np.nan, back),
        "back_arrows": np.where(behind, np.nan, np.append(0, back[:-1])),
        "loss": loss,
        "cut": cut,
        "places": places(regime, e),
        "pairs": np.where(np.triu(np.ones((T, T))), 1.0 * pairs, np.nan),
        "word": WORD,
        "letters": " ".join(WORD),
        "place": PLACES[e],
        "reached": int(pairs[:, e].sum()),
        "left": float(back[0]),
        "apart": float(apart[e]),
        "hears": "yes" if apart[e] > 0 else "no",
        "told": "yes" if pairs[0, e] else "no",
    }


def places(regime, e):
    """Where the dragged cut lies for each k, in steps, (T,); NaN where there is none."""
    k = np.arange(1.0, T + 1)
    if regime == FULL:
        return np.full(T, np.nan)
    return np.where(k <= e + 1, e + 1 - k, np.nan) if regime == EACH else k


def panes():
    """The unrolled network with its cuts, and all pairs of a loss and a step."""
    way = network.Diagram(
        title="Drag the cut",
        alt="The unrolled network over the ten letters of generation. Blue arrows lead to the "
        "right, vermilion ones from the loss to the left, and dashed lines are cuts.",
        length="length",
        rows=(
            network.Row("loss", "L", values="loss", text="L", role="backward"),
            network.Row("state", "h", values="back", role="forward"),
            network.Row("input", "x", letters="word", role="muted"),
        ),
        arrows=(
            network.Arrow("input", "state", strength="heard", role="muted"),
            network.Arrow("state", "state", 1, strength="forth", role="forward"),
            network.Arrow("state", "state", -1, strength="back_arrows", role="backward"),
            network.Arrow("loss", "state", strength="loss", role="backward"),
        ),
        cut="cut",
        drag=("k", "places"),
    )
    colors = [[0, theme.NEUTRAL], [1, theme.BACKWARD]]
    look = {"zmin": 0, "zmax": 1, "colorscale": colors, "showscale": False, "xgap": 1, "ygap": 1}
    pairs = go.Figure(go.Heatmap(**theme.bound(z="pairs"), **look, hoverinfo="skip"))
    axis = {"showgrid": False, "zeroline": False, "tickangle": 0}
    pairs.update_layout(
        xaxis={"title": "loss at", **axis},
        yaxis={"title": "reaches", "autorange": "reversed", **axis},
    )
    theme.describe(
        pairs,
        title="Which losses reach which letters",
        alt="A square with a column for each loss and a row for each letter; colored where the "
        "loss reaches the letter.",
        height=270,
    )
    for name in ("xaxis", "yaxis"):
        theme.labels(pairs, name, "letters")
    theme.mark(pairs, "e", label="this loss", role="ink")
    return [way, pairs]


class ThreeRegimes(Explorable):
    """Drag a cut through a network that reads a word, and see what crosses it."""

    title = "What crosses the cut?"
    caption = (
        "The network of chapters 1 to 5 before its training, reading “generation”; only its first "
        "letter tells it from “veneration”. Blue arrows are as thick as the difference that this "
        "letter makes to the state, the numbers are the length of the loss's gradient at each "
        "state, and where an arrow is dotted nothing passes. In the other picture, gray pairs are "
        "cut off."
    )
    alt = (
        "The unrolled network over the letters of generation, with a loss at the last. Cut into "
        "blocks of five with the state carried on, the blue arrows cross the cut and the vermilion "
        "ones end at it. Below, triangles of the losses and letters that still reach each other."
    )
    controls = (
        Choice("regime", "What is cut", REGIMES, BLOCKS),
        Number("k", "Cut after k steps", range(1, T + 1), 5),
        Number("e", "Loss at step", range(T), T - 1, play=500),
    )
    lines = ("gradient", "state")
    compute, panes = compute, panes
    question = Question(
        "“Generation” or “veneration”: the first letter decides, and the loss is at the last. The "
        "cut lets the state across and stops the gradient. What becomes of the first letter?",
        (
            "used, and known to matter",
            "used, but not known to matter",
            "lost",
        ),
        1,
        {"regime": BLOCKS, "k": 5, "e": 9},
        "The state that crosses the cut still differs between the two words. The gradient stops "
        "at the cut, so nothing tells the network what the g was worth when it came. (Whether it "
        "can learn to keep the g all the same is the surprise of this chapter.)",
        hides=("gradient", "state"),
        corrects={
            0: "It is used, but who should say that it mattered?",
            2: "It would be lost if the blocks started from zero.",
        },
    )
    stories = (
        Story(
            "nothing is cut",
            {"regime": FULL, "k": 5, "e": 9},
            "Full backpropagation: 6% of the gradient's length is left when it comes to the first "
            "letter. Little, but it is there.",
        ),
        Story(
            "five steps each",
            {"regime": EACH, "k": 5, "e": 9},
            "Each loss takes its cut along: move the loss, and the cut follows four steps behind.",
            ("e",),
        ),
        Story(
            "just behind a cut",
            {"regime": BLOCKS, "k": 5, "e": 5},
            "How far a loss reaches in a block is luck: this one is the first of its block, and "
            "reaches only its own letter.",
        ),
        Story(
            "a fresh start",
            {"regime": WINDOWS, "k": 5, "e": 9},
            "The second block starts from zero. Its states are the same for both words: here "
            "the first letter is lost in both directions.",
        ),
    )
