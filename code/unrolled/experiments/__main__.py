"""The entry point: python -m unrolled.experiments NAME [options]."""

import argparse

LIBRARIES = ("numpy", "keras", "torch")
PTB = {"words": "ptb-first-words", "counting": "ptb-counting", "full": "ptb-full"}


def imdb(options):
    """Networks on IMDB beside a bag of words."""
    if options.library == "numpy":
        from . import imdb_numpy

        return imdb_numpy.main()
    from . import imdb, imdb_runs

    models = options.model or list(imdb.NETWORKS)
    return imdb_runs.run(options.library, models, seeds=options.seeds, device=options.device)


def imdb_improved(options):
    """Larger networks on IMDB, chosen on a validation split."""
    from . import imdb_improved

    return imdb_improved.main(seeds=options.seeds, device=options.device)


def imdb_bags(options):
    """Bags of words and of pairs of words on IMDB, each tuned."""
    from . import imdb_bags

    return imdb_bags.main()


def ptb(options):
    """Language models on the Penn Treebank."""
    from . import ptb

    return ptb.main(options.part)


def stories(options):
    """The shipped stories by letters and by words: a plain network beside counting."""
    from . import stories

    return stories.main()


def writing(options):
    """What a network writes after much reading of stories or of Shakespeare."""
    from . import writing

    return writing.main()


def numbers(options):
    """A small language model of spelled numbers, with its weights."""
    from . import small_models

    return small_models.numbers()


def number_rivals(options):
    """Plain networks and counting on spelled numbers that neither has read."""
    from . import number_rivals

    return number_rivals.main()


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


def forecast_starts(options):
    """The networks of `forecast` at one window, each start by itself."""
    from . import forecast_starts

    return forecast_starts.main()


def forecast_level(options):
    """A GRU on the height of CO2: what it says at levels that it was not taught."""
    from . import forecast_level

    return forecast_level.main()


def forecast_unbounded(options):
    """Plain networks with and without ends of their units on the height of CO2."""
    from . import forecast_unbounded

    return forecast_unbounded.main()


def forecast_rivals(options):
    """ARIMA and exponential smoothing on the series of `forecast` (needs statsmodels)."""
    from . import forecast_rivals

    return forecast_rivals.main()


def truncation(options):
    """Letters to remember: the lag against the cut of the gradient, from two starts."""
    from . import truncation

    return truncation.main()


def balance(options):
    """One parameter of long and of short effects: exact, cut and random gradients."""
    from . import balance

    return balance.main()


def gradient_cost(options):
    """Peak memory and time of the same gradient by several schedules."""
    from . import gradient_cost

    return gradient_cost.main()


def dates(options):
    """Dates into ISO form, without attention and with two kinds of it."""
    from . import dates

    return dates.main()


def looking(options):
    """Dates by five starts: what beams find, what weights of attention tell."""
    from . import looking

    return looking.main()


def bottleneck(options):
    """Words through one state, read ahead, backward and both ways, five starts."""
    from . import bottleneck

    return bottleneck.main()


def store(options):
    """RNN, LSTM and GRU that keep the letter stored last, each tuned, ten starts."""
    from . import store

    return store.main()


def store_longer(options):
    """The best RNN of `store` with five times as many updates."""
    from . import store

    return store.longer()


def store_held(options):
    """LSTMs on the task of `store`, trained with one gate held at 1."""
    from . import store

    return store.held()


def lineup(options):
    """Right and wrong gradients on prose, right and wrong scalers on CO2."""
    from . import lineup

    return lineup.main()


def counting(options):
    """Networks that say when as many b as a have been read, and count further."""
    from . import counting

    return counting.main()


def depth(options):
    """Stacks of one to three layers on pairs of switches, each tuned, ten starts."""
    from . import depth

    return depth.main()


def depth_longer(options):
    """One layer on four pairs of switches, five times as many updates."""
    from . import depth

    return depth.longer()


def gap(options):
    """Letters to fill in, from the left, from the right and from both sides, each tuned."""
    from . import gap

    return gap.main()


def dropout(options):
    """LSTMs that fill in letters, with dropout at three places, one mask and fresh ones."""
    from . import dropout

    return dropout.main()


def dropout_memory(options):
    """The same for LSTMs that keep the letter stored last."""
    from . import dropout

    return dropout.memory()


def order(options):
    """RNN and LSTM on reviews, some of them in pairs of the same words."""
    from . import order

    return order.main()


def twins(options):
    """The RNN of `order`, and on which test reviews it is right."""
    from . import twins

    return twins.main()


def embedding_scale(options):
    """Tables of word vectors, stored and read large or small, at three rates."""
    from . import embedding_scale

    return embedding_scale.main()


def cliff(options):
    """Gradient descent on twelve words, with and without clipping."""
    from . import cliff

    return cliff.main()


def rhymes(options):
    """Small readers of twelve words, with their weights."""
    from . import rhymes

    return rhymes.main()


