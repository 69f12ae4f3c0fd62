import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import dense, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.embedding import Embedded
from unrolled.engine.language_model import next_word, perplexity, sample, stream
from unrolled.engine.losses import cross_entropy
from unrolled.engine.stack import Stack
from unrolled.engine.training import predict

D, H, V = 3, 4, 6
PREFIX = [4, 0, 2]


def model(cell, rng, dtype=np.float64, V=V):
    network = Embedded(cell, D)
    params = network.init_params(V, H, rng=rng, dtype=dtype)
    params["W_e"] *= 10
    return network, params | dense.init_params(H, V, rng=rng, dtype=dtype)


@pytest.mark.parametrize(("L", "N"), [(13, 3), (15, 3), (16, 3), (9, 1), (9, 8)])
def test_rows_continue_each_other_and_the_target_is_the_next_word(L, N):
    ids = 100 + np.arange(L)
    x, targets = stream(ids, N)
    assert x.shape == targets.shape == (N, (L - 1) // N)
    assert_array_equal(x.ravel(), ids[: x.size])
    assert_array_equal(targets, x + 1)
    assert_array_equal(targets[:-1, -1], x[1:, 0])
    assert L - 1 - x.size < N  # what is left out


@pytest.mark.parametrize("N", [0, -1, 9, 10])
def test_a_stream_has_at_least_one_step(N):
    with pytest.raises(ValueError, match=rf"N must lie in 1\.\.8 for 9 ids; got {N}"):
        stream(np.arange(9), N)


def test_whoever_knows_nothing_guesses_among_all_words():
    loss, _ = cross_entropy(np.zeros((2, 5, 50)), np.full((2, 5), 7))
    assert math.isclose(perplexity(loss), 50, rel_tol=1e-12)
    assert perplexity(0.0) == 1
    assert math.isclose(perplexity(math.log(2) / 2), math.sqrt(2), rel_tol=1e-15)


@pytest.mark.parametrize("temperature", [1e-3, 0.5, 1, 2, 1e3])
@pytest.mark.parametrize("scale", [1, 1000])
def test_any_temperature_keeps_the_order_and_the_sum(rng, temperature, scale):
    logits = scale * rng.standard_normal((2, 3, V))
    p = next_word(logits, temperature)
    assert p.shape == logits.shape
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-12)
    by_logit = np.take_along_axis(p, logits.argsort(axis=-1), axis=-1)
    assert (np.diff(by_logit, axis=-1) >= 0).all()
    assert_array_equal(p.argmax(axis=-1), logits.argmax(axis=-1))


def test_low_temperature_sharpens_and_high_temperature_flattens(rng):
    logits = rng.standard_normal((5, V))
    tops = [next_word(logits, t).max(axis=-1) for t in (1e-3, 0.5, 1, 2, 1e3)]
    assert (np.diff(tops, axis=0) < 0).all()
    assert_allclose(tops[0], 1, rtol=1e-6)
    assert_allclose(tops[-1], 1 / V, rtol=0.01)


def test_a_temperature_divides_the_logits():
    assert_allclose(next_word(np.log([1.0, 2.0, 1.0]), 0.5), [1 / 6, 4 / 6, 1 / 6], rtol=1e-12)


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
def test_a_temperature_is_positive(rng, temperature):
    with pytest.raises(ValueError, match=f"must be positive and finite; got {temperature}"):
        next_word(np.zeros(V), temperature)
    network, params = model(rnn, rng)
    with pytest.raises(ValueError, match="temperature must be positive"):
        sample(PREFIX, 3, params, cell=network, rng=rng, temperature=temperature)


@pytest.mark.parametrize("temperature", [0.5, 1, 3])
def test_drawing_word_by_word_is_reading_the_whole_text_at_once(cell, rng, temperature):
    network, params = model(cell, rng)
    rng = np.random.default_rng(5)
    drawn = sample(PREFIX, 12, params, cell=network, rng=rng, temperature=temperature)
    logits, _ = predict(np.array([PREFIX + drawn]), params, cell=network)
    rng, expected = np.random.default_rng(5), []
    for step in logits[0, len(PREFIX) - 1 : -1]:
        expected.append(int(rng.choice(V, p=next_word(step, temperature))))
    assert drawn == expected
    assert len(set(drawn)) > 1


def test_the_same_seed_draws_the_same_text_and_another_does_not(cell, rng):
    network, params = model(cell, rng)
    first, again, other = (
        sample(PREFIX, 20, params, cell=network, rng=np.random.default_rng(s)) for s in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_near_zero_temperature_takes_the_likeliest_word(cell, rng):
    network, params = model(Stack(cell, 2), rng)
    text = list(PREFIX)
    drawn = sample(PREFIX, 8, params, cell=network, rng=rng, temperature=1e-3)
    for word in drawn:
        logits, _ = predict(np.array([text]), params, cell=network)
        assert word == logits[0, -1].argmax()
        text.append(word)


def test_float32_probabilities_of_many_words_can_be_drawn_from(rng):
    network, params = model(lstm, rng, np.float32, V=20_000)
    drawn = sample([3], 5, params, cell=network, rng=rng)
    assert all(type(word) is int and 0 <= word < 20_000 for word in drawn)


def test_a_prefix_may_be_an_array_and_nothing_may_be_drawn(rng):
    network, params = model(rnn, rng)
    assert sample(np.array(PREFIX), 0, params, cell=network, rng=rng) == []


def test_a_text_starts_with_a_word_of_the_vocabulary(rng):
    network, params = model(rnn, rng)
    with pytest.raises(ValueError, match="the prefix needs at least one word"):
        sample([], 3, params, cell=network, rng=rng)
    with pytest.raises(ValueError, match=r"ids must lie in 0\.\.5; got 4\.\.6"):
        sample([4, V], 3, params, cell=network, rng=rng)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("temperature", [1e-320, 1e-40])
def test_the_lowest_temperatures_leave_the_likeliest_word_alone(dtype, temperature):
    logits = np.array([[0, 700, -2], [-1, -3, -2]], dtype)
    assert_array_equal(next_word(logits, temperature), [[0, 1, 0], [1, 0, 0]])


def test_who_reads_the_future_cannot_write(rng):
    network = Stack(Bidirectional(rnn), 2)
    with pytest.raises(ValueError, match="reads the future: it cannot continue a text"):
        sample(PREFIX, 3, {}, cell=Embedded(network, D), rng=rng)
