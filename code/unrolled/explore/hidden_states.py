"""Chapter 2: what the hidden units of one small network do with an impulse, a wave or a word."""

from functools import cache

import numpy as np

from unrolled.analysis.dynamics import principal_components
from unrolled.engine import initializers, rnn
from unrolled.figures import lines, network, states, theme

from .controls import Choice, Number, Question, Story, Word
from .explorable import Explorable

T, H, LETTERS = 24, 12, "abcdefghijklmnopqrstuvwxyz"
PATTERNS = WORD, IMPULSE, SINE = "a word", "an impulse", "a sine"
BEHIND = 6  # steps that are drawn after the end of a word
AWAKE = 1e-3  # what counts as still knowing the first letter


@cache
def constants():
    """The weights at gains of 1."""
    params = rnn.init_params(1 + len(LETTERS), H, rng=np.random.default_rng(7))
    return {
        "W_xh": params["W_xh"] * np.sqrt(1 + len(LETTERS)),  # one input is active at a time
        "W_hh": params["W_hh"] / initializers.spectral_radius(params["W_hh"]),
    }


def twin(word):
    """The same word with another first letter."""
    return ("f" if word[0] == "m" else "m") + word[1:]


def inputs(pattern, word):
    """Input sequence (1, T, 27): feature 0 is a number, features 1 to 26 are letters, one-hot."""
    x = np.zeros((1, T, 1 + len(LETTERS)))
    if pattern == IMPULSE:
        x[0, 0, 0] = 1
    elif pattern == SINE:
        x[0, :, 0] = np.sin(2 * np.pi * np.arange(T) / 12)
    else:
        for t, letter in enumerate(word):
            x[0, t, 1 + LETTERS.index(letter)] = 1
    return x


def signs(x):
    """A sign for each number of feature 0, for the boxes of the diagram."""
    return "".join("0" if abs(value) < 1e-9 else "+" if value > 0 else "−" for value in x[0, :, 0])


def compute(input_gain, recurrent_gain, pattern, word, t):
    """States of the input, what is left of its first letter or number, and a common plane."""
    params = {
        "W_xh": input_gain * constants()["W_xh"],
        "W_hh": recurrent_gain * constants()["W_hh"],
        "b_h": np.zeros(H),
    }
    x = inputs(pattern, word)
    other = inputs(WORD, twin(word)) if pattern == WORD else np.zeros_like(x)
    shown, compared, impulse, sine = (
        rnn.forward(each, params)[0][0]
        for each in (x, other, inputs(IMPULSE, ""), inputs(SINE, ""))
    )
    mean, plane = principal_components(np.concatenate([impulse, sine, shown, compared]))
    path = ((shown - mean) @ plane).T
    apart = np.linalg.norm(shown - compared, axis=1)
    reach = max(1.1 * np.abs(path).max(), 1e-6)
    return {
        "states": shown.T,
        "minus": states.below_zero(shown.T),
        "kept": kept(apart if pattern == WORD else np.linalg.norm(shown, axis=1), pattern, word),
        "path_x": path[0],
        "path_y": path[1],
        "now_x": path[0, [t]],
        "now_y": path[1, [t]],
        "reach": np.array([-reach, reach]),
        "length": float(np.linalg.norm(shown[t])),
        "apart": float(apart[t]),
        "twin": twin(word),
        "read": (word if pattern == WORD else signs(x)).ljust(T, "·"),
        "knows": "yes" if apart[t] >= AWAKE else "no",
    }


def kept(lengths, pattern, word):
    """Shares of the greatest length (T,), NaN from a few steps behind the end of a word."""
    shares = lengths / max(lengths.max(), 1e-300)
    if pattern == WORD:
        shares[len(word) + BEHIND :] = np.nan
    return shares


