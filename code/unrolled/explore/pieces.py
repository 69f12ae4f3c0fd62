"""Chapter 7: how a word falls apart into pieces that were learned from the shipped reviews."""

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from unrolled.datasets import load_reviews
from unrolled.datasets.imdb import FIRST_WORDS
from unrolled.datasets.pieces import learn
from unrolled.datasets.words import words_in
from unrolled.figures import states, theme

from .controls import Number, Question, Story, Word
from .explorable import Explorable

SYMBOLS = "_'abcdefghijklmnopqrstuvwxyz"
MERGES = [0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 250, 300, 350, 400]
LONGEST, STROKE = 16, 5  # letters of a word; points of a bracket of the tree, a gap included
GROUND = -0.6  # where the letters stand; a piece stands at log10 of the merge that made it


@cache
def counted():
    """How often each word stands in the training reviews, the most frequent first."""
    texts, _, splits = load_reviews()
    training = (text for text, split in zip(texts, splits, strict=True) if split == "train")
    counts = Counter(word for text in training for word in words_in(text))
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


@cache
def learned():
    """The pairs of pieces that are joined, in order."""
    texts, _, splits = load_reviews()
    training = (text for text, split in zip(texts, splits, strict=True) if split == "train")
    return learn((word for text in training for word in words_in(text)), MERGES[-1])


@cache
def constants():
    """The pairs as numbers of two pieces, and all words, each behind a 0, with their counts."""
    numbers = {symbol: i for i, symbol in enumerate(SYMBOLS)}
    for first, second in learned():
        numbers[first + second] = len(numbers)
    spelled = "".join(f"_{word}" for word in counted())
    return {
        "pairs": np.array([[numbers[piece] for piece in pair] for pair in learned()], float),
        "spelled": np.array([SYMBOLS.index(letter) for letter in spelled], float),
        "counts": np.array([*counted().values()], float),
    }


def joins(word):
    """All joins of a word in order: (merge, (first, height), (second, height), middle).

    A piece has its middle over its letters, and its height is the merge that has made it.
    """
    text = f"_{word}"
    pieces = [(i, i + 1, GROUND) for i in range(len(text))]  # begin, end, height
    found = []
    for merge, pair in enumerate(learned(), 1):
        kept = []
        for begin, end, height in pieces:
            before = kept and (text[kept[-1][0] : kept[-1][1]], text[begin:end])
            if before == pair:
                other = kept.pop()
                found.append((merge, other, (begin, end, height)))
                begin, height = other[0], np.log10(merge)
            kept.append((begin, end, height))
        pieces = kept
    return found


def cut(word, merges):
    """The places in "_word" where pieces begin or end after so many merges, in order."""
    inside = {first[1] for merge, first, _ in joins(word) if merge <= merges}
    return [i for i in range(len(word) + 2) if i not in inside]


def brackets(found):
    """The strokes of some joins, x and y: up from one piece, across, down to the other."""
    x, y = states.no_data(2, LONGEST * STROKE)
    for k, (merge, first, second) in enumerate(found):
        (left, low), (right, other) = (((p[0] + p[1] - 1) / 2, p[2]) for p in (first, second))
        top, place = np.log10(merge), slice(STROKE * k, STROKE * k + 4)
        x[place], y[place] = (left, left, right, right), (low, top, top, other)
    return x, y


def compute(word, merges):
    """The pieces of the word, its tree, and whether a vocabulary of words has it."""
    text, found = f"_{word}", joins(word)
    ends = cut(word, merges)
    pieces = [text[a:b] for a, b in pairwise(ends)]
    numbers = [*SYMBOLS, *(first + second for first, second in learned())]
    blocks = states.no_data(LONGEST + 1, 3)
    blocks[: len(pieces), 0], blocks[: len(pieces), 1] = (
        np.array(ends[:-1]) - 0.3,
        np.array(ends[1:]) - 0.7,
    )
    done = brackets([each for each in found if each[0] <= merges])
    later = brackets([each for each in found if each[0] > merges])
    times = counted().get(word, 0)
    rank = [*counted()].index(word) if times else 0
    return {
        "blocks": blocks.ravel(),
        "done_x": done[0],
        "done_y": done[1],
        "later_x": later[0],
        "later_y": later[1],
        "x_range": np.array([-0.6, max(2, len(word)) + 0.6]),
        "shown": " · ".join(pieces),
        "letters": " ".join(text.ljust(LONGEST + 1, "·")),
        "count": len(pieces),
        "ids": ", ".join(str(numbers.index(piece)) for piece in pieces),
        "known": times > 0,
        "times": times,
        "number": rank + len(FIRST_WORDS) if times else 0,
    }


