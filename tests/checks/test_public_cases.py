"""Small rebuilds of what others reported in public; tests/README.md has the table of sources."""

import datetime
from types import SimpleNamespace

import numpy as np
import pytest
from unrolled import checks
from unrolled.datasets import time_split
from unrolled.engine import dense, rnn
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.losses import cross_entropy, softmax
from unrolled.engine.optimizers import SGD
from unrolled.engine.training import train_on_batches, train_on_stream
from unrolled.exercises import check

RNG = np.random.default_rng(0)
X = RNG.standard_normal((3, 6, 4))


def test_a_loss_that_starts_below_its_bound_or_is_negative_proves_nothing():
    for losses in ([-0.3], [1.0, 0.5, -0.1], [0.05]):
        values = iter(losses)
        assert not checks.overfit_one_batch(lambda values=values: next(values), below=0.1).ok
    density = iter([0.5, -1.5])
    assert checks.overfit_one_batch(lambda: next(density), below=-1.0).ok


def test_an_accuracy_at_chance_is_no_success():
    for last, ok in ((0.5, False), (1.0, True)):
        steps = iter([{"loss": 1.0, "accuracy": 0.4}, {"loss": 0.01, "accuracy": last}])
        assert checks.overfit_one_batch(lambda steps=steps: next(steps), below=0.1).ok == ok


@pytest.mark.parametrize("given", [None, "0.5", [], {}, np.ones(3), object()])
def test_a_step_that_returns_no_loss_is_told(given):
    with pytest.raises(ValueError, match="step must return the loss as one number"):
        checks.overfit_one_batch(lambda: given, below=1)


def test_targets_that_are_broadcast_do_not_fit_one_batch(torch):
    x, y = torch.randn(8, 6, 4), torch.randn(8)
    layer, out = torch.nn.GRU(4, 16, batch_first=True), torch.nn.Linear(16, 1)
    for shape, ok in (((8,), False), ((8, 1), True)):
        adam = torch.optim.Adam([*layer.parameters(), *out.parameters()], 0.03)

        def step(shape=shape, adam=adam):
            loss = ((out(layer(x)[1][0]) - y.reshape(shape)) ** 2).mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
            return loss

        assert checks.overfit_one_batch(step, below=0.05).ok == ok


def test_gradients_that_pile_up_are_wrong(torch):
    w = {"w": RNG.standard_normal(3)}
    leaf = torch.zeros(3, dtype=torch.float64, requires_grad=True)

    def program(p, zero):
        if zero:
            leaf.grad = None
        leaf.data = torch.tensor(p["w"])
        loss = (leaf**3).sum()
        loss.backward()
        return loss.item(), {"w": leaf.grad}

    assert checks.gradients(lambda p: program(p, True), w).ok
    assert not checks.gradients(lambda p: program(p, False), w).ok


def test_what_cancels_in_a_softmax_has_no_gradient():
    def attention(p):
        a = softmax(X @ p["w"] + p["b"])
        c = np.einsum("nt,ntd->nd", a, X)
        da = np.einsum("nd,ntd->nt", 2 * c, X)
        ds = a * (da - (a * da).sum(1, keepdims=True))
        return (c**2).sum(), {"w": np.einsum("nt,ntd->d", ds, X), "b": ds.sum().reshape(1)}

    params = {"w": RNG.standard_normal(4), "b": np.ones(1)}
    report = checks.gradients(attention, params)
    assert report.ok
    assert str(report).endswith("0 up to rounding")
    doubled = checks.gradients(lambda p: (attention(p)[0], {"w": 0 * p["w"], "b": p["b"]}), params)
    assert doubled.wrong == ["w", "b"]


def test_parameters_come_back_also_after_an_exception():
    params, calls = {"w": np.ones(3)}, []

    def fails(p):
        calls.append(1)
        if len(calls) > 3:
            raise RuntimeError("stop")
        return float((p["w"] ** 2).sum()), {"w": 2 * p["w"]}

    with pytest.raises(RuntimeError, match="stop"):
        checks.gradients(fails, params)
    np.testing.assert_array_equal(params["w"], np.ones(3))


def test_weights_that_a_cell_keeps_are_not_touched():
    mine = rnn.init_params(3, 4, rng=np.random.default_rng(0))
    before = {name: value.copy() for name, value in mine.items()}
    cell = SimpleNamespace(
        init_params=lambda D, H, rng: mine, forward=rnn.forward, backward=rnn.backward
    )
    assert check_gradients(cell).ok
    assert all(np.array_equal(mine[name], before[name]) for name in mine)


def test_a_backward_that_adds_to_its_last_gradients_is_wrong_at_once():
    total = {}

    def backward(dh, tape, params, dstate=None):
        dx, dstate, grads = rnn.backward(dh, tape, params, dstate)
        for name, grad in grads.items():
            total[name] = total.get(name, 0) + grad
        return dx, dstate, dict(total)

    cell = SimpleNamespace(init_params=rnn.init_params, forward=rnn.forward, backward=backward)
    assert check_gradients(cell).wrong == ["W_xh", "W_hh", "b_h"]


