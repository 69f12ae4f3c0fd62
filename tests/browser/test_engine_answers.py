"""What a page computes by itself is what Python computes, arrays and facts, at any position."""

import random
from functools import cache

import numpy as np
import pytest
from unrolled import explore
from unrolled.explore import face
from unrolled.web.bundle import bundle

NAMES = (
    "Blame", "FirstLetter", "FixedPoints", "HiddenStates", "GradientFlow", "NextPoint", "Pieces",
    "Stretch", "TruncationLab", "Wavefront",
)  # fmt: skip
POINTS = 25
ASK = """([name, constants, points]) => {
  const decoded = ({ shape, data }) => ({
    shape, data: new Float64Array(Uint8Array.from(atob(data), c => c.charCodeAt(0)).buffer),
  });
  const known = Object.fromEntries(Object.entries(constants).map(([k, v]) => [k, decoded(v)]));
  const compute = UNROLLED_ENGINE[name](known);
  return points.map((values) => {
    const { arrays, facts } = compute(values);
    const plain = ({ data, shape }) => [Array.from(data, v => Number.isNaN(v) ? "nan" : v), shape];
    return [Object.fromEntries(Object.entries(arrays).map(([k, a]) => [k, plain(a)])), facts];
  });
}"""


@pytest.fixture(scope="module")
def page(browser):
    """A page with nothing but the engine's twin."""
    page = browser.new_page()
    page.evaluate(bundle("engines.js"))
    return page


@cache
def points(name):
    """Positions at random, and both ends of every control."""
    drawn, controls = random.Random(7), getattr(explore, name).controls

    def value(control):
        if letters := getattr(control, "letters", None):
            return "".join(drawn.choices(letters, k=drawn.randint(1, control.longest)))
        if span := getattr(control, "span", None):
            low, high, step = span
            return round(low + step * drawn.randint(0, round((high - low) / step)), 12)
        return drawn.choice(control.values)

    ends = [{c.name: c.span[i] for c in controls if getattr(c, "span", None)} for i in (0, 1)]
    start = {c.name: c.start for c in controls}
    return [start, *(start | end for end in ends)] + [
        {control.name: value(control) for control in controls} for _ in range(POINTS)
    ]


@pytest.mark.parametrize("computed", NAMES)
def test_the_page_computes_what_python_computes(page, computed):
    name = computed
    explorable = getattr(explore, name)()
    found = page.evaluate(
        ASK, [name, face.source(explorable)["computed"]["constants"], points(name)]
    )
    for values, (arrays, facts) in zip(points(name), found, strict=True):
        expected = explorable.at(**values)
        assert list(facts) == list(expected.facts)
        assert arrays.keys() == expected.arrays.keys()
        for key, (data, shape) in arrays.items():
            shown = np.array(data, float).reshape(shape)
            rounding = noise(name, key, expected)
            close(shown, expected.arrays[key], f"{key} at {values}", rounding)
        for key, fact in facts.items():
            if isinstance(fact, str | bool):
                assert fact == expected.facts[key], (key, values)
            else:
                close(fact, expected.facts[key], f"{key} at {values}", 1e-9)


def noise(name, key, answer):
    """How far rounding may move an array: only the smallest singular values feel it."""
    if (name, key) == ("GradientFlow", "spectrum_height"):
        heights = answer.arrays[key]
        return np.where(heights > heights.max() - 12, 1e-3, 6)
    return 1e-9


def close(shown, expected, what, rounding):
    far = np.abs(np.nan_to_num(shown) - np.nan_to_num(expected)) > rounding * (
        1 + np.abs(np.nan_to_num(expected))
    )
    assert not np.any(far), f"{what}: {shown} is not {expected}"
    np.testing.assert_array_equal(np.isnan(shown), np.isnan(expected), err_msg=what)


def test_no_other_explorable_is_computed_by_pages(page):
    assert page.evaluate("Object.keys(UNROLLED_ENGINE).sort()") == sorted(NAMES)
    computed = [name for name in explore.NAMES if getattr(explore, name).constants]
    assert sorted(computed) == sorted(NAMES)
