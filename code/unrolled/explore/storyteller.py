"""Chapter 8: what a network writes after more and more reading, and how much of it is quoted."""

from functools import cache

import numpy as np

from unrolled.datasets import results
from unrolled.figures import lines, passage, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

STORIES, PLAYS = SOURCES = ("stories", "Shakespeare")
READ = [0, 30_000, 100_000, 300_000, 1_000_000, 3_000_000]
TEXTS = ["none", "30,000", "100,000", "300,000", "1 million", "3 million"]
TEMPERATURES, DRAWS = [0.3, 0.6, 1.0, 1.5], (1, 2, 3)
BITS = 1 / np.log(2)


@cache
def recorded():
    """What unrolled.experiments.writing has found."""
    return results.read("writing")["results"]


def written(source, read, temperature, draw):
    """A text and, for each of its letters, whether it is quoted: "0" or "1"."""
    for each in recorded()[source]["texts"][READ.index(read)]:
        if (each["temperature"], each["draw"]) == (temperature, draw):
            blank = len(each["text"]) - len(each["text"].lstrip("\n"))
            return each["text"][blank:], each["quoted"][blank:]
    raise ValueError(f"no text at temperature {temperature}, draw {draw}")


def compute(source, read, temperature, draw):
    """The text, its quotations, and how well the network reads by then."""
    text, flags = written(source, read, temperature, draw)
    moments = recorded()[source]["starts"][0]
    moment, place = moments[READ.index(read)], READ.index(read)
    train, valid = (np.array([m[part] for m in moments]) * BITS for part in ("train", "valid"))
    usual = float(np.mean([start[place]["quoted"] for start in recorded()[source]["starts"]]))
    return {
        "marks": np.array([*map(float, flags), *[0.0] * (240 - len(flags))]),
        "train": train,
        "valid": valid,
        "counted": np.full(len(READ), recorded()[source]["counting"]["valid"] * BITS),
        "text": text,
        "share": flags.count("1") / len(flags),
        "quotes": "1" in flags,
        "begun": read > 0,
        "passes": moment["passes"],
        "train_now": train[place],
        "valid_now": valid[place],
        "usual": usual,
        "often": usual >= 0.005,
    }


def panes():
    """The text, and what a letter costs on text that was read and on text that was not."""
    shown = passage.Passage(
        title="What it writes",
        alt="Letters that occur so in what it has read, 25 or more in a row, are underlined.",
        passage="text",
        values="marks",
        marked=True,
    )
    steps = np.arange(len(READ))
    costs = lines.curves(
        steps,
        {
            "text that it reads": ("train", "forward"),
            "new text": ("valid", "backward", "dash"),
            "counting, new text": ("counted", "muted", "dot"),
        },
        title="How well it predicts the next letter",
        alt="Lines of bits a letter against letters read, for text read and for new text.",
        x_title="letters read",
        y_title="bits a letter",
        height=300,
        range=[0, 6.2],
    )
    for line in costs.data[:2]:
        line.mode = "lines+markers"
    costs.update_xaxes(tickvals=steps, ticktext=["0", *TEXTS[1:4], "1 M", "3 M"])
    theme.mark(costs, "read", label="now", at=steps)
    return [shown, costs]


class Storyteller(Explorable):
    """Let a network that knows letters and nothing else write, after little or much reading."""

    title = "A network learns to write"
    caption = (
        "It reads one letter at a time and guesses the next, and then it writes by drawing from "
        "its own guesses, more boldly when the temperature is high. What is underlined occurs in "
        "what it has read, 25 letters or more in a row. A bit is the doubt in one toss of a coin; "
        "“counting” is a rival without a network, from the end of the chapter. Both texts are "
        "read by networks of the same kind, with as many updates."
    )
    alt = (
        "Above, a text that the network wrote, with what it copied underlined. Below, two curves "
        "over the letters read: what a letter costs on text that it reads falls and falls, on new "
        "text it falls and, for the stories, rises again."
    )
    controls = (
        Choice("source", "It reads", SOURCES, STORIES, ("harbor stories", "Shakespeare")),
        Number("read", "Letters read", READ, 30_000, play=1500, texts=TEXTS),
        Number("temperature", "Temperature", TEMPERATURES, 0.6),
        Choice("draw", "Draw", DRAWS, 1),
    )
    lines = ("reading", "quoting")
    compute, panes = compute, panes
    question = Question(
        "The stories that it reads have 28,000 letters, so that after three million letters it has "
        "read them a hundred times. What does it write then?",
        ("better stories of its own", "pieces of the stories, word for word", "still no words"),
        1,
        {"source": STORIES, "read": 3_000_000, "temperature": 0.3, "draw": 3},
        "Three quarters of this text is copied, letter for letter. Other draws copy less, two "
        "fifths on average at temperature 0.6, and more of it would be called its own if the "
        "limit were less than 25 letters.",
    )
    stories = (
        Story(
            "before reading",
            {"source": STORIES, "read": 0, "temperature": 1.0, "draw": 1},
            "It draws among fifty signs that are all about as likely, and a space is one of them.",
        ),
        Story(
            "almost words",
            {"source": STORIES, "read": 100_000, "temperature": 0.3, "draw": 2},
            "After three and a half readings words have the right length, paragraphs begin with a "
            "capital, and there is a boat in it that it spells bomt, boot, bodt and boxt.",
        ),
        Story(
            "by heart",
            {"source": STORIES, "read": 3_000_000, "temperature": 0.3, "draw": 3},
            "It recites. In the curves, new text costs more by now than it did after 300,000 "
            "letters.",
        ),
        Story(
            "Shakespeare",
            {"source": PLAYS, "read": 3_000_000, "temperature": 0.6, "draw": 3},
            "A play, it has found, is a name in capitals with lines below, and it makes up the "
            "names as well. After as much reading nothing is copied, and new plays still get "
            "cheaper.",
        ),
    )
