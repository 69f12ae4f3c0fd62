"""Chapter 19: what the state of an encoder and a decoder tells of each letter of a word."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis import held
from unrolled.datasets import files, results
from unrolled.datasets.pairs import END, START, WORDS, batch, word_pairs
from unrolled.engine import gru
from unrolled.engine.decoding import greedy
from unrolled.engine.seq2seq import Seq2Seq
from unrolled.engine.stack import under_prefix
from unrolled.figures import lines, maps, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

PLAIN, BACKWARD, BOTH, WIDE = NETWORKS = (
    "32 units",
    "32 units, reversed",
    "32 units, both ways",
    "64 units",
)
LONGEST = 14  # letters that can be set; the networks were trained on words of up to 12
FITTED, TESTED = 2000, 1000  # words for the readout, and words to try it on
WORD = "gcabehdfbgdahc"  # the example: its first letters
CHANCE = 1 / 8


@cache
def parameters(network):
    """The weights of one network, as they were trained."""
    with np.load(files.path("results/bottleneck.npz"), allow_pickle=False) as file:
        names = [name for name in file.files if name.startswith(f"{network}/")]
        return {name.split("/")[1]: file[name].astype(np.float32) for name in names}


def model_of(network):
    """The network as an object."""
    D = under_prefix(parameters(network), "encoder")["W_e"].shape[1]
    return Seq2Seq(gru, D, both_ways=network == BOTH)


def as_read(words, network):
    """Words in the order in which a network reads them."""
    return [word[::-1] for word in words] if network == BACKWARD else words


@cache
def told(network, n):
    """The share of words of n letters of which the state tells each letter, (n, 2 n)."""
    words, _ = word_pairs(FITTED + TESTED, n, rng=np.random.default_rng([7, n]))
    data = batch(as_read(words, network), words, WORDS)
    states = held.through(model_of(network), parameters(network), data.x, data.read[:, :n])
    letters = data.targets[:, :n]
    return np.stack([held.readable(each, letters, TESTED) for each in states], axis=1)


@cache
def written(network, n):
    """What a network writes when it has read the example's first n letters."""
    data = batch(as_read([WORD[:n]], network), [WORD[:n]], WORDS)
    how = {"model": model_of(network), "start": START, "end": END, "limit": n + 6}
    return WORDS.text(greedy(data.x, parameters(network), **how)[0][0])


@cache
def recorded():
    """Whole words right at each length, network -> array: the median over its starts."""
    runs = [run for run in results.read("bottleneck")["results"] if "rate" not in run]
    found = {name: [r["whole words"] for r in runs if r["network"] == name] for name in NETWORKS}
    return {name: np.median(each, axis=0)[:LONGEST] for name, each in found.items()}


def compute(network, n):
    """The map of what is told, whole words right by length, and the example."""
    map_of, text, word = told(network, n), written(network, n), WORD[:n]
    shown = np.full((LONGEST, 2 * LONGEST), np.nan)
    shown[:n, : 2 * n] = map_of
    at_the_end = map_of[:, n - 1]
    wrong = sum(a != b for a, b in zip(word.ljust(20), text.ljust(20), strict=True))
    return {
        "told": shown,
        "columns": np.array([-0.5, 2 * n - 0.5]),
        "rows": np.array([n - 0.5, -0.5]),
        "border": np.array([n - 0.5, n - 0.5]),
        "border_ends": np.array([-0.5, n - 0.5]),
        "whole": recorded()[network],
        "column_letters": " ".join([*as_read([word], network)[0], *word]),
        "row_letters": " ".join(word),
        "word": word,
        "written": text,
        "right": text == word,
        "wrong": wrong,
        "share": float(recorded()[network][n - 1]),
        "first": float(at_the_end[0]),
        "least": float(at_the_end.min()),
        "weakest": int(at_the_end.argmin()) + 1,
    }


