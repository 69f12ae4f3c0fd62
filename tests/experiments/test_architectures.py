import numpy as np
import pytest

torch = pytest.importorskip("torch")

from unrolled.datasets import load_results  # noqa: E402
from unrolled.experiments import architectures, mixtures, next_step  # noqa: E402
from unrolled.experiments.sequence_models import MODELS, distances, scanned  # noqa: E402

RUNS = load_results("architectures")["results"]
every = pytest.mark.parametrize("network", MODELS)
tasks = pytest.mark.parametrize("task", architectures.LENGTHS)


@pytest.mark.parametrize("network", MODELS | mixtures.CHANGED)
def test_no_network_sees_what_comes_later(network):
    torch.manual_seed(0)
    model, x = (MODELS | mixtures.CHANGED)[network](3, 2), torch.randn(2, 20, 3)
    moved = x.clone()
    moved[:, 12] += 1
    with torch.no_grad():
        difference = (model(moved) - model(x)).abs().amax(dim=(0, 2))
    assert difference[:12].max() == 0
    assert difference[12] > 1e-4


def test_a_score_falls_with_the_distance_by_slopes_that_halve_from_head_to_head():
    added = distances(6, 4)
    np.testing.assert_allclose(added[:, 5, 0], [-5 / 4, -5 / 16, -5 / 64, -5 / 256])
    assert torch.isinf(added[:, 0, 1:]).all()


@pytest.mark.parametrize("T", [1, 2, 7, 64])
def test_doubling_gives_the_states_of_the_loop(T):
    torch.manual_seed(1)
    decay, drive = 2 * torch.rand(2, T, 3) - 1, torch.randn(2, T, 3)
    h, found = torch.zeros(2, 3), scanned(decay, drive)
    for t in range(T):
        h = decay[:, t] * h + drive[:, t]
        torch.testing.assert_close(found[:, t], h)


@pytest.fixture
def small(monkeypatch):
    for name, value in {"BATCH": 2, "UPDATES": 3, "TESTED": 4}.items():
        monkeypatch.setattr(architectures, name, value)


@tasks
def test_the_same_run_gives_the_same(small, task):
    found = [architectures.trained("GRU", architectures.Task(task), 0.01, 0) for _ in range(2)]
    assert found[0]["loss"] == found[1]["loss"]
    assert len(found[0]["loss"]) == len(found[0]["right"]) == len(architectures.LONGER)


def test_an_echo_is_asked_where_there_is_one(rng):
    x, targets, counted = architectures.Task("echo").sequences(3, 40, rng)
    lag = architectures.LAG
    assert not counted[:, :lag].any()
    np.testing.assert_array_equal(x[:, :-lag, 0] > 0, targets[:, lag:] == 1)


def test_letters_that_are_asked_were_not_trained_on(rng):
    task = architectures.Task("letters")
    one, held_out = (task.sequences(1, 64, rng, held_out=h)[0].argmax(2)[0] for h in (False, True))
    for text, own, other in ((one, task.read, task.kept), (held_out, task.kept, task.read)):
        windows = np.lib.stride_tricks.sliding_window_view(own, 64)
        assert (windows == text).all(axis=1).any()
        assert not (np.lib.stride_tricks.sliding_window_view(other, 64) == text).all(axis=1).any()


@tasks
def test_networks_are_about_as_large(task):
    sizes = {run["network"]: run["parameters"] for run in RUNS if run["task"] == task}
    assert set(sizes) == set(MODELS)
    assert max(sizes.values()) < 1.12 * min(sizes.values())


@tasks
@every
def test_every_network_was_tuned_alike_and_run_from_five_starts(task, network):
    own = [run for run in RUNS if (run["task"], run["network"]) == (task, network)]
    tuning = [run for run in own if run["part"] == "tuning"]
    tested = [run for run in own if run["part"] == "test"]
    assert sorted(run["rate"] for run in tuning) == architectures.RATES
    assert [run["start"] for run in tested] == architectures.SEEDS
    assert {run["rate"] for run in tested} == {architectures.best_rate(tuning)}


def test_a_rule_that_fades_looks_like_one_at_four_times_the_length():
    right = {name: [] for name in architectures.ASKED_FAR}
    for run in RUNS:
        if run["part"] == "far":
            assert run["rate"] == architectures.ASKED_FAR[run["network"]]
            right[run["network"]].append(run["right"])
    gru, signed = (np.array(right[name]) for name in ("GRU", "minGRU, signed"))
    assert gru.shape == signed.shape == (len(architectures.SEEDS), len(architectures.FAR))
    assert gru.min() == 1
    assert signed[:, :-1].min() > 0.99
    assert signed[:, -1].max() < 0.9


@pytest.mark.parametrize("network", next_step.NETWORKS)
def test_a_step_can_be_timed(network, monkeypatch):
    monkeypatch.setattr(next_step, "REPEATS", 2)
    median, low, high = next_step.timed(next_step.NETWORKS[network], 10)
    assert 0 < low <= median <= high


def test_attention_with_a_cache_says_what_it_says_without():
    torch.manual_seed(0)
    found = next_step.Attention(4)
    u = found.x
    with torch.no_grad():
        said = found.step()
        for (enter, leave, up, down), cache in zip(found.layers, found.cache, strict=True):
            q = enter(torch.nn.functional.layer_norm(u, [next_step.D]))[:, : next_step.D]
            q = q.reshape(next_step.HEADS, -1)
            k, v = cache[0, 0], cache[1, 0]  # heads, steps, numbers
            share = torch.einsum("hd,hnd->hn", q, k) / np.sqrt(k.shape[2])
            seen = torch.einsum("hn,hnd->hd", share.softmax(dim=1), v)
            u = u + leave(seen.reshape(1, -1))
            u = u + down(torch.relu(up(torch.nn.functional.layer_norm(u, [next_step.D]))))
    np.testing.assert_allclose(said, u, atol=1e-5)
