import itertools
import json

import numpy as np
import pytest
from unrolled.analysis.lag_probes import readable
from unrolled.datasets import load_results
from unrolled.engine import dense, rnn
from unrolled.experiments import lag_dial

NAMES = ("lag-dial", "lag-dial-tuning", "lag-dial-probes")
GROUPS = [group for name in NAMES for group in load_results(name)["results"]]
PROBES = [*itertools.product(("longer", "curriculum"), (1, 3))]


@pytest.fixture
def small(monkeypatch):
    for name, value in {"CHECKED": 32, "MEASURED": 64, "PROBED": 8, "CHECK_EVERY": 10}.items():
        monkeypatch.setattr(lag_dial, name, value)


def of(**wanted):
    """The recorded runs that have these values."""
    groups = [group for group in GROUPS if all(group[k] == v for k, v in wanted.items())]
    return [
        group | {"start": start, "solved": solved, "skill": skill}
        for group in groups
        for start, solved, skill in zip(
            group["start"], group["solved"], group["skill"], strict=True
        )
    ]


def without_time(run):
    return {name: value for name, value in run.items() if name != "seconds"}


@pytest.mark.parametrize("task", lag_dial.TASKS)
@pytest.mark.parametrize("network", lag_dial.NETWORKS)
def test_the_same_run_gives_the_same_and_to_ask_changes_nothing(small, task, network):
    begin = next(iter(lag_dial.NETWORKS[network][1]))
    args = task, network, 4, begin, 0.01, 3
    run, again = (lag_dial.train(*args, updates=20) for _ in range(2))
    assert without_time(run) == without_time(again)
    assert {"read before", "read after", "share before", "share after"} < set(run)
    assert ("gate most after" in run) == (network in ("LSTM", "GRU"))
    silent = lag_dial.train(*args, updates=20, ask=False)
    assert (silent["solved"], silent["skill"]) == (run["solved"], run["skill"])


def test_it_stops_when_the_task_is_solved_and_a_curriculum_goes_on_to_the_next_lag(small):
    args = "echo", "RNN", 4, "as drawn", 0.01, 0
    run = lag_dial.train(*args, updates=400)
    assert 0 < run["solved"] < 400
    taught = lag_dial.train(*args, updates=400, easiest=2)
    assert (taught["reached"], taught["solved"] > 0) == (4, True)
    assert lag_dial.train(*args, updates=10, easiest=1)["reached"] < 4


@pytest.mark.parametrize("task", lag_dial.TASKS)
def test_a_gradient_cut_after_the_last_step_is_the_whole_one(task, rng):
    _, D, outputs, _ = lag_dial.TASKS[task]
    params = rnn.init_params(D, 8, rng=rng) | dense.init_params(8, outputs, rng=rng)
    x, targets = lag_dial.batch(task, 4, 6, rng)
    whole, same, cut = (
        lag_dial.gradients(x.astype(float), targets, params, rnn, k) for k in (None, 99, 3)
    )
    for name, gradient in whole.items():
        np.testing.assert_allclose(same[name], gradient, atol=1e-12)
    assert not np.allclose(cut["W_xh"], whole["W_xh"])


@pytest.mark.parametrize("task", lag_dial.TASKS)
def test_the_probe_asks_for_the_input_that_the_last_answer_needs(task, rng):
    lag = 6
    x, targets = lag_dial.batch(task, 200, lag, rng)
    place = x.shape[1] - 1 - lag - lag_dial.TASKS[task][3]
    if task == "adding":
        second = x[:, place + 1 :].prod(axis=2).sum(axis=1)
        np.testing.assert_allclose(x[:, place, 0] + second, targets[:, 0, 0], rtol=1e-6)
    elif task == "copy":
        np.testing.assert_array_equal(x[:, place].argmax(axis=1), targets[:, -1])
    elif task == "echo":
        np.testing.assert_array_equal(x[:, place, 0] > 0, targets[:, -1] == 1)
    else:
        assert place == 0


