from collections import Counter

import numpy as np
import pytest
from unrolled.datasets import results
from unrolled.experiments import lag_dial as experiment
from unrolled.experiments import lag_squares
from unrolled.explore import LagDial
from unrolled.explore.lag_dial import (
    CURRICULA,
    LAGS,
    LINEAR,
    LONGER,
    MORE_STEPS,
    STYLES,
    TASKS,
    linear_starts,
    runs,
    square,
)

dial = LagDial()
SQUARES = {(t, n, lag): square(t, n, lag) for t in TASKS for n in STYLES for lag in LAGS}


def starts(task, lag):
    """How many of ten starts of each network solve a task."""
    return [round(10 * square(task, name, lag)["solved"]) for name in STYLES]


def parts(task, network, lag, *names):
    """All runs of some parts of a square."""
    groups = [
        runs()[task, network, lag][name] for name in names if name in runs()[task, network, lag]
    ]
    lists = [{k: v for k, v in group.items() if isinstance(v, list)} for group in groups]
    return [
        dict(zip(of, row, strict=True)) for of in lists for row in zip(*of.values(), strict=True)
    ]


def test_it_shows_every_square_that_was_recorded():
    settings = results.read("lag-dial")["settings"]
    assert (settings["H"], settings["updates at most"], settings["lags"]) == (32, 2000, [*LAGS])
    assert [settings["times the updates in a probe"], settings["times in the longest"]] == [3, 12]
    assert set(runs()) == set(SQUARES)
    assert tuple(experiment.TASKS) == TASKS
    assert set(experiment.NETWORKS) == set(STYLES)
    assert {found["starts"] for found in SQUARES.values()} == {10}


@pytest.mark.parametrize("task", TASKS)
def test_an_even_share_is_one_step_of_the_sequence(task, rng):
    for lag in LAGS:
        x, _ = experiment.batch(task, 1, lag, rng)
        assert x.shape[1] == lag + MORE_STEPS[task]
        assert square(task, "RNN", lag)["even"] == 1 / x.shape[1]


def test_at_lag_5_all_is_solved_and_at_10_only_parity_stops_the_rnns():
    for task in TASKS:
        assert starts(task, 5) == [10, 10, 10, 10]
        assert starts(task, 10) == ([0, 0, 10, 10] if task == "parity" else [10, 10, 10, 10])


def test_beyond_no_network_is_ahead_everywhere():
    assert [starts(task, 20) for task in TASKS] == [
        [2, 10, 0, 0], [3, 10, 10, 10], [8, 9, 10, 10], [0, 0, 3, 2]
    ]  # fmt: skip
    assert [starts(task, 40) for task in TASKS] == [
        [0, 2, 0, 0], [0, 4, 9, 8], [1, 0, 10, 10], [0, 0, 0, 0]
    ]  # fmt: skip


def test_gated_cells_add_in_a_tenth_of_the_updates():
    needed = {
        name: [run["solved"] for run in parts("adding", name, 20, "test") if run["solved"]]
        for name in STYLES
    }
    assert max(needed["LSTM"] + needed["GRU"]) == 300
    assert min(needed["LSTM"] + needed["GRU"]) == 50
    assert min(needed["RNN"] + needed["RNN, other start"]) == 1100
    assert max(needed["RNN"] + needed["RNN, other start"]) == 2000


def test_who_fails_at_parity_remembers_the_first_bit_and_who_solves_it_does_not():
    failed = parts("parity", "RNN", 40, "test")
    assert [run["read after"] for run in failed] == [1.0] * 10
    assert max(run["read before"] for run in failed) < 0.02
    taught = [
        run["read after"]
        for name in ("RNN", "RNN, other start")
        for run in parts("parity", name, 40, *CURRICULA)
        if run["solved"]
    ]
    assert len(taught) == 7
    assert max(taught) < 0.035
    lstm = [r["read after"] for r in parts("parity", "LSTM", 40, *CURRICULA) if r["solved"]]
    assert min(lstm) > 0.4


def test_a_curriculum_is_quick_where_a_longer_run_leads_nowhere():
    found = [run for name in STYLES for run in parts("parity", name, 40, *CURRICULA)]
    quick = [run["solved"] for run in found if run["solved"]]
    assert (min(quick), max(quick)) == (650, 900)
    slow = [run for name in STYLES for run in parts("parity", name, 40, *LONGER)]
    assert sum(run["solved"] > 0 for run in slow) == 1


def test_the_verdicts():
    lacks = {key: found["lacks"] for key, found in SQUARES.items()}
    assert Counter(lacks.values()) == {
        "nothing": 42, "training": 11, "gradient or task": 8, "task": 2, "memory or gradient": 1
    }  # fmt: skip
    assert lacks["echo", "GRU", 40] == "memory or gradient"
    assert lacks["echo", "LSTM", 40] == lacks["parity", "LSTM", 40] == "task"
    assert lacks["echo", "RNN", 40] == "gradient or task"
    assert {lacks["adding", name, 40] for name in ("RNN", "RNN, other start")} == {"training"}


def test_of_those_who_lack_training_five_need_the_smaller_rate():
    slower = [
        key
        for key, found in SQUARES.items()
        if found["lacks"] == "training" and sum_solved(*key, "longer") < 2
    ]
    assert len(slower) == 5


def test_in_five_of_them_smaller_steps_are_enough_without_more_updates():
    slower = {
        key
        for key, found in SQUARES.items()
        if found["lacks"] == "training"
        and sum(0 < run["solved"] <= 2000 for run in parts(*key, "longer, third of the rate")) >= 2
    }
    assert slower == {
        ("echo", "RNN", 20),
        ("echo", "RNN, other start", 40),
        ("copy", "RNN", 20),
        ("copy", "RNN, other start", 40),
        ("parity", "LSTM", 20),
    }


