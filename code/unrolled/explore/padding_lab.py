"""Chapter 7: what is lost when reviews of different lengths are brought to one."""

from functools import cache

import numpy as np

from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.sequences import SIDES, pad
from unrolled.datasets.words import words_in
from unrolled.figures import lines, maps, states

from .explorable import Explorable, Slider

# Rows of reviews.csv whose verdict is the last word, from short to long.
CHOSEN = (132, 52, 467, 125, 16, 75, 218, 154)
ROWS = np.arange(1, len(CHOSEN) + 1)
LENGTHS = [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]
NAMES = {"pre": "in front", "post": "at the end"}
SHARES = ("words<br>kept", "steps of<br>padding", "verdicts<br>kept", "verdicts<br>at last<br>step")


@cache
def reviews():
    """The words of the eight reviews."""
    texts = load_reviews().texts
    return [words_in(texts[i]) for i in CHOSEN]


def compute(T, padding, truncating, review):
    """What both panes show at one setting."""
    lengths = np.array([len(words) for words in reviews()])
    numbered = [np.arange(1, length + 1) for length in lengths]
    places, mask = pad(numbered, T, padding=padding, truncating=truncating)
    grid = states.no_data(len(CHOSEN), LENGTHS[-1])
    grid[:, :T] = mask
    verdicts = places == lengths[:, None]
    at = np.where(verdicts.any(axis=1), verdicts.argmax(axis=1), np.nan)
    kept, last = int((~np.isnan(at)).sum()), int((at == T - 1).sum())
    shares = np.array([mask.sum() / lengths.sum(), 1 - mask.mean(), kept / len(at), last / len(at)])
    return {
        "grid": grid,
        "verdict_x": at,
        "verdict_y": np.where(np.isnan(at), np.nan, ROWS),
        "review_y": np.array([review], float),
        "shares": shares,
        "reads": reads(reviews()[review - 1], places[review - 1], review),
        "summary": (
            f"Of {lengths.sum()} words {mask.sum()} are kept, and {shares[1]:.0%} of all steps are "
            f"padding. Of {len(at)} verdicts {kept} are kept, and {last} stand at the last step."
        ),
    }


def reads(words, places, review):
    """One review as the network sees it, and what it does not see, in words."""
    sight = " ".join(words[place - 1] for place in places if place)
    lost = " ".join(word for place, word in enumerate(words, 1) if place not in places)
    padding = int((places == 0).sum())
    if padding:
        blanks = f"{padding} × <pad>"
        sight = f"{blanks} {sight}" if places[0] == 0 else f"{sight} {blanks}"
    unseen = f"It does not see “{lost}”" if lost else "It sees every word"
    return f"Review {review} reads “{sight}”. {unseen}."


class PaddingLab(Explorable):
    """Bring eight reviews to one length, and see which words and verdicts are left."""

    def __init__(self, *, T=16, padding="post", truncating="post", review=5):
        batch = maps.places(
            states.no_data(len(CHOSEN), LENGTHS[-1]),
            title="Eight reviews as one batch",
            alt="Grid of eight reviews over the time steps: words, padding, and the last words.",
            x_title="time step t",
            y_title="review",
        )
        batch.data[0].update(y=ROWS, meta={"z": "grid"})
        batch.add_trace(
            lines.marker(
                states.no_data(len(CHOSEN)),
                states.no_data(len(CHOSEN)),
                name="verdict, the last word",
                symbol="diamond",
                meta={"x": "verdict_x", "y": "verdict_y"},
            )
        )
        batch.add_trace(
            lines.marker(
                [-1.6],
                [0],
                name="now",
                symbol="triangle-right",
                showlegend=False,
                role="ink",
                meta={"y": "review_y"},
            )
        )
        batch.update_layout(showlegend=True)
        batch.update_traces({"marker.size": 7}, {"type": "scatter"})
        batch.update_xaxes(range=[-2.5, LENGTHS[-1] + 0.5])
        batch.update_yaxes(tickvals=ROWS)
        summary = lines.bars(
            list(SHARES),
            {"share": (states.no_data(len(SHARES)), "forward")},
            title="What is left of them",
            alt="Bars of the words kept, the padding, and the verdicts kept and at the last step.",
            y_title="share",
            range=[0, 1.05],
        )
        summary.update_xaxes(tickangle=0)
        summary.data[0].meta = {"y": "shares"}
        super().__init__(
            compute,
            [
                Slider("padding", "Pad", list(SIDES), padding, list(NAMES.values())),
                Slider("truncating", "Cut", list(SIDES), truncating, list(NAMES.values())),
                Slider("T", "Length T", LENGTHS, T),
                Slider("review", "Review to read", ROWS.tolist(), review),
            ],
            [batch, summary],
            title="Padding lab",
            caption=(
                "Cutting at the end loses the verdicts that come late. Padding at the end keeps "
                "them, but moves them away from the last step, where a network that is not told "
                "about padding gives its answer."
            ),
            alt=(
                "Left, eight reviews as rows of words and padding, with a diamond on each last "
                "word that is kept: cut at the end, only the short reviews have one. Right, bars "
                "of the words kept, the padding, the verdicts kept and those at the last step."
            ),
            texts=("reads", "summary"),
        )
