"""Drawing where a pen goes: moments of what is drawn, and a network that reads what it drew."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import dense, gru, lstm
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.decoding import sample_mixture, write
from unrolled.engine.mixture import biased, mixture

K = 3


def outputs_of(rng):
    return 0.7 * rng.standard_normal(6 * K + 1)


@pytest.mark.parametrize("bias", [0.0, 1.0])
def test_moments_are_those_of_the_mixture(rng, bias):
    outputs = outputs_of(rng)
    drawn = sample_mixture(np.tile(outputs, (200_000, 1)), components=K, rng=rng, bias=bias)
    mixed = biased(mixture(outputs, components=K), bias)
    mean = mixed.mean @ mixed.weights
    across = mixed.correlation * mixed.deviation[0] * mixed.deviation[1]
    second = np.array([[mixed.deviation[0] ** 2, across], [across, mixed.deviation[1] ** 2]])
    second = (second + mixed.mean[:, None] * mixed.mean[None]) @ mixed.weights
    assert_allclose(drawn[:, :2].mean(axis=0), mean, atol=0.02)
    assert_allclose(np.cov(drawn[:, :2].T), second - np.outer(mean, mean), atol=0.05)
    assert drawn[:, 2].mean() == pytest.approx(mixed.pen, abs=0.01)


def test_a_large_bias_leaves_the_middle_of_the_likeliest(rng):
    outputs = outputs_of(rng)
    likeliest = outputs[:K].argmax()
    drawn = sample_mixture(outputs, components=K, rng=rng, bias=40.0)
    assert_allclose(drawn[:2], outputs[[K + likeliest, 2 * K + likeliest]], atol=1e-9)


def network(rng, cell=lstm):
    return cell.init_params(3, 5, rng=rng) | dense.init_params(5, 6 * K + 1, rng=rng)


def test_writing_reads_what_it_has_drawn(rng):
    """By hand: all that was drawn, read at once, gives outputs from which the same is drawn."""
    params, offsets = network(rng), rng.standard_normal((1, 6, 3))
    how = {"components": K, "bias": 0.5}
    drawn = write(offsets, 9, params, cell=lstm, rng=np.random.default_rng(1), **how)
    assert drawn.shape == (1, 9, 3)
    read = np.concatenate([offsets, drawn], axis=1)
    outputs = dense.forward(lstm.forward(read, params)[0], params)[:, 5:-1]
    dice = np.random.default_rng(1)
    again = [sample_mixture(outputs[:, t], rng=dice, **how) for t in range(9)]
    assert_allclose(drawn, np.stack(again, axis=1))


def test_the_dtype_is_that_of_the_offsets(rng):
    params = {name: value.astype(np.float32) for name, value in network(rng).items()}
    offsets = np.zeros((2, 1, 3), np.float32)
    drawn = write(offsets, 3, params, cell=lstm, components=K, rng=rng)
    assert drawn.dtype == np.float32
    assert set(np.unique(drawn[..., 2])) <= {0, 1}


def test_rows_are_drawn_alone(rng):
    """Two rows of the same outputs are drawn differently."""
    drawn = sample_mixture(np.tile(outputs_of(rng), (2, 1)), components=K, rng=rng)
    assert not np.array_equal(drawn[0], drawn[1])
    one = [sample_mixture(outputs_of(np.random.default_rng(2)), components=K,
                          rng=np.random.default_rng(3)) for _ in range(2)]  # fmt: skip
    assert_array_equal(*one)


def test_what_cannot_write_is_refused(rng):
    params, offsets = network(rng), np.zeros((1, 2, 3))
    with pytest.raises(ValueError, match="rng must be a Generator"):
        sample_mixture(outputs_of(rng), components=K, rng=7)
    with pytest.raises(ValueError, match="limit must be at least 1"):
        write(offsets, 0, params, cell=lstm, components=K, rng=rng)
    with pytest.raises(ValueError, match="go on in a hand"):
        write(offsets, 2, params, cell=Bidirectional(gru), components=K, rng=rng)
