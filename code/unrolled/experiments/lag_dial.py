"""The lag dial: which network learns which task, with the answer how many steps back?

    OMP_NUM_THREADS=1 python -m unrolled.experiments lag-dial

Rate and start of each network are chosen for each task on seeds of their own, at two lags. Then
all squares of the table are run start by start, so that wherever it is stopped they have equally
many. Each is trained until it has solved the task or used up its updates. A square that fewer than
half of the starts have solved is asked why: by runs with three times the updates and by a
curriculum, at the chosen rate and at a third of it. Every run also says how well its state can be
read and what comes back to the input that matters, before and after training (`lag_probes`).

Writes data/results/lag-dial.json, lag-dial-tuning.json and lag-dial-probes.json after each run, and
goes on where it stopped; lag-dial-rounded.json has one square from another processor, and
lag-dial-rest.json the other starts of those squares where two of three solved it with more updates.
To add a network, add it to NETWORKS in lag_squares.py; what is recorded stays.
"""

import itertools
import time

import numpy as np

from unrolled.analysis import lag_probes
from unrolled.engine import dense, losses
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.contract import width
from unrolled.engine.optimizers import Adam, clip_by_global_norm

from . import record
from .lag_squares import LINEAR, NETWORKS, QUIET, TASKS, batch

H, BATCH, UPDATES, CHECK_EVERY, SOLVED, MAX_NORM = 32, 32, 2000, 50, 0.95, 1.0
CHECKED, MEASURED, PROBED = 256, 1024, 256  # fresh sequences: of a check, of skill and state, of dx
LAGS, SEEDS, CUT_STARTS = [5, 10, 20, 40], list(range(10)), list(range(5))
RATES, TUNING, TUNED_AT = [0.0003, 0.001, 0.003, 0.01, 0.03], [100, 101], [5, 20]
LONGER, MUCH_LONGER, PROBES, EASIEST, HARDER = 3, 12, [0, 1, 2], 2, 1.25
CUT, CUT_AT, CUT_TASKS = 10, 20, ["echo", "copy", "adding"]
ADDING_VARIANCE = 1 / 6
TWO_OF_THREE = [  # squares that more updates solve from two starts of three, at the better rate
    ["adding", "RNN", 40, "as drawn", 0.003],
    ["adding", "RNN, other start", 40, "orthogonal", 0.001],
    ["parity", "LSTM", 20, "forget bias 3", 0.01],
    ["echo", "LSTM", 20, "forget bias 3", 0.01],
]
BY = ["part", "task", "network", "lag", "begin", "rate"]


def loss_gradient(h, targets, params):
    """Gradient of the loss for the hidden states, and those of the readout."""
    answers, dh = h[:, -targets.shape[1] :], np.zeros_like(h)
    loss = losses.cross_entropy if targets.dtype.kind == "i" else losses.mean_squared_error
    _, dlogits = loss(dense.forward(answers, params), targets)
    dh[:, -targets.shape[1] :], grads = dense.backward(dlogits, answers, params)
    return dh, grads


def gradients(x, targets, params, cell, k):
    """Gradients of the loss; full BPTT if k is None, else cut after k."""
    h, tape = cell.forward(x, params)
    dh, grads = loss_gradient(h, targets, params)
    if k is None:
        return cell.backward(dh, tape, params)[2] | grads
    return truncated_backward(dh, tape, params, cell=cell, k1=k, k2=k)[2] | grads


def skill(task, N, lag, params, cell, rng):
    """0 for guessing, 1 for no mistake, on N fresh sequences."""
    x, targets = batch(task, N, lag, rng)
    h, _ = cell.forward(x, params)
    logits = dense.forward(h[:, -targets.shape[1] :], params)
    if task == "adding":
        found = 1 - ((logits - targets) ** 2).mean() / ADDING_VARIANCE
    else:
        chance = 1 / logits.shape[-1]
        found = ((logits.argmax(axis=-1) == targets).mean() - chance) / (1 - chance)
    return max(0.0, float(found))


