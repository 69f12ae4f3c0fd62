"""The entry point: python -m unrolled.experiments NAME [options]."""

import argparse
from importlib import import_module
from typing import NamedTuple

LIBRARIES = ("numpy", "keras", "torch")
PTB = {"words": "ptb-first-words", "counting": "ptb-counting", "full": "ptb-full"}


class Experiment(NamedTuple):
    """A name, what is found out, and by which function of which module.

    `run` is "module.function", by default the `main` of the module of that name. `whole` has the
    records that are written at the end alone, or tells them by the options.
    """

    name: str
    what: str
    run: str = ""
    whole: object = ()

    def function(self):
        """What runs it."""
        module, function = (self.run or f"{self.name.replace('-', '_')}.main").split(".")
        return getattr(import_module(f".{module}", __package__), function)


EXPERIMENTS = [
    Experiment(
        "imdb",
        "Networks on IMDB beside a bag of words.",
        run="imdb_runs.main",
        whole=lambda o: ["imdb"] if o.library == "numpy" else [],
    ),
    Experiment("imdb-improved", "Larger networks on IMDB, chosen on a validation split."),
    Experiment("imdb-bags", "Bags of words and of pairs of words on IMDB, each tuned."),
    Experiment(
        "ptb",
        "Language models on the Penn Treebank.",
        whole=lambda o: [PTB[o.part]] if o.part else PTB.values(),
    ),
    Experiment(
        "stories",
        "The shipped stories by letters and by words: a plain network beside counting.",
        whole=["stories"],
    ),
    Experiment(
        "writing",
        "What a network writes after much reading of stories or of Shakespeare.",
        whole=["writing"],
    ),
    Experiment(
        "numbers",
        "A small language model of spelled numbers, with its weights.",
        run="small_models.numbers",
        whole=["numbers-lstm"],
    ),
    Experiment(
        "number-rivals", "Plain networks and counting on spelled numbers that neither has read."
    ),
    Experiment(
        "gates",
        "Two small LSTMs whose gates can be watched, with their weights.",
        run="gate_models.main",
        whole=["gate-models"],
    ),
    Experiment(
        "reviews",
        "A bag of words, an RNN and an LSTM on the shipped reviews, with their weights.",
        run="review_models.main",
        whole=["review-models"],
    ),
    Experiment("forecast", "Linear models and networks on real series, twelve steps ahead."),
    Experiment(
        "forecast-starts", "The networks of `forecast` at one window, each start by itself."
    ),
    Experiment(
        "forecast-level",
        "A GRU on the height of CO2: what it says at levels that it was not taught.",
    ),
    Experiment(
        "forecast-unbounded",
        "Plain networks with and without ends of their units on the height of CO2.",
    ),
    Experiment(
        "forecast-rivals",
        "ARIMA and exponential smoothing on the series of `forecast` (needs statsmodels).",
    ),
    Experiment(
        "dates", "Dates into ISO form, without attention and with two kinds of it.", whole=["dates"]
    ),
    Experiment("looking", "Dates by five starts: what beams find, what weights of attention tell."),
    Experiment("short-way", "Dates with the mean of all states, taken apart, three starts."),
    Experiment(
        "bottleneck", "Words through one state, read ahead, backward and both ways, five starts."
    ),
    Experiment("bottleneck-probe", "What can be read from the state of a bottleneck."),
    Experiment(
        "truncation",
        "Letters to remember: the lag against the cut of the gradient, from two starts.",
    ),
    Experiment(
        "balance",
        "One parameter of long and of short effects: exact, cut and random gradients.",
        whole=["balance"],
    ),
    Experiment(
        "gradient-cost",
        "Peak memory and time of the same gradient by several schedules.",
        whole=["gradient-cost"],
    ),
    Experiment(
        "store", "RNN, LSTM and GRU that keep the letter stored last, each tuned, ten starts."
    ),
    Experiment(
        "store-longer",
        "The best RNN of `store` with five times as many updates.",
        run="store.longer",
    ),
    Experiment(
        "store-held",
        "LSTMs on the task of `store`, trained with one gate held at 1.",
        run="store.held",
    ),
    Experiment(
        "order",
        "RNN and LSTM on reviews, some of them in pairs of the same words.",
        whole=["order"],
    ),
    Experiment(
        "twins", "The RNN of `order`, and on which test reviews it is right.", whole=["twins"]
    ),
    Experiment(
        "counting", "Networks that say when as many b as a have been read, and count further."
    ),
    Experiment("lineup", "Right and wrong gradients on prose, right and wrong scalers on CO2."),
    Experiment(
        "depth", "Stacks of one to three layers on pairs of switches, each tuned, ten starts."
    ),
    Experiment(
        "depth-longer",
        "One layer on four pairs of switches, five times as many updates.",
        run="depth.longer",
    ),
    Experiment(
        "gap", "Letters to fill in, from the left, from the right and from both sides, each tuned."
    ),
    Experiment(
        "dropout",
        "LSTMs that fill in letters, with dropout at three places, one mask and fresh ones.",
    ),
    Experiment(
        "dropout-memory",
        "The same for LSTMs that keep the letter stored last.",
        run="dropout.memory",
    ),
    Experiment(
        "embedding-scale",
        "Tables of word vectors, stored and read large or small, at three rates.",
        whole=["embedding-scale"],
    ),
    Experiment(
        "cliff", "Gradient descent on twelve words, with and without clipping.", whole=["cliff"]
    ),
    Experiment("rhymes", "Small readers of twelve words, with their weights.", whole=["rhymes"]),
    Experiment(
        "playground",
        "The stories of the playground: updates until each is solved.",
        whole=["playground"],
    ),
    Experiment(
        "lag-dial", "Four networks on four memory tasks against the lag, and why some fail."
    ),
    Experiment(
        "lag-dial-linear", "The same for cells whose step is linear: LRU, minGRU, signed minGRU."
    ),
    Experiment(
        "parity-lengths", "minGRU, signed minGRU and GRU on parity, then at greater lengths."
    ),
    Experiment("selective", "Selective copying by one and two layers that do not look back."),
    Experiment(
        "flip-flop",
        "Networks that keep two or three bits, their fixed points, their gradients.",
        whole=["flip-flop"],
    ),
    Experiment(
        "exponents", "Lyapunov exponents of random networks, alone and driven.", whole=["exponents"]
    ),
    Experiment(
        "newton-rounds",
        "How many rounds Newton's method needs to run a network all at once.",
        whole=["newton-rounds"],
    ),
    Experiment("reservoir", "How long networks that nobody trained follow chaos, and rivals."),
    Experiment(
        "architectures", "GRU, convolution and Transformers on three tasks, at longer lengths, too."
    ),
    Experiment("mixtures", "One layer of each linear cell, and sinusoids whose places move."),
    Experiment(
        "next-step",
        "The time of one more step after 100 to 100,000, for three networks.",
        whole=["next-step"],
    ),
    Experiment("strokes", "LSTMs that go on in a hand, with eight clouds and with one."),
    Experiment("crossings", "GRUs at a fork: squared error, one normal, a mixture."),
    Experiment(
        "letters",
        "What networks and counting write of the stories, cool or hot.",
        whole=["letters"],
    ),
    Experiment(
        "copied",
        "GRUs of PyTorch, copied with and without mistakes, and what the copies get right.",
    ),
    Experiment(
        "backends",
        "The layers of Keras on TensorFlow, PyTorch and JAX beside ours (needs all three).",
    ),
]