def test_a_network_that_fails_at_parity_is_a_latch_on_the_first_bit(monkeypatch):
    seen, probe = [], lag_dial.probe

    def remember(task, lag, params, *others):
        seen.append({name: value.copy() for name, value in params.items()})
        return probe(task, lag, params, *others)

    monkeypatch.setattr(lag_dial, "probe", remember)
    # Soon, since after 2,000 updates it hangs on the processor which starts are still latches.
    run = lag_dial.train("parity", "RNN", 40, "as drawn", 0.03, 2, updates=200)
    assert run["solved"] == 0
    assert run["read after"] > 0.99
    x, _ = lag_dial.batch("parity", 500, 40, np.random.default_rng(9))
    h, first = rnn.forward(x, seen[-1])[0], x[:, 0, 0] > 0
    assert np.mean(np.abs(h[:, 6:]) > 0.99) > 0.7
    apart = np.linalg.norm(h[first, -1].mean(axis=0) - h[~first, -1].mean(axis=0))
    assert apart > 0.9 * 2 * np.sqrt(32)
    between = [readable(h[:, -1], (x[:, t, 0] > 0).astype(int)) for t in range(6, 31)]
    assert np.median(between) < 0.1  # the door is shut


@pytest.mark.parametrize(("rate", "arrives"), [(0.03, False), (0.001, True)])
def test_the_gradient_of_an_lstm_that_guesses_parity_stays_if_the_steps_are_small(rate, arrives):
    run = lag_dial.train("parity", "LSTM", 40, "forget bias 3", rate, 2, updates=150)
    assert run["share before"] > 0.1 / 41
    assert (run["share after"] > 0.1 / 41) == arrives
    assert run["skill"] < 0.2


def test_how_many_are_latches_hangs_on_the_processor():
    found = [run["read after"] for run in load_results("lag-dial-rounded")["results"]]
    assert sum(read == 1 for read in found) == 4
    assert sorted(found)[4:6] == [0.045, 0.693]


def test_starts_are_what_their_names_say(rng):
    starts = lag_dial.NETWORKS["RNN, other start"][1]
    drawn = {
        n: start(1, 32, rng=np.random.default_rng(0), dtype=float) for n, start in starts.items()
    }
    W = drawn["orthogonal, quiet"]["W_hh"]
    np.testing.assert_allclose(W @ W.T, np.eye(32), atol=1e-12)
    np.testing.assert_array_equal(drawn["identity, quiet"]["W_hh"], np.eye(32))
    loud, quiet = (drawn[name]["W_xh"] for name in ("orthogonal", "orthogonal, quiet"))
    np.testing.assert_allclose(quiet, 0.2 * loud)
    for network, name in (("LSTM", "b_f"), ("GRU", "b_z")):
        for begin, start in lag_dial.NETWORKS[network][1].items():
            assert set(start(1, 4, rng=rng, dtype=float)[name]) == {float(begin.split()[-1])}


@pytest.mark.parametrize("task", lag_dial.TASKS)
@pytest.mark.parametrize("network", lag_dial.NETWORKS)
def test_every_network_was_tuned_alike_and_run_from_ten_starts(task, network):
    tuning = of(part="tuning", task=task, network=network)
    begins = lag_dial.NETWORKS[network][1]
    per_start = len(lag_dial.TUNED_AT) * len(lag_dial.RATES) * len(lag_dial.TUNING)
    assert len(tuning) == len(begins) * per_start
    for lag in lag_dial.LAGS:
        tested = of(part="test", task=task, network=network, lag=lag)
        assert [run["start"] for run in tested] == lag_dial.SEEDS
        assert {(run["begin"], run["rate"]) for run in tested} == {lag_dial.best(tuning)}
        for way, slower in PROBES:
            part = way if slower == 1 else f"{way}, third of the rate"
            probed = of(part=part, task=task, network=network, lag=lag)
            assert len(probed) == (len(lag_dial.PROBES) if lag_dial.failed(tested) else 0)
            for run in probed:
                assert run["rate"] == pytest.approx(tested[0]["rate"] / slower, abs=1e-6)


def test_tuning_prefers_a_solved_task_and_then_the_quicker_one():
    runs = [
        {"begin": begin, "rate": 0.1, "solved": solved, "skill": skill}
        for begin, solved, skill in (("a", 0, 0.94), ("b", 2000, 0.96), ("c", 100, 0.95))
    ]
    assert [lag_dial.merit([run]) for run in runs] == [0.94, 1.0, 1.95]
    assert lag_dial.best(runs) == ("c", 0.1)
    assert not lag_dial.failed(runs)
    assert lag_dial.failed(runs[:1])


def test_another_network_can_be_added_to_what_is_recorded():
    settings = json.dumps(load_results("lag-dial")["settings"])
    assert not [name for name in lag_dial.NETWORKS if name in settings]


def test_what_is_recorded_is_not_run_again(monkeypatch):
    monkeypatch.setattr(lag_dial, "train", lambda *args, **how: pytest.fail(f"{args} is missing"))
    lag_dial.main()
