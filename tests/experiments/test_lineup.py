import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.experiments import lineup


@pytest.fixture(scope="module")
def recorded():
    return load_results("lineup")["results"]


def found(recorded, part, **key):
    (entry,) = [run for run in recorded if key.items() <= run.items()]
    return np.array(entry[part])


def ends(recorded, cell, task="prose", rate=0.01, epochs=5):
    return found(recorded, "loss", cell=cell, task=task, rate=rate, epochs=epochs)[:, -1]


def test_every_cell_was_run_from_every_start(recorded):
    for cell in lineup.CELLS:
        for task, epochs in (("prose", 5), ("recall", 30)):
            key = {"task": task, "cell": cell, "rate": lineup.RATE, "epochs": epochs}
            assert found(recorded, "seed", **key).tolist() == lineup.SEEDS
    for kind in lineup.SCALERS:
        seeds = found(recorded, "seed", task="co2", cell=f"scaler, {kind}")
        assert seeds.tolist() == lineup.CO2_SEEDS


def test_prose_does_not_tell_the_wrong_gradient_and_recall_does(recorded):
    right, wrong, frozen = (
        ends(recorded, f"LSTM, {kind}") for kind in ("right", "forgotten", "frozen")
    )
    assert np.abs(right - wrong).max() < 0.15
    assert max(right.max(), wrong.max()) < frozen.min() - 0.1
    right, wrong = (
        ends(recorded, f"LSTM, {kind}", "recall", epochs=30) for kind in ("right", "forgotten")
    )
    assert right.max() < 0.1
    assert wrong.min() > 0.3


def test_a_scaler_that_saw_the_test_part_makes_the_notebook_look_better(recorded):
    fixed, broken = (
        found(recorded, "notebook", task="co2", cell=f"scaler, {kind}")
        for kind in ("fixed", "broken")
    )
    assert (broken < fixed).all()


def test_a_center_that_training_knows_has_most_of_the_gain_and_lasts_longer(recorded):
    fixed, broken, centered = (
        [
            np.median(found(recorded, part, task="co2", cell=f"scaler, {kind}"))
            for part in ("notebook", "later")
        ]
        for kind in ("fixed", "broken", "centered")
    )
    assert broken[0] < centered[0] < (fixed[0] + broken[0]) / 2
    assert centered[1] < broken[1] / 1.5
    series = np.arange(12.0)[:, None]
    assert lineup.centered(series[:6])(series)[5] == 0


def test_a_run_can_be_repeated_and_the_parts_of_the_series_do_not_overlap():
    runs = [lineup.on_co2(kind, 0, updates=10) for kind in ("fixed", "fixed", "broken")]
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {"trained", "notebook", "later"}


def test_a_frozen_cell_keeps_its_weights_while_the_loss_falls(monkeypatch):
    monkeypatch.setattr(lineup, "CUT", 3000)
    losses = lineup.on_prose("RNN, frozen", 0.01, 2, 0)["loss"]
    assert losses[1] < losses[0]
