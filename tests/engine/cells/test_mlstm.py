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