def test_a_cell_of_another_kind_is_told_what_a_cell_is():
    def cell(forward, backward=rnn.backward, **names):
        return SimpleNamespace(
            init_params=rnn.init_params, forward=forward, backward=backward, **names
        )

    def loose(x, p, s=None):
        h, tape = rnn.forward(x, p, s and (s,))
        return h, SimpleNamespace(state=tape.state[0])

    def narrow(x, p, s=None):
        h, tape = rnn.forward(x, p, s)
        return h.astype(np.float32), tape

    with pytest.raises(ValueError, match=r"tape\.state must be a tuple .* got ndarray"):
        check_gradients(cell(loose))
    with pytest.raises(ValueError, match="h as float32: central differences need float64"):
        check_gradients(cell(narrow))
    with pytest.raises(ValueError, match="STATE must name the 1 parts"):
        check_gradients(cell(rnn.forward, STATE=("h", "c")))
    with pytest.raises(ValueError, match="a dict of gradients; got list"):
        check_gradients(cell(rnn.forward, lambda *a: (*rnn.backward(*a)[:2], [])))


def test_cells_of_three_states_have_three_rows():
    def forward(x, p, s=None):
        s = s or (np.zeros((len(x), 4)),) * 3
        h, tape = rnn.forward(x, p, s[:1])
        return h, SimpleNamespace(state=tape.state + s[1:], tape=tape)

    def backward(dh, t, p, ds):
        dx, d, grads = rnn.backward(dh, t.tape, p, ds[:1])
        return dx, d + ds[1:], grads

    cell = SimpleNamespace(init_params=rnn.init_params, forward=forward, backward=backward)
    report = check_gradients(cell)
    assert report.ok
    assert [*report.errors][:4] == ["x", "s0_0", "s1_0", "s2_0"]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nothing_is_learned_from_what_is_no_number(rng, bad):
    params = rnn.init_params(3, 4, rng=rng) | dense.init_params(4, 2, rng=rng)
    before = {name: value.copy() for name, value in params.items()}
    x, targets = rng.standard_normal((4, 6, 3)), rng.integers(0, 2, (4, 6))
    x[3, 5, 1] = bad
    how = {"cell": rnn, "loss": cross_entropy, "optimizer": SGD(0.1)}
    with pytest.raises(ValueError, match=r"x holds (nan|inf) at \[3, 5, 1\]"):
        train_on_stream(x, targets, params, k=2, **how)
    with pytest.raises(ValueError, match=r"targets holds (nan|inf) at \[3, 5, 1\]"):
        train_on_batches(np.zeros_like(x), x, params, batch=1, rng=rng, **how)
    assert all(np.array_equal(params[name], before[name]) for name in params)


def test_a_cut_between_two_times_says_where_the_later_part_begins():
    months = np.arange("2000-01", "2001-01", dtype="datetime64[M]")
    with pytest.warns(UserWarning, match="2000-06-15 lies between 2000-06 and 2000-07: the later"):
        assert time_split(months, "2000-06-15") == [slice(0, 6), slice(6, 12)]
    with pytest.warns(UserWarning, match=r"1975\.5 lies between 1975 and 1976"):
        assert time_split(np.arange(1970, 1980), 1975.5) == [slice(0, 6), slice(6, 10)]
    assert time_split(months, "2000-06", datetime.date(2000, 9, 1))[1] == slice(5, 8)
    with pytest.raises(ValueError, match="cuts must be times such as"):
        time_split(months, "soon")


class Hostile:
    def _fails(self, *given):
        raise ZeroDivisionError

    __eq__ = __array__ = __len__ = __iter__ = __float__ = __repr__ = __str__ = _fails
    __hash__ = None


def exits(*given):
    raise SystemExit(3)


def endless(*given):
    return endless(*given)


@pytest.mark.parametrize("name", ["bptt-1", "bptt-3", "lstm-2", "forecasting-1", "museum-1"])
def test_whatever_is_typed_gets_a_sentence(name):
    odd = [10**400, -(10**400), [10**400, 1], np.array([10**400]), datetime.date(2020, 1, 1)]
    odd += [np.datetime64("2020-01-01"), np.zeros(10**7), Hostile(), [Hostile()], exits, endless]
    odd += [
        lambda *a: Hostile(),
        lambda *a: 10**400,
        {"W": Hostile()},
        "x" * 10**5,
        np.ones(3) * 1j,
    ]
    for answer in odd:
        verdict = check(name, answer)
        assert not verdict
        assert 15 < len(repr(verdict)) < 500


def test_a_tensor_is_an_answer_too(torch):
    from unrolled.exercises.checking import readable

    answer = torch.tensor([1.0, 2.0], requires_grad=True)
    np.testing.assert_array_equal(readable(answer), [1.0, 2.0])
    assert readable(torch.ones(2).bfloat16()).dtype == np.float32


