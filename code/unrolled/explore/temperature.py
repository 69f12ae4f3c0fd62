"""Chapter 27: what a writer of letters does when it is cool or hot."""

import re
from functools import cache

import numpy as np

from unrolled.datasets import load_prose, results
from unrolled.datasets.words import words_in
from unrolled.figures import lines, passage, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

WRITERS = NETWORK, COUNTING = "network", "counting"
TEMPERATURES = [0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6]
DRAWS, SHOWN = (1, 2, 3), 240
MEASURES = ("existing", "different", "copied", "repeated")


@cache
def recorded():
    """What unrolled.experiments.letters has found."""
    return results.read("letters")["results"]


def measured(writer, name):
    """A measure at every temperature, the median of the starts, (temperatures,)."""
    runs = [run for run in recorded()["runs"] if run["writer"] == writer]
    return np.array(
        [np.median([r[name] for r in runs if r["temperature"] == each]) for each in TEMPERATURES]
    )


def written(writer, temperature, draw):
    """A recorded text."""
    for each in recorded()["texts"]:
        if (each["writer"], each["temperature"], each["draw"]) == (writer, temperature, draw):
            return each["text"]
    raise ValueError(f"no text of {writer} at temperature {temperature}, draw {draw}")


@cache
def vocabulary():
    """The words of the stories."""
    return frozenset(words_in(load_prose()))


def invented(text):
    """For each letter whether its word occurs nowhere in the stories, padded to SHOWN.

    A last word that may have been cut off is not judged.
    """
    marks = np.zeros(max(SHOWN, len(text)))
    for word in re.finditer(r"(?:[^\W\d_]|')+", text):
        if word.end() < len(text):
            marks[word.start() : word.end()] = word[0].lower() not in vocabulary()
    return marks[:SHOWN]


def compute(writer, temperature, draw):
    """A text with its invented words, and four measures of what is written so."""
    text, place = written(writer, temperature, draw), TEMPERATURES.index(temperature)
    curves = {name: measured(writer, name) for name in MEASURES}
    return {
        "marks": invented(text),
        **{f"{name}_curve": curve for name, curve in curves.items()},
        "text": text,
        **{name: float(curve[place]) for name, curve in curves.items()},
    }


def panes():
    """The text, and the four measures over the temperature."""
    shown = passage.Passage(
        title="What it writes",
        alt="Words that occur nowhere in the stories are underlined.",
        passage="text",
        values="marks",
        marked=True,
    )
    measures = lines.curves(
        np.array(TEMPERATURES),
        {
            "words that exist": ("existing_curve", "forward"),
            "different words": ("different_curve", "target", "dash"),
            "repeated runs of words": ("repeated_curve", "backward", "dashdot"),
            "copied letters": ("copied_curve", "muted", "dot"),
        },
        title="How it writes, over the temperature",
        alt="Four shares against temperature: words that exist fall, different words rise.",
        x_title="temperature",
        y_title="share",
        height=300,
        range=[-0.03, 1.03],
        tickformat=".0%",
    )
    for curve in measures.data:
        curve.mode = "lines+markers"
    return [shown, theme.mark(measures, "temperature", label="now")]


class Temperature(Explorable):
    """Let a network that has read stories letter by letter write cool or hot, or counting."""

    title = "Cool or hot: what does it write?"
    caption = (
        "A plain network has read 28,000 letters of stories, and stopped when stories that it had "
        "not read cost it least. Counting knows how often which letter followed which others. "
        "Underlined words occur nowhere in the stories. The curves are medians of five starts of "
        "6,500 letters each."
    )
    alt = (
        "Above, a text that the network wrote, with invented words underlined. Below, four curves "
        "over the temperature: the share of words that exist falls from nearly all, the share of "
        "different words rises, and that of repeated runs of words falls from high to nothing."
    )
    controls = (
        Choice("writer", "Writer", WRITERS, NETWORK, ("the network", "counting")),
        Number("temperature", "Temperature", TEMPERATURES, 0.8),
        Choice("draw", "Draw", DRAWS, 1),
    )
    lines = ("words", "copies")
    compute, panes = compute, panes
    question = Question(
        "Cooled down to 0.2, the network hardly misspells a word. Is that its best writing?",
        (
            "yes: the surer it is, the better it writes",
            "no: it says the same things over and over",
            "no: it copies the stories",
        ),
        1,
        {"writer": NETWORK, "temperature": 0.2, "draw": 1},
        "It goes round in a circle of a few words. It copies, too, but much less than it repeats.",
        hides=("copies", 1),
    )
    stories = (
        Story(
            "cool",
            {"writer": NETWORK, "temperature": 0.2, "draw": 2},
            "Nearly all of its words exist, and there are few of them.",
        ),
        Story(
            "as it is",
            {"writer": NETWORK, "temperature": 1.0, "draw": 1},
            "At 1 it draws as it has learned to expect, and a quarter of its words are its own.",
        ),
        Story(
            "hot",
            {"writer": NETWORK, "temperature": 1.6, "draw": 1},
            "Everything is new, and more than half of it is no word of the stories.",
        ),
        Story(
            "the rival",
            {"writer": COUNTING, "temperature": 0.6, "draw": 1},
            "Counting writes as well. Lower the temperature: where the network goes in circles, "
            "counting recites what it has read.",
            ("temperature",),
        ),
    )
