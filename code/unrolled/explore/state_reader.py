"""Chapter 8: what the state of a network that reads letters tells, one unit of it or all."""

from functools import cache

import numpy as np

from unrolled.datasets import files, load_letters
from unrolled.engine import rnn
from unrolled.engine.embedding import Embedded
from unrolled.figures import lines, passage

from .controls import Choice, Question, Story, Switch
from .explorable import Explorable

VOWEL, WORD, NAME, SENTENCE = KINDS = ("vowel", "word", "name", "sentence")
ONE, ALL, LETTER = WAYS = ("one", "all", "letter")
FOUR = "four"  # the last four letters side by side, a rival without a network
HALVED = "halved"  # an untrained network whose recurrent matrix is halved, so that it forgets
MOST = {WORD: 8, SENTENCE: 60}  # letters up to which are told apart
LOUD = 2.0  # standard deviations that have the full color


def told(text, kind):
    """What there is to know at each letter of a text: array (letters,)."""
    found, word, capital, sentence = [], 0, False, 0
    for letter in text:
        word = word + 1 if letter.isalpha() or letter == "'" else 0
        capital = letter.isupper() if word == 1 else capital and word > 0
        sentence = 0 if letter in ".?\n" else sentence + 1
        known = {VOWEL: letter in "aeiouAEIOU", WORD: word, NAME: capital, SENTENCE: sentence}
        found.append(min(known[kind], MOST.get(kind, 1)))
    return np.array(found, float)


@cache
def parameters(trained):
    """The weights of the shipped network that reads letters, or those that it began with.

    `trained` is True, False, or HALVED for those that it began with and half of their W_hh.
    """
    with np.load(files.path("results/stories.npz"), allow_pickle=False) as arrays:
        start = "trained/" if trained is True else "untrained/"
        names = [name for name in arrays.files if name.startswith(start)]
        params = {name.removeprefix(start): arrays[name].astype(float) for name in names}
    return params | {"W_hh": params["W_hh"] / 2} if trained == HALVED else params


@cache
def read():
    """The text that the network was trained on and new text, as ids and as letters."""
    corpus = load_letters()
    parts = corpus.train, np.concatenate([corpus.valid, corpus.test])
    return [(ids, "".join(corpus.words[i] for i in ids)) for ids in parts]


@cache
def inputs(way, trained):
    """What may be looked at after each letter, of both texts: arrays (letters, numbers)."""
    ids = [ids for ids, _ in read()]
    if way in (LETTER, FOUR):
        onehot = np.eye(1 + max(map(np.max, ids)))
        back = range(4 if way == FOUR else 1)
        return [np.hstack([onehot[np.roll(each, k)] for k in back]) for each in ids]
    params = parameters(trained)
    model = Embedded(rnn, params["W_e"].shape[1])
    return [model.forward(each[None], params)[0][0] for each in ids]


@cache
def guessed(kind, way, trained):
    """What `way` makes of the new text, the place of the unit, and how well it fits there.

    Fitted on the text that the network was trained on, by least squares; the unit is the one that
    goes best with it there. How well is the correlation on the new text.
    """
    (x, new), (known, truth) = inputs(way, trained), (told(text, kind) for _, text in read())
    unit = 0
    if way == ONE:
        spread = x.std(axis=0) * known.std()
        along = ((x - x.mean(axis=0)) * (known - known.mean())[:, None]).mean(axis=0) / spread
        unit = int(np.argmax(np.abs(along)))
        values = new[:, unit] * np.sign(along[unit])
    else:
        centered = x - x.mean(axis=0)
        ridge = 1e-3 * np.eye(x.shape[1])  # some letters' columns add up to a constant
        weights = np.linalg.solve(centered.T @ centered + ridge, centered.T @ known)
        values = (new - x.mean(axis=0)) @ weights
    return values, unit, float(np.corrcoef(values, truth)[0, 1])


