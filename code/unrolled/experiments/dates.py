"""Dates into ISO form and words said again, without attention and with two kinds of it.

OMP_NUM_THREADS=1 python -m unrolled.experiments dates
"""

import time

import numpy as np

from unrolled.datasets.dates import DATES, date_pairs
from unrolled.datasets.pairs import END, START, WORDS, batch, word_pairs
from unrolled.engine import additive_attention, dot_attention, gru, mean_attention
from unrolled.engine.decoding import beam_of, greedy
from unrolled.engine.optimizers import Adam
from unrolled.engine.seq2seq import Seq2Seq, fit

from . import record

SCORINGS = {
    "none": None,
    "dot": dot_attention,
    "additive": additive_attention,
    "mean": mean_attention,
}
D, BATCH, RATE, MAX_NORM, SEEDS = 16, 64, 0.005, 1.0, (0, 1, 2)
LAST_FIFTH = 1 / 3  # the learning rate there is so many times RATE

# Each network: attention, hidden units, updates.
READERS = {
    "none": ("none", 32, 1500),
    "none, 64 units, 6000 updates": ("none", 64, 6000),
    "dot": ("dot", 32, 1500),
    "additive": ("additive", 32, 1500),
}
REPEATERS = {
    "none": ("none", 32, 2500),
    "none, 64 units": ("none", 64, 2500),
    "dot": ("dot", 32, 2500),
    "additive": ("additive", 32, 2500),
}
STAGES = [20, 100, 200, 300, 1500]  # updates after which the dates' networks are kept
LONGEST, LENGTHS = 12, list(range(1, 17))  # the longest word trained on, and those measured
TESTED, SEARCHED = 1000, 200  # fresh pairs to measure on, and to search through with beams
WIDTHS = [1, 2, 4, 8]


def model_of(kind):
    """The network with one kind of attention, as in "dot, both ways"; a network stays as it is."""
    if isinstance(kind, Seq2Seq):
        return kind
    scoring, _, ways = kind.partition(", ")
    return Seq2Seq(gru, D, scoring=SCORINGS[scoring], both_ways=ways == "both ways")


def teach(kind, H, updates, alphabet, pairs, seed, stages=(), rate=None):
    """Train a network from its start: its parameters after each of the `stages`, and at the end.

    `pairs(N, rng)` draws sources and answers; `rate` is another learning rate than RATE. Returns a
    dict of updates -> parameters.
    """
    rate = rate or RATE
    start, drawn = (np.random.default_rng([seed, use]) for use in range(2))
    model, optimizer, kept, done = model_of(kind), Adam(rate), {}, 0
    params = model.init_params(alphabet.V, alphabet.V, H, rng=start, dtype=np.float32)
    slower = updates - updates // 5
    for stop in sorted({*(s for s in stages if s < updates), slower, updates}):
        fit(
            lambda: batch(*pairs(BATCH, drawn), alphabet),
            params,
            model=model,
            optimizer=optimizer,
            updates=stop - done,
            max_norm=MAX_NORM,
        )
        done = stop
        optimizer.lr = rate * (LAST_FIFTH if done >= slower else 1)
        if stop in stages or stop == updates:
            kept[stop] = {name: value.copy() for name, value in params.items()}
    return kept


def measure(params, kind, alphabet, pairs):
    """Shares that are right: letters when the truth is read, letters when written alone, answers.

    Letters are those of the answer and its end, each compared at its place.
    """
    data, model = batch(*pairs, alphabet), model_of(kind)
    logits, _ = model.forward(data.x, data.read, params, data.mask)
    U = data.targets.shape[1]
    written, _ = greedy(
        data.x, params, model=model, mask=data.mask, start=START, end=END, limit=U + 2
    )
    alone = np.full((len(written), max(U, written.shape[1])), END)
    alone[:, : written.shape[1]] = written
    right = {
        "letters after the truth": logits.argmax(axis=2) == data.targets,
        "letters written alone": alone[:, :U] == data.targets,
    }
    found = {name: round(float(hits[data.counted].mean()), 4) for name, hits in right.items()}
    texts = [alphabet.text(ids) for ids in written]
    whole = np.mean([text == answer for text, answer in zip(texts, pairs[1], strict=True)])
    return found | {"whole answers": round(float(whole), 4)}


