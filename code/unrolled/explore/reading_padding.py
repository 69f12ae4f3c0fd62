"""Chapter 15: what the last state is worth after it has read padding.

The readers were trained in Keras with a mask; NumPy runs them here.
"""

from functools import cache

import numpy as np

from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.sequences import pad
from unrolled.datasets.words import words_in
from unrolled.engine.masking import Masked
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider
from .review_readers import CELLS, READERS, ROWS, numbered_words, parameters, words

STEPS = [0, 1, 2, 3, 5, 8, 12, 20, 30, 40]
LAST = STEPS[-1]
PAD = 0
NETWORKS = {name: READERS[name] for name in CELLS}
SHOWN = 12  # words of the review before its end


@cache
def test_reviews():
    """Ids of all 80 test reviews, as the readers number them, and what they express."""
    texts, targets, splits = load_reviews()
    test = splits == "test"
    ids = [numbered_words(words_in(texts[i])) for i in np.flatnonzero(test)]
    return ids, targets[test]


@cache
def after_padding(reader, review=None):
    """P(likes the film) at the end and after each step of padding: (N, LAST + 1).

    For one review of `ROWS`, (1, SHOWN + LAST + 1): its last words are in front.
    """
    params, cell = parameters(reader)[0], CELLS[reader]
    ids = test_reviews()[0] if review is None else [numbered_words(words(review))]
    rows, mask = pad(ids, max(map(len, ids)), padding="post")
    h, tape = Masked(cell, mask).forward(params["W_e"][rows], params)
    padding = np.repeat(params["W_e"][[PAD]][None], LAST, axis=1).repeat(len(ids), axis=0)
    h_padding, _ = cell.forward(padding, params, tape.state)
    end = h[:, -1:] if review is None else h[:, -SHOWN - 1 :]
    logits = np.concatenate([end, h_padding], axis=1) @ params["W_hy"] + params["b_y"]
    return 1 / (1 + np.exp(-logits[:, :, 0]))


@cache
def accuracies(reader):
    """The share of the test reviews that are judged rightly after each step, (LAST + 1,)."""
    _, targets = test_reviews()
    return ((after_padding(reader) > 0.5) == targets[:, None]).mean(axis=0)


def compute(steps, reader, review):
    """The verdict on one review step by step, and the accuracy over all."""
    p = after_padding(reader, review)[0]
    shown = np.where(np.arange(len(p)) <= SHOWN + steps, p, np.nan)
    x = np.arange(len(p)) - SHOWN
    return {
        "words": np.where(x <= 0, shown, np.nan),
        "padding": np.where(x >= 0, shown, np.nan),
        **{name: accuracies(name)[STEPS] for name in CELLS},
        "now_x": np.array([steps, steps], float),
        "one": one(steps, p),
        "all": everything(steps, reader),
    }


def one(steps, p):
    """What happened to one review, in words."""
    before, after = p[SHOWN], p[SHOWN + steps]
    lead = f"At its last word the probability that this review likes the film is {before:.2f}"
    if not steps:
        return f"{lead}: this is the state that a packed sequence ends with."
    flipped = "the verdict has flipped" if (before > 0.5) != (after > 0.5) else "the same verdict"
    return f"{lead}, after {steps} step{'s' * (steps > 1)} of padding {after:.2f}: {flipped}."


def everything(steps, reader):
    """The accuracy over all reviews, in words."""
    accuracy = accuracies(reader)
    lead = f"Of the 80 test reviews the {READERS[reader]} judges {accuracy[0]:.0%} rightly"
    if not steps:
        return f"{lead} at their last words."
    return f"{lead} at their last words, {accuracy[steps]:.0%} after {steps} more of padding."


class ReadingPadding(Explorable):
    """Let a trained network read padding after a review, and watch its verdict go."""

    def __init__(self, *, steps=12, reader="lstm", review="the talking cat"):
        blank = states.no_data(SHOWN + LAST + 1)
        verdict = lines.curves(
            np.arange(-SHOWN, LAST + 1),
            {"words": (blank, "forward"), "padding": (blank, "backward", "dot")},
            title="One review: the verdict at each step",
            alt="A line of the probability over the last words, and on over steps of padding.",
            x_title="steps after the last word",
            y_title="probability",
            range=[-0.04, 1.04],
        )
        for trace, key in zip(verdict.data, ("words", "padding"), strict=True):
            trace.meta = {"y": key}
        accuracy = lines.curves(
            STEPS,
            {
                "SimpleRNN": (states.no_data(len(STEPS)), "muted", "dash"),
                "LSTM": (states.no_data(len(STEPS)), "forward"),
                "coin": (np.full(len(STEPS), 0.5), "ink", "dot"),
            },
            title="All 80 test reviews",
            alt="Two lines of the accuracy against the steps of padding; both fall to a coin's.",
            x_title="steps of padding that were read",
            y_title="accuracy",
            range=[0.3, 1.0],
        )
        for trace, key in zip(accuracy.data, CELLS, strict=False):
            trace.update(meta={"y": key}, mode="lines+markers")
        accuracy.add_scatter(
            x=[0, 0],
            y=[0.3, 1.0],
            name="now",
            mode="lines",
            line=theme.line("ink", "dashdot", 1.5),
            showlegend=False,
            hoverinfo="skip",
            meta={"x": "now_x"},
        )
        accuracy.update_xaxes(range=[-1, LAST + 1])
        super().__init__(
            compute,
            [
                Slider("steps", "Steps of padding", STEPS, steps),
                Slider("reader", "Network", list(NETWORKS), reader, list(NETWORKS.values())),
                Slider("review", "Review", list(ROWS), review, list(ROWS)),
            ],
            [verdict, accuracy],
            title="Reading padding",
            caption=(
                "A network that goes on reading after the last word forgets what it read. After "
                "twelve steps of padding the LSTM is right about half of the reviews, no more than "
                "a coin. With no padding read, as in a packed sequence, its accuracy is untouched."
            ),
            alt=(
                "Left, the probability that a review likes the film is near 0 at its last word "
                "and moves away step by step as padding is read. Right, the accuracies of both "
                "networks fall from 0.84 and 0.70 to about 0.5."
            ),
            texts=("one", "all"),
        )
