"""A page reads from a packed table what Python computed."""

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
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)


def unpacked(packed, sizes):
    """What a page reads from a packed table: at each grid point the arrays and the facts."""
    codes = np.frombuffer(gzip.decompress(base64.b64decode(packed["codes"])), "<u2")
    facts = json.loads(gzip.decompress(base64.b64decode(packed["facts"])))

    def position(axes, at):
        place = 0
        for length, index in zip(axes, at, strict=True):
            place = place * length + (index if length > 1 else 0)
        return place

    def array(at, *, shape, step, axes=(), offset=0, low=0, around=None):
        if around:
            curve, below, above = (array(at, **packed["arrays"][key]) for key in around)
            return np.concatenate([curve + below, (curve + above)[::-1]])
        size = int(np.prod(shape))
        start = offset + position(axes, at) * size
        found = codes[start : start + size].astype(float)
        return np.where(found == 65535, np.nan, low + step * found).reshape(shape)

    return {
        at: (
            {key: array(at, **entry) for key, entry in packed["arrays"].items()},
            {key: f["listed"][f["index"][position(f["axes"], at)]] for key, f in facts.items()},
        )
        for at in itertools.product(*map(range, sizes))
    }


def sent_to_a_page(answer, grid):
    table = Table.of(answer, grid)
    return unpacked(json.loads(json.dumps(table.packed(), allow_nan=False)), table.sizes)


@settings(deadline=None)
@given(st.data(), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_page_reads_what_was_computed(data, sizes):
    grid = {f"slider{i}": list(range(size)) for i, size in enumerate(sizes)}
    deaf = data.draw(st.sets(st.sampled_from(sorted(grid))))
    shape = data.draw(st.sampled_from([(1,), (3,), (2, 2)]))
    fact = data.draw(st.sampled_from([texts, st.booleans(), st.floats(-1e9, 1e9)]))
    known = {}

    def answer(**at):
        heard = tuple(value for name, value in at.items() if name not in deaf)
        if heard not in known:
            values = data.draw(st.lists(numbers, min_size=4, max_size=4))
            known[heard] = {"array": np.resize(values, shape)}, {"fact": data.draw(fact)}
        return known[heard]

    found = sent_to_a_page(answer, grid)
    finite = np.concatenate([arrays["array"].ravel() for arrays, _ in known.values()])
    finite = finite[np.isfinite(finite)]
    bound = (np.ptp(finite) / LEVELS / 2 + 1e-9) if finite.size else 0
    for at, (arrays, facts) in found.items():
        expected = answer(**dict(zip(grid, at, strict=True)))
        assert facts == expected[1]
        error = arrays["array"] - expected[0]["array"]
        assert_array_equal(np.isnan(error), np.isnan(expected[0]["array"]))
        assert np.nan_to_num(np.abs(error)).max(initial=0) <= bound


def test_extremes_and_constants_survive_exactly():
    values = {"y": np.array([-2.5, np.nan, 0.1, 7.0]), "tiny": np.full(3, -1e-300)}
    ((found, _),) = sent_to_a_page(lambda a: (values, {}), {"a": [1]}).values()
    assert_array_equal(found["y"][[0, 1, 3]], values["y"][[0, 1, 3]])
    assert_array_equal(found["tiny"], values["tiny"])


def test_a_fact_is_exact_and_stays_what_it_is():
    facts = {"share": 0.1 + 0.2, "count": 3, "right": True, "word": "“é”"}
    ((_, found),) = sent_to_a_page(lambda a: ({}, facts), {"a": [1]}).values()
    assert found == facts
    assert [type(value) for value in found.values()] == [float, int, bool, str]


def test_what_a_control_has_no_say_in_is_stored_once():
    def answer(a, b):
        arrays = {"only_a": np.array([a, np.nan]), "both": np.ones(3) * a * b, "none": np.ones(2)}
        return arrays, {"word": "b" * b}

    table = Table.of(answer, GRID)
    shapes = {key: array.shape for key, array in table.arrays.items()}
    assert shapes == {"only_a": (3, 1, 2), "both": (3, 2, 3), "none": (1, 1, 2)}
    assert table.facts["word"].shape == (1, 2)


def test_the_same_function_gives_the_same_bytes():
    packed = [Table.of(lambda a, b: ({"y": np.array([a / b])}, {}), GRID).packed() for _ in "12"]
    assert packed[0] == packed[1]
    for part in ("codes", "facts"):  # bytes 4 to 7 of a gzip header are the time
        assert base64.b64decode(packed[0][part])[4:8] == bytes(4)


@pytest.mark.parametrize(
    ("first", "later", "said"),
    [
        (({"y": np.zeros(3)}, {}), ({"y": np.zeros(4)}, {}), r"'y' has shape \(3,\) .* \(4,\) at"),
        (({"y": np.zeros(3)}, {}), ({}, {}), "'y' is .* not there at"),
        (({}, {"n": 1.0}), ({}, {"n": "word"}), "'n' is 1.0 at first but 'word' at"),
        (({}, {}), ({}, {"n": 1.0}), r"\['n'\] is not there at every point; see"),
        (({}, {}), ({"y": np.zeros(3)}, {}), r"\['y'\] is not there at every point; see"),
    ],
)
def test_a_function_that_changes_its_mind_is_named_with_the_place(first, later, said):
    with pytest.raises(ValueError, match=rf"{said} \(3, 20\)"):
        Table.of(lambda a, b: later if (a, b) == (3, 20) else first, GRID)


def banded(a, b):
    """A curve with a band around it."""
    curve, low, high = np.array([a, b, a * b]), np.array([-a]), np.array([1.0 + b])
    outline = np.concatenate([curve + low, (curve + high)[::-1]])
    return {"curve": curve, "low": low, "high": high, "outline": outline}, {}


def test_a_band_is_drawn_around_its_curve_and_not_packed():
    bands = {"outline": ("curve", "low", "high")}
    table = Table.of(banded, GRID, bands)
    packed = json.loads(json.dumps(table.packed()))
    assert "offset" not in packed["arrays"]["outline"]
    found = unpacked(packed, table.sizes)
    for i, a in enumerate(GRID["a"]):
        for j, b in enumerate(GRID["b"]):
            outline = banded(a, b)[0]["outline"]
            np.testing.assert_allclose(found[i, j][0]["outline"], outline, atol=0.01)


def test_what_is_no_band_is_refused():
    with pytest.raises(ValueError, match="'outline' does not go along 'curve' and back"):
        Table.of(banded, GRID, {"outline": ("curve", "high", "low")})
