"""What networks and counting write of the stories, cool or hot. See chapter 27.

    OMP_NUM_THREADS=1 python -m unrolled.experiments letters

The networks are those of `stories`, at the size and the rate that were chosen there, trained again
from their first five starts; so are the order and the discounts of counting.
"""

import re
from collections import Counter

import numpy as np

from unrolled.analysis import ngram
from unrolled.datasets import load_letters
from unrolled.datasets.results import read
from unrolled.datasets.text import load_prose
from unrolled.engine.language_model import sample

from . import record, stories
from .writing import quoted

STARTS, DRAWS = range(5), (1, 2, 3)
TEMPERATURES = [0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6]
LENGTH, SHOWN = 6500, 240  # letters that are measured, and that are kept
WORDS, RUN, VERBATIM = 1000, 4, 20  # words counted; words of a run; letters of a copy


def words_of(text):
    """The words of a text, in small letters."""
    return re.findall(r"[a-z']+", text.lower())


def measure(text, known, source):
    """What a text is like: its words, its copies, and how often it repeats itself."""
    words = words_of(text)
    runs = Counter(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
    found = {
        "existing": np.mean([word in known for word in words]),
        "different": len(set(words[:WORDS])) / len(words[:WORDS]),
        "copied": quoted(text, source, VERBATIM).mean(),
        "repeated": 1 - len(runs) / runs.total(),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def main():
    """Every writer at every temperature, and the stories that nobody read."""
    corpus, chosen = load_letters(), read("stories")["results"]["letters"]
    ids, signs = corpus[1:4], corpus.words
    text, known = load_prose(), set(words_of(load_prose()))
    source, start = text[: len(ids[0])], [signs.index("\n")] * 2
    size, rate = chosen["chosen"]["size"], chosen["chosen"]["rate"]
    order, discounts = chosen["counting"]["order"], chosen["counting"]["discounts"]
    levels = ngram.counted(ids[0], order)
    runs, texts, seen = [], [], {}

    def keep(writer, seed, write):
        for temperature in TEMPERATURES:
            found = measure(write(temperature, LENGTH, 100 + seed), known, source)
            runs.append({"writer": writer, "start": seed, "temperature": temperature} | found)
            print(runs[-1], flush=True)
            for draw in DRAWS if seed == 0 else ():
                kept = {"text": write(temperature, SHOWN, draw).strip("\n")}
                texts.append({"writer": writer, "temperature": temperature, "draw": draw} | kept)

    def counting(temperature, length, seed):
        how = {"V": len(signs), "discount": discounts, "rng": np.random.default_rng(seed)}
        how["known"] = seen
        begin = [signs.index("\n")] * max(2, order - 1)
        drawn = ngram.sample(begin, length, levels, temperature=temperature, **how)
        return "".join(signs[i] for i in drawn)

    losses = []
    for seed in STARTS:
        model, params, _ = stories.train(
            *ids[:2], len(signs), tuple(size), rate, stories.TASKS["letters"]["k"], seed
        )
        losses.append(round(float(stories.costs(ids[2], params, model).mean()), 4))

        def network(temperature, length, seed, model=model, params=params):
            how = {"cell": model, "rng": np.random.default_rng(seed), "temperature": temperature}
            return "".join(signs[i] for i in sample(start, length, params, **how))

        keep("network", seed, network)
        keep("counting", seed, counting)
    unread = text[len(ids[0]) :]
    settings = {
        "starts": list(STARTS), "temperatures": TEMPERATURES, "letters measured": LENGTH,
        "existing": "share of words that occur in the stories, read or not",
        "different": f"different words among the first {WORDS}, as a share",
        "copied": f"share of letters that occur so in what was read, {VERBATIM} or more in a row",
        "repeated": f"share of runs of {RUN} words that were written before in the same text",
        "author": "the stories that nobody read, measured in the same way",
        "counting": "drawn anew for every start", "test": "nats a letter of the networks",
    }  # fmt: skip
    results = {
        "runs": runs, "texts": texts, "test": losses, "counting test": chosen["counting"]["test"],
        "author": measure(unread, known, source), "author's letters": len(unread),
    }  # fmt: skip
    record.write("letters", settings=settings, results=results)
