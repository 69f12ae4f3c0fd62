import numpy as np
import pytest

torch = pytest.importorskip("torch")

from unrolled.datasets import load_results  # noqa: E402
from unrolled.experiments import architectures, mixtures  # noqa: E402
from unrolled.experiments.sequence_models import MODELS, Signed, Turning  # noqa: E402

RUNS = load_results("mixtures")["results"]
BEFORE = load_results("architectures")["results"]


def right(runs, task, network, part="test"):
    key = (task, network, part)
    return np.array(
        [run["right"] for run in runs if (run["task"], run["network"], run["part"]) == key]
    )


def test_one_of_each_has_one_of_each_and_is_no_larger():
    torch.manual_seed(0)
    model = mixtures.OneOfEach(1, 2)
    assert [type(cell[1]) for cell in model.cells] == [Turning, Signed]
    size = sum(value.numel() for value in model.parameters())
    others = [
        sum(value.numel() for value in MODELS[name](1, 2).parameters())
        for name in ("LRU", "minGRU, signed")
    ]
    assert min(others) <= size <= max(others)


def test_places_move_in_training_alone_and_reach_the_longest_sequence():
    torch.manual_seed(0)
    model, x = mixtures.Moved(1, 2), torch.randn(1, 8, 1)
    with torch.no_grad():
        assert torch.equal(model(x), model(x))
        model(torch.randn(1, mixtures.PLACES, 1))
    assert not torch.equal(model(x), model(x))


@pytest.mark.parametrize("task", ["parity", "echo"])
def test_it_was_tuned_like_the_others_and_run_from_five_starts(task):
    own = [run for run in RUNS if (run["task"], run["network"]) == (task, "one of each")]
    tuning = [run for run in own if run["part"] == "tuning"]
    tested = [run for run in own if run["part"] == "test"]
    assert sorted(run["rate"] for run in tuning) == architectures.RATES
    assert [run["start"] for run in tested] == architectures.SEEDS
    assert {run["rate"] for run in tested} == {architectures.best_rate(tuning)}


def test_one_of_each_has_both_tasks():
    for task in ("parity", "echo"):
        assert right(RUNS, task, "one of each")[:, 0].min() > 0.999
        assert right(RUNS, task, "one of each")[:, 1].min() > 0.95


def test_with_moved_places_most_of_the_loss_at_longer_lengths_is_gone():
    moved, fixed = (
        right(runs, "echo", name)
        for runs, name in ((RUNS, "sinusoids, moved"), (BEFORE, "Transformer"))
    )
    assert len(moved) == len(fixed) == len(architectures.SEEDS)
    assert moved[:, 0].min() > 0.999
    assert (moved[:, 1:].min(axis=0) > fixed[:, 1:].max(axis=0) + 0.2).all()
    rates = {r["rate"] for r in BEFORE if (r["task"], r["network"]) == ("echo", "Transformer")}
    assert mixtures.MOVED_RATE in rates


def test_after_a_longer_training_the_gru_has_echo_at_its_own_length():
    longer, before = (
        right(runs, "echo", "GRU", part) for runs, part in ((RUNS, "longer"), (BEFORE, "test"))
    )
    assert len(longer) == len(architectures.SEEDS)
    assert longer[:, 0].min() > before[:, 0].max()
    assert (longer[:, 2] < longer[:, 0]).all()
    rates = {r["rate"] for r in BEFORE if r["part"] == "test" and r["network"] == "GRU"}
    assert mixtures.GRU_RATE in rates
