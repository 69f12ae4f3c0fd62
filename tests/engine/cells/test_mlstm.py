import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import mlstm


@pytest.fixture
def case(rng):
    """q, k, v, i, f of 2 sequences of 50 steps, with 6 numbers in a key, and wild gates."""
    return [*rng.standard_normal((3, 2, 50, 6)), *(4 * rng.standard_normal((2, 2, 50)))]


def plain(q, k, v, i, f):
    """The formula as it is written, without the maximum, one sequence after the other."""
    h = np.empty_like(v)
    for row in range(len(q)):
        C, n = np.zeros((q.shape[2], q.shape[2])), np.zeros(q.shape[2])
        for t in range(q.shape[1]):
            forget, write = 1 / (1 + np.exp(-f[row, t])), np.exp(i[row, t])
            C = forget * C + write * np.outer(k[row, t], v[row, t])
            n = forget * n + write * k[row, t]
            h[row, t] = q[row, t] @ C / max(abs(q[row, t] @ n), 1)
    return h


@pytest.mark.parametrize("length", [1, 7, 25, 50, 64])
def test_three_forms_of_one_memory_are_the_formula(case, length):
    expected = plain(*case)
    close = {"rtol": 1e-9, "atol": 1e-11}
    h, state = mlstm.recurrent(*case)
    assert_allclose(h, expected, **close)
    assert_allclose(mlstm.parallel(*case), expected, **close)
    h, other = mlstm.chunks(*case, length=length)
    assert_allclose(h, expected, **close)
    for part, part_of_other in zip(state, other, strict=True):
        assert_allclose(part, part_of_other, **close)


def test_two_halves_are_the_whole_in_either_form(case):
    whole = mlstm.recurrent(*case)[0]
    first, rest = [part[:, :20] for part in case], [part[:, 20:] for part in case]
    for one in (mlstm.recurrent, mlstm.chunks):
        for other in (mlstm.recurrent, mlstm.chunks):
            h, state = one(*first)
            h = np.concatenate([h, other(*rest, state)[0]], axis=1)
            assert_allclose(h, whole, rtol=1e-9, atol=1e-11)


def test_a_key_that_is_orthogonal_to_all_others_finds_its_own_value(rng):
    d = 6
    keys = np.linalg.qr(rng.standard_normal((d, d)))[0][None]
    values, open_gates = rng.standard_normal((1, d, d)), np.full((1, d), 50.0)
    _, state = mlstm.recurrent(keys, keys, values, 0 * open_gates, open_gates)
    for j in range(d):
        found, _ = mlstm.step(
            keys[:, j], 0 * keys[:, j], values[:, j], np.zeros(1), np.full(1, 50.0), state
        )
        assert_allclose(found[0], values[0, j], rtol=1e-9, atol=1e-12)


def test_a_constant_in_all_input_gates_changes_nothing_where_enough_was_written(case):
    q, k, v, i, f = case
    q, k = np.abs(q), np.abs(k)  # so that what is written under the keys stays above 1
    h = mlstm.parallel(q, k, v, i + 30, f)
    assert_allclose(mlstm.parallel(q, k, v, i + 60, f), h, rtol=1e-9, atol=1e-11)
    assert not np.allclose(mlstm.parallel(q, k, v, i - 30, f), h)


def test_in_single_precision_a_large_gate_overflows_without_the_maximum_and_not_with_it(case):
    q, k, v, i, f = (part.astype(np.float32) for part in case)
    with np.errstate(over="ignore", invalid="ignore"):
        assert not np.isfinite(np.exp(i + 90)).all()
    for form in (mlstm.recurrent, mlstm.parallel, mlstm.chunks):
        found = form(q, k, v, i + 90, f)
        h = found if form is mlstm.parallel else found[0]
        assert h.dtype == np.float32
        assert_allclose(h, mlstm.parallel(*case[:3], case[3] + 90, case[4]), rtol=2e-2, atol=2e-2)


def test_shapes_that_do_not_fit_are_refused(case):
    q, k, v, i, f = case
    for wrong in ((q[0], k, v, i, f), (q, k[:, 1:], v, i, f), (q, k, v, i[:, :, None], f)):
        for form in (mlstm.recurrent, mlstm.parallel, mlstm.chunks):
            with pytest.raises(ValueError, match="one shape"):
                form(*wrong)


def objective(weights, length, parts, state, dstate):
    """A number from all that `chunks` returns, its C and n as they are at the final exponent m."""
    h, (C, n, m) = mlstm.chunks(*parts, state, length=length)
    factor = np.exp(m - weights["m"])[:, None]
    kept = (factor[..., None] * C * dstate[0]).sum() + (factor * n * dstate[1]).sum()
    return (h * weights["h"]).sum() + kept


@pytest.mark.parametrize("length", [1, 4, 9, 64])
def test_the_gradient_of_chunks_agrees_with_differences(rng, length):
    parts = [*rng.standard_normal((3, 2, 9, 3)), *(2 * rng.standard_normal((2, 2, 9)))]
    state = (*(rng.standard_normal(shape) for shape in [(2, 3, 3), (2, 3)]), np.array([0.5, -1.0]))
    dstate = tuple(rng.standard_normal(part.shape) for part in state[:2])
    h, (_, _, m) = mlstm.chunks(*parts, state, length=length)
    weights = {"h": rng.standard_normal(h.shape), "m": m}
    *grads, (dC, dn) = mlstm.chunks_backward(
        weights["h"], *parts, state, length=length, dstate=dstate
    )
    for array, grad in zip([*parts, *state[:2]], [*grads, dC, dn], strict=True):
        for place in np.ndindex(array.shape):
            kept, values = array[place], []
            for nudge in (1e-5, -1e-5):
                array[place] = kept + nudge
                values.append(objective(weights, length, parts, state, dstate))
            array[place] = kept
            assert abs((values[0] - values[1]) / 2e-5 - grad[place]) < 1e-6 * (1 + abs(grad[place]))


def test_the_gradient_is_that_of_pytorch_through_the_loop(case):
    torch = pytest.importorskip("torch")
    q, k, v, i, f = parts = [torch.tensor(part, requires_grad=True) for part in case]
    C, n, found = torch.zeros(2, 6, 6).double(), torch.zeros(2, 6).double(), []
    for t in range(50):
        forget, write = torch.sigmoid(f[:, t, None]), torch.exp(i[:, t, None])
        C = forget[..., None] * C + (write * k[:, t])[..., None] * v[:, t, None]
        n = forget * n + write * k[:, t]
        total = (q[:, t] * n).sum(dim=1, keepdim=True).abs().clamp(min=1)
        found.append((q[:, t, None] @ C)[:, 0] / total)
    dh = np.random.default_rng(1).standard_normal((2, 50, 6))
    (torch.stack(found, dim=1) * torch.tensor(dh)).sum().backward()
    for length in (1, 7, 50):
        *grads, _ = mlstm.chunks_backward(dh, *case, length=length)
        for grad, part in zip(grads, parts, strict=True):
            assert_allclose(grad, part.grad.numpy(), rtol=1e-7, atol=1e-7)


def test_a_gradient_of_another_shape_is_refused(case):
    with pytest.raises(ValueError, match=r"must have one shape \(N, T, d\).*got \(2, 49, 6\)"):
        mlstm.chunks_backward(case[0][:, :49], *case)
