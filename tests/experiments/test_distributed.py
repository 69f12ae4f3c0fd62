import json
import os
import time

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

torch = pytest.importorskip("torch")

from unrolled.experiments import distributed, processes, record  # noqa: E402

V, D, H, B, T, K = 11, 5, 7, 4, 24, 6
TIMEOUT = 100
SMALL = ["--corpus", "prose", "--batch", "4", "--hidden", "16", "--dtype", "float64"]
# What each of two processes does in `pair`: its own gradient, the averaged one, some updates.
PAIR = f"""
import sys
import numpy as np
import torch
from unrolled.experiments.distributed import *

x, targets = (torch.from_numpy(part) for part in np.load(sys.argv[1], allow_pickle=False)["text"])
rank, world = place()
with joined(choose("cpu")):
    model = build({V}, {D}, {H}, seed=rank, dtype=torch.float64)
    x, targets = (shard(part, rank, world) for part in (x, targets))
    first = x[:, :{K}], targets[:, :{K}]
    found = gradients_of_one_block(model, *first)
    found |= {{"own " + k: v for k, v in gradients_of_one_block(model.module, *first).items()}}
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    found["loss"] = mean_over_processes(train_epoch(model, x, targets, optimizer, k={K}))
    found["held out"] = mean_over_processes(evaluate(model, x, targets, k={K}))
    found |= {{"now " + k: v.detach().numpy() for k, v in model.module.named_parameters()}}
    np.savez(sys.argv[1] + str(rank), **found)
if rank == 0:
    print("done by", world)
"""


def text():
    """x and targets (B, T), always the same."""
    ids = np.random.default_rng(7).integers(V, size=(B, T + 1))
    return torch.from_numpy(ids[:, :-1]), torch.from_numpy(ids[:, 1:])


def model():
    return distributed.build(V, D, H, dtype=torch.float64)


def numpy(module):
    return {name: weight.detach().numpy() for name, weight in module.named_parameters()}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """What two processes found, and what they printed."""
    folder = tmp_path_factory.mktemp("pair")
    (folder / "pair.py").write_text(PAIR)
    np.savez(folder / "text.npz", text=np.stack(text()))
    command = [str(folder / "pair.py"), str(folder / "text.npz")]
    said = processes.torchrun(2, command, timeout=TIMEOUT)
    return [
        dict(np.load(folder / f"text.npz{rank}.npz", allow_pickle=False)) for rank in range(2)
    ], said


def gone(folder):
    """Whether none of the processes that left their id in `folder` still runs, or soon."""
    ids = {int(place.name) for place in folder.glob("[0-9]*")}
    for _ in range(50):
        for i in list(ids):
            try:
                os.kill(i, 0)
            except ProcessLookupError:
                ids.remove(i)
        if not ids:
            return True
        time.sleep(0.1)
    return False


def test_the_averaged_gradient_is_that_of_one_process_on_the_joint_batch(pair):
    x, targets = text()
    joint = distributed.gradients_of_one_block(model(), x[:, :K], targets[:, :K])
    for found in pair[0]:
        for name, expected in joint.items():
            assert_allclose(found[name], expected, rtol=0, atol=1e-12, err_msg=name)
            assert np.abs(found[f"own {name}"] - expected).max() > 1e-4, name


def test_each_process_alone_finds_the_gradient_of_its_own_rows(pair):
    x, targets = text()
    for rank, found in enumerate(pair[0]):
        own = (distributed.shard(part[:, :K], rank, 2) for part in (x, targets))
        for name, expected in distributed.gradients_of_one_block(model(), *own).items():
            assert_allclose(found[f"own {name}"], expected, rtol=0, atol=1e-12, err_msg=name)


def test_after_several_updates_all_processes_have_the_parameters_of_a_single_one(pair):
    alone, (x, targets) = model(), text()
    optimizer = torch.optim.Adam(alone.parameters(), 0.01)
    loss = distributed.train_epoch(alone, x, targets, optimizer, k=K).item()
    held_out = distributed.evaluate(alone, x, targets, k=K).item()
    start, (first, second) = numpy(model()), pair[0]
    for name, expected in numpy(alone).items():
        assert_array_equal(first[f"now {name}"], second[f"now {name}"], err_msg=name)
        assert_allclose(first[f"now {name}"], expected, rtol=0, atol=1e-9, err_msg=name)
        assert np.abs(expected - start[name]).max() > 1e-3, name
    for found in pair[0]:
        assert found["loss"] == pytest.approx(loss, abs=1e-10)
        assert found["held out"] == pytest.approx(held_out, abs=1e-9)