def panes():
    """What is read and what passes on, all units, and the state's path."""
    reading = network.Diagram(
        title="What passes from step to step",
        alt="The unrolled network above the letters that it reads; arrows along it, thick where "
        "much passes on.",
        length="kept",
        rows=(
            network.Row("state", "h", role="forward"),
            network.Row("input", "x", letters="read", role="muted"),
        ),
        arrows=(
            network.Arrow("input", "state", role="muted"),
            network.Arrow("state", "state", 1, strength="kept", role="forward"),
        ),
        now="t",
    )
    heat = states.heat_map(
        (H, T),
        bound=("states", "minus"),
        title="Each row is one hidden unit",
        alt="Heat map of twelve hidden units over 24 time steps, from -1 to 1.",
    )
    theme.mark(heat, "t", label="now", role="ink")
    path = states.path(
        ("path_x", "path_y"),
        title="The same states as a path through a plane",
        alt="Path of the hidden state in the plane of its first two principal components.",
        limit=1,
    )
    path.add_trace(lines.marker("now_x", "now_y", name="now"))
    for axis in ("xaxis", "yaxis"):
        theme.fit(path, axis, "reach")
    return [reading, heat, path]


class HiddenStates(Explorable):
    """Type a word into a small RNN and watch its hidden units, as arrows, a heat map and a path."""

    title = "Hidden states over time"
    caption = (
        "The recurrent gain decides how long an input is felt: at 0 its trace lasts one step, a "
        "little below 1 it fades step by step, and well above 1 the state never comes home. For a "
        "word, an arrow is as thick as the difference that its first letter still makes."
    )
    alt = (
        "The unrolled network over 24 steps with the letters of a word below it, a heat map of "
        "twelve hidden units, and the path of the state in two principal components. With gain "
        "0.9 the difference that the first letter makes fades within the word; with 2 it outlasts "
        "the word."
    )
    controls = (
        Choice("pattern", "It reads", PATTERNS, WORD),
        Word("word", "Your word", "faster", LETTERS, T, {"pattern": WORD}),
        Number("input_gain", "Input gain", (), 1.0, span=(0.1, 4.0, 0.1)),
        Number("recurrent_gain", "Recurrent gain", (), 0.9, span=(0.0, 2.0, 0.05)),
        Number("t", "Time step t", (), 0, play=180, span=(0, T - 1, 1)),
    )
    compute, panes, constants = map(staticmethod, (compute, panes, constants))
    question = Question(
        "The network has read “faster” up to the r. Had the word been “master”, would its state "
        "be any different by now, five steps after the letter that differs?",
        ("not at all", "by a few percent of what it was", "just as much as at first"),
        1,
        {"pattern": WORD, "word": "faster", "input_gain": 1.0, "recurrent_gain": 0.9, "t": 5},
        "The distance between the two states was 3.08 at the first letter and is 0.096 at the r: "
        "3 % of it is left.",
    )
    stories = (
        Story(
            "the first letter fades",
            {"pattern": WORD, "word": "faster", "input_gain": 1.0, "recurrent_gain": 0.7, "t": 5},
            "Follow the arrows: after the first letter each passes on less of the difference that "
            "it made. Then type your own name.",
        ),
        Story(
            "it never comes home",
            {
                "pattern": IMPULSE,
                "word": "faster",
                "input_gain": 1.0,
                "recurrent_gain": 2.0,
                "t": 23,
            },
            "One input arrives at step 0, and the state jumps to and fro for good, in the end "
            "between two places.",
        ),
        Story(
            "no memory at all",
            {
                "pattern": IMPULSE,
                "word": "faster",
                "input_gain": 1.0,
                "recurrent_gain": 0.0,
                "t": 1,
            },
            "With a recurrent gain of 0 nothing passes from step to step: the trace of the impulse "
            "is gone after one step.",
        ),
        Story(
            "pushed around",
            {"pattern": SINE, "word": "faster", "input_gain": 4.0, "recurrent_gain": 0.9, "t": 12},
            "A strong wave drives many units to their ends, and the path runs in a loop.",
        ),
    )
