"""Dates by five starts: what beams find, and what the weights of attention tell. See chapter 20.

    OMP_NUM_THREADS=1 python -m unrolled.experiments looking

The networks are those of `dates`, with attention, without it, with a mean of all states in its
place, and with an encoder that reads both ways. Writes data/results/looking.json after each run.
"""

import time
from functools import partial

import numpy as np

from unrolled.analysis import looking
from unrolled.datasets.dates import DATES, date_pairs
from unrolled.datasets.pairs import END, START, batch
from unrolled.engine.decoding import beam_of, greedy

from . import dates, record

H, STAGES = 32, [300, 1500]
NETWORKS = {  # starts, and the stages at which beams are tried
    "dot": ([0, 1, 2, 3, 4], STAGES),
    "none": ([0, 1, 2, 3, 4], STAGES[1:]),
    "mean": ([0, 1, 2], []),
    "dot, both ways": ([0, 1, 2], []),
}
TESTED, OCCLUDED, WIDTHS = 1000, 200, [1, 2, 8]
DIGITS = [0, 1, 2, 3, 5, 6, 8, 9]  # the steps that write one
LIMIT = 13


def exam():
    """The test dates, as texts and answers."""
    return date_pairs(TESTED, rng=np.random.default_rng(99), split="test")


def beams(model, params, pairs):
    """For each of the WIDTHS how many dates are right, and how they differ from width 1."""
    found, first = {}, None
    for width in WIDTHS:
        how = {"width": width, "start": START, "end": END, "limit": LIMIT}
        best = [beam_of(model, DATES.ids(text), params, **how)[0] for text in pairs[0]]
        log_p = np.array([draft.log_p for draft in best])
        written = [DATES.text(draft.ids) for draft in best]
        right = np.array([text == answer for text, answer in zip(written, pairs[1], strict=True)])
        first = first or (log_p, right)
        found[str(width)] = {
            "right": int(right.sum()),
            "likelier": int((log_p > first[0] + 1e-5).sum()),
            "mended": int((right & ~first[1]).sum()),
            "spoiled": int((~right & first[1]).sum()),
            "of another length": int(sum(len(text) != 10 for text in written)),
        }
    return found


def tampered(model, params, data, tape):
    """The share of the digits that stay the same when the weights are changed, by the change."""
    weights, rng = tape.decoder.weights, np.random.default_rng(5)
    top, other = weights.argmax(axis=2), looking.elsewhere(weights, data.mask, rng=rng)
    changes = {
        "the strongest erased": looking.erased(weights, top),
        "another one erased": looking.erased(weights, other),
        "only the strongest kept": looking.kept(weights, top),
        "shuffled": looking.shuffled(weights, data.mask, rng=rng),
        "all alike": looking.alike(weights, data.mask),
    }
    before = looking.with_weights(weights, tape.decoder, params).argmax(axis=2)
    found = {}
    for name, changed in changes.items():
        after = looking.with_weights(changed, tape.decoder, params).argmax(axis=2)
        found[name] = round(float((after == before)[:, DIGITS].mean()), 4)
    return found


def compared(model, params, texts, written, weights):
    """Where it looks most beside the letter that matters most, at the steps that write a digit."""
    looked, mattered = [], []
    for text, ids, own in zip(texts, written, weights, strict=True):
        lost = looking.occluded(model, params, text, np.array([START, *ids[:-1]]), DATES)
        looked.append(own[:, : len(text)].argmax(axis=1)[DIGITS])
        mattered.append(lost.argmax(axis=1)[DIGITS])
    looked, mattered = np.array(looked), np.array(mattered)
    return {
        "the same letter": round(float((looked == mattered).mean()), 4),
        "an earlier letter matters most": round(float((mattered < looked).mean()), 4),
        "a later letter matters most": round(float((mattered > looked).mean()), 4),
    }


def run(kind, seed, stages):
    """Train one network, and ask it."""
    began = time.perf_counter()
    pairs, model = exam(), dates.model_of(kind)
    kept = dates.teach(kind, H, STAGES[-1], DATES, dates._dates_to_read, seed, stages)
    found = {"right": {}, "beams": {}}
    for stage, params in kept.items():
        found["right"][str(stage)] = dates.measure(params, kind, DATES, pairs)["whole answers"]
        if stage in stages:
            found["beams"][str(stage)] = beams(model, params, pairs)
    if kind.startswith("dot"):
        found |= looked_at(model, kept[STAGES[-1]], pairs)
    return found | {"seconds": round(time.perf_counter() - began)}


def looked_at(model, params, pairs):
    """What the weights of a trained network tell, and where it looks at each step."""
    data = batch(*pairs, DATES)
    how = {"mask": data.mask, "start": START, "end": END, "limit": 11}
    written, weights = greedy(data.x, params, model=model, **how)
    read = np.concatenate([np.full((len(written), 1), START), written[:, :-1]], axis=1)
    _, tape = model.forward(data.x, read, params, data.mask)
    few = slice(0, OCCLUDED)
    places = tape.decoder.weights[few].argmax(axis=2)
    return {
        "digits that stay": tampered(model, params, data, tape),
        "looked and mattered": compared(model, params, pairs[0][few], written[few], weights[few]),
        "looks at": ["".join(chr(ord("A") + int(t)) for t in row) for row in places],
    }


def main():
    """Every network from each of its starts."""
    settings = {
        "cell": "gru", "D": dates.D, "H": H, "batch": dates.BATCH, "Adam lr": dates.RATE,
        "max_norm": dates.MAX_NORM, "lr in the last fifth": "times 0.333", "updates": STAGES[-1],
        "networks: starts, beams after": NETWORKS, "widths": WIDTHS, "tested on": TESTED,
        "letters replaced in": OCCLUDED, "dtype": "float32",
    }  # fmt: skip
    runs = record.Runs("looking", settings=settings)
    for name, (starts, stages) in NETWORKS.items():
        for seed in starts:
            key = {"network": name, "start": seed}
            found = runs.once(partial(run, name, seed, stages), **key)
            print(name, seed, found["right"], found["seconds"], flush=True)