def test_what_the_processes_print_comes_back_and_nothing_else(pair):
    assert pair[1] == "done by 2\n"


def test_a_launch_of_two_reports_and_saves_what_one_process_without_torchrun_does(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("UNROLLED_QUIET", "1")
    places = [str(tmp_path / f"{world}.npz") for world in (1, 2)]
    alone = tmp_path / "report.json"
    distributed.main([*SMALL, "--epochs", "1", "--gradients", places[0], "--report", str(alone)])
    printed = capsys.readouterr().out
    arguments = [*SMALL, "--epochs", 1, "--gradients", places[1]]
    both = distributed.launch(2, arguments, timeout=TIMEOUT)
    one = json.loads(alone.read_text())
    assert capsys.readouterr() == ("", "")
    assert "processes: 1" in printed
    assert (one.pop("processes"), both.pop("processes")) == (1, 2)
    assert min(one.pop("tokens per second"), both.pop("tokens per second")) > 0
    assert "1 thread(s) in each process" in both["device"]
    for name in ("parameters", "train perplexity", "held-out perplexity"):
        assert one[name] == both[name]
    with np.load(places[0], allow_pickle=False) as a, np.load(places[1], allow_pickle=False) as b:
        assert set(a) == set(b) == set(numpy(model()))
        for name in a:
            assert_allclose(b[name], a[name], rtol=0, atol=1e-12, err_msg=name)


def test_unequal_shares_are_refused_before_anybody_waits():
    start = time.perf_counter()
    with pytest.raises(RuntimeError, match="5 streams cannot be shared equally by 2 processes"):
        distributed.launch(2, [*SMALL, "--batch", 5], timeout=TIMEOUT)
    assert time.perf_counter() - start < 45


def test_a_process_that_fails_ends_the_others_and_is_named(tmp_path):
    script = tmp_path / "one_fails.py"
    script.write_text(
        "import os, pathlib, sys, time\n"
        "rank = int(os.environ['RANK'])\n"
        "pathlib.Path(sys.argv[1], str(os.getpid())).touch()\n"
        "while len(list(pathlib.Path(sys.argv[1]).glob('[0-9]*'))) < 2: time.sleep(0.05)\n"
        "if rank == 1: raise KeyError('a planted mistake')\n"
        "time.sleep(300)\n"
    )
    start = time.perf_counter()
    with pytest.raises(RuntimeError, match="process 1 failed first") as raised:
        processes.torchrun(2, [str(script), str(tmp_path)], timeout=TIMEOUT)
    assert time.perf_counter() - start < 45
    assert str(raised.value).rstrip().endswith("KeyError: 'a planted mistake'")
    assert len(list(tmp_path.glob("[0-9]*"))) == 2
    assert gone(tmp_path)


def test_processes_that_take_too_long_are_ended(tmp_path):
    script = tmp_path / "sleeps.py"
    script.write_text(
        "import os, pathlib, sys, time\n"
        "pathlib.Path(sys.argv[1], str(os.getpid())).touch()\n"
        "time.sleep(300)\n"
    )
    with pytest.raises(RuntimeError, match="did not end in 5 seconds"):
        processes.torchrun(2, [str(script), str(tmp_path)], timeout=5)
    assert gone(tmp_path)


def test_the_group_is_left_also_after_an_error(monkeypatch):
    monkeypatch.setattr(distributed.dist, "is_torchelastic_launched", lambda: True)
    calls = []
    monkeypatch.setattr(distributed.dist, "init_process_group", calls.append)
    monkeypatch.setattr(distributed.dist, "destroy_process_group", lambda: calls.append("left"))
    with pytest.raises(ZeroDivisionError), distributed.joined(torch.device("cpu")):
        1 / len(calls[1:])
    assert calls == ["gloo", "left"]


def test_without_torchrun_there_is_no_group_whatever_else_the_environment_says(monkeypatch):
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert distributed.place() == (0, 1)
    with distributed.joined(distributed.choose("cpu")):
        assert not torch.distributed.is_initialized()
        assert type(model()) is distributed.LanguageModel


def test_the_shards_are_equal_and_together_the_whole():
    x = np.arange(12).reshape(6, 2)
    for world in (1, 2, 3, 6):
        shards = [distributed.shard(x, rank, world) for rank in range(world)]
        assert {len(part) for part in shards} == {6 // world}
        assert_array_equal(np.concatenate(shards), x)
    with pytest.raises(ValueError, match="choose a batch that is a multiple of 4"):
        distributed.shard(x, 0, 4)
    with pytest.raises(ValueError, match=r"rank must lie in 0\.\.1; got 2"):
        distributed.shard(x, 2, 2)


def test_training_lowers_the_perplexity():
    counting = np.arange(8 * 50 + 1) % V
    x, targets = distributed.streams(counting, 8, "cpu")
    assert x.shape == (8, 50)
    learner = model()
    before = distributed.evaluate(learner, x, targets, k=10).item()
    optimizer = torch.optim.Adam(learner.parameters(), 0.01)
    losses = [
        distributed.train_epoch(learner, x, targets, optimizer, k=10).item() for _ in range(10)
    ]
    assert losses[-1] < 0.5 * losses[0] < 0.55 * before
    assert distributed.evaluate(learner, x, targets, k=10) < losses[-1]


def test_the_state_is_carried_from_block_to_block():
    still, (x, targets) = model(), text()
    whole = distributed.evaluate(still, x, targets, k=T).item()
    blocks = [slice(start, start + K) for start in range(0, T, K)]
    reset = [distributed.evaluate(still, x[:, b], targets[:, b], k=K).item() for b in blocks]
    assert abs(np.mean(reset) - whole) > 1e-4
    assert distributed.evaluate(still, x, targets, k=K).item() == pytest.approx(whole, abs=1e-12)
    assert distributed.evaluate(still, x, targets, k=K + 1).item() == pytest.approx(
        whole, abs=1e-12
    )
    optimizer = torch.optim.SGD(still.parameters(), 0.0)
    loss = distributed.train_epoch(still, x, targets, optimizer, k=K).item()
    assert loss == pytest.approx(whole, abs=1e-12)


def test_no_gradient_goes_back_into_the_block_before():
    learner, (x, targets) = model(), text()
    _, state = distributed.loss_of_block(learner, x[:, :K], targets[:, :K])
    assert [part.shape for part in state] == [(1, B, H)] * 2
    assert all(not part.requires_grad and part.abs().max() > 0 for part in state)


def test_the_held_out_numbers_are_not_read_but_their_words_are_known():
    train, held_out, V = distributed.load("numbers")
    assert V == 30
    assert set(held_out) <= set(train) == set(range(V))
    assert 0.1 < len(held_out) / (len(train) + len(held_out)) < 0.2


def test_more_processes_than_gpus_are_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(distributed.dist, "is_torchelastic_launched", lambda: True)
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    with pytest.raises(ValueError, match="2 processes, 1 GPUs"):
        distributed.choose("cuda")
    assert distributed.choose("auto").type == "cpu"
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert distributed.choose("auto") == torch.device("cuda", 1)


def test_a_record_holds_the_speeds_of_one_process_and_of_two(tmp_path, monkeypatch, capsys):
    def launch(world, arguments, *, timeout):
        assert arguments == ["--hidden", "16"]
        return {"processes": world, "device": "some processor", "tokens per second": 1000 * world}

    monkeypatch.setattr(record, "FOLDER", tmp_path)
    monkeypatch.setattr(distributed, "launch", launch)
    distributed.main(["--record", "--hidden", "16"])
    found = json.loads((tmp_path / "distributed.json").read_text())
    assert [found["results"][n]["tokens per second"] for n in "12"] == [1000, 2000]
    assert found["settings"]["hidden"] == 16
    assert found["device"] == "some processor"
    assert "torch" in found["versions"]
    assert "record" not in found["settings"]
    capsys.readouterr()
    monkeypatch.setattr(distributed.dist, "is_torchelastic_launched", lambda: True)
    with pytest.raises(ValueError, match="run it without torchrun"):
        distributed.main(["--record"])


def test_only_the_first_process_prints_and_writes(tmp_path, monkeypatch, capsys):
    places = [tmp_path / name for name in ("report.json", "gradients.npz")]
    arguments = ["--epochs", "0", "--report", str(places[0]), "--gradients", str(places[1])]
    for rank in (1, 0):
        monkeypatch.setattr(distributed, "place", lambda rank=rank: (rank, 2))
        distributed.main([*SMALL, *arguments])
        assert [place.exists() for place in places] == [rank == 0] * 2
        assert bool(capsys.readouterr().out) == (rank == 0)