def compute(kind, way, trained):
    """The colors of the letters, and how well each way tells what is asked."""
    values, unit, fits = guessed(kind, way, trained)
    colors = values if way == ONE else (values - values.mean()) / values.std() / LOUD
    text = read()[1][1].split("\n\n")[0]
    bars = {
        name: np.array([guessed(kind, each, of)[2] for each in (LETTER, FOUR, ONE, ALL)])
        for name, of in (("before", False), ("after", True))
    }
    return {
        "colors": np.clip(colors[: len(text)], -1, 1),
        "text": text,
        "unit": unit,
        "units": len(parameters(True)["b_h"]),
        "fits": fits,
        **bars,
        **{f"fits_{each}": guessed(kind, each, trained)[2] for each in WAYS},
        "fits_four": guessed(kind, FOUR, trained)[2],
        "fits_untrained": guessed(kind, ALL, False)[2],
        "fits_halved": guessed(kind, ALL, HALVED)[2],
    }


def panes():
    """The text in the colors of what is looked at, and how well it tells."""
    shown = passage.Passage(
        title="New text, colored letter by letter",
        alt="Stories that the network was not trained on; each letter in blue, below the usual, or "
        "vermilion, above it.",
        passage="text",
        values="colors",
    )
    fits = lines.bars(
        ["the letter alone", "the last four", "the best unit", "all units"],
        {"untrained": ("before", "muted"), "trained": ("after", "forward", "/")},
        title="How well it tells",
        alt="Bars of the correlation on new text for four ways of looking, untrained and trained.",
        y_title="correlation",
        height=300,
        range=[0, 1.04],
    )
    return [shown, fits]


class StateReader(Explorable):
    """Color a text by a unit of the network that reads it, or by all of its units together."""

    title = "What does its state know?"
    caption = (
        "New text, which the network was not trained on. “All units” is a weighted sum of their "
        "states, with weights fitted on the text that it was trained on; the best unit was found "
        "there, too. “The last four” is such a sum without a network, over the last four letters. "
        "The bars are correlations on the new text."
    )
    alt = (
        "Above, a story whose letters are colored from blue to vermilion. Below, bars of how well "
        "the letter alone, the last four letters, the best unit and all units tell what is asked, "
        "before and after training."
    )
    controls = (
        Choice(
            "kind",
            "Looking for",
            KINDS,
            WORD,
            (
                "vowels",
                "letters into the word",
                "words with a capital",
                "letters into the sentence",
            ),
        ),
        Choice("way", "Colored by", WAYS, ONE, ("the best unit", "all units", "the letter alone")),
        Switch("trained", "Trained", True),
    )
    lines = ("fit",)
    compute, panes = compute, panes
    question = Question(
        "How many letters it is into a word is something that the letter alone tells only in part. "
        "Where does the network keep it?",
        ("in one unit, made for it", "in many units at once", "nowhere"),
        1,
        {"kind": WORD, "way": ALL, "trained": True},
        "All 128 units together have a correlation of 0.90 with it, the best of them alone 0.58. "
        "The letter alone has more than that, 0.72: a space says that the word is over.",
    )
    stories = (
        Story(
            "a unit for vowels",
            {"kind": VOWEL, "way": ONE, "trained": True},
            "Unit 13 turns vermilion at most vowels. It looks like a discovery, but a vowel can be "
            "told from the letter just read, without any memory.",
        ),
        Story(
            "how far into the word",
            {"kind": WORD, "way": ALL, "trained": True},
            "Blue at the spaces, more and more vermilion toward the end of a long word: this takes "
            "a memory, and many units together hold it.",
        ),
        Story(
            "the same, untrained",
            {"kind": WORD, "way": ALL, "trained": False},
            "A network that has read nothing mixes the last few letters in its state too, and so "
            "tells a part of it: 0.76 where the trained one has 0.90. With its recurrent matrix "
            "halved, so that old letters fade, it has 0.92, and has still read nothing.",
        ),
        Story(
            "lost in the sentence",
            {"kind": SENTENCE, "way": ALL, "trained": True},
            "How far into the sentence it is, the trained network does not tell better than the "
            "untrained one: 0.36 and 0.37. The last four letters, without any network, have 0.50.",
        ),
    )
