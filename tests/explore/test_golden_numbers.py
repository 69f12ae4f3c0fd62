"""An unintended change of numbers is seen: each explorable shows what is on record.

After an intended change, `python code/trials/golden.py` records anew; it takes half a minute.
"""

import json
import re

import numpy as np
import pytest
from trials import golden
from unrolled.explore import EXPLORABLES

every = pytest.mark.parametrize("cls", EXPLORABLES, ids=lambda cls: cls.__name__)
DIGITS = re.compile(r"(?<=, )(no|one|\d+) digits? (is|are)")  # of StepSize: how well noise fits


def test_what_is_on_record_is_every_explorable_at_its_points():
    found = json.loads(golden.PATH.read_text())
    assert list(found) == [cls.__name__ for cls in EXPLORABLES]
    for cls in EXPLORABLES:
        assert found[cls.__name__]["at"] == golden.points(cls())


def agree(w):
    """Compare what an explorable computes with what is on record, to half a level of the page."""
    scales = golden.scales(w)
    for at, arrays, texts in golden.recorded(w):
        result = w.compute(**at)
        assert result.keys() == arrays.keys() | texts.keys()
        for key, known in arrays.items():
            close = {"rtol": 0, "atol": 0.5001 * scales[key][1] + golden.ROUNDING}
            shown, known = (golden.certain(w, at, key, v) for v in (result[key], known))
            np.testing.assert_allclose(shown, known, **close, err_msg=f"{key} at {at}")
        for key, known in texts.items():
            assert DIGITS.sub("", result[key]) == DIGITS.sub("", known), f"{key} at {at}"


@every
def test_it_computes_the_numbers_and_texts_on_record(cls):
    agree(cls())


@every
def test_one_number_that_moves_by_a_level_is_seen(cls):
    w = cls()
    compute, scales = w.compute, golden.scales(w)
    for key, (_, step, *_) in scales.items():
        shown = ((at, arrays[key]) for at, arrays, _ in golden.recorded(w))
        if not any((golden.certain(w, at, key, a) == a).any() for at, a in shown):
            continue  # now_y of StepSize, at points where it is only rounding

        def moved(key=key, more=step + 3 * golden.ROUNDING, /, **at):
            result = compute(**at)
            array = np.array(result[key], float)
            known = golden.certain(w, at, key, array) == array
            if known.any():
                array.flat[np.argmax(np.where(known, array, -np.inf))] += more
            return {**result, key: array}

        w.compute = moved
        with pytest.raises(AssertionError, match=key):
            agree(w)