def test_at_parity_over_40_steps_one_lstm_of_the_forty_is_on_its_way():
    skills = [run["skill"] for name in STYLES for run in parts("parity", name, 40, "test")]
    assert sorted(skills)[-2:] == [0.064, 0.857]
    assert max(run["skill"] for run in parts("parity", "LSTM", 40, "test")) == 0.857


def sum_solved(task, network, lag, part):
    """How many runs of a part came to the criterion."""
    return sum(run["solved"] > 0 for run in parts(task, network, lag, part))


def test_with_a_hundredth_of_an_even_share_two_verdicts_change(monkeypatch):
    from unrolled.analysis import lag_probes

    before = {key: found["lacks"] for key, found in SQUARES.items()}
    monkeypatch.setattr(lag_probes, "FAINT", 0.01)
    after = {key: square.__wrapped__(*key)["lacks"] for key in SQUARES}
    changed = {key: lacks for key, lacks in after.items() if lacks != before[key]}
    assert changed == {
        ("parity", "RNN", 10): "task",
        ("parity", "RNN, other start", 10): "task",
    }


def test_what_nothing_has_solved_was_tried_for_long_with_more_units_and_another_start():
    assert [run["reached"] for run in parts("echo", "GRU", 40, CURRICULA[-1])] == [38, 30, 38]
    tried = ("much longer", "longer, open start", "longer, twice the units")
    found = [[run["solved"] for run in parts("echo", "GRU", 40, part)] for part in tried]
    assert found == [[0] * 3] * 3
    opened = parts("echo", "GRU", 40, "longer, open start")
    assert min(run["share before"] for run in opened) > 1e3 * square("echo", "GRU", 40)["share"][0]


def test_the_gaussian_rnn_holds_forty_bits_under_a_curriculum_alone():
    assert [run["solved"] for run in parts("echo", "RNN", 40, CURRICULA[-1])] == [7800, 6850, 8500]
    assert not any(run["solved"] for run in parts("echo", "RNN", 40, *LONGER))


def test_the_figure_says_what_the_square_is():
    answer = dial.at(task="parity", lag=40, network="LSTM")
    np.testing.assert_allclose(answer.arrays["trained"][:3], [0, 1 / 3, 1])
    assert np.isnan(answer.arrays["trained"][3:]).all()
    assert answer.arrays["arrives"][-1] == pytest.approx(10 ** answer.facts["times"])
    assert (answer.facts["count"], answer.facts["outcome"]) == (0, "none")
    assert dial.at(task="adding", lag=40, network="GRU").facts["updates"] == 100
    assert "lacks memory" not in " ".join(str(dial.at(task=t, lag=40)) for t in TASKS)


def test_linear_cells_join_when_they_are_asked_for():
    settings = results.read("lag-dial-linear")["settings"]
    assert [len(settings[of]) for of in ("Adam lr", "tuning starts", "lags")] == [3, 1, 3]
    assert {name for name, _ in LINEAR.values()} == set(lag_squares.LINEAR)
    alone, joined = (dial.at(task="echo", lag=40, linear=on) for on in (False, True))
    for key, (name, _) in LINEAR.items():
        assert np.isnan(alone.arrays[f"{key}_shares"]).all()
        solved, run = linear_starts("echo", name, 40)
        assert joined.arrays[f"{key}_shares"][LAGS.index(40)] == solved / run
        assert f"{solved} of {run}" in joined.sentences["asked"]
        assert np.isnan(joined.arrays[f"{key}_shares"][LAGS.index(10)])
    for name in STYLES:  # what was there before stays as it is
        np.testing.assert_array_equal(alone.arrays[name], joined.arrays[name])
    assert "not run" in dial.at(task="echo", lag=10, linear=True).sentences["asked"]


def test_what_a_task_hides_depends_on_who_is_looking():
    """One answer at the end is enough for a cell that can flip, from some of its starts."""
    assert linear_starts("parity", "minGRU, signed", 40) == (6, 10)
    assert starts("parity", 40) == [0, 0, 0, 0]
    assert linear_starts("parity", "minGRU, signed", 20) == (9, 10)


def test_what_looks_like_a_lack_of_memory_was_a_lack_of_training():
    before = [run["read after"] for run in parts("adding", "RNN, other start", 40, "test")]
    longer = parts("adding", "RNN, other start", 40, "longer, third of the rate")
    assert len(before) == 10
    assert max(before) == 0.289
    assert len(longer) == 3
    assert min(run["read after"] for run in longer) == 0.865


def test_where_two_of_three_decided_the_other_starts_were_run():
    found = {}
    for group in results.read("lag-dial-rest")["results"]:
        square_ = group["task"], group["network"], group["lag"]
        ways = [runs()[square_][name] for name in LONGER if name in runs()[square_]]
        (three,) = [way["solved"] for way in ways if way["rate"] == group["rate"]]
        assert sum(updates > 0 for updates in three) == 2
        assert (len(three), group["start"]) == (3, [*range(3, 10)])
        found[square_] = sum(updates > 0 for updates in three + group["solved"])
    assert found == {
        ("echo", "LSTM", 20): 9,
        ("adding", "RNN, other start", 40): 7,
        ("adding", "RNN", 40): 4,
        ("parity", "LSTM", 20): 5,
    }
    decided = [
        key
        for key, of in SQUARES.items()
        if of["lacks"] == "training" and round(3 * of["longer"]) == 2
    ]
    assert set(decided) == set(found)
