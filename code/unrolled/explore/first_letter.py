"""The front page: what is left of the first letter of a word, and of a gradient on its way back."""

from functools import cache

import numpy as np

from unrolled.analysis.gradient_flow import backward_norms
from unrolled.engine import initializers, rnn
from unrolled.figures import network

from .controls import Question, Story, Switch, Word
from .explorable import Explorable

H, LETTERS, LONGEST = 12, "abcdefghijklmnopqrstuvwxyz", 14
GAIN = 0.9  # of an orthogonal matrix, so that no step can pass on more
REACH = 3  # letters that the gradient goes back where it is cut
OTHERS = {"m": "f", "f": "m", "g": "v", "v": "g"}  # master and faster, generation and veneration


@cache
def constants():
    """An untrained network, and the direction in which its last state is to be corrected."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(len(LETTERS), H, rng=rng)
    correction = rng.standard_normal((1, H))
    return {
        "W_xh": params["W_xh"] * np.sqrt(len(LETTERS)),  # one input is active at a time
        "W_hh": initializers.orthogonal(H, gain=GAIN, rng=rng),
        "correction": correction / np.linalg.norm(correction),
    }


def twin(word):
    """The same word with another first letter."""
    return OTHERS.get(word[0], "m") + word[1:]


def inputs(word):
    """The letters one-hot, (1, T, 26)."""
    return np.eye(len(LETTERS))[None, [LETTERS.index(letter) for letter in word]]


def compute(word, cut):
    """Shares of what the first letter did and of the gradient, step by step."""
    T = len(word)
    params = {key: constants()[key] for key in ("W_xh", "W_hh")} | {"b_h": np.zeros(H)}
    h, tape = rnn.forward(inputs(word), params)
    other, _ = rnn.forward(inputs(twin(word)), params)
    apart = np.linalg.norm((h - other)[0], axis=1)
    kept = apart / apart[0]
    left = backward_norms(tape, params, constants()["correction"])
    wall = max(1, T - REACH) if cut and T > 1 else 0  # the step before which it is cut
    left[:wall] = 0
    return {
        "kept": padded(kept),
        "left": padded(left),
        "back": padded(np.where(np.arange(T) == wall, 0.0, left)),  # what leaves for a step before
        "home": padded(np.where(np.arange(T) == 0, left, np.nan)),
        "asked": padded(np.where(np.arange(T) == T - 1, 1.0, np.nan)),
        "wall": padded(np.where(np.arange(T) == wall, float(wall > 0), 0.0)),
        "first": word[0],
        "trace": word[0] * T,
        "twin": twin(word),
        "percent": float(100 * kept[-1]),
        "arrives": float(100 * left[0]),
        "way": "none" if T == 1 else "cut" if wall else "open",
    }


def padded(values):
    """Values (T,) with NaN up to the longest word."""
    return np.concatenate([values, np.full(LONGEST - len(values), np.nan)])


def panes():
    """The unrolled network, with the first letter in every state as far as it is still there."""
    reading = network.Diagram(
        title="A network reads your name and should still know how it began",
        alt="The unrolled network above the letters that it reads. The first letter fades from "
        "state to state, and an arrow that leads back to it gets thinner.",
        length="kept",
        rows=(
            network.Row("question", "", values="asked", text="?", role="backward"),
            network.Row("state", "", letters="trace", strength="kept", role="forward"),
            network.Row("input", "", letters="word", role="muted"),
        ),
        arrows=(
            network.Arrow("input", "state", role="muted"),
            network.Arrow("state", "state", 1, strength="kept", role="forward"),
            network.Arrow("question", "state", strength="asked", role="backward"),
            network.Arrow("state", "state", -1, strength="back", role="backward"),
            network.Arrow("state", "input", strength="home", role="backward"),
        ),
        cut="wall",
        origin=None,
        walk=network.Walk(
            "the reading",
            "left",
            "{back} {back:letter|letters} back, {left:.1%} of the correction is left.",
            play=320,
            reads=("kept", "After {read} {read:letter|letters}, {kept:.1%} of the first is left."),
        ),
    )
    return [reading]


class FirstLetter(Explorable):
    """Type your name and watch a network's memory of its first letter fade."""

    title = "What is left of the first letter?"
    caption = (
        "Blue is what the memory, the network's state, still holds of the first letter. At the end "
        "it is asked how the word began (?), and what corrects its answer, orange, goes back the "
        "way it came. In this untrained network each step takes at least a tenth of either. The "
        "cut stops the correction and leaves the memory as it is."
    )
    alt = (
        "A recurrent network reads a word letter by letter. In its states the first letter fades; "
        "from the last state an arrow leads back to the first letter and gets thinner on the way. "
        "A switch cuts that arrow off three letters before the end."
    )
    controls = (
        Word("word", "Type your name", "master", LETTERS, LONGEST),
        Switch("cut", "Cut the way back", False),
    )
    compute, panes, constants = compute, panes, constants
    question = Question(
        "A network that nobody has trained reads “master”, one letter at a time. When it comes to "
        "the r, how much of what the m did is left in its memory?",
        ("about 60%", "about 20%", "about 6%"),
        2,
        {"word": "master", "cut": False},
        "5.9% is left of the difference between the m and an f. From here on, the r included, that "
        "is all that tells “master” from “faster”.",
        hides=("verdict",),
        corrects={
            0: "That much is left after the a alone.",
            1: "It has sunk below that at the t.",
        },
    )
    stories = (
        Story(
            "master or faster?",
            {"word": "master", "cut": False},
            "Both end in the same five letters. What the first one left in the state is all that "
            "tells them apart.",
        ),
        Story(
            "generation or veneration?",
            {"word": "generation", "cut": False},
            "Ten letters on, hardly anything is left of the first one, and hardly any correction "
            "finds its way back.",
        ),
        Story(
            "cut",
            {"word": "generation", "cut": True},
            "Reading goes on as before. The correction ends three letters back, and says nothing "
            "of what came before. Is the first letter lost, then? Chapter 6 has a surprise.",
        ),
    )
