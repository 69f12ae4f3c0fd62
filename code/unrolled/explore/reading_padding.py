"""Chapter 15: what the last state is worth after it has read padding.

The readers were trained in Keras with a mask; NumPy runs them here.
"""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.sequences import pad
from unrolled.datasets.words import words_in
from unrolled.engine.masking import Masked
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable
from .review_readers import CELLS, READERS, ROWS, SHORT, numbered_words, parameters, words

LAST = 40  # steps of padding
PAD = 0
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
    """The share of the test reviews that are judged correctly after each step, (LAST + 1,)."""
    _, targets = test_reviews()
    return ((after_padding(reader) > 0.5) == targets[:, None]).mean(axis=0)


def compute(steps, reader, review):
    """The verdict on one review step by step, and the accuracy over all."""
    p = after_padding(reader, review)[0]
    x = np.arange(len(p)) - SHOWN
    before, after = float(p[SHOWN]), float(p[SHOWN + steps])
    verdict = "flipped" if (before > 0.5) != (after > 0.5) else "same"
    return {
        "words": np.where(x <= 0, p, np.nan),
        "padding": np.where((x >= 0) & (x <= steps), p, np.nan),
        "unread": np.where(x >= steps, p, np.nan),
        **{name: np.where(x[SHOWN:] <= steps, accuracies(name), np.nan) for name in CELLS},
        **{
            f"{name}_unread": np.where(x[SHOWN:] >= steps, accuracies(name), np.nan)
            for name in CELLS
        },
        "before": before,
        "after": after,
        "verdict": verdict if steps else "packed",
        "right_before": float(accuracies(reader)[0]),
        "right_after": float(accuracies(reader)[steps]),
    }


def faint(x, y, role):
    """A line of what lies beyond the mark."""
    style = theme.line(role, "dot", 1.5)
    return go.Scatter(
        **theme.bound(x=x, y=y),
        mode="lines",
        line=style,
        opacity=0.45,
        showlegend=False,
        hoverinfo="skip",
    )


def panes():
    """One review step by step, and the accuracy over all."""
    one = lines.curves(
        np.arange(-SHOWN, LAST + 1),
        {
            "words": ("words", "forward"),
            "padding": ("padding", "backward", "dash"),
            "undecided": (np.full(SHOWN + LAST + 1, 0.5), "muted", "dot"),
        },
        title="One review, and padding after it",
        alt="A line of the probability over the last words, and on over steps of padding.",
        x_title="steps after the last word",
        y_title="P(likes the film)",
        range=[-0.04, 1.04],
    )
    one.add_trace(faint(np.arange(-SHOWN, LAST + 1), "unread", "backward"))
    one.update_xaxes(range=[-SHOWN - 1, LAST + 1])
    accuracy = lines.curves(
        np.arange(LAST + 1),
        {
            READERS["rnn"]: ("rnn", "muted", "dash"),
            READERS["lstm"]: ("lstm", "forward"),
            "coin": (np.full(LAST + 1, 0.5), "ink", "dot"),
        },
        title="All 80 test reviews",
        alt="Two lines of the accuracy against the steps of padding; both fall to a coin's.",
        x_title="steps of padding that were read",
        y_title="accuracy",
        range=[0.25, 0.9],
    )
    for name, role in (("rnn", "muted"), ("lstm", "forward")):
        accuracy.add_trace(faint(np.arange(LAST + 1), f"{name}_unread", role))
    accuracy.update_xaxes(range=[-1, LAST + 1])
    for figure in (one, accuracy):
        theme.mark(figure, "steps", label="read")
    return [one, accuracy]


class ReadingPadding(Explorable):
    """Let a trained network read padding after a review, and watch its verdict go."""

    title = "Reading padding"
    caption = (
        "Both networks were trained with a mask, so no padding ever reached them. Here they read "
        "on after the last word, up to the mark, and every step of padding writes over what they "
        "have read; the faint lines go on beyond it. A packed sequence stops at 0, at the "
        "last word."
    )
    alt = (
        "Left, the probability that a review likes the film is near 0 at its last word and rises "
        "step by step as padding is read. Right, the accuracies of both networks, 0.84 and 0.70 "
        "at the last word, fall as they read padding: after eight steps they are 0.75 and 0.54."
    )
    controls = (
        Number("steps", "Steps of padding", range(LAST + 1), 8, play=150),
        Choice("reader", "Network", list(CELLS), "lstm", [READERS[name] for name in CELLS]),
        Choice("review", "Review", list(ROWS), "the talking cat", SHORT),
    )
    lines = ("one", "all")
    compute, panes = compute, panes
    question = Question(
        "The LSTM judges 84% of the test reviews correctly when it stops at their last words. How "
        "many does it get right after reading twelve steps of padding behind each?",
        ("84%: padding says nothing", "about 70%", "about 50%"),
        2,
        {"steps": 12, "reader": "lstm", "review": "the talking cat"},
        "It gets 49%: after twelve steps it likes 89% of all the reviews, whatever they said.",
    )
    stories = (
        Story(
            "the verdict goes",
            {"steps": 11, "reader": "lstm", "review": "the talking cat"},
            "At its last word the LSTM is certain that this review does not like the film. Its "
            "doubt grows with every step, and at the eleventh the verdict flips.",
        ),
        Story(
            "from the first step",
            {"steps": 3, "reader": "rnn", "review": "the talking cat"},
            "The plain network changes its verdict at each of the first three steps. It does so on "
            "words too; padding merely goes on.",
        ),
        Story(
            "a verdict that lasts",
            {"steps": 32, "reader": "lstm", "review": "the brilliant daughter"},
            "On this review the LSTM holds out for 32 steps; go one further.",
        ),
    )
