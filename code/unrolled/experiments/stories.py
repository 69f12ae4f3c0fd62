"""The plain network as a language model: of the shipped stories, beside counting. See chapter 8.

    OMP_NUM_THREADS=1 python -m unrolled.experiments stories

Reads the stories by letters and by words. The size and the learning rate are searched for each on
starts of their own, all runs are stopped by the validation text, and so are counting's order and
discounts. The test text is read by ten other starts at the chosen setting.
"""

import itertools

import numpy as np

from unrolled.analysis import ngram
from unrolled.datasets import load_letters, load_ptb
from unrolled.engine import dense, initializers, losses, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.language_model import stream
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import evaluate, predict, train_on_stream

from . import record

N, MAX_NORM, PATIENCE, DROP, EPOCHS = 4, 1.0, 2, 5, 60
TUNING, STARTS = [100, 101], list(range(10))
RATES = [0.002, 0.005, 0.01, 0.02, 0.04]
# Sizes (D, H), rates below the grid to look at, steps of a block, orders of counting, and steps of
# a stretch of test text.
TASKS = {
    "letters": {
        "sizes": [(32, 128), (32, 256)],
        "below": [],
        "k": 50,
        "orders": range(2, 13),
        "stretch": 100,
    },
    "words": {
        "sizes": [(32, 64), (64, 128)],
        "below": [0.001, 0.0005],
        "k": 20,
        "orders": range(1, 6),
        "stretch": 20,
    },
}


def network(V, D, H, seed):
    """An embedding, a plain cell that starts orthogonal, and a readout, in float32."""
    rng, model = np.random.default_rng(seed), Embedded(rnn, D)
    params = model.init_params(V, H, rng=rng, dtype=np.float32)
    params["W_hh"] = initializers.orthogonal(H, rng=rng).astype(np.float32)
    return model, params | dense.init_params(H, V, rng=rng, dtype=np.float32)


def train(train_ids, valid_ids, V, size, rate, k, seed):
    """Train until the validation loss stalls twice; the parameters, and the losses by epoch.

    It stalls when PATIENCE epochs bring no improvement. At the first stall the rate is divided by
    DROP, at the second training ends. The parameters are those of the best epoch.
    """
    model, params = network(V, *size, seed)
    rows, optimizer = stream(train_ids, N), Adam(rate)
    best, kept, waited, history = np.inf, {}, 0, []
    while len(history) < EPOCHS:
        (loss,) = train_on_stream(
            *rows, params, cell=model, loss=losses.cross_entropy, optimizer=optimizer, k=k,
            max_norm=MAX_NORM,
        )  # fmt: skip
        history.append((float(loss), valid := _loss(valid_ids, params, model)))
        waited += 1
        if valid < best:
            best, kept, waited = valid, {n: p.copy() for n, p in params.items()}, 0
        elif waited == PATIENCE and optimizer.lr == rate:
            optimizer.lr, waited = rate / DROP, 0
        elif waited == PATIENCE:
            break
    return model, kept, history


def _loss(ids, params, model):
    return float(evaluate(*stream(ids, 1), params, cell=model, loss=losses.cross_entropy))


def costs(ids, params, model):
    """What each id but the first costs, in nats."""
    logits, _ = predict(ids[None, :-1], params, cell=model)
    each = logits[0].astype(float)
    each -= each.max(axis=1, keepdims=True)
    return np.log(np.exp(each).sum(axis=1)) - each[np.arange(len(each)), ids[1:]]


def stretches(nats, length):
    """Sums over stretches of the last steps; what is left over at the beginning is dropped."""
    many = len(nats) // length
    return nats[len(nats) - many * length :].reshape(many, length).sum(axis=1).round(3).tolist()


def run(task, corpus):
    """Search, train and test one of TASKS; its record, and the best start's parameters."""
    ids, V, how = corpus[1:4], len(corpus.words), TASKS[task]

    def tuning(size, rate):
        every = [train(*ids[:2], V, size, rate, how["k"], seed)[2] for seed in TUNING]
        return [_least(each) for each in every]

    search = []
    for size, rate in itertools.product(how["sizes"], RATES):
        search.append({"size": size, "rate": rate, "valid": tuning(size, rate)})
        print(task, search[-1], flush=True)
    best = min(search, key=lambda each: np.mean(each["valid"]))
    below = [{"rate": rate, "valid": tuning(best["size"], rate)} for rate in how["below"]]
    starts, read, models = [], [], []
    for seed in STARTS:
        model, params, history = train(*ids[:2], V, best["size"], best["rate"], how["k"], seed)
        read.append(costs(ids[2], params, model))
        starts.append(
            {"epochs": len(history), "valid": _least(history), "test": float(read[-1].mean())}
        )
        models.append(params)
        print(task, starts[-1], flush=True)
    order, discounts, score = ngram.tuned(*ids[:2], orders=how["orders"], V=V)
    counted = ngram.nats(ids[0], ids[2], order=order, V=V, discount=discounts)
    found = {
        "V": V, "read": [len(part) for part in ids], "search": search, "below": below,
        "chosen": {"size": best["size"], "rate": best["rate"]}, "starts": starts,
        "counting": {
            "order": order, "discounts": discounts, "valid": float(np.log(score)),
            "test": float(counted.mean()),
        },
        "stretches": {  # of test text: sums of nats, the network's as a mean over its starts
            "steps": how["stretch"],
            "network": stretches(np.mean(read, axis=0)[order - 2 :], how["stretch"]),
            "counting": stretches(counted, how["stretch"]),
        },
    }  # fmt: skip
    return found, models[int(np.argmin([each["valid"] for each in starts]))]


def _least(history):
    return min(valid for _, valid in history)


def main():
    """Both tasks; the weights that are kept are those of the letters."""
    by_letters, params = run("letters", load_letters())
    by_words, _ = run("words", load_ptb(offline=True))
    settings = {
        "rows": N, "max_norm": MAX_NORM, "optimizer": "Adam", "start of W_hh": "orthogonal",
        "rates": RATES, "tuned on seeds": TUNING,
        "starts": STARTS, "dtype": "float32",
        "steps of a block": {task: how["k"] for task, how in TASKS.items()},
        "stopping": f"after {PATIENCE} epochs without a better validation loss the rate is divided "
        f"by {DROP}, after {PATIENCE} more training ends; at most {EPOCHS} epochs",
        "losses": "nats a step",
        "weights": "the letters' start with the best validation loss, and start 0 untrained",
    }  # fmt: skip
    fresh = network(by_letters["V"], *by_letters["chosen"]["size"], 0)[1]
    kept = {"trained": params, "untrained": fresh}
    weights = {f"{k}/{n}": p.astype(np.float16) for k, ps in kept.items() for n, p in ps.items()}
    record.write_weights("stories", weights)
    record.write("stories", settings=settings, results={"letters": by_letters, "words": by_words})
