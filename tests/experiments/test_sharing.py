"""Two processes that share a step find the gradients of one, and the record is what it says."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.analysis import pipeline
from unrolled.datasets import results
from unrolled.experiments import sharing

SIZES = {"N": 4, "T": 12, "D": 5, "H": 6}


def flat(grads):
    return np.concatenate([g.ravel() for layer in grads for g in layer.values()])


@pytest.fixture(scope="module")
def pair():
    with sharing.Pair(SIZES) as pair:
        yield pair


@pytest.mark.parametrize("way", ["layers, 1", "layers, 3", "layers, 5", "layers, 12", "rows"])
def test_both_processes_together_find_the_gradients_of_one(pair, way):
    expected = flat(sharing.both_layers(*sharing.problem(**SIZES)))
    times, found = pair.step(way, results=True)
    for each in found if way == "rows" else [flat(found)]:
        assert_allclose(each, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    assert 0 < times["needed"] <= times["work"]


def test_one_process_alone_does_it_all(pair):
    times, found = pair.step("alone", results=True)
    assert_array_equal(flat(found[0]), flat(sharing.both_layers(*sharing.problem(**SIZES))))
    assert times["needed"] == times["work"]


def test_the_pieces_are_the_whole_time():
    for n in (1, 3, 5, 12):
        parts = [np.arange(12)[part] for part in sharing.pieces(12, n)]
        assert len(parts) == n
        assert_array_equal(np.concatenate(parts), np.arange(12))


@pytest.mark.parametrize("n", [1, 2, 7])
def test_equal_pieces_end_when_the_plan_ends(n):
    times = [1.0] * n
    assert sharing.makespan((times, times), (times, times)) == 2 * (n + 1)
    assert 2 * 2 * n / (2 * (n + 1)) == pytest.approx(pipeline.ideal(2, n))


def test_a_slow_layer_holds_the_other_up():
    assert sharing.makespan(([1, 1], [1, 1]), ([5, 5], [1, 1])) == 1 + 10 + 2 + 1
    assert sharing.makespan(([5, 5], [1, 1]), ([1, 1], [1, 1])) == 10 + 1 + 2 + 1


def test_what_the_chapter_says_of_the_record():
    record = results.read("sharing")["results"]
    middle = {way: np.median(pipeline.gains(record, way)[0]) for way in record}
    assert 0.9 < middle["layers, 1"] < 1.1
    best = max(sharing.PIECES, key=lambda n: middle[f"layers, {n}"])
    assert best in (4, 8)
    assert middle["layers, 64"] < 1
    assert middle[f"layers, {best}"] < middle["layers, nobody waits"]
    assert all(len(found["clock"]) == 30 for found in record.values())
    denied = np.concatenate([found["denied"] for found in record.values()])
    clock = np.concatenate([found["clock"] for found in record.values()])
    assert np.median(denied / clock) > 0.5  # the machine was busy, as the chapter says
