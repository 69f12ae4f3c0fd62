import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import dense, reservoir, rnn
from unrolled.engine.initializers import spectral_radius


@pytest.fixture
def drawn(rng):
    return reservoir.init_params(3, 20, radius=0.8, scale=0.5, rng=rng)


@pytest.mark.parametrize("radius", [0.0, 0.3, 1.0, 1.7])
def test_the_radius_is_what_was_asked_for(rng, radius):
    params = reservoir.init_params(2, 12, radius=radius, scale=1.0, rng=rng)
    assert spectral_radius(params["W_hh"]) == pytest.approx(radius)
    rnn.forward(rng.standard_normal((1, 5, 2)), params)


def test_inputs_of_size_one_add_as_much_as_the_scale_says(rng):
    drawn = [reservoir.init_params(4, 50, radius=0.0, scale=0.3, rng=rng) for _ in range(80)]
    added = [rng.standard_normal((50, 4)) @ params["W_xh"] for params in drawn]
    assert np.std(added) == pytest.approx(0.3, rel=0.05)
    assert np.std([params["b_h"] for params in drawn]) == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_have_the_dtype(rng, dtype):
    params = reservoir.init_params(2, 5, radius=0.5, scale=1.0, rng=rng, dtype=dtype)
    assert {value.dtype for value in params.values()} == {np.dtype(dtype)}


def test_without_a_ridge_it_is_least_squares(rng):
    h, targets = rng.standard_normal((2, 40, 6)), rng.standard_normal((2, 40, 3))
    found = reservoir.fit_readout(h, targets, ridge=0)
    ones = np.column_stack([h.reshape(80, 6), np.ones(80)])
    known = np.linalg.lstsq(ones, targets.reshape(80, 3), rcond=None)[0]
    assert_allclose(found["W_hy"], known[:-1], atol=1e-10)
    assert_allclose(found["b_y"], known[-1], atol=1e-10)


@pytest.mark.parametrize("ridge", [1e-6, 0.1, 10.0])
def test_the_gradient_of_what_is_minimized_is_zero(rng, ridge):
    h, targets = rng.standard_normal((50, 4)) + 1, rng.standard_normal((50, 2))
    found = reservoir.fit_readout(h, targets, ridge=ridge)
    left = dense.forward(h, found) - targets
    assert_allclose(h.T @ left / 50 + ridge * found["W_hy"], 0, atol=1e-12)
    assert_allclose(left.mean(axis=0), 0, atol=1e-12)


def test_a_ridge_is_as_good_as_noise_on_the_states(rng):
    """Least squares on many noisy copies of the states is ridge regression (Bishop 1995)."""
    h, targets = rng.standard_normal((30, 3)), rng.standard_normal((30, 1))
    copies = 4000
    noisy = np.tile(h, (copies, 1)) + 0.5 * rng.standard_normal((30 * copies, 3))
    many = reservoir.fit_readout(noisy, np.tile(targets, (copies, 1)), ridge=0)
    few = reservoir.fit_readout(h, targets, ridge=0.25)
    assert_allclose(many["W_hy"], few["W_hy"], atol=0.02)


def test_the_closed_network_is_the_loop_of_readout_and_step(rng, drawn):
    readout = {"W_hy": 0.2 * rng.standard_normal((20, 3)), "b_y": rng.standard_normal(3)}
    state = (rng.uniform(-1, 1, (4, 20)),)
    outputs, tape = reservoir.generate(state, drawn | readout, 9)
    assert outputs.shape == (4, 9, 3)
    for t in range(9):
        said = dense.forward(state[0], readout)
        assert_allclose(outputs[:, t], said)
        state = rnn.step(said, state, drawn)
    assert_allclose(tape.state[0], state[0])


def test_a_linear_oscillation_is_continued_exactly(rng):
    """Few units, small numbers: the tanh hardly bends, and a sine needs two of them."""
    t = np.arange(400)
    x = np.stack([np.sin(0.2 * t), np.cos(0.2 * t)], axis=1)[None]
    params = reservoir.init_params(2, 30, radius=0.5, scale=0.01, rng=rng)
    h, tape = rnn.forward(x[:, :300], params)
    readout = reservoir.fit_readout(h[:, 50:-1], x[:, 51:300], ridge=1e-14)
    outputs, _ = reservoir.generate(tape.state, params | readout, 100)
    assert_allclose(outputs, x[:, 300:], atol=1e-3)


def test_generating_in_two_parts_is_generating_in_one(rng, drawn):
    params = drawn | dense.init_params(20, 3, rng=rng)
    state = (rng.uniform(-1, 1, (2, 20)),)
    whole, _ = reservoir.generate(state, params, 12)
    first, tape = reservoir.generate(state, params, 5)
    second, _ = reservoir.generate(tape.state, params, 7)
    assert_allclose(np.concatenate([first, second], axis=1), whole)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"radius": -0.1}, "radius must be at least 0"),
        ({"radius": np.nan}, "radius must be at least 0"),
        ({"scale": 0.0}, "scale positive"),
        ({"rng": 7}, "rng must be a Generator"),
        ({"D": 0}, "at least 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(rng, wrong, said):
    given = {"D": 2, "H": 4, "radius": 0.5, "scale": 1.0, "rng": rng} | wrong
    with pytest.raises(ValueError, match=said):
        reservoir.init_params(given.pop("D"), given.pop("H"), **given)


def test_a_readout_needs_states_that_fit_and_decide(rng):
    h, targets = rng.standard_normal((10, 3)), rng.standard_normal((9, 1))
    with pytest.raises(ValueError, match="same rows"):
        reservoir.fit_readout(h, targets, ridge=0.1)
    with pytest.raises(ValueError, match="ridge must be at least 0"):
        reservoir.fit_readout(h[1:], targets, ridge=-1)
    with pytest.raises(ValueError, match="undecided"):
        reservoir.fit_readout(np.zeros((9, 3)), targets, ridge=0)
    h[3, 1] = np.nan
    with pytest.raises(ValueError, match=r"h holds nan at \[2, 1\]"):
        reservoir.fit_readout(h[1:], targets, ridge=0.1)


def test_a_readout_of_another_width_cannot_be_read_again(rng, drawn):
    with pytest.raises(ValueError, match="says 2 number"):
        reservoir.closed(drawn | dense.init_params(20, 2, rng=rng))
    with pytest.raises(ValueError, match="steps must be at least 1"):
        reservoir.generate((np.zeros((1, 20)),), drawn, 0)
