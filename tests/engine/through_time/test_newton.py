import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import newton, rnn

WAYS = [("full", "tree"), ("full", "loop"), ("diagonal", "tree"), ("none", "tree")]
ways = pytest.mark.parametrize(("jacobian", "method"), WAYS)


def net(gain, H=16, T=60, N=2, seed=3, scale=0.5):
    """Inputs, parameters and a state before the first step."""
    rng = np.random.default_rng(seed)
    params = rnn.init_params(2, H, rng=rng)
    params["W_hh"] *= gain
    params["b_h"] += 0.1 * rng.standard_normal(H)
    return (
        scale * rng.standard_normal((N, T, 2)),
        params,
        (rng.uniform(-1, 1, (N, H)),),
    )


@ways
@pytest.mark.parametrize("gain", [0.5, 0.8, 1.2])
def test_it_ends_where_the_loop_ends(gain, jacobian, method):
    x, params, state = net(gain)
    h, tape, residuals = newton.forward(x, params, state, jacobian=jacobian, method=method)
    expected, known = rnn.forward(x, params, state)
    assert_allclose(h, expected, atol=1e-8)
    assert_allclose(tape.x, known.x)
    assert_allclose(tape.state[0], known.state[0], atol=1e-8)
    assert residuals[-1] <= 1e-10 < residuals[-2]


@ways
@pytest.mark.parametrize("gain", [0.8, 3.0])
def test_after_k_rounds_the_first_k_steps_are_right(gain, jacobian, method):
    x, params, state = net(gain)
    expected, _ = rnn.forward(x, params, state)
    for k in (0, 1, 5, 20):
        h, _, residuals = newton.forward(
            x, params, state, jacobian=jacobian, method=method, rounds=k, tol=0
        )
        assert_allclose(h[:, :k], expected[:, :k], atol=1e-9)
        assert len(residuals) == k + 1
    if gain > 1:  # and they are not all right before
        assert np.abs(h[:, 30:] - expected[:, 30:]).max() > 0.1


@ways
def test_as_many_rounds_as_steps_are_enough_in_chaos(jacobian, method):
    x, params, _ = net(3.0, T=40)
    h, _, residuals = newton.forward(x, params, jacobian=jacobian, method=method)
    assert len(residuals) <= 41
    assert residuals[-1] < 1e-9
    assert_allclose(h, rnn.forward(x, params)[0], atol=1e-4)


@ways
def test_the_residual_is_the_largest_miss_of_a_step(jacobian, method):
    x, params, state = net(1.2)
    h, tape, residuals = newton.forward(
        x, params, state, jacobian=jacobian, method=method, rounds=3
    )
    for n in range(2):
        one_by_one, _ = zip(
            *((rnn.step(x[[n], t], (tape.h[t, [n]],), params)[0], t) for t in range(x.shape[1])),
            strict=True,
        )
        misses = np.abs(np.concatenate(one_by_one) - h[n])
        assert misses.max() <= residuals[-1] + 1e-12
    assert len(residuals) == 4


def test_the_tape_gives_the_gradient_of_the_loop(rng):
    x, params, state = net(0.8)
    dh = rng.standard_normal((2, 60, 16))
    found = rnn.backward(dh, newton.forward(x, params, state)[1], params)
    known = rnn.backward(dh, rnn.forward(x, params, state)[1], params)
    assert_allclose(found[0], known[0], atol=1e-8)
    for name, grad in known[2].items():
        assert_allclose(found[2][name], grad, atol=1e-7, err_msg=name)


def test_the_full_jacobian_converges_quadratically_and_the_others_do_not():
    x, params, _ = net(0.8, T=200, N=1)
    rounds = {way: len(newton.forward(x, params, jacobian=way)[2]) - 1 for way in newton.JACOBIANS}
    assert rounds["full"] <= 8
    assert min(rounds["diagonal"], rounds["none"]) > 3 * rounds["full"]
    residuals = newton.forward(x, params)[2]
    falling = residuals[(residuals < 1e-2) & (residuals > 1e-14)]
    assert (falling[1:] < 10 * falling[:-1] ** 1.7).all()


def test_a_diagonal_matrix_needs_no_more_than_its_diagonal():
    x, params, _ = net(1.0, N=1)
    params["W_hh"] = np.diag(np.linspace(-0.9, 0.9, 16))
    full, diagonal = (newton.forward(x, params, jacobian=way) for way in ("full", "diagonal"))
    assert len(full[2]) == len(diagonal[2])
    assert_allclose(full[0], diagonal[0], atol=1e-12)


@pytest.mark.parametrize("T", [1, 2, 3, 7, 8, 33])
def test_the_tree_is_the_loop(T, rng):
    J, drive = rng.standard_normal((T, 2, 4, 4)) / 2, rng.standard_normal((T, 2, 1, 4))
    shift, h = newton.tree(J, drive), np.zeros((2, 1, 4))
    for t in range(T):
        h = h @ J[t] + drive[t]
        assert_allclose(shift[t], h, atol=1e-12)


def test_what_overflows_on_the_way_does_no_harm():
    """Three thousand steps at a gain of 3: products of the first Jacobians are beyond any float."""
    x, params, _ = net(3.0, H=4, T=3000, N=1)
    for jacobian, method in WAYS[:2]:
        h, _, _ = newton.forward(x, params, jacobian=jacobian, method=method, rounds=4)
        assert np.isfinite(h).all()
        assert_allclose(h[:, :4], rnn.forward(x[:, :4], params)[0], atol=1e-9)


@ways
def test_single_precision_stays(jacobian, method):
    x, params, state = net(0.5)
    x, state = x.astype(np.float32), (state[0].astype(np.float32),)
    params = {name: value.astype(np.float32) for name, value in params.items()}
    h, tape, _ = newton.forward(x, params, state, jacobian=jacobian, method=method, tol=1e-6)
    assert h.dtype == tape.h.dtype == np.float32
    assert_allclose(h, rnn.forward(x, params, state)[0], atol=1e-5)


def test_the_first_guess_is_zero_and_stays_where_it_is_right():
    params = net(1.0)[1] | {"b_h": np.zeros(16)}
    h, _, residuals = newton.forward(np.zeros((1, 10, 2)), params)
    assert_array_equal(h, 0)
    assert_array_equal(residuals, [0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"jacobian": "half"}, "jacobian must be one of full, diagonal, none"),
        ({"method": "chunks"}, "method tree or loop"),
        ({"rounds": -1}, "rounds must not be negative; got -1"),
    ],
)
def test_what_there_is_not_is_refused(options, message):
    x, params, state = net(0.5)
    with pytest.raises(ValueError, match=message):
        newton.forward(x, params, state, **options)


def test_shapes_that_do_not_fit_are_refused_as_by_the_loop():
    x, params, state = net(0.5)
    with pytest.raises(ValueError, match="x must have three axes"):
        newton.forward(x[0], params, state)
