"""An unintended change of numbers is seen, where sentences of stories quote them.

After an intended change, `python code/trials/golden.py` records anew; it takes a few seconds.
"""

import json

import numpy as np
import pytest
from trials import golden
from unrolled import explore


@pytest.fixture(scope="module")
def record():
    return json.loads(golden.PATH.read_text(encoding="utf-8"))


def agree(shown, known):
    """Are two numbers equal to a hundredth, or two other facts at all?"""
    if isinstance(known, float):
        return np.isclose(shown, known, rtol=0.01, atol=1e-5)
    return shown == known


def test_every_explorable_is_on_record_but_for_noise_that_is_there(record):
    assert list(record) == list(explore.NAMES), "run python code/trials/golden.py"
    for name, noisy in golden.NOISY.items():
        arrays, facts, _ = getattr(explore, name)().answer
        assert set(noisy) <= arrays.keys() | facts.keys(), name


@pytest.mark.parametrize("name", explore.NAMES)
def test_it_shows_the_numbers_on_record(name, record):
    found = golden.shown(getattr(explore, name)())
    assert found.keys() == record[name].keys(), "run python code/trials/golden.py"
    for setting, known in record[name].items():
        shown = found[setting]
        assert shown.keys() == known.keys(), setting
        wrong = {k: (shown[k], known[k]) for k in known if not agree(shown[k], known[k])}
        assert not wrong, setting


def test_a_number_a_word_and_one_place_that_change_are_seen():
    assert not agree(1.02, 1.0)
    assert not agree("known", "forgotten")
    x = np.arange(10.0)
    assert agree(golden.summary(x + 1e-5), golden.summary(x))
    assert not agree(golden.summary(x + 2 * (x == 3)), golden.summary(x))
    assert not agree(golden.summary(x[::-1]), golden.summary(x))
