"""A checkpoint is whole or not there, and whoever resumes from it notices nothing."""

import pickle
import re
import tracemalloc
import zipfile

import numpy as np
import pytest
from unrolled.engine import checkpoint, dense, rnn
from unrolled.engine.losses import cross_entropy
from unrolled.engine.optimizers import SGD, Adam, Momentum
from unrolled.engine.training import train_on_stream

N, T, D, H, K = 2, 6, 3, 4, 5
OPTIMIZERS = [lambda: SGD(0.1), lambda: Momentum(0.1, 0.8), lambda: Adam(0.01)]
NAMES = ["sgd", "momentum", "adam"]


def problem(cell, seed=7, H=H, dtype=np.float64):
    rng = np.random.default_rng(seed)
    params = cell.init_params(D, H, rng=rng, dtype=dtype)
    params |= dense.init_params(H, K, rng=rng, dtype=dtype)
    return rng.standard_normal((N, T, D)).astype(dtype), rng.integers(0, K, (N, T)), params


def train(cell, x, targets, params, optimizer, **settings):
    return train_on_stream(
        x, targets, params, cell=cell, loss=cross_entropy, optimizer=optimizer, k=2, **settings
    )


def snapshot(params, optimizer):
    """Everything that a checkpoint may change, exactly."""

    def exact(value):
        if isinstance(value, dict):
            return {name: exact(part) for name, part in value.items()}
        return (value.dtype, value.tolist()) if isinstance(value, np.ndarray) else value

    return exact(params), exact(vars(optimizer))


@pytest.fixture
def saved(tmp_path):
    """A checkpoint after an epoch with Adam."""
    path, (x, targets, params) = tmp_path / "run.npz", problem(rnn)
    train(rnn, x, targets, params, Adam(0.01), checkpoint=path)
    return path


def refuse(path, match, params=None, optimizer=None):
    """Loading says why it cannot, and changes nothing."""
    params = problem(rnn)[2] if params is None else params
    optimizer = optimizer or Adam(0.5)
    before = snapshot(params, optimizer)
    with pytest.raises(ValueError, match=match):
        checkpoint.load(path, params, optimizer)
    assert snapshot(params, optimizer) == before


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", OPTIMIZERS, ids=NAMES)
def test_a_resumed_run_is_the_uninterrupted_one_bit_by_bit(cell, tmp_path, make, dtype):
    x, targets, straight = problem(cell, dtype=dtype)
    straight_optimizer = make()
    expected = train(cell, x, targets, straight, straight_optimizer, epochs=5)

    settings = {"checkpoint": tmp_path / "run.npz"}
    _, _, first = problem(cell, dtype=dtype)
    train(cell, x, targets, first, make(), epochs=2, **settings)
    _, _, params = problem(cell, seed=8, dtype=dtype)  # another start, which the file replaces
    arrays, optimizer = dict(params), make()
    assert train(cell, x, targets, params, optimizer, epochs=5, **settings) == expected
    assert snapshot(params, optimizer) == snapshot(straight, straight_optimizer)
    for name, array in arrays.items():
        assert params[name] is array
    assert {array.dtype for array in params.values()} == {np.dtype(dtype)}


def test_a_run_that_is_done_is_only_read(tmp_path):
    x, targets, params = problem(rnn)
    path, optimizer = tmp_path / "run.npz", Adam(0.01)
    history = train(rnn, x, targets, params, optimizer, epochs=3, checkpoint=path)
    expected, written = snapshot(params, optimizer), path.read_bytes()
    params, optimizer = problem(rnn, seed=8)[2], Adam(0.01)
    assert train(rnn, x, targets, params, optimizer, epochs=3, checkpoint=path) == history
    assert snapshot(params, optimizer) == expected
    assert path.read_bytes() == written


def test_nothing_of_an_optimizer_that_was_used_before_stays(tmp_path):
    x, targets, params = problem(rnn)
    checkpoint.save(tmp_path / "start.npz", params, Momentum(0.1), [])
    used = Momentum(0.1)
    train(rnn, x, targets, params, used)
    assert checkpoint.load(tmp_path / "start.npz", params, used) == []
    assert used.velocity == {}


@pytest.mark.fault
@pytest.mark.parametrize("keep", [0, 1, 30, 400, -400, -30, -1])
def test_a_truncated_file_is_no_checkpoint(saved, keep):
    cut = saved.with_name("cut run.npz")
    cut.write_bytes(saved.read_bytes()[:keep])
    refuse(cut, r"run\.npz is not a checkpoint: ")


@pytest.mark.fault
def test_a_damaged_file_is_no_checkpoint_or_still_the_same(saved, rng):
    whole, params, optimizer = saved.read_bytes(), problem(rnn)[2], Adam(0.5)
    checkpoint.load(saved, params, optimizer)
    expected, refused = snapshot(params, optimizer), 0
    damaged = saved.with_name("damaged.npz")
    for position in rng.choice(len(whole), 150, replace=False):
        broken = bytearray(whole)
        broken[position] ^= 1 << rng.integers(8)
        damaged.write_bytes(broken)
        params, optimizer = problem(rnn)[2], Adam(0.5)
        before = snapshot(params, optimizer)
        try:
            checkpoint.load(damaged, params, optimizer)
        except ValueError:
            refused += 1
            assert snapshot(params, optimizer) == before
        else:  # dates and the like
            assert snapshot(params, optimizer) == expected
    assert refused > 75