def panes():
    """The tree of all joins over the pieces, with a line at the merges made so far."""
    tree = go.Figure()
    for name, dash, role in (("done", "solid", "forward"), ("later", "dot", "muted")):
        keys = theme.bound(x=f"{name}_x", y=f"{name}_y")
        named = {"done": "joined", "later": "joined later"}[name]
        tree.add_trace(go.Scatter(**keys, name=named, mode="lines", line=theme.line(role, dash)))
    ground = np.full(3 * (LONGEST + 1), GROUND)
    solid = {**theme.line("forward"), "width": 9}
    tree.add_trace(
        go.Scatter(**theme.bound(x="blocks", y=ground), name="piece", mode="lines", line=solid)
    )
    tree.update_layout(
        xaxis={"title": "", "showgrid": False, "tickangle": 0},
        yaxis={
            "title": "merge",
            "range": [GROUND - 0.12, 2.8],
            "tickvals": np.log10([1, 3, 10, 30, 100, 300]),
            "ticktext": ["1", "3", "10", "30", "100", "300"],
            "zeroline": False,
        },
    )
    theme.describe(
        tree,
        title="Which letters find each other first",
        alt="A tree over the letters of the word. Brackets join neighbors, the lower the earlier, "
        "and a bar lies under each piece.",
        height=320,
    )
    theme.labels(tree, "xaxis", "letters")
    theme.fit(tree, "xaxis", "x_range")
    theme.mark(tree, "merges", axis="y", label="so far", at=np.log10(np.add(MERGES, 0.5)))
    return [tree]


class Pieces(Explorable):
    """Type a word and see into which learned pieces it falls."""

    title = "What is your word made of?"
    caption = (
        "Each merge makes one piece of the two neighbors that are found together most often in "
        "400 film reviews, and the underscore marks where a word begins. Whatever lies below the "
        "line has been joined, so dragging the line down takes the word apart."
    )
    alt = (
        "The letters of thrilling under a tree of brackets that shows at which of 400 merges they "
        "are joined: the ending early, the beginning late. A line across the tree says how many "
        "merges have been made, and can be dragged."
    )
    controls = (
        Word("word", "Your word", "thrilling", SYMBOLS[1:], LONGEST),
        Number("merges", "Merges", MERGES, 20, play=700),
    )
    lines = ("verdict", "compared")
    compute, panes, constants = compute, panes, constants
    question = Question(
        "Nobody tells the machine about grammar; it counts neighbors in reviews that never say "
        "“laughable”. Into what will it cut the word after 300 merges?",
        ("la · ugh · able", "laugh · able", "it stays in letters"),
        1,
        {"word": "laughable", "merges": 300},
        "The reviews say “laugh” 16 times and “laughed” 21 times, and 22 times they say that "
        "something is “predictable”. So both parts are frequent in their own right, and meet "
        "here for the first time.",
    )
    stories = (
        Story(
            "a typo",
            {"word": "excelent", "merges": 300},
            "To a vocabulary of whole words this is no word at all. Its pieces keep what it has in "
            "common with “excellent”. Type the missing l, and three pieces become one.",
            invites=("word",),
        ),
        Story(
            "not grammar",
            {"word": "unfunny", "merges": 400},
            "The “un” comes out as a linguist would have it, “funny” does not: in the reviews it "
            "begins a word, so its piece is “_funny”, and that fits nowhere inside another.",
        ),
        Story(
            "a frequent word",
            {"word": "film", "merges": 100},
            "What is said often becomes one piece early, and costs the network one step.",
        ),
        Story(
            "your name",
            {"word": "tchaikovsky", "merges": 400},
            "However strange it is, no word of these letters is unknown any more; it only takes "
            "more steps. Now type your own name.",
            invites=("word",),
        ),
    )
