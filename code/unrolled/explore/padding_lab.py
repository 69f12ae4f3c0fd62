"""Chapter 7: what is lost when reviews of different lengths are brought to one."""

from functools import cache

import numpy as np

from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.sequences import SIDES, pad
from unrolled.datasets.words import words_in
from unrolled.figures import lines, maps, states, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

# Rows of reviews.csv whose verdict is the last word, from short to long.
CHOSEN = (132, 52, 467, 125, 16, 75, 218, 154)
ROWS = np.arange(1, len(CHOSEN) + 1)
LENGTHS = [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]
SIDE_NAMES = ("in front", "at the end")
SHARES = ("words<br>kept", "steps of<br>padding", "verdicts<br>kept", "verdicts<br>at last<br>step")


@cache
def reviews():
    """The words of the eight reviews."""
    texts = load_reviews().texts
    return [words_in(texts[i]) for i in CHOSEN]


def compute(truncating, padding, T, review):
    """Where words, padding and verdicts are, and what one review is to the network."""
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
        "shares": shares,
        "words": lengths.sum(),
        "words_kept": mask.sum(),
        "padded": shares[1],
        "kept": kept,
        "last": last,
        **reading(reviews()[review - 1], places[review - 1]),
    }


def reading(words, places):
    """One review as the network sees it, and the words that it does not see."""
    seen = " ".join(words[place - 1] for place in places if place)
    if pads := int((places == 0).sum()):
        blanks = f"{pads} × <pad>"
        seen = f"{blanks} {seen}" if places[0] == 0 else f"{seen} {blanks}"
    unseen = " ".join(word for place, word in enumerate(words, 1) if place not in places)
    return {"seen": seen, "unseen": unseen, "whole": not unseen}


def panes():
    """The batch as a grid, and what is left of words and verdicts."""
    batch = maps.places(
        "grid",
        title="Eight reviews as one batch",
        alt="Grid of eight reviews over the time steps: words, padding, and the last words.",
        x_title="time step t",
        y_title="review",
    )
    batch.data[0].update(x=np.arange(LENGTHS[-1]), y=ROWS)
    verdicts = {"name": "verdict, the last word", "symbol": "diamond"}
    batch.add_trace(lines.marker("verdict_x", "verdict_y", **verdicts))
    batch.update_traces({"marker.size": 7}, {"type": "scatter"})
    batch.update_layout(showlegend=True)
    batch.update_xaxes(range=[-0.5, LENGTHS[-1] + 0.5])
    batch.update_yaxes(tickvals=ROWS)
    theme.mark(batch, "review", axis="y", label="review")
    theme.mark(batch, "T", label="T", role="ink", at=[T - 0.5 for T in LENGTHS])
    left = lines.bars(
        list(SHARES),
        {"share": ("shares", "forward")},
        title="What is left of them",
        alt="Bars of the words kept, the padding, and the verdicts kept and at the last step.",
        y_title="share",
        range=[0, 1.05],
    )
    return [batch, left.update_xaxes(tickangle=0)]


class PaddingLab(Explorable):
    """Bring eight reviews to one length, and see which words and verdicts are left."""

    title = "Padding lab"
    caption = (
        "Each review ends in its verdict, marked by a diamond. Cut at the end, every review that "
        "is too long loses it; padded at the end, every one that is too short has it before the "
        "last step, where a network that is not told about padding gives its answer."
    )
    alt = (
        "Left, eight reviews as rows of words and padding, with a diamond on each last word that "
        "is kept: cut at the end to 16 words, only the two short reviews have one. Right, bars of "
        "the words kept, the padding, the verdicts kept and those at the last step."
    )
    controls = (
        Choice("truncating", "Cut", SIDES, "post", SIDE_NAMES),
        Choice("padding", "Pad", SIDES, "post", SIDE_NAMES),
        Number("T", "Length T", LENGTHS, 16),
        Number("review", "Review to read", ROWS.tolist(), 5),
    )
    lines = ("reads", "summary")
    compute, panes = compute, panes
    question = Question(
        "Cut and padded at the end, the batch keeps two of eight verdicts. Now we cut in front and "
        "still pad at the end. In how many reviews is the verdict the last thing that the network "
        "reads?",
        ("2 of 8", "6 of 8", "8 of 8"),
        1,
        {"truncating": "pre", "padding": "post", "T": 16, "review": 1},
        "All eight verdicts are back, but reviews 1 and 2 are shorter than sixteen words: they "
        "end in padding, and that is what the network reads last.",
    )
    stories = (
        Story(
            "small talk only",
            {"truncating": "post", "padding": "post", "T": 16, "review": 5},
            "Review 5 praises the city, the talk and the thieves, and the cut falls in the "
            "middle of the sentence that calls it all disappointing.",
        ),
        Story(
            "the verdict last",
            {"truncating": "pre", "padding": "pre", "T": 16, "review": 5},
            "Every verdict is kept, at the last step, and still two fifths of all words are lost: "
            "this is what Keras's pad_sequences does unless told otherwise.",
        ),
        Story(
            "keep everything",
            {"truncating": "pre", "padding": "post", "T": 40, "review": 8},
            "No word is lost, but no verdict is at the last step either, and more than a third of "
            "all steps are padding.",
        ),
    )