def test_a_scaler_without_a_verdict_is_not_accused():
    series = RNG.standard_normal((300, 2)).cumsum(0) + 50
    train, rest = series[:200], series[200:]
    for scale in (lambda v: v / 1000, np.log, lambda v: v, lambda v: v - 7):
        report = checks.scaler_leak(scale, train, rest)
        assert report.ok
        assert report.unsure
    hours = np.column_stack([np.arange(300) % 24, RNG.integers(0, 101, 300)])
    assert checks.scaler_leak(lambda v: v / [23, 100], hours[:20], hours[20:]).ok
    holed = train.copy()
    holed[3, 0] = np.nan
    mean, std = np.nanmean(holed, 0), np.nanstd(holed, 0)
    assert checks.scaler_leak(lambda v: (v - mean) / std, holed, rest).ok
    mixed = np.concatenate([holed, rest])
    mean, std = np.nanmean(mixed, 0), np.nanstd(mixed, 0)
    report = checks.scaler_leak(lambda v: (v - mean) / std, holed, rest)
    assert "train and rest together" in report.findings[0]
    one = np.array([0.0, 1.0])  # of two columns only the second is scaled, on everything
    report = checks.scaler_leak(lambda v: v - one * mean, holed, rest)
    assert not report.ok


def test_layers_in_a_list_are_not_told_to_train(torch):
    class Listed(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.hids = [torch.nn.Linear(4, 4)]
            self.out = torch.nn.Linear(4, 3)

        def forward(self, x):
            return self.out(self.hids[0](x))

    (sentence,) = checks.dead_parts(Listed(), X).unsure
    assert sentence.startswith("what hids holds: its layers are not registered")


def test_what_cannot_be_asked_is_told_how_to_wrap_it(torch, keras):
    fixed = lambda x: x.reshape(3, 6, 4)[..., 0]  # noqa: E731
    with pytest.raises(ValueError, match=r"ambiguous: .* Say per_step=True or per_step=False"):
        checks.causality(fixed, X)
    assert not checks.causality(fixed, X, per_step=True).ok
    horizon = lambda x: np.cumsum(x.reshape(3, 24), axis=1)[:, ::-1].reshape(3, 6, 4)  # noqa: E731
    with pytest.raises(ValueError, match="takes no x of fewer steps, which is ambiguous"):
        checks.causality(horizon, X)
    assert checks.causality(horizon, X, per_step=False).ok
    several = lambda x: {"mean": x, "spread": x}  # noqa: E731
    with pytest.raises(ValueError, match=r"several things, mean, spread; choose one: lambda x"):
        checks.causality(several, X)
    with pytest.raises(ValueError, match="got a Normal; wrap it"):
        checks.causality(lambda x: torch.distributions.Normal(0.0, 1.0), X)
    with pytest.raises(ValueError, match="the model fails on x of int64"):
        checks.causality(torch.nn.LSTM(4, 3, batch_first=True), (X > 0).astype(int))
    stateful = keras.layers.LSTM(3, stateful=True, return_sequences=True)
    with pytest.raises(ValueError, match=r"reset its state \(lambda x: \(reset\(\), model"):
        checks.causality(stateful, X)


def test_a_model_that_fails_halfway_comes_back_as_it_was(torch):
    class Failing(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.out, self.drop = torch.nn.Linear(4, 3), torch.nn.Dropout(0.5)
            self.register_buffer("calls", torch.zeros(1))
            self.history, self.h = [], None

        def forward(self, x):
            with torch.no_grad():
                self.out.weight.add_(1)
            self.calls += 1
            self.h = self.drop(x)
            self.history.append(self.h)
            self.register_forward_hook(lambda *given: None)
            if len(self.history) > 1:
                raise RuntimeError("out of memory")
            return self.out(x)

    model = Failing()
    model.train()
    model.drop.eval()
    weight, generator = model.out.weight.detach().clone(), torch.get_rng_state()
    for examine in (
        checks.causality,
        checks.batch_independence,
        checks.dead_parts,
        checks.fresh_randomness,
        lambda m, x: checks.padding(m, x, [6, 4, 2]),
    ):
        with pytest.raises(ValueError, match="RuntimeError: out of memory"):
            examine(model, X)
        assert torch.equal(model.out.weight, weight)
        assert (model.calls.item(), model.history, model.h) == (0, [], None)
        assert (model.training, model.drop.training) == (True, False)
        assert not model._forward_hooks
        assert torch.equal(torch.get_rng_state(), generator)


def test_what_a_function_holds_comes_back_too(torch):
    rng, weights, layer = np.random.default_rng(3), np.ones((4, 2)), torch.nn.Linear(4, 2)
    state, before = rng.bit_generator.state, layer.weight.detach().clone()

    def model(x, training=False):
        weights.__imul__(1 + training)
        with torch.no_grad():
            layer.weight.add_(1)
        np.random.rand()  # noqa: NPY002
        return x @ weights + training * rng.standard_normal((3, 6, 2))

    legacy = np.random.get_state()[2]  # noqa: NPY002
    assert not checks.fresh_randomness(model, X).ok
    assert rng.bit_generator.state == state
    assert weights.max() == 1
    assert torch.equal(layer.weight, before)
    assert np.random.get_state()[2] == legacy  # noqa: NPY002