@pytest.mark.fault
def test_foreign_files_are_no_checkpoints(saved, tmp_path):
    path = tmp_path / "foreign.npz"
    path.write_text("loss,epoch\n")
    refuse(path, "is not a checkpoint")
    np.savez(path, a=np.zeros(3))
    refuse(path, "is not a checkpoint: .*history")
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("history", "text")
    refuse(path, "is not a checkpoint: it holds something other than arrays")
    np.savez(path, history=np.zeros(3))
    refuse(path, "holds the parameters {}; expected")
    np.save(tmp_path / "one.npy", np.zeros(3))
    refuse(tmp_path / "one.npy", "is not a checkpoint")
    refuse(tmp_path, "is not a checkpoint")


class Trap:
    """Unpickling this raises."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.fault
def test_no_pickle_is_ever_loaded(saved):
    poisoned = saved.with_name("poisoned.npz")
    trap = {"optimizer/lr": np.array(Trap(), object)}
    np.savez(poisoned, **checkpoint.arrays_in(saved) | trap)
    refuse(poisoned, "is not a checkpoint: .*allow_pickle")
    poisoned.write_bytes(pickle.dumps(Trap()))
    refuse(poisoned, "is not a checkpoint")


@pytest.mark.parametrize("name", ["params/", "optimizer/"])
def test_a_name_without_an_end_is_not_repeated(saved, name):
    np.savez(saved, **checkpoint.arrays_in(saved) | {name + 50_000 * "x": np.zeros(3)})
    with pytest.raises(ValueError, match=r"run\.npz holds") as caught:
        checkpoint.load(saved, problem(rnn)[2], Adam(0.5))
    assert len(str(caught.value)) < 2_000


def test_no_file_takes_more_memory_than_its_size(tmp_path):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, history=np.zeros(10_000_000))
    tracemalloc.start()
    refuse(path, "is not a checkpoint: it is compressed, to 80,000,")
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "changed",
    [
        {"optimizer/lr": np.zeros(3)},
        {"optimizer/steps": np.array("many")},
        {"optimizer/steps/W_xh": np.zeros((D, H))},
        {"optimizer/mean/W_xh": np.zeros(7)},
        {"optimizer/mean/W_xh": np.zeros((D, H), np.float32)},
        {"optimizer/mean/of what": np.zeros(7)},
        {"optimizer/mean": np.zeros(())},
    ],
    ids=lambda changed: " ".join(changed),
)
def test_an_optimizer_whose_memory_does_not_fit_is_refused(saved, changed):
    np.savez(saved, **checkpoint.arrays_in(saved) | changed)
    refuse(saved, "run.npz holds .*, which is no Adam for these parameters")


@pytest.mark.fault
def test_a_checkpoint_of_another_network_is_refused(saved):
    refuse(saved, r"holds the parameters .*\(4, 4\).*expected", problem(rnn, H=3)[2])
    refuse(saved, r"float64 .*expected .*float32", problem(rnn, dtype=np.float32)[2])
    params = problem(rnn)[2]
    refuse(saved, "holds the parameters", params | {"b_z": np.zeros(3)})
    refuse(saved, "holds the parameters", {name: params[name] for name in list(params)[1:]})


@pytest.mark.parametrize("ours", OPTIMIZERS, ids=NAMES)
@pytest.mark.parametrize("theirs", OPTIMIZERS, ids=NAMES)
def test_a_checkpoint_of_another_optimizer_is_refused(tmp_path, ours, theirs):
    path, (x, targets, params) = tmp_path / "run.npz", problem(rnn)
    train(rnn, x, targets, params, theirs(), checkpoint=path)
    if ours is theirs:
        checkpoint.load(path, params, ours())
    else:
        refuse(path, f"holds .*'lr'.*, which is no {type(ours()).__name__}", params, ours())


def test_a_path_without_a_file_is_an_error_of_its_own(tmp_path):
    with pytest.raises(FileNotFoundError):
        checkpoint.load(tmp_path / "none.npz", {}, SGD(0.1))


@pytest.mark.fault
def test_what_could_not_be_read_back_is_not_written(saved):
    optimizer, before = SGD(0.1), saved.read_bytes()
    for optimizer.schedule in (None, "cosine", [0.1, 0.2]):
        with pytest.raises(ValueError, match=re.escape(f"schedule is {optimizer.schedule!r}")):
            checkpoint.save(saved, problem(rnn)[2], optimizer, [])
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_target_that_is_a_folder_leaves_no_part(tmp_path):
    (tmp_path / "run.npz").mkdir()
    with pytest.raises(OSError, match="directory"):
        checkpoint.save(tmp_path / "run.npz", problem(rnn)[2], SGD(0.1), [])
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_settings_are_those_of_the_optimizer_that_goes_on(tmp_path):
    params = {"w": np.ones(2)}
    first = Adam(lr=0.1)
    first.update(params, {"w": np.ones(2)})
    checkpoint.save(tmp_path / "run.npz", params, first, [1.0])
    second = Adam(lr=0.001)
    checkpoint.load(tmp_path / "run.npz", params, second)
    assert (second.lr, second.steps) == (0.001, 1)
    assert np.array_equal(second.mean["w"], first.mean["w"])


@pytest.mark.parametrize("make", [SGD, Momentum, Adam])
def test_a_setting_stays_one_if_it_is_a_whole_number(tmp_path, make):
    checkpoint.save(tmp_path / "run.npz", {}, make(1), [])
    second = make(2)
    checkpoint.load(tmp_path / "run.npz", {}, second)
    assert second.lr == 2


def test_an_optimizer_names_its_memory(tmp_path):
    with pytest.raises(ValueError, match="an optimizer names its MEMORY; object does not"):
        checkpoint.save(tmp_path / "run.npz", {}, object(), [])