def playground(options):
    """The stories of the playground: updates until each is solved."""
    from . import playground

    return playground.main()


def lag_dial(options):
    """Four networks on four memory tasks against the lag, and why some fail."""
    from . import lag_dial

    return lag_dial.main()


def lag_dial_linear(options):
    """The same for cells whose step is linear: LRU, minGRU, signed minGRU."""
    from . import lag_dial_linear

    return lag_dial_linear.main()


def parity_lengths(options):
    """minGRU, signed minGRU and GRU on parity, then at greater lengths."""
    from . import parity_lengths

    return parity_lengths.main()


def selective(options):
    """Selective copying by one and two layers that do not look back."""
    from . import selective

    return selective.main()


def flip_flop(options):
    """Networks that keep two or three bits, their fixed points, their gradients."""
    from . import flip_flop

    return flip_flop.main()


def exponents(options):
    """Lyapunov exponents of random networks, alone and driven."""
    from . import exponents

    return exponents.main()


def newton_rounds(options):
    """How many rounds Newton's method needs to run a network all at once."""
    from . import newton_rounds

    return newton_rounds.main()


def architectures(options):
    """GRU, convolution and Transformers on three tasks, at longer lengths, too."""
    from . import architectures

    return architectures.main()


def next_step(options):
    """The time of one more step after 100 to 100,000, for three networks."""
    from . import next_step

    return next_step.main()


def copied(options):
    """GRUs of PyTorch, copied with and without mistakes, and what the copies get right."""
    from . import copied

    return copied.main()


def backends(options):
    """The layers of Keras on TensorFlow, PyTorch and JAX beside ours (needs all three)."""
    from . import backends

    return backends.main()


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

    def add(name, run, *, whole=()):
        """`whole` names the records that are written at the end alone, or tells by the options."""
        command = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        command.set_defaults(run=run, whole=whole)
        if whole:
            command.add_argument("--again", action="store_true", help="run what is recorded")
        return command

    def add_runs(command):
        command.add_argument("--seeds", type=_count, default=3, help="runs of each network")
        command.add_argument(
            "--device", default="auto", help="auto (the GPU if there is one), cpu or cuda"
        )

    command = add("imdb", imdb, whole=lambda o: ["imdb"] if o.library == "numpy" else [])
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
    add("imdb-bags", imdb_bags)
    command = add("ptb", ptb, whole=lambda o: [PTB[o.part]] if o.part else PTB.values())
    command.add_argument("part", nargs="?", choices=PTB, help="all if not given")
    add("stories", stories, whole=["stories"])
    add("writing", writing, whole=["writing"])
    add("numbers", numbers, whole=["numbers-lstm"])
    add("number-rivals", number_rivals)
    add("gates", gates, whole=["gate-models"])
    add("reviews", reviews, whole=["review-models"])
    add("forecast", forecast)
    add("forecast-starts", forecast_starts)
    add("forecast-level", forecast_level)
    add("forecast-unbounded", forecast_unbounded)
    add("forecast-rivals", forecast_rivals)
    add("dates", dates, whole=["dates"])
    add("looking", looking)
    add("bottleneck", bottleneck)
    add("truncation", truncation)
    add("balance", balance, whole=["balance"])
    add("gradient-cost", gradient_cost, whole=["gradient-cost"])
    add("store", store)
    add("store-longer", store_longer)
    add("store-held", store_held)
    add("order", order, whole=["order"])
    add("twins", twins, whole=["twins"])
    add("counting", counting)
    add("lineup", lineup)
    add("depth", depth)
    add("depth-longer", depth_longer)
    add("gap", gap)
    add("dropout", dropout)
    add("dropout-memory", dropout_memory)
    add("embedding-scale", embedding_scale, whole=["embedding-scale"])
    add("cliff", cliff, whole=["cliff"])
    add("rhymes", rhymes, whole=["rhymes"])
    add("playground", playground, whole=["playground"])
    add("lag-dial", lag_dial)
    add("lag-dial-linear", lag_dial_linear)
    add("parity-lengths", parity_lengths)
    add("selective", selective)
    add("flip-flop", flip_flop, whole=["flip-flop"])
    add("exponents", exponents, whole=["exponents"])
    add("newton-rounds", newton_rounds, whole=["newton-rounds"])
    add("architectures", architectures)
    add("next-step", next_step, whole=["next-step"])
    add("copied", copied)
    add("backends", backends)
    return top


def _count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on; got {text!r}")
    return int(text)


def main(arguments=None):
    """Run what the command line says."""
    options = parser().parse_args(arguments)
    names = options.whole(options) if callable(options.whole) else options.whole
    if not (names and not options.again and _are_recorded(names)):
        options.run(options)


def _are_recorded(names):
    from . import record

    places = [record.folder() / f"{name}.json" for name in names]
    found = all(place.exists() for place in places)
    if found:
        print(f"{' and '.join(map(str, places))}: there already; --again runs it again")
    return found


if __name__ == "__main__":
    main()
