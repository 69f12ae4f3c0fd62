"""Words through one state: read ahead, read backward, read both ways. See chapters 19 and 20.

    OMP_NUM_THREADS=1 python -m unrolled.experiments bottleneck

The networks are those of `dates` without attention, trained on words of 1 to 12 letters that are to
be said again. Writes data/results/bottleneck.json after each run, and the weights of start 0.
"""

import time
from functools import partial

import numpy as np

from unrolled.datasets.pairs import END, START, WORDS, batch, word_pairs
from unrolled.engine.decoding import beam_of, greedy

from . import dates, record

NETWORKS = {  # ways of reading, hidden units, whether the word is read backward
    "32 units": ("none", 32, False),
    "32 units, reversed": ("none", 32, True),
    "32 units, both ways": ("none, both ways", 32, False),
    "64 units": ("none", 64, False),
    "32 units, the mean of all states": ("mean", 32, False),
}
SHOWN = list(NETWORKS)[:4]  # of which the weights are kept
STARTS = {  # five for the others
    "64 units": [0, 1, 2],
    "32 units, the mean of all states": [0, 1, 2],
}
OTHER_RATES = {0.0025: [0], 0.01: [0, 1, 2], 0.02: [0]}  # and starts, of those of 32 units
UPDATES, LONGEST, LENGTHS = 2500, 12, list(range(1, 17))
TESTED = 500  # fresh words of each length
SEARCHED = {"32 units": [8, 12]}  # letters of the words that beams are tried on
WORDS_SEARCHED = 500
WIDTHS = [(1, 0.0), (2, 0.0), (8, 0.0), (8, 1.0)]  # with their alpha


def pairs(N, length, rng, backward):
    """Words to read, turned if `backward`, and the same words to write."""
    sources, answers = word_pairs(N, length, rng=rng)
    return [word[::-1] for word in sources] if backward else sources, answers


def measure(params, kind, backward):
    """For words of each of the LENGTHS: what is right, and how long the answers are."""
    model, found = dates.model_of(kind), {}
    for n in LENGTHS:
        given = pairs(TESTED, n, np.random.default_rng([99, n]), backward)
        data = batch(*given, WORDS)
        written, _ = greedy(data.x, params, model=model, start=START, end=END, limit=n + 6)
        texts = [WORDS.text(ids) for ids in written]
        both = list(zip(texts, given[1], strict=True))
        at = [np.mean([t[k : k + 1] == a[k] for t, a in both]) for k in range(n)]
        for name, value in {
            "whole words": np.mean([t == a for t, a in both]),
            "of the right length": np.mean([len(t) == len(a) for t, a in both]),
            "letters written": np.mean([len(t) for t, _ in both]),
            "letters right": at,
        }.items():
            found.setdefault(name, []).append(np.round(value, 4).tolist())
    return found


def search(params, kind, n):
    """What beams make of words of n letters, by their width and alpha, beside width 1."""
    model, found, first = dates.model_of(kind), [], None
    given = word_pairs(WORDS_SEARCHED, n, rng=np.random.default_rng([98, n]))
    for width, alpha in WIDTHS:
        how = {"start": START, "end": END, "limit": n + 6, "width": width, "alpha": alpha}
        best = [beam_of(model, WORDS.ids(word), params, **how)[0] for word in given[0]]
        texts = [WORDS.text(draft.ids) for draft in best]
        log_p = np.array([draft.log_p for draft in best])
        right = np.array([t == a for t, a in zip(texts, given[1], strict=True)])
        longer = np.array([len(t) - n for t in texts])
        first = first or (log_p, right)
        found.append({
            "width": width, "alpha": alpha, "right": int(right.sum()),
            "mended": int((right & ~first[1]).sum()), "spoiled": int((~right & first[1]).sum()),
            "likelier": int((log_p > first[0] + 1e-5).sum()),
            "too short": int((longer < 0).sum()), "too long": int((longer > 0).sum()),
        })  # fmt: skip
    return found


def teach(name, seed, rate=None):
    """The parameters of a network after all updates."""
    kind, H, backward = NETWORKS[name]

    def draw(N, rng):
        return pairs(N, (1, LONGEST), rng, backward)

    return dates.teach(kind, H, UPDATES, WORDS, draw, seed, rate=rate)[UPDATES]


def kept_weights():
    """The weights of a run that was stopped, or none."""
    place = record.folder() / "bottleneck.npz"
    if not place.exists():
        return {}
    with np.load(place, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def main():
    """Every network from each of its starts."""
    settings = {
        "cell": "gru", "D": dates.D, "batch": dates.BATCH, "Adam lr": dates.RATE,
        "max_norm": dates.MAX_NORM, "lr in the last fifth": "times 0.333", "updates": UPDATES,
        "networks": NETWORKS, "longest word trained on": LONGEST, "lengths": LENGTHS,
        "tested on": TESTED, "beams on": WORDS_SEARCHED, "widths": WIDTHS, "dtype": "float32",
        "other rates and starts": list(OTHER_RATES.items()),
    }  # fmt: skip
    runs, weights = record.Runs("bottleneck", settings=settings), kept_weights()

    def run(name, seed, rate=None):
        began = time.perf_counter()
        kind, _, backward = NETWORKS[name]
        params = teach(name, seed, rate)
        found = measure(params, kind, backward)
        if rate:
            return {"whole words": found["whole words"]}
        if seed == 0 and name in SHOWN:
            weights.update({f"{name}/{key}": value for key, value in params.items()})
        found["beams"] = {str(n): search(params, kind, n) for n in SEARCHED.get(name, [])}
        return found | {"seconds": round(time.perf_counter() - began)}

    for turn in range(5):
        for name in NETWORKS:
            if turn in STARTS.get(name, range(5)):
                key = {"network": name, "start": turn}
                found = runs.once(partial(run, name, turn), **key)
                print(name, turn, found["whole words"], found["seconds"], flush=True)
        if turn == 0 and weights:
            kept = {key: value.astype(np.float16) for key, value in weights.items()}
            record.write_weights("bottleneck", kept)
    for rate, starts in OTHER_RATES.items():
        for start in starts:
            for name in (each for each in NETWORKS if each not in STARTS):
                key = {"network": name, "start": start, "rate": rate}
                found = runs.once(partial(run, name, start, rate), **key)
                print(name, rate, found["whole words"], flush=True)
