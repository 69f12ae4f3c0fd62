import numpy as np
import pytest
from unrolled import checks
from unrolled.engine import rnn
from unrolled.engine.masking import Masked, from_lengths


def test_a_recurrent_network_is_causal_and_keeps_examples_apart(right, x):
    assert checks.causality(right, x).ok
    assert checks.batch_independence(right, x).ok


@pytest.mark.parametrize("shape", [(1, 2, 4), (5, 5, 4), (2, 9, 4), (7, 2, 4)])
def test_so_it_is_for_any_sizes(right, rng, shape):
    x = rng.standard_normal(shape)
    assert checks.causality(right, x).ok
    assert len(x) == 1 or checks.batch_independence(right, x).ok


def test_what_moves_is_measured(right, x):
    numbers = checks.causality(right, x).numbers
    assert numbers.shape == (6, 6)
    np.testing.assert_array_equal(numbers > 0, np.triu(np.ones((6, 6), bool)))
    apart = checks.batch_independence(right, x).numbers
    np.testing.assert_array_equal(apart > 0, np.eye(3, dtype=bool))


def test_the_first_leak_is_named(two_way, x):
    (finding,) = checks.causality(two_way, x).findings
    assert finding.startswith("step 1 moves the answer at step 0, by ")


def test_a_leak_of_one_later_step_is_named(right, x):
    def peeks(x):
        h = right(x)
        h[:, 2] += x[:, 4]
        return h

    (finding,) = checks.causality(peeks, x).findings
    assert finding.startswith("step 4 moves the answer at step 2")


def test_batch_and_time_swapped_is_seen_from_both_sides(swapped, x):
    assert "time is not the second axis" in checks.causality(swapped, x).findings[0]
    first, second = checks.batch_independence(swapped, x).findings
    assert first.startswith("example 0 moves the answer to example 1, 2")
    assert "in another order" in second


def test_steps_that_are_not_read_are_named(right, x):
    def deaf(x):
        x[:, [1, 3]] = 0
        return right(x)[:, -1]

    (finding,) = checks.causality(deaf, x).findings
    assert finding == "no answer moves with step 1, 3: it is not read"


def test_one_answer_for_each_sequence_may_use_every_step(two_way, x):
    assert checks.causality(lambda x: two_way(x).max(axis=1), x).ok


def test_an_answer_that_comes_late_is_causal_but_its_last_step_is_deaf(right, x):
    def late(x):
        h = right(x)
        return np.concatenate([0 * h[:, :1], h[:, :-1]], axis=1)

    (finding,) = checks.causality(late, x).findings
    assert finding == "no answer moves with step 5: it is not read"


def test_a_leak_below_the_tolerance_is_rounding(right, x):
    def rounds(x):
        return right(x) + 1e-9 * x.sum()

    assert checks.causality(rounds, x).ok
    assert checks.batch_independence(rounds, x).ok
    assert not checks.causality(rounds, x, tolerance=1e-12).ok


def test_the_mean_of_the_batch_is_found_also_when_order_does_not_matter(right, x):
    report = checks.batch_independence(lambda x: right(x - x.mean(axis=0)), x)
    assert len(report.findings) == 2
    assert "alone" in report.findings[1]


def test_a_batch_size_in_the_state_is_found_by_asking_alone(params, x):
    state = (np.zeros((3, 4)),)
    (finding,) = checks.batch_independence(lambda x: rnn.forward(x, params, state)[0], x).findings
    assert finding.startswith("a batch of one example is refused: ValueError: the initial state")


def test_padding_must_not_change_an_answer(params, x):
    def last(x):
        return rnn.forward(x, params)[0][:, -1]

    def masked(x, lengths):
        cell = Masked(rnn, from_lengths(lengths, x.shape[1]))
        return cell.forward(x, params)[1].state[0]

    lengths = [6, 3, 1]
    report = checks.padding(last, x, lengths)
    assert report.findings[0].startswith("sequence 1, 2 gets another answer")
    assert report.numbers[0] < 1e-12 < 0.1 < report.numbers[1:].min()
    assert checks.padding(masked, x, lengths, tell=True).ok


def test_with_answers_at_every_step_only_those_before_the_padding_count(right, two_way, x):
    assert checks.padding(right, x, [6, 3, 1]).ok
    assert not checks.padding(two_way, x, [6, 3, 1]).ok
    assert checks.padding(lambda x: right(x[:, ::-1])[:, ::-1], x, [6, 3, 1], side="pre").ok
    assert not checks.padding(right, x, [6, 3, 1], side="pre").ok


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.zeros(3)}, r"must be \(N, T, D\), or \(N, T\) ids; got shape \(3,\)"),
        ({"x": np.zeros((2, 3))}, "holds integer ids; got float64"),
        ({"x": np.zeros((2, 0, 3))}, "empty"),
        ({"x": np.zeros((2, 1, 4))}, "at least two steps"),
        ({"x": np.full((2, 3, 4), "a")}, "fractions or ids"),
        ({"x": np.zeros((2, 3), int)}, "two different ids; it holds only 0"),
        ({"model": 7}, "a model is a function of x"),
        ({"model": lambda x: x.swapaxes(0, 1)}, r"got \(6, 3, 4\), which has time first"),
        ({"model": lambda x: x[:, :4]}, r"must return \(N, T, K\) or \(N, K\)"),
        ({"model": lambda x: x[1:]}, r"must return \(N, T, K\)"),
        ({"model": lambda x: x + np.nan}, "the model returns NaN"),
        ({"model": lambda x: "word"}, "array of numbers; got 'word'"),
        ({"model": lambda x: np.random.default_rng().random(x.shape)}, "answers differently"),
    ],
)
def test_what_cannot_be_checked_is_refused_clearly(x, change, message):
    given = {"model": lambda x: 1.0 * x, "x": x} | change
    with pytest.raises(ValueError, match=message):
        checks.causality(given["model"], given["x"])


def test_one_example_cannot_be_kept_apart(right, x):
    with pytest.raises(ValueError, match="at least two examples"):
        checks.batch_independence(right, x[:1])


@pytest.mark.parametrize(
    ("lengths", "side", "message"),
    [
        ([6, 3], "post", "must be 3 integers"),
        ([6.0, 3.0, 1.0], "post", "must be 3 integers; got float64"),
        ([6, 0, 1], "post", r"must lie in 1\.\.6"),
        ([7, 3, 1], "post", r"must lie in 1\.\.6"),
        ([6, 6, 6], "post", "one of them below 6"),
        ([6, 3, 1], "left", "side must be 'post' or 'pre'; got 'left'"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(right, x, lengths, side, message):
    with pytest.raises(ValueError, match=message):
        checks.padding(right, x, lengths, side=side)


def test_the_model_may_change_the_array_that_it_is_given(right, x):
    before = x.copy()

    def careless(x):
        result = right(x)
        x[...] = 0
        return result

    assert checks.causality(careless, x).ok
    np.testing.assert_array_equal(x, before)
