import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from unrolled.datasets import adding, copy, echo, flip_flop, latch, parity, recall


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 12), st.integers(0, 15), st.integers(0, 99))
def test_the_target_is_what_was_heard_lag_steps_ago_and_zero_before(N, T, lag, seed):
    x, targets = recall(N, T, lag=lag, rng=np.random.default_rng(seed))
    assert x.shape == targets.shape == (N, T, 1)
    for t in range(T):
        assert_array_equal(targets[:, t], x[:, t - lag] if t >= lag else np.zeros((N, 1)))


def test_without_a_lag_the_target_is_the_input(rng):
    x, targets = recall(2, 5, lag=0, rng=rng)
    assert_array_equal(targets, x)


@pytest.mark.parametrize("lag", [5, 6, 100])
def test_an_answer_before_the_beginning_is_zero(rng, lag):
    _, targets = recall(2, 5, lag=lag, rng=rng)
    assert not targets.any()


def test_inputs_are_independent_standard_normal_numbers(rng):
    x, _ = recall(200, 300, lag=3, rng=rng)
    assert abs(x.mean()) < 0.02
    assert x.std() == pytest.approx(1, abs=0.02)
    neighbors = np.corrcoef(x[:, :-1].ravel(), x[:, 1:].ravel())[0, 1]
    assert abs(neighbors) < 0.02


def test_targets_are_an_array_of_their_own(rng):
    x, targets = recall(2, 5, lag=0, rng=rng)
    assert not np.shares_memory(x, targets)


def test_the_same_generator_state_gives_the_same_task():
    first, second = (recall(2, 5, lag=2, rng=np.random.default_rng(3)) for _ in range(2))
    assert_array_equal(first, second)


@pytest.mark.parametrize(("N", "T", "lag"), [(0, 5, 1), (2, 0, 1), (2, 5, -1), (-2, 5, 1)])
def test_sizes_that_make_no_sense_are_refused(rng, N, T, lag):
    with pytest.raises(ValueError, match=rf"got N={N}, T={T}, lag={lag}$"):
        recall(N, T, lag=lag, rng=rng)


sizes = settings(deadline=None)
some, lags, seeds = st.integers(1, 4), st.integers(0, 15), st.integers(0, 99)


@sizes
@given(some, st.integers(1, 6), lags, seeds)
def test_echo_asks_for_the_bit_lag_steps_ago_as_soon_as_there_is_one(N, answers, lag, seed):
    x, targets = echo(N, lag + answers, lag=lag, rng=np.random.default_rng(seed))
    assert x.shape == (N, lag + answers, 1)
    assert targets.shape == (N, answers)
    assert_array_equal(2 * targets - 1, x[:, :answers, 0])


@sizes
@given(some, lags, seeds, st.integers(1, 5), st.integers(2, 5))
def test_copy_shows_symbols_blanks_a_cue_and_blanks(N, lag, seed, symbols, alphabet):
    rng = np.random.default_rng(seed)
    x, targets = copy(N, lag=lag, rng=rng, symbols=symbols, alphabet=alphabet)
    assert x.shape == (N, 2 * symbols + lag + 1, alphabet + 2)
    assert_array_equal(x.sum(axis=2), 1)
    blank, cue = alphabet, alphabet + 1
    for read, answer in zip(x.argmax(axis=2).tolist(), targets.tolist(), strict=True):
        assert read == [*answer, *[blank] * lag, cue, *[blank] * symbols]


@sizes
@given(some, st.integers(1, 15), st.integers(1, 6), seeds)
def test_adding_marks_a_number_lag_steps_before_the_end_and_one_after_it(N, lag, before, seed):
    x, targets = adding(N, lag + before, lag=lag, rng=np.random.default_rng(seed))
    assert x.shape == (N, lag + before, 2)
    assert targets.shape == (N, 1, 1)
    for (numbers, marks), target in zip(x.transpose(0, 2, 1), targets.ravel(), strict=True):
        first, second = marks.nonzero()[0]
        assert first == before - 1
        assert marks.sum() == 2
        assert target == numbers[first] + numbers[second]


@sizes
@given(some, lags, seeds)
def test_parity_changes_with_every_one(N, lag, seed):
    x, targets = parity(N, lag=lag, rng=np.random.default_rng(seed))
    assert x.shape == (N, lag + 1, 1)
    assert targets.shape == (N, 1)
    assert_array_equal((-1) ** targets[:, 0], np.prod(-x[:, :, 0], axis=1))


@sizes
@given(some, st.integers(1, 15), seeds, st.integers(2, 5))
def test_latch_asks_for_the_letter_stored_last(N, T, seed, alphabet):
    x, targets = latch(N, T, rng=np.random.default_rng(seed), alphabet=alphabet)
    assert x.shape == (N, T, alphabet + 1)
    assert targets.shape == (N, 1)
    assert_array_equal(x[:, :, :-1].sum(axis=2), 1)
    for sequence, (letter,) in zip(x, targets, strict=True):
        stored = [step[:-1].argmax() for step in sequence if step[-1]]
        assert letter == stored[-1]


