"""Chapter 8: a language model's next word, and what temperature makes of it."""

from functools import cache

import numpy as np

from unrolled.datasets import files, results
from unrolled.engine import lstm
from unrolled.engine.embedding import Embedded
from unrolled.engine.language_model import next_word, sample
from unrolled.engine.training import predict
from unrolled.figures import lines, theme, words

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

TEMPERATURES = [0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0]
SURE, OPEN = "one hundred ninety nine .", "three hundred twenty"
TOLD = f"{OPEN} six . {OPEN}"
PREFIXES = (
    OPEN,
    TOLD,
    SURE,
    "nine hundred ninety nine .",
    "sixteen",
    "one",
    "one thousand",
    "hundred hundred",
)
NAMES = tuple(prefix.replace(TOLD, f"… six . {OPEN}") for prefix in PREFIXES)
LENGTH, RARE = 15, 1e-3
TOPS = np.array([0.15, 0.25, 0.5, 1.0])  # where the axis of probabilities can end


@cache
def model():
    """The trained cell, its parameters and its words (unrolled.experiments.small_models)."""
    record = results.read("numbers-lstm")
    with np.load(files.path("results/numbers-lstm.npz"), allow_pickle=False) as file:
        params = {name: array.astype(np.float64) for name, array in file.items()}
    return Embedded(lstm, params["W_e"].shape[1]), params, record["results"]["words"]


def compute(prefix, temperature, seed):
    """The next word's distribution, and a text drawn from it and from those that follow."""
    cell, params, vocabulary = model()
    ids = [vocabulary.index(word) for word in prefix.split()]
    rng = np.random.default_rng(seed)
    drawn = sample(ids, LENGTH, params, cell=cell, rng=rng, temperature=temperature)
    logits = predict(np.array([ids + drawn]), params, cell=cell)[0][0, len(ids) - 1 : -1]
    p, own = next_word(logits[0], temperature), next_word(logits)
    chances = own[np.arange(LENGTH), drawn]
    known, rare = p[p > 0], int((chances < RARE).sum())
    end = TOPS[np.searchsorted(TOPS, max(p.max(), own[0].max()) - 1e-9)]
    return {
        "p": p,
        "own": own[0],
        "p_range": np.array([0, 1.03 * end]),
        "chances": np.log10(chances),
        "decades": np.array([min(-3.3, np.log10(chances.min()) - 0.3), 0.3]),
        "bits": max(0.0, float(-(known * np.log2(known)).sum())),
        "most_bits": np.log2(len(p)),
        "likeliest": vocabulary[p.argmax()],
        "top": p.max(),
        "drawn": " ".join(vocabulary[i] for i in drawn),
        "rare": rare,
        "odd": rare > 0,
    }


def panes():
    """The distribution of the next word, and how likely each drawn word was."""
    bars = words.choice(
        ["period" if word == "." else word for word in model()[2]],
        "p",
        "own",
        name="at this temperature",
        reference_name="at temperature 1",
        title="The next word after the prefix",
        alt="Bars of the probability of thirty words, each with a tick for temperature 1.",
    )
    theme.fit(bars, "xaxis", "p_range")
    drawn = lines.curves(
        np.arange(1, LENGTH + 1),
        {"words drawn": ("chances", "highlight")},
        title="The chance of each word drawn",
        alt="Line of the probability of fifteen drawn words, on a logarithmic scale.",
        x_title="word drawn",
        y_title="probability at temperature 1",
        height=bars.layout.height,
        **theme.decades((-8, 0)),
    )
    drawn.update_traces(mode="lines+markers")
    drawn.add_scatter(
        x=[1, LENGTH],
        y=[np.log10(RARE)] * 2,
        name="one in a thousand",
        mode="lines",
        line=theme.line("muted", "dot"),
    )
    theme.fit(drawn, "yaxis", "decades", decades=True)
    return [bars, drawn.update_layout(showlegend=True)]


class Sampler(Explorable):
    """Let a network that has read the numbers in words go on writing, cool or hot."""

    title = "Sampling, cool or hot"
    caption = (
        "Temperature never changes the order of the words, only how far apart their probabilities "
        "lie; a tick marks what each word has at temperature 1. The hotter the draw, the more "
        "often it takes words that the network itself considers nearly impossible."
    )
    alt = (
        "Left, the probability of thirty words after a prefix, with a tick at each word's "
        "probability at temperature 1: at temperature 2 the likeliest falls behind its tick and "
        "others pass theirs. Right, the chance of each of fifteen words drawn, with a deep dip "
        "where the draw took an unlikely word."
    )
    controls = (
        Choice("prefix", "Prefix", PREFIXES, SURE, NAMES),
        Number("temperature", "Temperature", TEMPERATURES, 2.0),
        Choice("seed", "Seed", (1, 2, 3, 4, 5), 1),
    )
    lines = ("text", "choice")
    compute, panes = compute, panes
    question = Question(
        "This network can count, and at temperature 2 it has just jumped from 199 to 2001. Which "
        "word is the likeliest after “one hundred ninety nine .” at temperature 5?",
        ("still “two”", "another word", "all equally likely"),
        0,
        {"prefix": SURE, "temperature": 5.0, "seed": 1},
        "Temperature divides all logits by one number, which cannot change their order: “two” has "
        "0.85 at temperature 1 and 0.21 at 5, and is first at both. What changes is how often "
        "another word is drawn.",
    )
    stories = (
        Story(
            "cold: it counts",
            {"prefix": SURE, "temperature": 0.1, "seed": 1},
            "It counts on from two hundred, and every seed gives the same text.",
        ),
        Story(
            "hot: it loses count",
            {"prefix": SURE, "temperature": 5.0, "seed": 1},
            "It writes “fifteen hundred” and numbers in no order; in the other pane the line dips "
            "below one in a thousand wherever a draw took what the network considers "
            "nearly impossible.",
        ),
        Story(
            "even odds",
            {"prefix": OPEN, "temperature": 1.0, "seed": 1},
            "After “three hundred twenty” come the nine digits or the period, and the network "
            "gives each of the ten about a tenth.",
        ),
        Story(
            "the state remembers",
            {"prefix": TOLD, "temperature": 1.0, "seed": 1},
            "The last three words are again “three hundred twenty”, yet the network is sure of "
            "“seven”, since it has read 326 before them: what it read earlier is in its state.",
        ),
    )
