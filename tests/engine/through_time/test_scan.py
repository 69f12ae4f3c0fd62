"""A linear recurrence is the same in every bracketing, forward and backward."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import rnn, scan
from unrolled.engine.gradcheck import numerical_gradient, relative_error

METHODS = [*scan.METHODS, "auto"]
CLOSE = {np.float64: {"rtol": 1e-12, "atol": 1e-13}, np.float32: {"rtol": 1e-4, "atol": 1e-5}}


def drawn(rng, T, N, H, dtype=np.float64):
    """Decays between -1 and 1, drives and an initial state."""
    decay = rng.uniform(-1, 1, (T, N, H)).astype(dtype)
    return decay, *(rng.standard_normal(s).astype(dtype) for s in ((T, N, H), (N, H)))


def one_by_one(decay, drive, h_0):
    h = [h_0]
    for decay_t, drive_t in zip(decay, drive, strict=True):
        h.append(decay_t * h[-1] + drive_t)
    return np.stack(h)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("N", "H"), [(1, 1), (1, 3), (2, 40), (3, 200)])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_the_loop_at_every_length(rng, method, N, H, dtype):
    for T in [*range(1, 71), 300]:
        decay, drive, h_0 = drawn(rng, T, N, H, dtype)
        for start in (h_0, None):
            h = scan.linear(decay, drive, start, method=method)
            assert h.dtype == dtype
            expected = one_by_one(decay, drive, 0 * h_0 if start is None else h_0)
            assert_allclose(h, expected, **CLOSE[dtype], err_msg=f"T={T}")


@pytest.mark.parametrize(("T", "N", "H"), [(8, 1, 4), (64, 1, 2), (400, 1, 60), (300, 2, 100)])
def test_auto_is_one_of_them(rng, T, N, H):
    decay, drive, h_0 = drawn(rng, T, N, H)
    assert_allclose(scan.linear(decay, drive, h_0), one_by_one(decay, drive, h_0), rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_given_is_written_into(rng, method):
    arrays = drawn(rng, 30, 2, 3)
    for array in arrays:
        array.setflags(write=False)
    h = scan.linear(*arrays, method=method)
    h.setflags(write=False)
    scan.linear_backward(arrays[1], arrays[0], h, arrays[2], method=method)


@pytest.mark.parametrize("method", METHODS)
def test_one_number_a_step_needs_no_more_axes(rng, method):
    decay, drive, h_0 = drawn(rng, 50, 1, 1)
    flat = scan.linear(decay[:, 0, 0], drive[:, 0, 0], h_0[0, 0], method=method)
    assert flat.shape == (51,)
    assert_allclose(flat, one_by_one(decay, drive, h_0)[:, 0, 0], **CLOSE[np.float64])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 1, 1), (40, 1, 3), (1, 2, 3), (40, 2, 1)])
def test_a_decay_may_be_the_same_along_an_axis(rng, method, shape):
    _, drive, h_0 = drawn(rng, 40, 2, 3)
    decay = rng.uniform(-1, 1, shape)
    full = np.broadcast_to(decay, drive.shape)
    h = scan.linear(decay, drive, h_0, method=method)
    assert_allclose(h, one_by_one(full, drive, h_0), **CLOSE[np.float64])
    dh, dstate = rng.standard_normal(drive.shape), rng.standard_normal(h_0.shape)
    ddecay, ddrive, dh_0 = scan.linear_backward(dh, decay, h, dstate, method=method)
    expected = scan.linear_backward(dh, full, h, dstate)
    axes = tuple(i for i, size in enumerate(shape) if size == 1)
    assert_allclose(ddecay, expected[0].sum(axis=axes, keepdims=True), rtol=1e-10, atol=1e-12)
    assert_allclose(ddrive, expected[1], **CLOSE[np.float64])
    assert_allclose(dh_0, expected[2], **CLOSE[np.float64])


@pytest.mark.parametrize("method", METHODS)
def test_with_a_constant_decay_it_is_a_filter_and_a_convolution(rng, method):
    signal = pytest.importorskip("scipy.signal")
    x = rng.standard_normal(200)
    h = scan.linear(np.full(200, 0.9), x, method=method)[1:]
    assert_allclose(h, signal.lfilter([1], [1, -0.9], x), rtol=1e-10, atol=1e-12)
    kernel = np.fft.rfft(0.9 ** np.arange(200), 400)
    assert_allclose(h, np.fft.irfft(kernel * np.fft.rfft(x, 400))[:200], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("method", METHODS)
def test_a_decay_of_one_is_a_running_sum(rng, method):
    x = rng.standard_normal((100, 2, 3))
    assert_allclose(scan.linear(np.ones_like(x), x, method=method)[1:], x.cumsum(axis=0), rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_decay_of_zero_forgets_even_infinity(rng, method):
    decay, drive, _ = drawn(rng, 40, 1, 2)
    decay[20] = 0
    expected = scan.linear(decay[20:], drive[20:])[1:]
    drive[:20] *= 1e300
    assert_allclose(scan.linear(decay, drive, method=method)[21:], expected, **CLOSE[np.float64])


@pytest.mark.parametrize("method", scan.METHODS)
@pytest.mark.parametrize("T", [1, 2, 3, 7, 16, 31, 32, 70, 100])
def test_levels_put_every_step_into_every_later_state_once(method, T):
    held = [[t] for t in range(T)]
    for level in scan.levels(T, method):
        rights = [right for _, right in level]
        assert len(set(rights)) == len(rights)
        joined = {right: held[left] + held[right] for left, right in level}  # of the level before
        for right, steps in joined.items():
            held[right] = steps
    assert held == [list(range(t + 1)) for t in range(T)]


def test_how_many_levels_and_combinations_1024_steps_take():
    counts = {
        method: (len(levels), sum(map(len, levels)))
        for method in scan.METHODS
        for levels in [scan.levels(1024, method)]
    }
    assert counts == {
        "loop": (1023, 1023),
        "doubling": (10, 9217),
        "tree": (19, 2036),
        "chunks": (63, 1984),
    }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("T", [1, 2, 9])
def test_backward_matches_central_differences(rng, method, T):
    decay, drive, h_0 = drawn(rng, T, 2, 3)
    dh, dstate = rng.standard_normal(drive.shape), rng.standard_normal(h_0.shape)

    def loss():
        h = scan.linear(decay, drive, h_0, method="loop")
        return (h[1:] * dh).sum() + (h[-1] * dstate).sum()

    h = scan.linear(decay, drive, h_0)
    computed = scan.linear_backward(dh, decay, h, dstate, method=method)
    for gradient, array in zip(computed, (decay, drive, h_0), strict=True):
        assert relative_error(gradient, numerical_gradient(loss, array)) < 1e-8


def test_same_gradients_as_autograd(rng):
    torch = pytest.importorskip("torch")
    decay, drive, h_0 = drawn(rng, 60, 2, 3)
    dh = rng.standard_normal(drive.shape)
    leaves = [torch.tensor(array, requires_grad=True) for array in (decay, drive, h_0)]
    h_t, loss = leaves[2], 0
    for t in range(60):
        h_t = leaves[0][t] * h_t + leaves[1][t]
        loss = loss + (h_t * torch.tensor(dh[t])).sum()
    loss.backward()
    computed = scan.linear_backward(dh, decay, scan.linear(decay, drive, h_0))
    for gradient, leaf in zip(computed, leaves, strict=True):
        assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_backward_is_linear_with_time_and_decays_turned_round_one_step_later(rng):
    decay, drive, _ = drawn(rng, 20, 1, 3)
    h = scan.linear(decay, drive)
    _, g, _ = scan.linear_backward(drive, decay, h)
    later = np.concatenate([decay[1:], 0 * decay[:1]])
    assert_allclose(g, scan.linear(later[::-1], drive[::-1])[:0:-1], rtol=1e-12)
    unshifted = scan.linear(decay[::-1], drive[::-1])[:0:-1]
    assert relative_error(g, unshifted) > 0.1


@pytest.mark.parametrize("cut", [1, 17, 39])
def test_two_halves_are_the_whole(rng, cut):
    decay, drive, h_0 = drawn(rng, 40, 2, 3)
    dh, dstate = rng.standard_normal(drive.shape), rng.standard_normal(h_0.shape)
    h = scan.linear(decay, drive, h_0)
    first = scan.linear(decay[:cut], drive[:cut], h_0)
    rest = scan.linear(decay[cut:], drive[cut:], first[-1])
    assert_allclose(np.concatenate([first, rest[1:]]), h, rtol=1e-10, atol=1e-12)
    *late, middle = scan.linear_backward(dh[cut:], decay[cut:], rest, dstate)
    *early, dh_0 = scan.linear_backward(dh[:cut], decay[:cut], first, middle)
    whole = scan.linear_backward(dh, decay, h, dstate)
    for early_part, late_part, expected in zip(early, late, whole, strict=False):
        both = np.concatenate([early_part, late_part])
        assert_allclose(both, expected, rtol=1e-10, atol=1e-12)
    assert_allclose(dh_0, whole[2], rtol=1e-10, atol=1e-12)


def test_complex_decays_are_turns(rng):
    decay = rng.uniform(0.5, 1, (30, 1, 2)) * np.exp(1j * rng.uniform(0, 6, (30, 1, 2)))
    drive = rng.standard_normal((30, 1, 2)) + 1j * rng.standard_normal((30, 1, 2))
    expected = one_by_one(decay, drive, np.zeros((1, 2)))
    for method in METHODS:
        assert_allclose(scan.linear(decay, drive, method=method), expected, rtol=1e-10)


def test_the_way_back_of_a_tanh_network_is_a_linear_recurrence(rng):
    params = rnn.init_params(3, 4, rng=rng)
    dh = rng.standard_normal((1, 12, 4))
    h, tape = rnn.forward(rng.standard_normal((1, 12, 3)), params)
    dx, _, _ = rnn.backward(dh, tape, params)
    matrices = [np.diag(1 - h_t**2) @ params["W_hh"].T for h_t in h[0]]  # h_{t} back to h_{t-1}
    steps = [(np.eye(4), dh[0, 11])]
    steps += [(matrices[t + 1], dh[0, t]) for t in reversed(range(11))]
    for level in scan.levels(12, "tree"):
        for left, right in level:  # g becomes g @ M + d
            (M_1, d_1), (M_2, d_2) = steps[left], steps[right]
            steps[right] = M_1 @ M_2, d_1 @ M_2 + d_2
    g = np.stack([d for _, d in steps[::-1]])
    assert_allclose((g * (1 - h[0] ** 2)) @ params["W_xh"].T, dx[0], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"method": "fft"}, "auto or one of loop, doubling, tree, chunks; got 'fft'"),
        ({"decay": np.ones((5, 2, 4))}, r"shape of drive, \(5, 2, 3\), or axes of 1"),
        ({"decay": np.ones(3)}, "decay must have the shape"),
        ({"decay": np.ones((5, 2, 3), np.float32)}, "decay must have .* float64.*got .* float32"),
        ({"h_0": np.ones((1, 3))}, r"state must have shape \(2, 3\)"),
        ({"drive": np.ones((0, 2, 3)), "decay": np.ones((1, 2, 3))}, "at least one time step"),
    ],
)
def test_linear_says_what_does_not_fit(change, match):
    arguments = {"decay": np.ones((5, 2, 3)), "drive": np.ones((5, 2, 3))} | change
    with pytest.raises(ValueError, match=match):
        scan.linear(**arguments)


def test_linear_backward_and_levels_say_what_does_not_fit():
    ones = np.ones((5, 2, 3))
    with pytest.raises(ValueError, match="one state more than dh"):
        scan.linear_backward(ones, ones, ones)
    with pytest.raises(ValueError, match="initial or final state"):
        scan.linear_backward(ones, ones, np.ones((6, 2, 3)), np.ones(3))
    for T, method in ((0, "tree"), (5, "auto")):
        with pytest.raises(ValueError, match="at least 1, method one of loop"):
            scan.levels(T, method)


def test_a_state_of_none_changes_nothing(rng):
    decay, drive, h_0 = drawn(rng, 9, 2, 3)
    assert_array_equal(scan.linear(decay, drive), scan.linear(decay, drive, 0 * h_0))
