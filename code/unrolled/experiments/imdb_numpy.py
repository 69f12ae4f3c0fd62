"""Do the gated networks beat a bag of words on 50,000 reviews of IMDB?

python -m unrolled.experiments imdb --library numpy
"""

import time

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from unrolled.datasets import load_imdb
from unrolled.datasets.sequences import pad
from unrolled.engine import dense, gru, losses, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.masking import Masked
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import predict, train_on_batches

from . import record

V, T, D, H, BATCH, EPOCHS, SEED = 10_000, 80, 32, 64, 64, 3, 0
READERS = {
    "rnn": (rnn, 1, lambda mask: Masked(rnn, mask)),
    "lstm": (lstm, 1, lambda mask: Masked(lstm, mask)),
    "gru": (gru, 1, lambda mask: Masked(gru, mask)),
    "bidirectional lstm": (Bidirectional(lstm), 2, lambda mask: Bidirectional(lstm, mask=mask)),
}


def bag(reviews):
    """Counts (reviews, V) of each word, sparse."""
    ids = np.concatenate(reviews)
    rows = np.repeat(np.arange(len(reviews)), [len(review) for review in reviews])
    counts = csr_matrix((np.ones(len(ids), np.float32), (rows, ids)), shape=(len(reviews), V))
    counts.data = np.log1p(counts.data)
    return counts


def baseline(data, words):
    """Test accuracy of a logistic regression on the last `words` words of each review."""
    train, test = ([review[-words:] for review in part] for part in (data.x_train, data.x_test))
    model = LogisticRegression(C=0.1, max_iter=500).fit(bag(train), data.targets_train)
    return round(float(model.score(bag(test), data.targets_test)), 4)


def accuracy(x, mask, targets, params, reader):
    """Share of right answers, in batches."""
    right = 0
    for start in range(0, len(x), 500):
        part = slice(start, start + 500)
        cell = Final(Embedded(reader(mask[part]), D))
        logits = predict(x[part], params, cell=cell)[0][:, 0]
        right += int((logits.argmax(axis=1) == targets[part]).sum())
    return round(right / len(x), 4)


def network(data, name):
    """Train one network; accuracy on training and test reviews after each epoch."""
    cell, width, reader = READERS[name]
    rng = np.random.default_rng(SEED)
    params = Embedded(cell, D).init_params(V, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(width * H, 2, rng=rng, dtype=np.float32)
    (x, mask), (x_test, mask_test) = pad(data.x_train, T), pad(data.x_test, T)
    optimizer, found = Adam(0.001), {"train loss": [], "test": [], "seconds": []}
    for _ in range(EPOCHS):
        start = time.perf_counter()
        (loss,) = train_on_batches(
            x, data.targets_train[:, None], params,
            cell=lambda mask: Final(Embedded(reader(mask), D)), loss=losses.cross_entropy,
            optimizer=optimizer, batch=BATCH, rng=rng, mask=mask, max_norm=1.0, progress=True,
        )  # fmt: skip
        found["seconds"].append(round(time.perf_counter() - start, 1))
        found["train loss"].append(round(loss, 4))
        found["test"].append(accuracy(x_test, mask_test, data.targets_test, params, reader))
    print(name, found)
    return found


def main():
    """Run everything and record it."""
    data = load_imdb(num_words=V, offline=False)
    results = {
        f"bag of words, last {T} words": {"test": baseline(data, T)},
        "bag of words, whole review": {"test": baseline(data, 10_000)},
    }
    print(results)
    results |= {name: network(data, name) for name in READERS}
    settings = {
        "num_words": V, "T": T, "wordvec": D, "hidden": H, "batch": BATCH, "epochs": EPOCHS,
        "optimizer": "Adam 0.001", "max_norm": 1.0, "seed": SEED, "dtype": "float32",
    }  # fmt: skip
    record.write("imdb", settings=settings, results=results)
