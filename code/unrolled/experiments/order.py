"""Do an RNN and an LSTM use the order of words? Reviews in pairs of the same words. See chapter 9.

    OMP_NUM_THREADS=1 python -m unrolled.experiments order

A bag of words sees the two reviews of a pair as one. The networks read a review to its last word.
Rate and epochs are chosen for each by the accuracy on a fifth of the training reviews, with no pair
torn apart. Writes data/results/order.json.
"""

import numpy as np

from unrolled.datasets import load_imdb
from unrolled.datasets.sequences import pad
from unrolled.engine import dense, initializers, losses, lstm, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.masking import Masked
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import predict, train_on_batches

from . import record

NETWORKS = {"RNN": (rnn, False), "RNN, orthogonal": (rnn, True), "LSTM": (lstm, False)}
WORDVEC, H, BATCH, MAX_NORM, T = 16, 16, 16, 1.0, 46  # no review is longer
RATES, EPOCHS = [0.001, 0.003, 0.01, 0.03, 0.1], 12
TUNING, SEEDS = [100, 101, 102], list(range(12))


def same_words(reviews):
    """A name for each review that those made of the same words share."""
    return [tuple(sorted(review)) for review in reviews]


def pairs(reviews):
    """Where the two reviews of each pair are, (pairs, 2)."""
    groups = {}
    for i, words in enumerate(same_words(reviews)):
        groups.setdefault(words, []).append(i)
    return np.array([group for group in groups.values() if len(group) == 2])


def fifth(reviews, rng):
    """True for a fifth of the reviews, (N,), both of a pair or neither."""
    words = same_words(reviews)
    different = sorted(set(words))
    chosen = {different[i] for i in rng.permutation(len(different))[: len(different) // 5]}
    return np.array([each in chosen for each in words])


def reader(cell):
    """From the mask of a batch to a network that reads it and hands on its last state."""
    return lambda mask: Final(Embedded(Masked(cell, mask), WORDVEC))


def passes(network, V, part, lr, epochs, seed):
    """The parameters after each epoch, the same dict each time; a part is ids, mask and targets."""
    cell, orthogonal = NETWORKS[network]
    rng, optimizer = np.random.default_rng(seed), Adam(lr)
    params = Embedded(cell, WORDVEC).init_params(V, H, rng=rng, dtype=np.float32)
    if orthogonal:
        params["W_hh"] = initializers.orthogonal(H, rng=rng).astype(np.float32)
    params |= dense.init_params(H, 2, rng=rng, dtype=np.float32)
    x, mask, targets = part
    for _ in range(epochs):
        train_on_batches(
            x, targets[:, None], params, cell=reader(cell), loss=losses.cross_entropy,
            optimizer=optimizer, batch=BATCH, rng=rng, mask=mask, max_norm=MAX_NORM,
        )  # fmt: skip
        yield params


def train(network, V, part, tested, lr, epochs, seed):
    """Logits (epochs, tested reviews, 2) after each epoch; a part is ids, mask and targets."""
    x, mask = tested[:2]
    cell = reader(NETWORKS[network][0])(mask)
    runs = passes(network, V, part, lr, epochs, seed)
    return np.array([predict(x, params, cell=cell)[0][:, 0] for params in runs])


def tuned(network, V, whole, held):
    """The rate and the number of epochs that are best on the reviews held out, mean of all starts.

    Among equals fewer epochs, then the smaller rate.
    """
    part, tested = ([array[rows] for array in whole] for rows in (~held, held))
    means = {}
    for lr in RATES:
        runs = [train(network, V, part, tested, lr, EPOCHS, seed) for seed in TUNING]
        right = np.array(runs).argmax(axis=-1) == tested[2]
        means |= {(lr, n + 1): m for n, m in enumerate(right.mean(axis=(0, 2)).round(3).tolist())}
    best = max(means, key=lambda how: (means[how], -how[1], -how[0]))
    return *best, means[best]


def main():
    """Tune both, train them on all training reviews, and look at pairs and others apart."""
    data = load_imdb(offline=True)
    V, twins = len(data.words), pairs(data.x_test)
    x, mask = pad(data.x_train, T, padding="post")
    whole = x, mask, data.targets_train
    x_test, mask_test = pad(data.x_test, T, padding="post")
    held = fifth(data.x_train, np.random.default_rng(0))
    others = ~np.isin(np.arange(len(x_test)), twins)
    truth, results = data.targets_test[twins].argmax(axis=1), {}
    for name in NETWORKS:
        lr, epochs, chosen_by = tuned(name, V, whole, held)
        found = {"rate": lr, "epochs": epochs, "held out": chosen_by, "others": [], "pairs": []}
        for seed in SEEDS:
            test = x_test, mask_test, data.targets_test
            logits = train(name, V, whole, test, lr, epochs, seed)[-1]
            right = logits.argmax(axis=1) == data.targets_test
            friendlier = losses.softmax(logits)[twins, 1].argmax(axis=1)
            found["others"].append(round(float(right[others].mean()), 3))
            found["pairs"].append((friendlier == truth).astype(int).tolist())
        results[name] = found
        print(name, lr, epochs, chosen_by, found["others"], np.mean(found["pairs"], axis=1))
    settings = {
        "wordvec": WORDVEC, "hidden": H, "batch": BATCH, "max_norm": MAX_NORM, "Adam lr": RATES,
        "epochs at most": EPOCHS, "held out": int(held.sum()), "tuning starts": TUNING,
        "starts": SEEDS, "dtype": "float32",
        "pairs": "1 where the friendlier review of a pair of the test part is found, each start",
        "others": "accuracy on the other test reviews, each start",
    }  # fmt: skip
    record.write("order", settings=settings, results=results)