def parser():
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m unrolled.experiments",
        description=(
            "Run an experiment of the book and write what it finds to data/results. One that "
            "records each of its runs goes on where it was stopped; of one that is recorded as a "
            "whole nothing is run again, unless --again says so."
        ),
        epilog="Real data are looked for in the folder that UNROLLED_DATA names, and downloaded.",
    )
    commands = top.add_subparsers(dest="experiment", required=True, metavar="NAME")
    own = {"imdb": of_imdb, "imdb-improved": of_runs, "ptb": of_ptb}
    for experiment in EXPERIMENTS:
        what = experiment.what
        command = commands.add_parser(experiment.name, help=what, description=what)
        if experiment.whole:
            command.add_argument("--again", action="store_true", help="run what is recorded")
        if experiment.name in own:
            own[experiment.name](command)
    return top


def of_imdb(command):
    """Options of `imdb`."""
    command.add_argument(
        "--library",
        choices=LIBRARIES,
        default="torch",
        help="numpy has four networks of its own and runs each once",
    )
    command.add_argument(
        "--model", action="append", help="such as lstm, or rnn/torch for PyTorch's own start; all"
    )
    of_runs(command)


def of_runs(command):
    """Options of networks that are run from several starts."""
    command.add_argument("--seeds", type=_count, default=3, help="runs of each network")
    command.add_argument(
        "--device", default="auto", help="auto (the GPU if there is one), cpu or cuda"
    )


def of_ptb(command):
    """Options of `ptb`."""
    command.add_argument("part", nargs="?", choices=PTB, help="all if not given")


def _count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on; got {text!r}")
    return int(text)


def main(arguments=None):
    """Run what the command line says; the experiment gets the options that are its own."""
    options = parser().parse_args(arguments)
    experiment = next(e for e in EXPERIMENTS if e.name == options.experiment)
    whole = experiment.whole(options) if callable(experiment.whole) else experiment.whole
    given = {name: value for name, value in vars(options).items() if name != "experiment"}
    if given.pop("again", False) or not (whole and _are_recorded(whole)):
        experiment.function()(**given)


def _are_recorded(names):
    from . import record

    places = [record.folder() / f"{name}.json" for name in names]
    found = all(place.exists() for place in places)
    if found:
        print(f"{' and '.join(map(str, places))}: there already; --again runs it again")
    return found


if __name__ == "__main__":
    main()