def test_latch_stores_three_letters_on_average_at_any_step(rng):
    x, targets = latch(20_000, 60, rng=rng)
    assert x[:, :, -1].sum(axis=1).mean() == pytest.approx(1 + 2 * 59 / 60, abs=0.05)
    assert x[:, :, -1].mean(axis=0) == pytest.approx(2.97 / 60, abs=0.008)
    assert np.bincount(targets[:, 0]) == pytest.approx(5000, rel=0.06)


def test_guessing_is_right_as_often_as_there_are_classes(rng):
    for classes, (x, targets) in {
        2: echo(2000, 8, lag=3, rng=rng),
        4: copy(2000, lag=3, rng=rng),
    }.items():
        assert np.bincount(targets.ravel()) == pytest.approx(targets.size / classes, rel=0.1)
        assert x.mean() == pytest.approx(0 if classes == 2 else 1 / 6, abs=0.02)
    assert parity(2000, lag=4, rng=rng)[1].mean() == pytest.approx(0.5, abs=0.05)


def test_to_guess_one_for_a_sum_has_a_mean_squared_error_of_a_sixth(rng):
    x, targets = adding(20_000, 12, lag=7, rng=rng)
    assert ((targets - 1) ** 2).mean() == pytest.approx(1 / 6, rel=0.05)
    second = x[:, -7:, 1].sum(axis=0)
    assert second == pytest.approx(20_000 / 7, rel=0.1)


@pytest.mark.parametrize("task", [copy, parity, lambda N, **at: echo(N, 9, **at)])
def test_classes_are_integers_and_the_same_generator_state_gives_the_same_task(task):
    one, other = (task(3, lag=4, rng=np.random.default_rng(3)) for _ in range(2))
    assert one[1].dtype.kind == "i"
    for a, b in zip(one, other, strict=True):
        assert_array_equal(a, b)
        assert not np.shares_memory(one[0], one[1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rng: echo(0, 5, lag=1, rng=rng), r"got N=0, T=5, lag=1$"),
        (lambda rng: echo(2, 5, lag=5, rng=rng), r"0 <= lag < T; got N=2, T=5, lag=5$"),
        (lambda rng: echo(2, 5, lag=-1, rng=rng), r"got N=2, T=5, lag=-1$"),
        (lambda rng: adding(0, 5, lag=1, rng=rng), r"got N=0, T=5, lag=1$"),
        (lambda rng: adding(2, 5, lag=5, rng=rng), r"1 <= lag < T; got N=2, T=5, lag=5$"),
        (lambda rng: adding(2, 5, lag=0, rng=rng), r"got N=2, T=5, lag=0$"),
        (
            lambda rng: copy(0, lag=1, rng=rng),
            r"^copy needs N >= 1, .*; got N=0, lag=1, symbols=3, alph",
        ),
        (lambda rng: copy(2, lag=-1, rng=rng), r"got N=2, lag=-1, symbols=3, alphabet=4$"),
        (lambda rng: copy(2, lag=1, rng=rng, symbols=0), r"symbols=0, alphabet=4$"),
        (lambda rng: copy(2, lag=1, rng=rng, alphabet=1), r"symbols=3, alphabet=1$"),
        (lambda rng: latch(0, 5, rng=rng), r"got N=0, T=5, alphabet=4$"),
        (lambda rng: latch(2, 0, rng=rng), r"got N=2, T=0, alphabet=4$"),
        (lambda rng: latch(2, 5, rng=rng, alphabet=1), r"got N=2, T=5, alphabet=1$"),
        (lambda rng: parity(0, lag=1, rng=rng), r"got N=0, lag=1$"),
        (lambda rng: parity(2, lag=-1, rng=rng), r"got N=2, lag=-1$"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_with_what_it_got(rng, make, message):
    with pytest.raises(ValueError, match=message):
        make(rng)


@sizes
@given(some, st.integers(1, 12), st.integers(1, 3), st.floats(0, 1), seeds)
def test_a_flip_flop_says_the_last_push_of_each_bit(N, T, bits, chance, seed):
    x, targets = flip_flop(N, T, bits=bits, chance=chance, rng=np.random.default_rng(seed))
    assert x.shape == targets.shape == (N, T, bits)
    assert set(np.unique(x)) <= {-1.0, 0.0, 1.0}
    assert (x[:, 0] != 0).all()
    held = np.zeros((N, bits))
    for t in range(T):
        held = np.where(x[:, t] == 0, held, x[:, t])
        assert_array_equal(targets[:, t], held)


def test_a_flip_flop_is_pushed_as_often_as_asked_and_either_way(rng):
    x, _ = flip_flop(400, 101, bits=2, chance=0.1, rng=rng)
    later = x[:, 1:]
    assert (later != 0).mean() == pytest.approx(0.1, abs=0.005)
    assert abs(later.mean()) < 0.005
    pushed = (later != 0).reshape(-1, 2).T
    assert abs(np.corrcoef(*pushed)[0, 1]) < 0.02


@pytest.mark.parametrize(
    "wrong", [{"N": 0}, {"T": 0}, {"bits": 0}, {"chance": -0.1}, {"chance": 1.1}]
)
def test_a_flip_flop_that_makes_no_sense_is_refused(rng, wrong):
    sizes = {"N": 2, "T": 5, "bits": 2, "chance": 0.1} | wrong
    with pytest.raises(ValueError, match=rf"got N={sizes['N']}, T={sizes['T']}, bits="):
        flip_flop(**sizes, rng=rng)
