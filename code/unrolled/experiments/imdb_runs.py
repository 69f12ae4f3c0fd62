"""The networks of `imdb.NETWORKS`, trained by one of the libraries and recorded run by run."""

from tqdm import tqdm

from . import imdb, record


def parted(model, starts):
    """The network and the start of a name. Raises ValueError if there is no such network or start.

    The start stands behind a slash, as in "rnn/torch"; without one it is that of Keras.
    """
    network, _, start = model.partition("/")
    for what, name, known in (
        ("network", network, imdb.NETWORKS),
        ("start", start or "keras", starts),
    ):
        if name not in known:
            raise ValueError(f"there is no {what} {name!r} here, only {', '.join(known)}")
    return network, start or "keras"


def run(library, models, *, seeds, device="auto"):
    """Train the models that are not yet in data/results/imdb-LIBRARY.json.

    `library` is "keras" or "torch"; `models` are names for `parted`.

    Raises
    ------
    ValueError
        If there is no such network or start, before anything is read or trained.
    """
    if library == "keras":
        from . import imdb_keras as backend
    else:
        from . import imdb_torch as backend
    pairs = [parted(model, backend.STARTS) for model in models]
    place, data = backend.describe(device), imdb.load()
    runs = record.Runs(
        f"imdb-{library}", settings=imdb.SETTINGS, packages=backend.PACKAGES,
        device=place, data=["imdb"],
    )  # fmt: skip
    todo = [(*pair, seed) for pair in pairs for seed in range(seeds)]
    for model, start, seed in (bar := tqdm(todo)):
        bar.set_description(f"{model}/{start}, seed {seed}")
        runs.once(
            lambda m=model, i=start, s=seed: backend.train(m, i, s, data, device),
            model=model, start=start, seed=seed,
        )  # fmt: skip


def main(*, library, model, seeds, device):
    """What the command line asks for: models of one library, or the networks of our own."""
    if library == "numpy":
        from . import imdb_numpy

        return imdb_numpy.main()
    return run(library, model or list(imdb.NETWORKS), seeds=seeds, device=device)