def probe(task, lag, params, cell, gate, rng):
    """What a readout finds in the last state of what came `lag` steps ago, the share of the last
    answer's gradient that arrives there, and the gate that keeps: its mean, and that of the unit
    where it is most open.
    """
    x, targets = batch(task, 2 * MEASURED, lag, rng)
    _, tape = cell.forward(x, params)
    place = x.shape[1] - 1 - lag - TASKS[task][3]
    states, wanted = np.concatenate(tape.state, axis=1), targets[:, -1]
    if task == "adding":  # the readout is told the second number, or half of a sum would count
        wanted = x[:, place, 0]
        states = np.c_[states, targets[:, 0, 0] - wanted]
    if task == "parity":
        wanted = (x[:, place, 0] > 0).astype(int)
    some, last = x[:PROBED], targets[:PROBED, -1:]
    h_some, tape_some = cell.forward(some, params)
    dx = cell.backward(loss_gradient(h_some, last, params)[0], tape_some, params)[0]
    share = lag_probes.share_from(dx, place)
    found = {
        "read": round(lag_probes.readable(states, wanted), 3),
        "share": float(f"{share or 0:.3g}"),
    }
    if gate:
        units = tape.gate(gate).mean(axis=(0, 1), dtype=np.float64)
        found |= {"gate": round(float(units.mean()), 3), "gate most": round(float(units.max()), 3)}
    return found


