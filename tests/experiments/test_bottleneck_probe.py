import json

import numpy as np
import pytest
from unrolled.datasets import files, results
from unrolled.datasets.pairs import word_pairs
from unrolled.experiments import bottleneck_probe
from unrolled.explore.bottleneck import BACKWARD, PLAIN, compute, told

torch = pytest.importorskip("torch")


def recorded():
    found = json.loads(files.path("results/bottleneck-probe.json").read_text())["results"]
    return {run["network"]: run for run in found}


def test_the_network_is_recorded(monkeypatch, folder):
    for name, value in {"TAUGHT": 60, "TESTED": 20, "UPDATES": 2, "BATCH": 8}.items():
        monkeypatch.setattr(bottleneck_probe, name, value)
    bottleneck_probe.main()
    runs = json.loads((folder / "bottleneck-probe.json").read_text())["results"]
    assert [run["network"] for run in runs] == [PLAIN]
    for run in runs:
        for reader in ("weighted sum", "taught network", "decoder"):
            assert len(run[reader]) == bottleneck_probe.LETTERS


def test_a_taught_network_reads_what_a_weighted_sum_cannot(monkeypatch, rng):
    """Two letters whose parity, the product of two signs, is all that the state tells of one."""
    monkeypatch.setattr(bottleneck_probe, "UPDATES", 300)
    states = rng.choice([-1.0, 1.0], (1200, 2)).astype(np.float32)
    letters = np.stack([states[:, 0] > 0, states.prod(axis=1) > 0], axis=1).astype(int)
    right = bottleneck_probe.probe(states, letters, 200).mean(axis=0)
    assert right.min() > 0.95
    assert bottleneck_probe.held.readable(states, letters, 200)[1] < 0.7


def test_the_states_are_those_of_the_figure():
    words, _ = word_pairs(3000, 10, rng=np.random.default_rng([7, 10]))
    for network in (PLAIN, BACKWARD):
        states, _ = bottleneck_probe.handed_over(network, words)
        letters = np.array([bottleneck_probe.WORDS.ids(word) for word in words])
        found = bottleneck_probe.held.readable(states, letters, 1000)
        np.testing.assert_allclose(found, told(network, 10)[:, 9], atol=0.02)


def test_the_state_has_more_words_than_the_decoder_writes():
    plain = recorded()[PLAIN]
    assert min(plain["taught network"]) > 0.6 > 0.4 > min(plain["weighted sum"])
    assert plain["whole words"]["taught network"] > 2.5 * plain["whole words"]["decoder"]
    assert plain["taught network"][-1] > 0.95 > 0.35 > plain["decoder"][-1]
    backward = compute(BACKWARD, 10)  # tells the middle no better, and five times as many come back
    assert told(BACKWARD, 10)[3:8, 9].max() < 0.5 < backward["share"]
    assert results.read("bottleneck-probe")["settings"]["taught on"] == 40000
