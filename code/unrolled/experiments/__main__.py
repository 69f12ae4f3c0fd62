"""The entry point: python -m unrolled.experiments NAME [options]."""

import argparse

LIBRARIES = ("numpy", "keras", "torch")


def imdb(options):
    """Networks on IMDB beside a bag of words."""
    if options.library == "numpy":
        from . import imdb_numpy

        return imdb_numpy.main()
    from . import imdb

    models = options.model or list(imdb.NETWORKS)
    return imdb.run(options.library, models, seeds=options.seeds, device=options.device)


def imdb_improved(options):
    """Larger networks on IMDB, chosen on a validation split."""
    from . import imdb_improved

    return imdb_improved.main(seeds=options.seeds, device=options.device)


def ptb(options):
    """Language models on the Penn Treebank."""
    from . import ptb

    return ptb.main(options.part)


def numbers(options):
    """A small language model of spelled numbers, with its weights."""
    from . import small_models

    return small_models.numbers()


def gates(options):
    """Two small LSTMs whose gates can be watched, with their weights."""
    from . import gate_models

    return gate_models.main()


def reviews(options):
    """A bag of words, an RNN and an LSTM on the shipped reviews, with their weights."""
    from . import review_models

    return review_models.main()


def forecast(options):
    """Linear models and networks on real series, twelve steps ahead."""
    from . import forecast

    return forecast.main()


def truncation(options):
    """Letters to remember: the lag against the cut of the gradient, from two starts."""
    from . import truncation

    return truncation.main()


def dates(options):
    """Dates into ISO form, without attention and with two kinds of it."""
    from . import dates

    return dates.main()


def cliff(options):
    """Gradient descent on twelve words, with and without clipping."""
    from . import cliff

    return cliff.main()


def rhymes(options):
    """Small readers of twelve words, with their weights."""
    from . import rhymes

    return rhymes.main()


def lag_dial(options):
    """Six networks on four memory tasks against the lag."""
    from . import lag_dial

    return lag_dial.main(options.part, options.partial)


def parser():
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m unrolled.experiments",
        description=(
            "Run an experiment of the book and write what it finds to data/results. "
            "A run that was stopped goes on where it was."
        ),
        epilog="Real data are looked for in the folder that UNROLLED_DATA names, and downloaded.",
    )
    commands = top.add_subparsers(dest="experiment", required=True, metavar="NAME")

    def add(name, run):
        command = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        command.set_defaults(run=run)
        return command

    def add_runs(command):
        command.add_argument("--seeds", type=_count, default=3, help="runs of each network")
        command.add_argument(
            "--device", default="auto", help="auto (the GPU if there is one), cpu or cuda"
        )

    command = add("imdb", imdb)
    command.add_argument(
        "--library",
        choices=LIBRARIES,
        default="torch",
        help="numpy has four networks of its own and runs each once",
    )
    command.add_argument(
        "--model", action="append", help="such as lstm, or rnn/torch for PyTorch's own start; all"
    )
    add_runs(command)
    add_runs(add("imdb-improved", imdb_improved))
    command = add("ptb", ptb)
    command.add_argument("part", nargs="?", choices=("words", "full"), help="both if not given")
    add("numbers", numbers)
    add("gates", gates)
    add("reviews", reviews)
    add("forecast", forecast)
    add("dates", dates)
    add("truncation", truncation)
    add("cliff", cliff)
    add("rhymes", rhymes)
    command = add("lag-dial", lag_dial)
    command.add_argument("part", choices=("pilot", "run", "control"))
    command.add_argument("partial", help="a file for what is done, to go on from")
    return top


def _count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on; got {text!r}")
    return int(text)


def main(arguments=None):
    """Run what the command line says."""
    options = parser().parse_args(arguments)
    options.run(options)


if __name__ == "__main__":
    main()