def train(
    task, network, lag, begin, rate, seed, *, updates=UPDATES, k=None, easiest=None, H=H, ask=True
):
    """One network from its start: what came out. All networks of a seed read the same.

    With `easiest` it begins at that lag, and goes on to a greater one when that is solved. It says
    after how many updates it has solved the task, or 0, and what `probe` finds before and after.
    """
    begun, (cell, starts, gate) = time.perf_counter(), (NETWORKS | LINEAR)[network]
    _, D, outputs, _ = TASKS[task]
    rng, read, check, measure, other = (np.random.default_rng([seed, use]) for use in range(5))
    params = starts[begin](D, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(width(cell, H), outputs, rng=rng, dtype=np.float32)
    optimizer, now, solved = Adam(rate), easiest or lag, 0
    before = probe(task, lag, params, cell, gate, other) if ask else {}
    for update in range(1, updates + 1):
        grads = gradients(*batch(task, BATCH, now, read), params, cell, k)
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
        if update % CHECK_EVERY == 0 and skill(task, CHECKED, now, params, cell, check) >= SOLVED:
            if now == lag:
                solved = update
                break
            now = min(lag, int(np.ceil(HARDER * now)))
    after = probe(task, lag, params, cell, gate, other) if ask else {}
    return {
        "solved": solved,
        "skill": round(skill(task, MEASURED, lag, params, cell, measure), 3),
        **({"reached": now} if easiest else {}),
        **{f"{name} before": value for name, value in before.items()},
        **{f"{name} after": value for name, value in after.items()},
        "seconds": round(time.perf_counter() - begun, 1),
    }


def merit(runs):
    """How well tuning went: skill, and 1 to 2 where the task was solved, the sooner the better."""
    scores = [2 - r["solved"] / UPDATES if r["solved"] else min(1, r["skill"]) for r in runs]
    return float(np.mean(scores))


def best(runs):
    """The start and rate of the tuning runs with the highest merit, the first among equals."""
    choices = {}
    for run in runs:
        choices.setdefault((run["begin"], run["rate"]), []).append(run)
    return max(choices, key=lambda choice: merit(choices[choice]))


def failed(runs):
    """Whether fewer than half of these starts have solved their square."""
    return sum(run["solved"] > 0 for run in runs) < len(runs) / 2


def rounded():
    """Train the RNNs at parity over 40 steps again: recorded on another processor than the rest."""
    square = {
        "task": "parity",
        "network": "RNN",
        "lag": LAGS[-1],
        "begin": "as drawn",
        "rate": 0.03,
    }
    runs = record.Runs("lag-dial-rounded", settings=square | {"updates": UPDATES, "starts": SEEDS})
    for seed in SEEDS:
        runs.once(lambda seed=seed: train(**square, seed=seed), start=seed)


def rest():
    """Give the other starts more updates, too, where two of three have decided."""
    how = {"updates": LONGER * UPDATES, "ask": False}
    others = SEEDS[len(PROBES) :]
    settings = {"updates": how["updates"], "starts": others, "squares": TWO_OF_THREE}
    runs = record.Grouped("lag-dial-rest", settings=settings, by=BY)
    for seed, square in itertools.product(others, TWO_OF_THREE):
        key = dict(zip([*BY, "start"], ["longer", *square, seed], strict=True))
        runs.once(lambda square=square, seed=seed: train(*square, seed, **how), **key)


def main():
    """Tune, run every square from all starts, and ask those that failed why."""
    settings = {
        "H": H, "batch": BATCH, "updates at most": UPDATES, "checked every": CHECK_EVERY,
        "solved at skill": SOLVED, "sequences of a check": CHECKED, "measured on": MEASURED,
        "max_norm": MAX_NORM, "optimizer": "Adam", "dtype": "float32", "lags": LAGS,
        "starts": SEEDS, "starts if cut": CUT_STARTS, "Adam lr": RATES, "tuning starts": TUNING,
        "tuned at lags": TUNED_AT, "times the updates in a probe": LONGER,
        "times in the longest": MUCH_LONGER,
        "starts of a probe": PROBES, "curriculum": [EASIEST, HARDER], "k1 = k2 if cut": CUT,
        "cut at lag": CUT_AT, "cut": CUT_TASKS, "quiet": QUIET,
    }  # fmt: skip
    runs = {
        name: record.Grouped(f"lag-dial{name}", settings=settings, by=BY)
        for name in ("", "-tuning", "-probes")
    }

    def once(part, *square, **how):
        name = {"tuning": "-tuning", "test": "", "cut": ""}.get(part, "-probes")
        key = dict(zip([*BY, "start"], [part, *square], strict=True))
        return runs[name].once(lambda: train(*square, **how), **key)

    chosen = {}
    for task, network in itertools.product(TASKS, NETWORKS):
        choices = itertools.product(TUNED_AT, NETWORKS[network][1], RATES, TUNING)
        found = [once("tuning", task, network, *choice, ask=False) for choice in choices]
        chosen[task, network] = best(found)
        print(task, network, *chosen[task, network], round(merit(found), 2), flush=True)

    squares = [(t, n, lag, *chosen[t, n]) for t, n, lag in itertools.product(TASKS, NETWORKS, LAGS)]
    tested = {square: [] for square in squares}
    for seed, square in itertools.product(SEEDS, squares):
        tested[square].append(once("test", *square, seed))
    asked = [square for square in squares if failed(tested[square])]
    more = {"updates": LONGER * UPDATES}
    ways = {"longer": more, "curriculum": more | {"easiest": EASIEST}}
    for seed, (*square, rate), (way, how) in itertools.product(PROBES, asked, ways.items()):
        once(way, *square, rate, seed, **how)
        once(f"{way}, third of the rate", *square, round(rate / 3, 6), seed, **how)
    for seed, square in itertools.product(CUT_STARTS, squares):
        if square[0] in CUT_TASKS and square[2] == CUT_AT:
            once("cut", *square, seed, k=CUT)
    # What neither has solved gets more of both. And controls: of a gradient that does not
    # arrive, the same cell from a start in which it does; of a small memory, twice the units.
    hardest = [square for square in asked if square[0] == "echo" and square[2] == LAGS[-1]]
    much_more = {"updates": MUCH_LONGER * UPDATES}
    for seed, (*square, rate) in itertools.product(PROBES, hardest):
        if square[1] != "RNN, other start":
            third = round(rate / 3, 6)
            once("much longer", *square, third, seed, **much_more)
            once("much longer curriculum", *square, third, seed, **much_more, easiest=EASIEST)
    for seed, (*square, rate) in itertools.product(PROBES, asked):
        if square[1] == "GRU" and square[3] == "update bias 0":
            start = (*square[:3], "update bias 2", round(rate / 3, 6), seed)
            once("longer, open start", *start, **more)
    for seed, (*square, rate) in itertools.product(PROBES, hardest):
        once("curriculum, twice the units", *square, rate, seed, **ways["curriculum"], H=2 * H)
        once("longer, twice the units", *square, round(rate / 3, 6), seed, **more, H=2 * H)
    rounded()
    rest()
