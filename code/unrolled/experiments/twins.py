"""On which test reviews is an RNN right, and what if it reads the padding? See chapter 7.

    OMP_NUM_THREADS=1 python -m unrolled.experiments twins

Rate and epochs are those that the experiment `order` has chosen for it; one that reads padding
behind the words gets the same search for itself, and it, a masked one and an LSTM are also trained
more slowly. Three questions are put to the RNNs: what do they get right if only the test has
padding, what can a readout find at the last word, and can two words overrule a review? Writes
data/results/twins.json, and twins.npz with the weights of the first start. What a start ends with
depends on how the processor rounds: OPENBLAS_CORETYPE=SKYLAKEX gives the recorded answers on others
as well, and `rounded` has those of three more.
"""

import json
import os
import subprocess
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

from unrolled.datasets import load_imdb, load_reviews, results
from unrolled.datasets.imdb import FIRST_WORDS
from unrolled.datasets.sequences import pad
from unrolled.datasets.words import numbered, words_in
from unrolled.engine import dense, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.training import predict

from . import order, record

START, UNKNOWN = 1, 2
SLOWER = {"rate": 0.003, "epochs": 20}
ADDED = 100  # most frequent words, of which every pair is read behind every test review
OTHERS = "NEHALEM", "SANDYBRIDGE", "HASWELL"  # processors that OpenBLAS can round like


def test_ids(words):
    """The test reviews in the order of reviews.csv as ids, a list, and their targets."""
    texts, targets, splits = load_reviews()
    ids, test = {word: i for i, word in enumerate(words)}, np.flatnonzero(splits == "test")
    read = [[START, *numbered(words_in(texts[i]), ids, UNKNOWN)] for i in test]
    return read, targets[test]


def judged(data, read, how, side, masked, network="RNN"):
    """Answers to test reviews and to training reviews and the parameters, padded on one side.

    `how` is rate, epochs and seed. Without a mask the network reads padding as it reads a word, in
    training and in the test. Answers have the shape (N,).
    """
    x, mask = pad(data.x_train, order.T, padding=side)
    tested, mask_test = pad(read, order.T, padding=side)
    if not masked:
        mask, mask_test = np.ones_like(mask), np.ones_like(mask_test)
    part = x, mask, data.targets_train
    *_, params = order.passes(network, len(data.words), part, *how)
    cell = order.reader(order.NETWORKS[network][0])
    answers = [
        predict(ids, params, cell=cell(where))[0][:, 0].argmax(axis=1)
        for ids, where in ((tested, mask_test), (x, mask))
    ]
    return *answers, params


def reads_later(read, targets, params):
    """How many test reviews an RNN that had a mask gets right if it now reads padding behind."""
    x, mask = pad(read, order.T, padding="post")
    logits, *_ = predict(x, params, cell=order.reader(rnn)(np.ones_like(mask)))
    return int((logits[:, 0].argmax(axis=1) == targets).sum())


def at_last_word(data, read, targets, params):
    """How many test reviews a new readout gets right, fitted to an RNN's states at last words."""
    states = []
    for ids in (data.x_train, read):
        x, mask = pad(ids, order.T, padding="post")
        h, _ = Embedded(rnn, order.WORDVEC).forward(x, params)
        states.append(h[np.arange(len(x)), mask.sum(axis=1) - 1])
    readout = LogisticRegression(max_iter=3000).fit(states[0], data.targets_train)
    return int((readout.predict(states[1]) == targets).sum())


def asked(data, read, targets, chosen):
    """The answers of `reads_later`, `overruled` and `at_last_word`, of this trained four ways."""
    names = "untrained", "masked", "behind", "slower"
    later, overrules, last = [], [], {name: [] for name in names}
    rate, epochs = chosen["rate"], chosen["epochs"]
    for seed in order.SEEDS:
        rng = np.random.default_rng(seed)
        start = Embedded(rnn, order.WORDVEC)
        params = {
            "untrained": start.init_params(len(data.words), order.H, rng=rng, dtype=np.float32),
            "masked": judged(data, read, (rate, epochs, seed), "post", True)[-1],
            "behind": judged(data, read, (rate, epochs, seed), "post", False)[-1],
            "slower": judged(data, read, (*SLOWER.values(), seed), "post", False)[-1],
        }
        later.append(reads_later(read, targets, params["masked"]))
        overrules.append(overruled(read, params["masked"]))
        for name, each in params.items():
            last[name].append(at_last_word(data, read, targets, each))
    return {"reads_later": later, "at_last_word": last, "overruled": overrules}


def slower(data, read, targets):
    """How many test reviews and what share of the others are right if padding is read, or not."""
    found = {name: {"right": [], "training": []} for name in ("RNN, masked", "RNN", "LSTM")}
    for name, rows in found.items():
        cell, *masked = name.split(", ")
        for seed in order.SEEDS:
            how = SLOWER["rate"], SLOWER["epochs"], seed
            tested, trained, params = judged(data, read, how, "post", bool(masked), cell)
            rows["right"].append(int((tested == targets).sum()))
            rows["training"].append(round(float((trained == data.targets_train).mean()), 3))
            if masked:
                rows.setdefault("overruled", []).append(overruled(read, params))
                rows.setdefault("pushed", []).append(pushed(params))
        print(name, rows)
    return found


