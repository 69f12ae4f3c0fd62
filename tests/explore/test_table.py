import base64
import gzip
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from unrolled.explore.table import LEVELS, Table

GRID = {"a": [1, 2, 3], "b": [10, 20]}
numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 6)) | st.just(float("nan"))


def unpacked(packed, sizes):
    """What a page reads from a packed table: at each grid point the arrays, and the texts."""
    codes = np.frombuffer(gzip.decompress(base64.b64decode(packed["codes"])), "<u2")
    texts = json.loads(gzip.decompress(base64.b64decode(packed["texts"])))

    def position(axes, at):
        place = 0
        for length, index in zip(axes, at, strict=True):
            place = place * length + (index if length > 1 else 0)
        return place

    def array(at, *, axes, shape, offset, low, step):
        size = int(np.prod(shape))
        start = offset + position(axes, at) * size
        found = codes[start : start + size].astype(float)
        return np.where(found == 65535, np.nan, low + step * found).reshape(shape)

    return {
        at: {key: array(at, **entry) for key, entry in packed["arrays"].items()}
        | {key: t["strings"][t["index"][position(t["axes"], at)]] for key, t in texts.items()}
        for at in itertools.product(*map(range, sizes))
    }


def sent_to_a_page(compute, grid):
    table = Table.of(compute, grid)
    return unpacked(json.loads(json.dumps(table.packed(), allow_nan=False)), table.sizes)


@settings(deadline=None)
@given(st.data(), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_page_reads_what_was_computed(data, sizes):
    grid = {f"slider{i}": list(range(size)) for i, size in enumerate(sizes)}
    deaf = data.draw(st.sets(st.sampled_from(sorted(grid))))
    shape = data.draw(st.sampled_from([(), (1,), (3,), (2, 2)]))
    words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
    known = {}

    def compute(**at):
        heard = tuple(value for name, value in at.items() if name not in deaf)
        if heard not in known:
            values = data.draw(st.lists(numbers, min_size=4, max_size=4))
            array = np.resize(values, shape)
            known[heard] = {"array": array, "text": data.draw(words)}
        return known[heard]

    found = sent_to_a_page(compute, grid)
    finite = np.concatenate([entry["array"].ravel() for entry in known.values()])
    finite = finite[np.isfinite(finite)]
    bound = (np.ptp(finite) / LEVELS / 2 + 1e-9) if finite.size else 0
    for at, result in found.items():
        expected = compute(**dict(zip(grid, at, strict=True)))
        assert result["text"] == expected["text"]
        assert_array_equal(np.isnan(result["array"]), np.isnan(expected["array"]))
        error = np.nan_to_num(np.abs(result["array"] - expected["array"]))
        assert error.max(initial=0) <= bound


def test_no_number_moves_by_more_than_half_a_level(rng):
    values = rng.uniform(-3, 5, (3, 2, 400))
    found = sent_to_a_page(lambda a, b: {"y": values[a - 1, b // 10 - 1]}, GRID)
    errors = [np.abs(found[i, j]["y"] - values[i, j]).max() for i, j in found]
    level = np.ptp(values) / 65534
    assert 0.4 * level < max(errors) <= 0.5001 * level


def test_the_extremes_and_what_is_not_a_number_survive_exactly():
    values = np.array([-2.5, np.nan, 0.1, 7.0])
    found = sent_to_a_page(lambda a: {"y": values}, {"a": [1]})[(0,)]["y"]
    assert (found[0], found[3]) == (-2.5, 7.0)
    assert np.isnan(found).tolist() == [False, True, False, False]


@pytest.mark.parametrize("constant", [0.0, 3.25, -1e-300, 1e12, np.nan])
def test_a_constant_survives_exactly(constant):
    found = sent_to_a_page(lambda a: {"y": np.full(3, constant)}, {"a": [1, 2]})
    assert_array_equal(found[(1,)]["y"], [constant] * 3)


def test_what_a_slider_has_no_say_in_is_stored_once():
    def compute(a, b):
        only_a = np.array([a, np.nan])
        both, neither = np.array([a * b, 0.0, 1.0]), np.ones(2)
        return {"only_a": only_a, "both": both, "neither": neither, "word": "b" * b}

    table, found = Table.of(compute, GRID), sent_to_a_page(compute, GRID)
    assert table.sizes == [3, 2]
    shapes = {key: array.shape for key, array in table.arrays.items()}
    assert shapes == {"only_a": (3, 1, 2), "both": (3, 2, 3), "neither": (1, 1, 2)}
    assert table.texts["word"].shape == (1, 2)
    for i, j in found:
        expected = compute(GRID["a"][i], GRID["b"][j])
        for key in ("only_a", "both", "neither"):
            np.testing.assert_allclose(found[i, j][key], expected[key], atol=60 / 65534)
        assert found[i, j]["word"] == expected["word"]


def test_equal_texts_are_listed_once():
    packed = Table.of(lambda a, b: {"word": "odd" if a % 2 else "even"}, GRID).packed()
    texts = json.loads(gzip.decompress(base64.b64decode(packed["texts"])))
    assert texts["word"] == {"axes": [3, 1], "strings": ["even", "odd"], "index": [1, 0, 1]}


def test_the_same_function_gives_the_same_bytes():
    first, second = (Table.of(lambda a, b: {"y": [a / b]}, GRID).packed() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    for part in ("codes", "texts"):  # bytes 4 to 7 of a gzip header are the time
        assert base64.b64decode(first[part])[4:8] == bytes(4)


@pytest.mark.parametrize(
    ("first", "later", "message"),
    [
        (np.zeros(3), np.zeros(4), r"'y' has shape \(3,\) at first, \(4,\) at \(3, 20\)"),
        (np.zeros(3), [0, np.inf, 0], r"'y' is infinite at \(3, 20\); use NaN"),
        (np.zeros(3), [0, -np.inf, 0], r"'y' is infinite at \(3, 20\); use NaN"),
        ("word", np.zeros(3), r"'y' is .* at first but .* at \(3, 20\)"),
        (np.zeros(3), "word", r"'y' .* at \(3, 20\)"),
        (0.0, "word", r"'y' .* at \(3, 20\)"),
        (np.zeros(3), None, r"'y' .* at \(3, 20\)"),
        (0.0, None, r"'y' .* at \(3, 20\)"),
    ],
)
def test_a_function_that_changes_its_mind_is_named_with_the_place(first, later, message):
    with pytest.raises(ValueError, match=message):
        Table.of(lambda a, b: {"y": later if (a, b) == (3, 20) else first}, GRID)


@pytest.mark.parametrize("point", [(1, 10), (3, 20)])
def test_a_key_that_is_not_there_everywhere_is_named(point):
    with pytest.raises(ValueError, match="'sometimes'"):
        Table.of(lambda a, b: {"y": 1.0} | ({"sometimes": 2.0} if (a, b) == point else {}), GRID)
