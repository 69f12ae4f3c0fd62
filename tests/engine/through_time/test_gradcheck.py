from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import dropout, gru, linear, lstm, rnn
from unrolled.engine.gradcheck import (
    GradientReport,
    check_gradients,
    numerical_gradient,
    relative_error,
)
from unrolled.engine.stack import Stack


def shapes_of(cell):
    """The shapes of all gradients of a cell, by name, in the order of the report."""
    params = cell.init_params(3, 4, rng=np.random.default_rng(0))
    state = {f"{part}_0": (2, 4) for part in cell.STATE}
    return {"x": (2, 5, 3), **state, **{name: value.shape for name, value in params.items()}}


GRADIENTS = ["x", "h_0", "W_xh", "W_hh", "b_h"]

each_gradient = pytest.mark.parametrize(
    ("cell", "name"),
    [
        pytest.param(cell, name, id=f"{cell.__name__.split('.')[-1]}-{name}")
        for cell in (rnn, lstm, gru, linear)
        for name in shapes_of(cell)
    ],
)


def with_backward(cell, backward):
    return SimpleNamespace(
        STATE=cell.STATE, init_params=cell.init_params, forward=cell.forward, backward=backward
    )


def broken(cell, change):
    """A cell with a `backward` whose gradients, a dict by name, go through `change`."""

    def backward(dh, tape, params, dstate=None):
        dx, dstate_0, grads = cell.backward(dh, tape, params, dstate)
        state = {f"{part}_0": d for part, d in zip(cell.STATE, dstate_0, strict=True)}
        changed = change({"x": dx, **state, **grads})
        return changed.pop("x"), tuple(changed.pop(name) for name in state), changed

    return with_backward(cell, backward)


def test_a_right_gradient_passes(cell):
    report = check_gradients(cell)
    assert report.ok
    assert report.wrong == []
    assert list(report.errors) == list(shapes_of(cell))
    assert report.shapes == shapes_of(cell)


@each_gradient
def test_a_gradient_that_is_off_by_a_little_is_named(cell, name):
    report = check_gradients(broken(cell, lambda g: g | {name: 1.0001 * g[name]}))
    assert report.wrong == [name]
    assert not report.ok


@each_gradient
def test_a_gradient_with_one_wrong_element_is_named(cell, name):
    def change(gradients):
        gradients[name].flat[-1] += 0.01
        return gradients

    assert check_gradients(broken(cell, change), T=2).wrong == [name]


@pytest.mark.parametrize("name", ["W_xh", "W_hh", "b_h"])
def test_a_forgotten_gradient_is_named(name):
    forgetful = broken(rnn, lambda g: {n: v for n, v in g.items() if n != name})
    assert check_gradients(forgetful).wrong == [name]


@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_a_gradient_that_is_not_a_gradient_is_named(name, bad):
    report = check_gradients(broken(rnn, lambda g: g | {name: np.full_like(g[name], bad)}))
    assert report.wrong == [name]


@pytest.mark.parametrize("name", ["x", "W_xh", "W_hh"])
def test_swapped_axes_are_named(name):
    swapped = broken(rnn, lambda g: g | {name: g[name].swapaxes(0, 1)})
    assert check_gradients(swapped).wrong == [name]


def test_a_backward_that_ignores_the_final_gradient_fails(cell):
    def backward(dh, tape, params, dstate):
        return cell.backward(dh, tape, params)

    assert check_gradients(with_backward(cell, backward)).wrong == list(shapes_of(cell))


def test_a_backward_that_ignores_the_final_gradient_of_c_fails():
    def backward(dh, tape, params, dstate):
        return lstm.backward(dh, tape, params, (dstate[0], np.zeros_like(dstate[1])))

    assert "c_0" in check_gradients(with_backward(lstm, backward)).wrong


def test_a_backward_that_forgets_one_step_of_time_fails(cell):
    def backward(dh, tape, params, dstate):
        dx, dstate_0, grads = cell.backward(dh[:, 1:], tape.window(1, 5), params, dstate)
        return np.pad(dx, [(0, 0), (1, 0), (0, 0)]), dstate_0, grads

    assert check_gradients(with_backward(cell, backward)).wrong == list(shapes_of(cell))


@pytest.mark.parametrize("eps", [0.1, 1e-13])
def test_a_step_that_is_too_coarse_or_too_fine_fails(eps):
    assert not check_gradients(rnn, eps=eps).ok


