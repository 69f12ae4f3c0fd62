"""The readers of twelve words that chapters 1 to 6 show, with their weights.

OMP_NUM_THREADS=1 python -m unrolled.experiments rhymes
"""

import numpy as np

from unrolled.datasets import rhymes
from unrolled.engine import losses, rnn, training
from unrolled.explore import last_letter, rhyme_reader

from . import record


def main():
    """Train each reader from its start, and keep its weights and its loss."""
    x, targets = rhymes.load_rhymes()
    weights, reached = {}, {"counting": round(rhymes.best_loss(), 4)}
    for updates in rhyme_reader.RECORDED:
        params = rhyme_reader.train(updates)
        loss = training.evaluate(x, targets, params, cell=rnn, loss=losses.cross_entropy)
        reached[f"{updates} updates"] = round(loss, 4)
        weights |= {f"{updates} updates/{name}": value for name, value in params.items()}
    for letters in last_letter.SEES.values():
        params = last_letter.train(letters)
        seen = last_letter.windows(x, letters).reshape(targets.size, 1, -1)
        loss = training.evaluate(
            seen, targets.reshape(-1, 1), params, cell=rnn, loss=losses.cross_entropy
        )
        reached[f"window of {letters}"] = round(loss, 4)
        weights |= {f"window of {letters}/{name}": value for name, value in params.items()}
    print({name: float(np.round(loss, 3)) for name, loss in reached.items()})
    record.write_weights("rhymes", weights)
    settings = {"H": rhyme_reader.H, "optimizer": "Adam(0.02)", "words": rhymes.WORDS}
    record.write("rhymes", settings=settings, results={"loss": reached})
