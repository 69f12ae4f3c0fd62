import numpy as np
import pytest
from unrolled.analysis.wrong_bridges import MISTAKES
from unrolled.datasets import load_results
from unrolled.experiments import copied

RECORD = load_results("copied")


def right(task, mistake):
    return [run[mistake]["right"] for run in RECORD["results"] if run["task"] == task]


def test_the_targets_of_a_piece_are_the_letters_behind_its_inputs():
    x, targets = copied.pieces(np.arange(25), 6)
    assert x.shape == targets.shape == (4, 6)
    np.testing.assert_array_equal(targets, x + 1)


def test_the_right_copy_is_not_off_and_judged_as_pytorch_would():
    torch = pytest.importorskip("torch")
    gru, readout = parts = copied.network(3, 5, 4, seed=0)
    x = np.random.default_rng(7).standard_normal((2, 6, 3)).astype(np.float32)
    targets = np.array([[0, 1], [2, 3]])
    found = copied.judged(parts, x, targets)
    with torch.no_grad():
        logits = readout(gru(torch.tensor(x))[0])[:, -2:]
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.tensor(targets).flatten())
    assert found["none"]["off"] == 0
    assert found["none"]["bits"] == pytest.approx(loss.item() / np.log(2), rel=1e-5)
    assert found["none"]["right"] == (logits.argmax(2).numpy() == targets).mean()
    assert min(found[mistake]["off"] for mistake in MISTAKES if mistake != "none") > 1e-3


def test_both_tasks_were_run_from_all_starts():
    for task in ("letters", "store"):
        seeds = [run["seed"] for run in RECORD["results"] if run["task"] == task]
        assert seeds == list(copied.STARTS)
    assert RECORD["settings"]["rivals"] == copied.rivals()


def test_summed_biases_cost_the_stores_nothing_and_the_letters_a_little():
    assert right("store", "biases summed") == pytest.approx(right("store", "none"), abs=0.002)
    lost = np.subtract(right("letters", "none"), right("letters", "biases summed"))
    assert lost.min() > 0
    assert lost.max() < 0.06
    assert min(run["biases summed"]["off"] for run in RECORD["results"]) > 0.5


def test_a_reset_before_the_product_passes_for_a_weaker_network_on_the_stores():
    found = right("store", "reset before")
    assert 0.8 < min(found) < np.median(found) < max(found) < 0.98


def test_three_copies_read_no_better_than_the_guess():
    guess = RECORD["settings"]["rivals"]["the usual next letter"]
    for mistake in ("gates not swapped", "not transposed", "reset before"):
        assert np.median(right("letters", mistake)) < guess
        assert max(right("letters", mistake)) < guess + 0.01
    for mistake in ("gates not swapped", "not transposed"):
        assert max(right("store", mistake)) < 0.85