def panes():
    """The map of what is told, and whole words right by length."""
    heat = go.Figure(
        go.Heatmap(
            **theme.bound(z="told"),
            zmin=CHANCE,
            zmax=1,
            colorscale=maps.FAINT_TO_FULL,
            colorbar={
                "thickness": 10,
                "tickvals": [CHANCE, 0.5, 1],
                "ticktext": ["chance", "0.5", "1"],
                "outlinewidth": 0,
            },
            hoverongaps=False,  # and no gaps between cells, which would take half of a redraw
        )
    )
    look = theme.line("backward", "dot", 2)
    heat.add_trace(
        go.Scatter(
            **theme.bound(x="border", y="border_ends"),
            name="the state that is handed over",
            mode="lines",
            line=look,
            hoverinfo="skip",
        )
    )
    axis = {"showgrid": False, "zeroline": False, "tickangle": 0}
    heat.update_layout(
        xaxis={"title": "letters read, then letters written", "tickfont": {"size": 9}, **axis},
        yaxis={"title": "letter of the word", **axis},
        showlegend=True,
    )
    theme.describe(
        heat,
        title="Which letters the state tells",
        alt="Heat map of shares of words, a row for each letter of the word, a column for each "
        "step of reading and then of writing, with a line between the two.",
        height=400,
    )
    theme.fit(heat, "xaxis", "columns")
    theme.fit(heat, "yaxis", "rows")
    theme.labels(heat, "xaxis", "column_letters")
    theme.labels(heat, "yaxis", "row_letters")
    lengths = np.arange(1, LONGEST + 1)
    curve = lines.curves(
        lengths,
        {"this network": ("whole", "forward")},
        title="Words said again without a mistake",
        alt="Line of the share of words right against their length, which falls from 1 to 0.",
        x_title="letters in the word",
        y_title="share of words",
        height=300,
        range=[-0.03, 1.03],
    )
    plain = recorded()[PLAIN]
    curve.add_trace(lines.reference(lengths, plain, name="32 units, read in order"))
    curve.update_layout(showlegend=True)
    theme.mark(curve, "n", label="this long")
    return [heat, curve]


class Bottleneck(Explorable):
    """Say a word again through a state of fixed size, and see which letters the state still has."""

    title = "Through the bottleneck"
    caption = (
        "A network reads a word, hands on one state at the dotted line, and a second network "
        "writes the word from it. Colors are shares of 1,000 words of this length: how often a "
        "linear readout, fitted on 2,000, can tell from the state alone which letter stood at that "
        "place. The networks were trained on words of 1 to 12 letters."
    )
    alt = (
        "Left, a map with a row for each letter of a word and a column for each step. Letters "
        "appear as they are read, fade while others follow, and are weakest in the middle of the "
        "writing. Right, the share of words right falls from 1 for short words to 0 for long ones."
    )
    controls = (
        Choice("network", "Network", NETWORKS, PLAIN),
        Number("n", "Letters in the word", range(2, LONGEST + 1), 6),
    )
    lines = ("example", "held")
    compute, panes = compute, panes
    question = Question(
        "The state of 32 numbers gets through words of four letters nearly always. Of ten letters, "
        "how many words come back without a mistake?",
        ("about 80 %", "about half", "about 12 %"),
        2,
        {"network": PLAIN, "n": 10},
        "It is 12 %. At the dotted line, where the state is handed over, the readout tells the "
        "first letter in all words and those in the middle in about a third. Do not take that for "
        "the reason too soon: press it fits.",
        corrects={
            0: "So many single letters are right, but a word needs ten of them at once.",
            1: "That is what it is for words of eight letters.",
        },
    )
    stories = (
        Story(
            "it fits",
            {"network": PLAIN, "n": 4},
            "Nearly all words of four letters come back. Yet at the dotted line the readout tells "
            "the third letter in only 57 %: the network has it in a form that no weighted sum can "
            "read, and brings it up when it is due.",
        ),
        Story(
            "twice the units",
            {"network": WIDE, "n": 10},
            "Now 71 % come back. Move the length to 14, and it is as lost as the small one: the "
            "wall is only farther away.",
            ("n",),
        ),
        Story(
            "read backward",
            {"network": BACKWARD, "n": 10},
            "The same 32 numbers, but the word is read from its end, and 61 % come back. Follow "
            "the top row: the first letter is read last and written at once.",
        ),
        Story(
            "from both ends",
            {"network": BOTH, "n": 10},
            "Half of the units read from the left and half from the right, and a column shows both "
            "at once. Both ends are still fresh at the dotted line, and 32 % come back.",
        ),
    )
