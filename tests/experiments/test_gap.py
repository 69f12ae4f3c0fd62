import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.experiments import gap
from unrolled.explore import gap as explored

RUNS = load_results("gap")["results"]


def test_the_middles_of_the_pieces_are_the_text_without_its_edges():
    ids = np.arange(200)
    middles = gap.pieces(ids)[:, gap.EDGE : gap.T - gap.EDGE].ravel()
    np.testing.assert_array_equal(middles, np.arange(gap.EDGE, gap.EDGE + len(middles)))
    assert len(middles) > 200 - 3 * gap.EDGE


def test_the_same_run_gives_the_same_and_another_start_another():
    how = {"updates": 2, "every": 1, "length": 8}
    found = [gap.train("both", 1, 4, 0.1, seed, **how)[0] for seed in (0, 0, 1)]
    assert found[0]["test"] == found[1]["test"] != found[2]["test"]
    assert found[0]["best after"] == 1 + np.argmin(found[0]["valid bits"])


def test_networks_that_are_not_called_wider_are_about_as_large():
    sizes = {run["network"]: run["parameters"] for run in RUNS}
    fair = [size for name, size in sizes.items() if "wider" not in name]
    assert max(fair) < 1.09 * min(fair)


@pytest.mark.parametrize("network", gap.NETWORKS)
def test_every_network_was_tuned_alike_and_run_from_its_starts(network):
    tuning, tested = (
        [run for run in RUNS if (run["network"], run["part"]) == (network, part)]
        for part in ("tuning", "test")
    )
    assert len(tuning) == len(gap.RATES) * len(gap.TUNING)
    assert [run["start"] for run in tested] == gap.SEEDS
    assert {(run["rate"],) for run in tested} == {gap.best_of(tuning, ["rate"])}


@pytest.mark.parametrize("reader", gap.SHOWN)
def test_the_weights_that_are_shown_are_those_of_a_middling_start(reader):
    tested = [run for run in RUNS if (run["network"], run["part"]) == (reader, "test")]
    model, params = explored.model(reader)
    test = gap.letters()[2]
    bits, right = gap.score(gap.probabilities(model, params, test), test)
    np.testing.assert_allclose([bits, right], gap.middle(tested)["test"], atol=2e-3)


@pytest.mark.slow
def test_counting_is_what_the_record_says():
    recorded, found = load_results("gap")["settings"]["counting"], gap.counting()
    for sides, known in recorded.items():
        assert [list(span) for span in found[sides]["spans"]] == known["spans"]
        assert found[sides]["discount"] == known["discount"]
        np.testing.assert_allclose(found[sides]["test"], known["test"], rtol=1e-3)
