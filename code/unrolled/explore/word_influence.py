"""Chapter 14: which words of a review its verdict hangs on, for three readers.

The readers were trained in Keras; NumPy runs them here.
"""

from functools import cache

import numpy as np

from unrolled.analysis.influence import gradient_times_input, left_out
from unrolled.datasets.reviews import load_reviews
from unrolled.figures import lines, states

from .explorable import Explorable, Slider
from .review_readers import CELLS, READERS, ROWS, numbered_words, parameters, words

LEFT_OUT, GRADIENT = METHODS = ("leaving it out", "gradient times input")


T = max(len(words(review)) for review in ROWS)


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
    """What both panes show, and the verdict in words."""
    influence, logits = read(review, reader, method)
    likes, dislikes = (np.where(sign * influence > 0, influence, np.nan) for sign in (1, -1))
    return {
        "t": list(ROWS).index(review) * states.STRETCH + np.arange(T, dtype=float),
        "likes": likes,
        "dislikes": dislikes,
        "sofar": 1 / (1 + np.exp(-logits)),
        "text": f"The review reads “{load_reviews().texts[ROWS[review]].rstrip(chr(46))}”.",
        "verdict": verdict(review, reader, influence, logits),
    }


def verdict(review, reader, influence, logits):
    """What the reader says, whether it is right, and which word moves it most."""
    last = logits[~np.isnan(logits)][-1]
    right = (last > 0) == load_reviews().targets[ROWS[review]]
    said = "likes" if last > 0 else "does not like"
    strongest = int(np.nanargmax(np.abs(influence)))
    toward = "for" if influence[strongest] > 0 else "against"
    return (
        f"The {READERS[reader]} says that it {said} the film, which is "
        f"{'right' if right else 'wrong'}; what speaks most strongly {toward} it is "
        f"“{words(review)[strongest]}”, word {strongest + 1}."
    )


class WordInfluence(Explorable):
    """Highlight the words of a review by what they do to the verdict of three readers."""

    def __init__(self, *, review="awful poster, excellent film", reader="lstm", method=LEFT_OUT):
        blank = states.no_data(T)
        bars = lines.bars(
            blank,
            {"for the film": (blank, "forward"), "against it": (blank, "backward", "/")},
            title="What each word does to the verdict",
            alt="Bars over the words of a review, upward for the film and downward against it.",
            y_title="change of the logit",
            height=360,
            zeroline=True,
        )
        bars.update_layout(barmode="relative", margin_l=72)
        bars.update_yaxes(automargin=False)  # another margin would draw every word again
        for trace, key in zip(bars.data, ("likes", "dislikes"), strict=True):
            trace.meta = {"x": "t", "y": key}
        sofar = lines.curves(
            blank,
            {"so far": (blank, "ink"), "undecided": (blank, "muted", "dot")},
            title="The verdict so far",
            alt="A line of the probability that the review likes the film, after each word.",
            x_title="",
            y_title="probability",
            height=360,
            range=[-0.04, 1.04],
        )
        sofar.data[0].update(mode="lines+markers", meta={"x": "t", "y": "sofar"})
        sofar.data[1].update(y=np.full(T, 0.5), meta={"x": "t"})
        for figure in (bars, sofar):
            figure.update_xaxes(states.readings_axis([words(name) for name in ROWS]))
            figure.update_layout(margin_b=100)
        super().__init__(
            compute,
            [
                Slider("review", "Review", list(ROWS), review, list(ROWS)),
                Slider("method", "Influence by", list(METHODS), method, METHODS),
                Slider("reader", "Reader", list(READERS), reader, list(READERS.values())),
            ],
            [bars, sofar],
            title="Word by word",
            caption=(
                "For a bag of words each word has one weight, wherever it stands: the first two "
                "reviews have the same words and get the same verdict. For the LSTM the same word "
                "counts more in one place than in another."
            ),
            alt=(
                "Left, bars over the words of a short review: excellent pulls upward, awful "
                "downward. Right, the probability that the review likes the film, word by word."
            ),
            texts=("text", "verdict"),
        )
