import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets.sequences import pad

# What keras.utils.pad_sequences returns for these, with maxlen=3.
KERAS = {
    ("pre", "pre"): [[3, 4, 5], [0, 0, 7]],
    ("pre", "post"): [[1, 2, 3], [0, 0, 7]],
    ("post", "pre"): [[3, 4, 5], [7, 0, 0]],
    ("post", "post"): [[1, 2, 3], [7, 0, 0]],
}


@pytest.mark.parametrize(("padding", "truncating"), KERAS)
def test_it_pads_and_cuts_as_keras_does(padding, truncating):
    ids, mask = pad([[1, 2, 3, 4, 5], [7]], 3, padding=padding, truncating=truncating)
    assert_array_equal(ids, KERAS[padding, truncating])
    assert_array_equal(mask, ids > 0)


def test_without_more_words_it_pads_and_cuts_in_front():
    assert_array_equal(pad([[1, 2, 3, 4, 5], [7]], 3)[0], KERAS["pre", "pre"])


def test_ids_are_int32_and_the_mask_is_bool():
    ids, mask = pad([np.array([1, 2]), (3,)], 2)
    assert (ids.dtype, mask.dtype) == (np.int32, bool)
    assert ids.shape == mask.shape == (2, 2)


def test_the_mask_knows_an_id_from_padding_of_the_same_value():
    ids, mask = pad([[5, 5], [5]], 3, value=5)
    assert_array_equal(ids, np.full((2, 3), 5))
    assert_array_equal(mask, [[False, True, True], [False, False, True]])


def test_a_sequence_of_just_this_length_stays_as_it_is_and_an_empty_one_is_all_padding():
    for padding in ("pre", "post"):
        for truncating in ("pre", "post"):
            sides = {"padding": padding, "truncating": truncating}
            ids, mask = pad([[1, 2], []], 2, **sides, value=9)
            assert_array_equal(ids, [[1, 2], [9, 9]])
            assert_array_equal(mask, [[True, True], [False, False]])


def test_one_step_is_enough():
    ids, mask = pad([[1, 2], []], 1)
    assert_array_equal(ids, [[2], [0]])
    assert_array_equal(mask, [[True], [False]])


def test_what_is_given_is_left_alone():
    given = np.array([1, 2, 3])
    ids, _ = pad([given], 3)
    ids[:] = 0
    assert_array_equal(given, [1, 2, 3])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"T": 0}, "T must be at least 1; got 0"),
        ({"padding": "left"}, "padding must be 'pre' or 'post'; got 'left'"),
        ({"truncating": None}, "truncating must be 'pre' or 'post'; got None"),
        ({"sequences": [[1], [0.5]]}, "sequence 1 must be a list of integers; got float64"),
        ({"sequences": [[[1, 2]]]}, r"sequence 0 must be a list of integers; .*\(1, 2\)"),
        ({"sequences": ["a film"]}, "sequence 0 must be a list of integers"),
    ],
)
def test_what_cannot_be_padded_is_named(given, message):
    with pytest.raises(ValueError, match=message):
        pad(**{"sequences": [[1, 2]], "T": 2} | given)