def search(params, kind, alphabet, pairs):
    """What beams of each of the WIDTHS find: {width: dict}, beside greedy, which is width 1."""
    model, found, first = model_of(kind), {}, None
    limit = max(map(len, pairs[1])) + 3
    for width in WIDTHS:
        best = [
            beam_of(
                model, alphabet.ids(source), params, width=width, start=START, end=END, limit=limit
            )[0]
            for source in pairs[0]
        ]
        log_p = np.array([draft.log_p for draft in best])
        right = np.array(
            [alphabet.text(d.ids) == answer for d, answer in zip(best, pairs[1], strict=True)]
        )
        first = first or (log_p, right)
        better = log_p > first[0] + 1e-5
        found[width] = {
            "whole answers": round(float(right.mean()), 4),
            "mean log probability": round(float(log_p.mean()), 4),
            "likelier than greedy": int(better.sum()),
            "of these right, greedy wrong": int((better & right & ~first[1]).sum()),
            "of these wrong, greedy right": int((better & ~right & first[1]).sum()),
            "below greedy": int((log_p < first[0] - 1e-5).sum()),
        }
    return found


def dates():
    """Networks on dates: what they get right, after the stages too, and the weights of seed 0."""
    test = date_pairs(TESTED, rng=np.random.default_rng(99), split="test")
    few = tuple(part[:SEARCHED] for part in test)
    results, beams, weights = {}, {}, {}
    for name, (kind, H, updates) in READERS.items():
        runs = []
        for seed in SEEDS:
            began = time.perf_counter()
            stages = STAGES if H == 32 else []
            kept = teach(kind, H, updates, DATES, _dates_to_read, seed, stages)
            runs.append({str(u): measure(p, kind, DATES, test) for u, p in kept.items()})
            print(name, seed, runs[-1], f"{time.perf_counter() - began:.0f} s", flush=True)
            if seed == SEEDS[0] and H == 32:
                if kind != "none":  # it looks at nothing, so there is nothing to show
                    weights |= {f"{kind}/{u}/{k}": v for u in STAGES for k, v in kept[u].items()}
                beams[name] = {str(u): search(kept[u], kind, DATES, few) for u in STAGES[2:]}
                print(beams[name], flush=True)
        results[name] = runs
    return results, beams, {key: value.astype(np.float16) for key, value in weights.items()}


def words():
    """Networks on words of 1 to LONGEST letters: whole words right at each of the LENGTHS."""
    results, beams = {}, {}
    tests = {n: word_pairs(TESTED // 2, n, rng=np.random.default_rng([99, n])) for n in LENGTHS}
    for name, (kind, H, updates) in REPEATERS.items():
        results[name] = []
        for seed in SEEDS:
            began = time.perf_counter()
            params = teach(kind, H, updates, WORDS, _words_to_read, seed)[updates]
            found = [measure(params, kind, WORDS, tests[n])["whole answers"] for n in LENGTHS]
            results[name].append(found)
            print(name, seed, found, f"{time.perf_counter() - began:.0f} s", flush=True)
            if seed == SEEDS[0] and name == "none":
                for n in (6, 8, 10):
                    pairs = tuple(part[:SEARCHED] for part in tests[n])
                    beams[str(n)] = search(params, kind, WORDS, pairs)
                print(beams, flush=True)
    return results, beams


def _dates_to_read(N, rng):
    return date_pairs(N, rng=rng)


def _words_to_read(N, rng):
    return word_pairs(N, (1, LONGEST), rng=rng)


def main():
    """Train everything and write data/results/dates.json and dates.npz."""
    repeated, beams_of_words = words()
    read, beams_of_dates, weights = dates()
    record.write_weights("dates", weights)
    settings = {
        "cell": "gru", "D": D, "batch": BATCH, "Adam lr": RATE, "max_norm": MAX_NORM,
        "lr in the last fifth": f"times {LAST_FIFTH:.3f}", "seeds": list(SEEDS),
        "attention, H and updates": {"dates": READERS, "words": REPEATERS},
        "longest word trained on": LONGEST, "dtype": "float32, weights kept in float16",
        "tested on": {"dates": TESTED, "words of each length": TESTED // 2, "beams": SEARCHED},
    }  # fmt: skip
    results = {
        "dates": read,
        "words": {"lengths": LENGTHS, "whole words": repeated},
        "beams": {"dates": beams_of_dates, "words": beams_of_words},
    }
    record.write("dates", settings=settings, results=results)
