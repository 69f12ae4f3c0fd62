import numpy as np
import pytest
from unrolled import checks
from unrolled.engine.language_model import stream
from unrolled.museum.reading import stateful_batches


def fitted(kind, *parts):
    seen = np.concatenate(parts)
    if kind == "standard":
        mean, std = seen.mean(axis=0), seen.std(axis=0)
        return lambda x: (x - mean) / std
    low, high = seen.min(axis=0), seen.max(axis=0)

    def unit(x):
        return (x - low) / (high - low)

    return unit if kind == "0 to 1" else lambda x: 2 * unit(x) - 1


@pytest.fixture
def parts(rng):
    walk = rng.standard_normal((80, 3)).cumsum(axis=0)
    return walk[:50], walk[50:]


@pytest.mark.parametrize("kind", ["standard", "0 to 1", "-1 to 1"])
def test_a_scaler_says_what_it_was_fitted_on(kind, parts):
    train, rest = parts
    assert checks.scaler_leak(fitted(kind, train), train, rest).ok
    together = checks.scaler_leak(fitted(kind, train, rest), train, rest)
    assert "train and rest together" in together.findings[0]
    alone = checks.scaler_leak(fitted(kind, rest), train, rest)
    assert "the rest alone" in alone.findings[0]
    some = checks.scaler_leak(fitted(kind, train, rest[:20]), train, rest)
    assert "train and the first" in some.findings[0]
    assert checks.scaler_leak(fitted(kind, train[:20]), train, rest).ok
    other = checks.scaler_leak(fitted(kind, 3 * rest - 7), train, rest)
    assert other.ok
    assert "0, 1, 2 was fitted on" in other.unsure[0]


def test_a_scaler_of_scikit_learn_is_taken_as_it_is(parts):
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    train, rest = parts
    for scaler in (preprocessing.StandardScaler(), preprocessing.MinMaxScaler()):
        assert checks.scaler_leak(scaler.fit(train), train, rest).ok
        assert not checks.scaler_leak(scaler.fit(np.concatenate(parts)), train, rest).ok


def test_a_single_column_may_come_without_its_axis(parts):
    train, rest = parts[0][:, 0], parts[1][:, 0]
    assert checks.scaler_leak(fitted("standard", train), train, rest).ok


def test_columns_that_differ_are_refused(parts):
    with pytest.raises(ValueError, match=r"got \(50, 3\) and \(30, 2\)"):
        checks.scaler_leak(lambda x: x, parts[0], parts[1][:, :2])


def blocks(x, targets, k):
    return [(x[:, s : s + k], targets[:, s : s + k]) for s in range(0, x.shape[1] - k + 1, k)]


def test_blocks_of_a_stream_go_on_in_their_rows(rng):
    x, targets = stream(rng.integers(0, 50, 401), 8)
    report = checks.continuation(blocks(x, targets, 10))
    assert report.ok
    np.testing.assert_array_equal(report.numbers, 1.0)


def test_vectors_go_on_too(rng):
    values = rng.standard_normal((4, 31, 2))
    assert checks.continuation(blocks(values[:, :-1], values[:, 1:], 10)).ok
    assert not checks.continuation(blocks(values[:, :-1], values[::-1, 1:], 10)).ok


def test_shuffled_windows_and_shuffled_rows_are_found(rng):
    numbers = np.arange(401)
    assert checks.continuation(stateful_batches(numbers, 8, 5)).ok
    report = checks.continuation(stateful_batches(numbers, 8, 5, rng=rng))
    assert report.findings[0].startswith("of the rows of batch 1 only ")
    ordered = stateful_batches(numbers, 8, 5)
    ordered[4] = tuple(part[::-1] for part in ordered[4])
    assert checks.continuation(ordered).findings[0].startswith("of the rows of batch 4 only 0%")


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        ([], "at least two batches"),
        ([(np.ones((2, 3)), np.ones((2, 3)))], "at least two batches"),
        ([(np.ones((2, 3)), np.ones(2))], r"of the same shape; got \(2, 3\) and \(2,\)"),
        (
            [(np.ones((n, 3)), np.ones((n, 3))) for n in (2, 1)],
            "a batch of 1 rows follows one of 2",
        ),
    ],
)
def test_what_does_not_fit_is_refused(batches, message):
    with pytest.raises(ValueError, match=message):
        checks.continuation(batches)
