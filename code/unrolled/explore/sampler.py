"""Chapter 8: a language model's next word, and what temperature makes of it."""

from functools import cache

import numpy as np

from unrolled.datasets import files, results
from unrolled.engine import lstm
from unrolled.engine.embedding import Embedded
from unrolled.engine.language_model import next_word, sample
from unrolled.engine.training import predict
from unrolled.figures import lines, states, theme, words

from .explorable import Explorable, Slider

TEMPERATURES = [0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0]
PREFIXES = (
    "three hundred twenty",
    "three hundred twenty six . three hundred twenty",
    "one hundred ninety nine .",
    "nine hundred ninety nine .",
    "sixteen",
    "one",
    "one thousand",
    "hundred hundred",
)
LENGTH, RARE = 15, 1e-3
DECADES = (-14, 0)


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
    return {
        "p": p,
        "own": own[0],
        "chances": np.log10(chances),
        "choice": choice(p, vocabulary),
        "text": text([vocabulary[i] for i in drawn], int((chances < RARE).sum())),
    }


def choice(p, vocabulary):
    """How sure the choice is, in words."""
    known = p[p > 0]
    bits = max(0.0, float(-(known * np.log2(known)).sum()))
    return (
        f"The choice holds {bits:.2f} bits of at most {np.log2(len(p)):.2f}. The likeliest word is "
        f"“{vocabulary[p.argmax()]}”, with probability {p.max():.3f}."
    )


def text(drawn, rare):
    """The text that was drawn, and how much of it the model itself finds odd."""
    odd = f"{rare or 'No'} {'words' if rare > 1 else 'word'}"
    return (
        f"Drawn: “{' '.join(drawn)}”. {odd} of {LENGTH} had less than one chance in a thousand "
        "at temperature 1."
    )


class Sampler(Explorable):
    """Let a network that has read the numbers in words go on writing, cool or hot."""

    def __init__(self, *, prefix="one hundred ninety nine .", temperature=2.0, seed=1):
        vocabulary = model()[2]
        blank = states.no_data(len(vocabulary))
        bars = words.choice(
            ["period" if word == "." else word for word in vocabulary],
            blank,
            blank,
            name="at this temperature",
            reference_name="at temperature 1",
            title="The next word after the prefix",
            alt="Bars of the probability of thirty words, each with a tick for temperature 1.",
        )
        bars.data[0].meta, bars.data[1].meta = {"x": "p"}, {"x": "own"}
        drawn = lines.curves(
            np.arange(1, LENGTH + 1),
            {"words drawn": (states.no_data(LENGTH), "highlight")},
            title="The chance of each word drawn",
            alt="Line of the probability of fifteen drawn words, on a logarithmic scale.",
            x_title="word drawn",
            y_title="probability at temperature 1",
            **theme.decades(DECADES) | {"range": [DECADES[0], 0.5]},
        )
        drawn.update_traces(mode="lines+markers", meta={"y": "chances"})
        drawn.add_scatter(
            x=[1, LENGTH],
            y=[np.log10(RARE)] * 2,
            name="one in a thousand",
            mode="lines",
            line=theme.line("muted", "dot"),
        )
        drawn.update_layout(showlegend=True)
        super().__init__(
            compute,
            [
                Slider("prefix", "Prefix", list(PREFIXES), prefix, list(PREFIXES)),
                Slider("temperature", "Temperature", TEMPERATURES, temperature),
                Slider("seed", "Seed", [1, 2, 3, 4, 5], seed),
            ],
            [bars, drawn],
            title="A sampler with a temperature",
            caption=(
                "Temperature decides how sure the choice is and never changes the order of the "
                "words. Cold, the likeliest word wins unless several are as likely; hot, words "
                "come up that the network holds for nearly impossible, and it loses count."
            ),
            alt=(
                "Left, the probability of thirty words after a prefix, with a tick at each word's "
                "probability at temperature 1: above that temperature, the likeliest falls behind "
                "its tick and others pass theirs. Right, the chance of each of fifteen words "
                "drawn, with deep dips where a hot draw took an unlikely word."
            ),
            texts=("choice", "text"),
        )
