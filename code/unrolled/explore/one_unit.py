"""Chapter 2: one unit reads three letters, with every number on the picture."""

import numpy as np

from unrolled.figures import lines, network

from .blame import LETTERS
from .controls import Choice, Number, Question, Story
from .explorable import Explorable

WORDS = ("man", "fan")
T = 3
CURVE = np.linspace(-6, 6, 121)


def read(word, w_xh, w_hh):
    """The sums and the states (T + 1,) of a unit; before the first letter the state is 0."""
    sums, states = np.full(T + 1, np.nan), np.zeros(T + 1)
    for t, letter in enumerate(word, start=1):
        sums[t] = w_xh * LETTERS[letter] + w_hh * states[t - 1]
        states[t] = np.tanh(sums[t])
    return sums, states


def compute(word, w_xh, w_hh, t):
    """All numbers of the steps up to t, the points of the tanh, and the other word's state."""
    sums, states = read(word, w_xh, w_hh)
    other = WORDS[1 - WORDS.index(word)]
    other_state = read(other, w_xh, w_hh)[1][t]
    x = np.array([np.nan, *(LETTERS[letter] for letter in word)])
    seen = np.arange(T + 1) <= t

    def until_now(values):
        return np.where(seen, values, np.nan)

    return {
        "all": np.ones(T + 1),
        "x": until_now(x),
        "sum": until_now(sums),
        "state": until_now(states),
        "arrives": until_now(w_xh * x),
        "letters": until_now(np.where(np.isnan(x), np.nan, 0.5)),
        "kept": np.append(w_hh * states[:-1], np.nan) + np.append(0 * until_now(sums)[1:], np.nan),
        "flows": np.append(0.5 + 0 * until_now(sums)[1:], np.nan),
        "so_far_x": np.where(seen, sums, np.nan),
        "so_far_y": np.where(seen, states, np.nan),
        "now_x": sums[[t]],
        "now_y": states[[t]],
        "read": f" {word}",
        "letter": word[t - 1],
        "number": x[t],
        "before": states[t - 1] + 0.0,
        "together": sums[t],
        "becomes": states[t],
        "slope": 1 - states[t] ** 2,
        "other": other,
        "other_state": other_state,
        "apart": abs(states[t] - other_state),
    }


def panes():
    """The unit at each letter, and the bend that makes its state."""
    unit = network.Diagram(
        title="What arrives, what was kept, and what comes of it",
        alt="One unit drawn once for each letter. An arrow from the letter and an arrow from the "
        "state before lead into a sum, with the number that each brings; a third leads from the "
        "sum to the state.",
        length="all",
        rows=(
            network.Row("state", "h", values="state", scale=True, role="forward"),
            network.Row("sum", "a", values="sum"),
            network.Row(
                "input", "x", values="x", letters="read", under="x", role="muted",
                under_role="muted", format=".1f",
            ),
        ),
        arrows=(
            network.Arrow(
                "input", "sum", strength="letters", role="muted", label="arrives", format=".2f"
            ),
            network.Arrow("sum", "state", strength="letters", role="forward"),
            network.Arrow(
                "state", "sum", 1, strength="flows", role="forward", label="kept", format=".2f"
            ),
        ),
    )  # fmt: skip
    bend = lines.curves(
        CURVE,
        {"tanh": (np.tanh(CURVE), "forward")},
        title="From the sum a to the state h",
        alt="The curve of tanh, flat at -1 and 1, with a point for each letter read.",
        x_title="sum a",
        y_title="state h",
        height=260,
        range=[-1.1, 1.1],
    )
    bend.add_trace(
        lines.marker("so_far_x", "so_far_y", name="before", role="muted", symbol="diamond")
    )
    bend.add_trace(lines.marker("now_x", "now_y", name="now"))
    bend.update_layout(showlegend=True)
    return [unit, bend]


class OneUnit(Explorable):
    """Let one unit read three letters and check its arithmetic."""

    title = "One unit reads a word"
    caption = (
        "Each letter is a number here: m = 1, f = −1, a = 0.5, n = −0.5. An arrow says what it "
        "brings, a number times a weight. The sum of the two is a, and the tanh bends it into the "
        "next state."
    )
    alt = (
        "A unit reads the letters of man or fan, one after the other. The numbers of each step are "
        "written into the picture: the letter times its weight and the state before times its own "
        "are added, and the tanh of the sum is the next state."
    )
    controls = (
        Choice("word", "It reads", WORDS, "man"),
        Number("t", "Letter", range(1, T + 1), 2, play=1200),
        Number("w_xh", "Weight w_xh", np.arange(-2, 4.5, 0.5).tolist(), 1.0),
        Number("w_hh", "Weight w_hh", np.arange(-2, 2.25, 0.25).tolist(), 0.5),
    )
    lines = ("verdict", "compared")
    compute, panes = compute, panes
    question = Question(
        "The unit has read “ma”, and its state is 0.71. Next comes an n, which is the number −0.5. "
        "Where will it be then?",
        ("at 0.21, the 0.71 less 0.5", "below zero", "still at 0.71 or above"),
        1,
        {"word": "man", "t": 3, "w_xh": 1.0, "w_hh": 0.5},
        "The unit does not go on from its 0.71. It reads it once, times 0.5, and adds what the n "
        "brings: 0.35 − 0.50 is −0.15, and the tanh of that is −0.15, too.",
        corrects={
            0: "It would be there if the state were a sum of all that came.",
            2: "What arrives is negative, so it goes down.",
        },
    )
    stories = (
        Story(
            "only what arrives",
            {"word": "man", "t": 3, "w_xh": 1.0, "w_hh": 0.0},
            "With w_hh at 0 the state before is read and multiplied away: at the n the unit is at "
            "−0.46, and it would be at −0.46 after “fan”, too.",
        ),
        Story(
            "out on the flat part",
            {"word": "man", "t": 3, "w_xh": 4.0, "w_hh": 0.5},
            "Strong letters push the sum to where the curve is flat. Switch between the two words: "
            "what the m and the f did to the state is lost there.",
            ("word",),
        ),
        Story(
            "a state that holds on",
            {"word": "fan", "t": 3, "w_xh": 1.0, "w_hh": 2.0},
            "With w_hh at 2 the first letter wins over the two that follow. Switch between the "
            "words, and the n ends on opposite sides.",
            ("word",),
        ),
    )
