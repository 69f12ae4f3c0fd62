"""Tasks that ask at every step: bits counted so far, waves and text that go on."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.datasets import (
    as_many,
    count,
    parity,
    running_parity,
    switches,
    text_windows,
    waves,
)

sizes = settings(deadline=None)
some, steps, seeds = st.integers(1, 4), st.integers(1, 15), st.integers(0, 99)


@sizes
@given(some, steps, seeds)
def test_count_adds_one_with_every_one(N, T, seed):
    x, targets = count(N, T, rng=np.random.default_rng(seed))
    assert x.shape == targets.shape == (N, T, 1)
    for read, told in zip(x[..., 0], targets[..., 0], strict=True):
        assert told.tolist() == list(itertools.accumulate((read + 1) / 2))


@sizes
@given(some, steps, seeds)
def test_running_parity_turns_with_every_one_and_ends_as_parity(N, T, seed):
    x, targets = running_parity(N, T, rng=np.random.default_rng(seed))
    assert x.shape == (N, T, 1)
    assert targets.shape == (N, T)
    assert_array_equal((-1) ** targets, np.cumprod(-x[..., 0], axis=1))
    same, last = parity(N, lag=T - 1, rng=np.random.default_rng(seed))
    assert_array_equal(x, same)
    assert_array_equal(targets[:, -1:], last)


@sizes
@given(some, steps, st.integers(1, 4), seeds)
def test_a_pair_with_both_switches_on_flips_the_lamp(N, T, pairs, seed):
    x, targets = switches(N, T, pairs=pairs, rng=np.random.default_rng(seed))
    assert x.shape == (N, T, 2 * pairs)
    assert set(np.unique(x)) <= {-1.0, 1.0}
    for read, told in zip(x, targets, strict=True):
        lamp = 0
        for switch, is_on in zip(read, told, strict=True):
            for one, other in zip(switch[:pairs], switch[pairs:], strict=True):
                lamp ^= one == other == 1
            assert lamp == is_on


def test_to_guess_half_the_bits_has_the_mean_squared_error_of_the_docstring(rng):
    _, targets = count(20_000, 11, rng=rng)
    guess = np.arange(1, 12)[:, None] / 2
    assert ((targets - guess) ** 2).mean() == pytest.approx((11 + 1) / 8, rel=0.03)


@sizes
@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(10, 25))
def test_as_many_reads_some_a_and_then_b_and_says_when_they_are_as_many(n, T):
    x, targets = as_many(n, T)
    assert x.shape == (len(n), T, 2)
    for count_a, letters, told in zip(n, x.argmax(axis=2), targets, strict=True):
        assert letters.tolist() == [0] * count_a + [1] * (T - count_a)
        ahead = np.cumsum(1 - 2 * letters)
        assert told.tolist() == (ahead <= 0).astype(int).tolist()


@pytest.mark.parametrize("n", [[], [0, 3], [5]])
def test_as_many_refuses_what_cannot_be_read(n):
    with pytest.raises(ValueError, match="1 <= n < T; got T=5"):
        as_many(n, 5)


@sizes
@given(some, steps, seeds, st.lists(st.floats(2, 40), min_size=1, max_size=4))
def test_waves_hear_a_curve_and_say_it_one_step_earlier(N, T, seed, periods):
    x, targets = waves(N, T, periods=periods, rng=np.random.default_rng(seed))
    assert x.shape == targets.shape == (N, T, 1)
    assert_array_equal(x[:, 1:], targets[:, :-1])
    assert np.abs(x).max() <= len(periods)


@pytest.mark.parametrize("period", [4, 10, 2.5])
def test_a_wave_repeats_after_its_period_and_no_sooner(rng, period):
    x, _ = waves(3, 41, periods=[period], rng=rng)
    repeat = int(2 * period)
    assert_allclose(x[:, repeat:], x[:, :-repeat], atol=1e-12)
    assert all(np.abs(x[:, k:] - x[:, :-k]).max() > 0.1 for k in range(1, int(np.ceil(period))))


def test_waves_begin_anywhere_and_a_guess_of_zero_errs_by_half_their_number(rng):
    x, targets = waves(5000, 8, periods=(16, 11, 7), rng=rng)
    assert abs(x[:, 0].mean()) < 0.05
    assert (targets**2).mean() == pytest.approx(3 / 2, rel=0.05)


@sizes
@given(some, steps, seeds, st.text(min_size=2, max_size=20).filter(lambda t: len(set(t)) > 1))
def test_windows_of_a_text_go_around_it(N, T, seed, text):
    x, targets = text_windows(N, T, text=text, rng=np.random.default_rng(seed))
    letters = sorted(set(text))
    assert x.shape == (N, T, len(letters))
    assert targets.shape == (N, T)
    assert_array_equal(x.sum(axis=2), 1)
    around = text * (2 + (T + 1) // len(text))
    for read, told in zip(x.argmax(axis=2), targets, strict=True):
        assert_array_equal(read[1:], told[:-1])
        assert "".join(letters[i] for i in [*read, told[-1]]) in around


def test_windows_begin_at_every_character(rng):
    x, _ = text_windows(600, 1, text="abcdefghij", rng=rng)
    assert np.bincount(x[:, 0].argmax(axis=1)) == pytest.approx(60, abs=30)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rng: count(0, 5, rng=rng), r"count needs N >= 1 and T >= 1; got N=0, T=5$"),
        (lambda rng: count(2, 0, rng=rng), r"got N=2, T=0$"),
        (lambda rng: running_parity(2, 0, rng=rng), r"^running_parity needs .*; got N=2, T=0$"),
        (lambda rng: switches(2, 3, pairs=0, rng=rng), r"needs N, T, pairs >= 1; .* pairs=0$"),
        (lambda rng: waves(0, 5, periods=[3], rng=rng), r"got N=0, T=5, periods=\[3.0\]$"),
        (lambda rng: waves(1, 0, periods=[3], rng=rng), r"got N=1, T=0, periods=\[3.0\]$"),
        (lambda rng: waves(1, 5, periods=[], rng=rng), r"got N=1, T=5, periods=\[\]$"),
        (lambda rng: waves(1, 5, periods=[3, 0], rng=rng), r"positive periods; .*\[3.0, 0.0\]$"),
        (lambda rng: waves(1, 5, periods=[np.nan], rng=rng), r"periods=\[nan\]$"),
        (lambda rng: text_windows(1, 5, text="", rng=rng), r"got N=1, T=5, text=''$"),
        (lambda rng: text_windows(1, 5, text="aaa", rng=rng), r"two different characters; got"),
        (lambda rng: text_windows(0, 5, text="ab", rng=rng), r"got N=0, T=5, text='ab'$"),
        (lambda rng: text_windows(1, 0, text="ab", rng=rng), r"got N=1, T=0, text='ab'$"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_with_what_it_got(rng, make, message):
    with pytest.raises(ValueError, match=message):
        make(rng)


@pytest.mark.parametrize(
    "make",
    [
        count,
        running_parity,
        lambda N, T, rng: switches(N, T, pairs=2, rng=rng),
        lambda N, T, rng: waves(N, T, periods=[5], rng=rng),
        lambda N, T, rng: text_windows(N, T, text="abc", rng=rng),
    ],
)
def test_the_same_generator_state_gives_the_same_task(make):
    one, other = (make(3, 6, rng=np.random.default_rng(3)) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        assert_array_equal(a, b)
