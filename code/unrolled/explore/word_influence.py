"""Chapter 14: which words of a review its verdict depends on, for three readers.

The readers were trained in Keras; NumPy runs them here.
"""

from functools import cache

import numpy as np

from unrolled.analysis.influence import gradient_times_input, left_out
from unrolled.figures import lines, states

from .controls import Choice, Question, Story
from .explorable import Explorable
from .review_readers import (
    CELLS,
    OWN,
    READERS,
    ROWS,
    SHORT,
    numbered_words,
    parameters,
    text_and_target,
    words,
)

REVIEWS = [*ROWS, *OWN]
FIRST, SECOND, *_, FILM_FIRST = REVIEWS
LEFT_OUT, GRADIENT = METHODS = ("leaving it out", "gradient times input")
T = max(len(words(review)) for review in REVIEWS)


@cache
def read(review, reader, method):
    """The influence of each word and the logit after each, (T,), padded with NaN."""
    params, ids = parameters(reader)[0], numbered_words(words(review))
    if reader == "bag":
        influence = params["weights"][ids]
        logits = np.cumsum(influence) + params["bias"][0]
    else:
        cell, W_hy = CELLS[reader], params["W_hy"][:, 0]

        def logit(h):
            return h @ W_hy + params["b_y"][0]

        logits = logit(cell.forward(params["W_e"][ids][None], params)[0][0])
        if method == LEFT_OUT:
            influence = left_out(ids, params, cell=cell, logit=logit)
        else:
            influence = gradient_times_input(ids, params, cell=cell, dlogit=W_hy)
    padded = states.no_data(2, T)
    padded[:, : len(ids) - 1] = influence[1:], logits[1:]
    return padded


def compute(review, reader, method):
    """What each word does to the logit, the verdict after each, and which word is strongest."""
    influence, logits = read(review, reader, method)
    read_words = words(review)
    sofar = 1 / (1 + np.exp(-logits))
    begin = REVIEWS.index(review) * states.STRETCH
    text, target = text_and_target(review)
    likes = bool(logits[len(read_words) - 1] > 0)
    strongest = int(np.nanargmax(np.abs(influence)))
    return {
        "t": np.where(np.isfinite(logits), np.arange(T) + begin, np.nan),
        "for_it": np.where(influence > 0, influence, np.nan),
        "against_it": np.where(influence < 0, influence, np.nan),
        "sofar": sofar,
        "text": text,
        "likes": likes,
        "right": likes == bool(target),
        "probability": float(sofar[len(read_words) - 1]),
        "word": read_words[strongest],
        "place": strongest + 1,
        "size": float(abs(influence[strongest])),
        "adds": bool(influence[strongest] > 0),
    }


def panes():
    """A bar for each word, and the verdict so far."""
    bars = lines.bars(
        "t",
        {"for the film": ("for_it", "forward"), "against it": ("against_it", "backward", "/")},
        title="What each word does to the verdict",
        alt="Bars over the words of a review, upward for the film and downward against it.",
        y_title="change of the logit",
        height=340,
        zeroline=True,
    )
    bars.update_layout(barmode="relative", margin_l=72)
    bars.update_yaxes(automargin=False)  # another margin would draw every word again
    sofar = lines.curves(
        "t",
        {"so far": ("sofar", "ink"), "undecided": (np.full(T, 0.5), "muted", "dot")},
        title="The verdict so far",
        alt="A line of the probability that the review likes the film, after each word.",
        x_title="",
        y_title="P(likes the film)",
        height=340,
        range=[-0.04, 1.04],
    )
    sofar.data[0].mode = "lines+markers"
    for figure in (bars, sofar):
        axis = states.readings_axis([words(name) for name in REVIEWS])
        figure.update_xaxes(axis, tickfont_size=10)
        figure.update_layout(margin_b=76)
    return [bars, sofar]


class WordInfluence(Explorable):
    """Highlight the words of a review by what they do to the verdict of three readers."""

    title = "Word by word"
    caption = (
        "Reviews on which none of the three readers was trained. In a bag of words every word has "
        "one weight, wherever it stands, and the order of the words changes nothing. In a network "
        "a word's part depends on its place, and also on how one asks: leaving a word out moves "
        "all words behind it a step forward, the gradient moves nothing."
    )
    alt = (
        "Left, bars over the words of a short review: excellent pulls upward, awful downward. "
        "Right, the probability that the review likes the film, word by word."
    )
    controls = (
        Choice("review", "Review", REVIEWS, FIRST, (*SHORT, "film first")),
        Choice("reader", "Reader", list(READERS), "lstm", ("bag", "SimpleRNN", "LSTM")),
        Choice("method", "Influence by", METHODS, LEFT_OUT, ("leaving out", "gradient × input")),
    )
    lines = ("quote", "verdict", "strongest")
    compute, panes = compute, panes
    question = Question(
        "“In the lobby, an awful poster. In the hall, an excellent film.” Now swap “awful” and "
        "“excellent”. What does a bag of words, which counts them, say about the two?",
        ("it likes only the first", "it likes only the second", "it says the same about both"),
        2,
        {"review": SECOND, "reader": "bag", "method": LEFT_OUT},
        "It likes both, with a probability of 0.63 each, because the words are the same and only "
        "the order differs. It is right about one of them.",
    )
    stories = (
        Story(
            "awful in the hall",
            {"review": SECOND, "reader": "lstm", "method": LEFT_OUT},
            "For the LSTM “awful” takes 3.1 off the logit here and 1.0 in the other review, and it "
            "is right about both. That looks like reading, but “awful” is also the last judgment "
            "here and the first one there.",
        ),
        Story(
            "the film comes first",
            {"review": FILM_FIRST, "reader": "lstm", "method": LEFT_OUT},
            "The same words say again that the film is excellent, and the LSTM’s probability is "
            "0.01: with these sentences it mostly follows the last judgment, whatever that is "
            "about.",
        ),
        Story(
            "not dull",
            {"review": "not dull but funny", "reader": "lstm", "method": LEFT_OUT},
            "Watch the line fall at “dull” and at “stale”, although “not” stands before them; it "
            "does so with all three readers, and all three get this review wrong.",
        ),
        Story(
            "for or against?",
            {"review": FIRST, "reader": "rnn", "method": LEFT_OUT},
            "This SimpleRNN keeps changing its mind, and with almost any word left out it likes "
            "the film less, even with “awful” left out; switch to the gradient, and “awful” "
            "speaks against the film.",
        ),
    )
