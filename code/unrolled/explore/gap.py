"""Chapter 11: a letter is missing, and networks that see one side of it or both fill it in."""

from functools import cache

import numpy as np

from unrolled.analysis import between
from unrolled.datasets import files, load_letters, results
from unrolled.engine import dense, losses, lstm
from unrolled.engine.around import Around
from unrolled.engine.embedding import Embedded
from unrolled.figures import lines, passage

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

READERS = ("left", "both", "right")
T, EDGE = 60, 10  # letters of a passage, and those at its ends that are not asked for
PASSAGES = {"clock": 882, "lamp": 3602, "window": 3481, "letter": 2990}  # begin in the test text
NAMES = {" ": "␣", "\n": "¶"}
UNSEEN = "·"


@cache
def letters():
    """Training and test ids, and all signs."""
    _, train, _, test, known = load_letters(lower=True)
    return train, test, known


@cache
def model(reader):
    """A cell and the parameters that unrolled.experiments.gap has recorded."""
    with np.load(files.path("results/gap.npz"), allow_pickle=False) as file:
        own = {k.split("/")[1]: v for k, v in file.items() if k.split("/")[0] == reader}
    return Embedded(Around(lstm, reader), own["W_e"].shape[1]), own


@cache
def probabilities(reader, start):
    """What a network gives each sign at each place of a passage, (T, V)."""
    cell, params = model(reader)
    h, _ = cell.forward(letters()[1][None, start : start + T], params)
    return losses.softmax(dense.forward(h, params))[0]


@cache
def tables():
    """What counting on both sides has counted, and its discount, as it was tuned."""
    tuned = results.read("gap")["settings"]["counting"]["both"]
    spans = [tuple(span) for span in tuned["spans"]]
    return between.counted(letters()[0], spans), spans, tuned["discount"]


@cache
def counted(start):
    """What counting gives each sign at the places of a passage that are asked for, (T, V)."""
    grams, spans, discount = tables()
    _, test, known = letters()
    places = start + np.arange(EDGE, T - EDGE)
    p = between.probabilities(grams, spans, test, places, discount=discount, V=len(known))
    return np.pad(p, [(EDGE, EDGE), (0, 0)])


def shown(start, reader, place):
    """A passage with a gap, without what the reader does not see."""
    _, test, known = letters()
    text = "".join(known[i] for i in test[start : start + T]).replace("\n", "¶")
    left = UNSEEN * place if reader == "right" else text[:place]
    right = UNSEEN * (T - place - 1) if reader == "left" else text[place + 1 :]
    return f"{left}_{right}"


def compute(passage, reader, place):
    """What is read, the probability of every sign, and that of the right one for every reader."""
    start, (_, test, known) = PASSAGES[passage], letters()
    right, p = test[start + place], probabilities(reader, start)[place]
    is_right, by_counting = np.arange(len(known)) == right, counted(start)[place]
    letter, guess = (NAMES.get(known[i], known[i]) for i in (right, p.argmax()))
    return {
        "text": shown(start, reader, place),
        "marks": (np.arange(T) == place).astype(float),
        "right": np.where(is_right, p, np.nan),
        "others": np.where(is_right, np.nan, p),
        "counted": by_counting,
        "letter": letter,
        "guess": guess,
        "correct": guess == letter,
        "top": p.max(),
        **{f"p_{each}": probabilities(each, start)[place, right] for each in READERS},
        "p_counted": by_counting[right],
    }


def panes():
    """The passage with its gap, and the probability of every sign."""
    text = passage.Passage(
        title="What it reads",
        alt="A passage with one letter missing, underlined; dots are letters that it does not see.",
        passage="text",
        values="marks",
        marked=True,
        line=True,
    )
    labels = [NAMES.get(sign, sign) for sign in letters()[2]]
    chart = lines.bars(
        labels,
        {"the letter that is there": ("right", "forward"), "another": ("others", "muted", "/")},
        title="What it takes the gap for",
        alt="A bar for each letter and sign, the right one marked; circles are those of counting.",
        y_title="probability",
        range=[0, 1.05],
        height=300,
    )
    chart.update_layout(barmode="stack")
    chart.update_xaxes(tickangle=0)
    counting = lines.marker(labels, "counted", name="counting, both sides", symbol="circle-open")
    counting.marker.update(size=7, line_width=1.5)
    chart.add_trace(counting)
    return [text, chart]


class Gap(Explorable):
    """Take a letter out of a text and let networks fill it in that see one side of it, or both."""

    title = "Fill the gap"
    caption = (
        "Three networks have read the same 28,000 letters of stories, and of a passage that none "
        "of them has met one letter is taken out. A dot is a letter that the network does not "
        "see; ␣ is a space. Circles are what counting the letters on both sides gives."
    )
    alt = (
        "A passage, “a clock for the tower. it is _”, of which the network sees the left side "
        "alone. Below, its bars for the letter that is missing: a has the most, and h, which is "
        "right, hardly anything."
    )
    controls = (
        Choice("reader", "It reads", READERS, "left", ("the left", "both sides", "the right")),
        Choice(
            "passage",
            "A passage about",
            tuple(PASSAGES),
            "clock",
            ("a clock", "a lamp", "a window", "a letter"),
        ),
        Number("place", "The missing letter", range(EDGE, T - EDGE), 30),
    )
    lines = ("verdict", "rivals")
    compute, panes = compute, panes
    question = Question(
        "“it is _”: the network that reads the left side gives h, which is right, 3 %. “_is "
        "largest clock”: the one that reads the right side gives it 8 %. What does a network give "
        "it that reads both?",
        ("less than 3 %", "about 11 %", "more than 90 %"),
        2,
        {"reader": "both", "passage": "clock", "place": 30},
        "Each side strikes out what the other one takes for likely. “it is a” does not go with "
        "“is largest clock”, and a space, which the right side would put there, does not go with "
        "the space on the left. What both let through is little, and nearly all of it is h.",
        hides=("rivals",),
    )
    stories = (
        Story(
            "what the right side says",
            {"reader": "right", "passage": "clock", "place": 30},
            "It has read from the end up to “is largest clock”, and before “is” there is mostly a "
            "space.",
        ),
        Story(
            "an r, an m or a u",
            {"reader": "both", "passage": "lamp", "place": 30},
            "On the left it would be an r, as in “large”, on the right a u, for “up once”; "
            "together they say m.",
        ),
        Story(
            "counting wins",
            {"reader": "both", "passage": "window", "place": 30},
            "From either side an o is the likeliest, so that both together are sure of “dork”; "
            "counting has met “dark” several times, and “dork” never.",
        ),
        Story(
            "a word never met",
            {"reader": "both", "passage": "letter", "place": 30},
            "None of them has ever met an envelope, and both sides together do not make one.",
        ),
    )