def test_a_loss_that_is_nan_never_passes():
    def forward(x, params, state=None):
        h, tape = rnn.forward(x, params, state)
        return np.nan * h, tape

    def backward(dh, tape, params, dstate):
        dx, (dh_0,), grads = rnn.backward(dh, tape, params, dstate)
        return 0 * dx, (0 * dh_0,), {name: 0 * grad for name, grad in grads.items()}

    cell = SimpleNamespace(init_params=rnn.init_params, forward=forward, backward=backward)
    assert check_gradients(cell).wrong == GRADIENTS


def test_an_error_that_is_nan_counts_as_wrong():
    report = GradientReport({"W_xh": np.nan, "W_hh": 0.0}, {"W_xh": (3, 4), "W_hh": (4, 4)}, 1.0)
    assert report.wrong == ["W_xh"]


def test_the_tolerance_is_the_line_between_right_and_wrong():
    slightly_off = broken(rnn, lambda g: g | {"b_h": 1.01 * g["b_h"]})
    assert check_gradients(slightly_off, tolerance=0.02).ok
    assert check_gradients(slightly_off, tolerance=0.005).wrong == ["b_h"]


def test_the_check_depends_on_nothing_but_its_seed():
    assert check_gradients(rnn, seed=3).errors == check_gradients(rnn, seed=3).errors
    assert check_gradients(rnn, seed=3).errors != check_gradients(rnn, seed=4).errors


def test_the_report_is_a_table_that_marks_what_is_wrong():
    lines = str(check_gradients(broken(rnn, lambda g: g | {"W_hh": -g["W_hh"]}))).splitlines()
    assert lines[0].split() == ["gradient", "shape", "relative", "error"]
    assert [line.split()[0] for line in lines[1:]] == GRADIENTS
    assert [line.split()[0] for line in lines if line.endswith("WRONG")] == ["W_hh"]
    assert lines[1] == "x         (2, 5, 3)   < 1e-06"


def test_central_differences_are_exact_for_a_quadratic(rng):
    w = rng.standard_normal((3, 4))
    assert_allclose(numerical_gradient(lambda: (w**2).sum(), w, eps=0.1), 2 * w, rtol=1e-12)


def test_the_error_of_central_differences_is_of_order_eps_squared(rng):
    w = rng.standard_normal(4)
    for eps in (0.1, 0.01):
        error = numerical_gradient(lambda: (w**3).sum(), w, eps=eps) - 3 * w**2
        assert_allclose(error, eps**2, rtol=1e-6)


def test_numerical_gradient_gives_the_array_back_as_it_was(rng):
    w = rng.standard_normal((3, 4))
    before = w.copy()
    numerical_gradient(lambda: np.sin(w).sum(), w)
    assert_array_equal(w, before)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_numerical_gradient_asks_for_float64(dtype):
    with pytest.raises(ValueError, match=f"need float64; got {np.dtype(dtype)}"):
        numerical_gradient(lambda: 0.0, np.ones(3, dtype))


def test_relative_error_is_a_fraction_of_the_largest_element():
    assert relative_error(np.array([0.0, 10.0]), np.array([0.1, 10.0])) == pytest.approx(0.01)
    assert relative_error(np.array([3.0]), np.array([-3.0])) == 2
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
    assert relative_error(np.zeros(3), np.full(3, 1e-9)) == 1


def test_relative_error_never_broadcasts():
    assert relative_error(np.ones((3, 1)), np.ones(3)) == np.inf


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("finite", [0.0, 1.0])
def test_relative_error_of_what_is_not_finite_is_infinite(finite, bad):
    finite, bad = np.full(2, finite), np.array([0.0, bad])
    assert relative_error(bad, finite) == np.inf
    assert relative_error(finite, bad) == np.inf


def test_a_forward_that_draws_anew_cannot_be_checked(rng):
    with pytest.raises(ValueError, match="another result when it is called again; leave dropout"):
        check_gradients(Stack(rnn, 2, drop=dropout.locked(0.5, rng)))
    mask = dropout.mask((2, 1, 4), 0.5, rng=rng)
    assert check_gradients(Stack(rnn, 2, drop=lambda N, H, dtype: mask)).ok


@pytest.mark.parametrize("eps", [0, -1e-6, np.nan])
def test_a_step_is_positive(eps):
    with pytest.raises(ValueError, match=f"eps must be positive; got {eps}"):
        check_gradients(rnn, eps=eps)