def searched(data, read, targets):
    """The search of `order` for an RNN that reads padding behind, and what it then gets right."""
    held = order.fifth(data.x_train, np.random.default_rng(0))
    x, mask = pad(data.x_train, order.T, padding="post")
    whole = x, np.ones_like(mask), data.targets_train
    rate, epochs, best = order.tuned("RNN", len(data.words), whole, held)
    answers = (judged(data, read, (rate, epochs, seed), "post", False)[0] for seed in order.SEEDS)
    right = [int((each == targets).sum()) for each in answers]
    return {"rate": rate, "epochs": epochs, "held out": best, "right": right}


def overruled(read, params):
    """After which share of pairs of frequent words an RNN likes none of the reviews, and all."""
    cell = Embedded(rnn, order.WORDVEC)
    last = np.stack([cell.forward(np.array([ids]), params)[0][0, -1] for ids in read])
    vectors = params["W_e"][len(FIRST_WORDS) : len(FIRST_WORDS) + ADDED]
    liked = []
    for one in vectors:
        state = rnn.step(np.tile(one, (len(last), 1)), (last,), params)
        h = [rnn.step(np.tile(two, (len(last), 1)), state, params)[0] for two in vectors]
        liked.append((dense.forward(np.array(h), params).argmax(axis=-1) == 1).sum(axis=1))
    return [round(float(np.mean(np.array(liked) == many)), 4) for many in (0, len(last))]


def pushed(params):
    """How far a frequent word pushes a unit: the standard deviation of x W_xh."""
    vectors = params["W_e"][len(FIRST_WORDS) : len(FIRST_WORDS) + ADDED]
    return round(float(np.std(vectors @ params["W_xh"])), 2)


def counts(data, read, targets, chosen):
    """How many test reviews each start gets right with a mask."""
    hows = ((chosen["rate"], chosen["epochs"], seed) for seed in order.SEEDS)
    answers = (judged(data, read, how, "post", True)[0] for how in hows)
    return [int((each == targets).sum()) for each in answers]


def rounded():
    """The same counts as processors that round differently would find them."""
    found = {}
    for processor in OTHERS:
        lines = "from unrolled.experiments import twins; twins.print_counts()"
        environment = os.environ | {"OPENBLAS_CORETYPE": processor}
        run = subprocess.run(
            [sys.executable, "-c", lines], env=environment, check=True, capture_output=True
        )
        found[processor] = json.loads(run.stdout.splitlines()[-1])
        print(processor, found[processor])
    return found


def print_counts():
    """Print the counts of this process, for `rounded`."""
    data = load_imdb(offline=True)
    chosen = results.read("order")["results"]["RNN"]
    print(json.dumps(counts(data, *test_ids(data.words), chosen)))


def main():
    """Train from every start, and keep which reviews each gets right."""
    data, chosen = load_imdb(offline=True), results.read("order")["results"]["RNN"]
    read, targets = test_ids(data.words)
    right, reads_padding = {}, {"post": [], "pre": []}
    for seed in order.SEEDS:
        how = chosen["rate"], chosen["epochs"], seed
        answers, _, params = judged(data, read, how, "post", True)
        right[seed] = (answers == targets).astype(int).tolist()
        for side, found in reads_padding.items():
            found.append(int((judged(data, read, how, side, False)[0] == targets).sum()))
        print(seed, np.sum(right[seed]), {side: found[-1] for side, found in reads_padding.items()})
        if seed == order.SEEDS[0]:
            record.write_weights("twins", params)
    settings = {
        "wordvec": order.WORDVEC, "hidden": order.H, "batch": order.BATCH, "dtype": "float32",
        "max_norm": order.MAX_NORM, "Adam lr": chosen["rate"], "epochs": chosen["epochs"],
        "right": "for each start, 1 where it judges a test review correctly, as in reviews.csv",
        "reads_padding": "how many it judges correctly if it has no mask, in training and in the "
        f"test, and reviews are padded to {order.T} behind (post) or in front (pre)",
        "slower": "the same behind, of an RNN and of an LSTM, and with a mask, and the share of "
        f"training reviews judged correctly, at {SLOWER['rate']} for {SLOWER['epochs']} epochs, "
        "and with a mask what is overruled, and how far one of those words pushes a unit, as the "
        "standard deviation of x W_xh",
        "searched": "the same behind, of an RNN whose rate and epochs were chosen for it",
        "overruled": f"share of all pairs of the {ADDED} most frequent words that make a masked "
        "RNN like none of the test reviews that they are appended to, and share that make it "
        "like all",
        "reads_later": "how many it judges correctly if it had a mask in training and reads "
        "padding behind in the test",
        "at_last_word": "how many a logistic regression on the states at the last word judges "
        "correctly, of RNNs untrained, trained with a mask, reading padding behind, and slower",
        "rounded": "how many each start judges correctly with a mask if products are rounded as on "
        "another processor (OPENBLAS_CORETYPE)",
    }  # fmt: skip
    found = {"right": right, "reads_padding": reads_padding}
    found |= {"slower": slower(data, read, targets), "rounded": rounded()}
    found["searched"] = searched(data, read, targets)
    found |= asked(data, read, targets, chosen)
    record.write("twins", settings=settings, results=found)
