import numpy as np
import pytest
from unrolled.exercises import Wrong
from unrolled.exercises.comparing import (
    array,
    choice,
    names,
    near,
    number,
    parameters,
    result_of,
    whole,
    wholes,
)


def said(compare, *arguments, **options):
    """What a comparison complains of, or None."""
    try:
        compare(*arguments, **options)
    except Wrong as wrong:
        return str(wrong)
    return None


@pytest.mark.parametrize("answer", [0.1234, np.float32(0.1234), np.array(0.1234), 0.123, 0.12341])
def test_a_number_may_be_of_any_type_and_rounded_to_three_digits(answer):
    assert said(number, answer, 0.1234) is None


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (0.12, "the answer is too small."),
        (0.13, "the answer is too large."),
        (-0.1234, "the answer has the wrong sign."),
        (float("nan"), "expected a finite number"),
        ("0.1234", "expected the answer as one number; got '0.1234'"),
        ([0.1234], "got an array of shape (1,)"),
        (True, "expected the answer as one number; got True"),
        (None, "got a NoneType"),
        (len, "got a function"),
    ],
)
def test_a_number_that_is_not_it(answer, message):
    assert message in said(number, answer, 0.1234)
    assert "0.1234" not in message or isinstance(answer, str)


def test_whole_numbers():
    assert said(whole, 12, 12) is said(whole, 12.0, 12) is said(whole, np.int64(12), 12) is None
    assert said(whole, 11, 12) == said(whole, 13, 12) == "the answer is off by one."
    assert said(whole, 3, 12) == "the answer is too small."
    assert said(whole, 30, 12) == "the answer is too large."
    assert said(whole, 11.5, 12) == "the answer is 11.5; expected a whole number."
    assert "one number" in said(whole, False, 0)


@pytest.mark.parametrize("answer", [float("nan"), float("inf")])
def test_what_is_not_finite_is_not_whole(answer):
    assert "expected a whole number" in said(whole, answer, 12)


def test_lists_of_whole_numbers():
    options = {"what": ["the rows", "the columns"]}
    assert said(wholes, [3, 5], [3, 5], **options) is None
    assert said(wholes, np.array([3.0, 5.0]), (3, 5), **options) is None
    assert said(wholes, (3, 9), [3, 5], **options) == "the columns is too large."
    options["mistakes"] = [{}, {3: "swapped."}]
    assert said(wholes, [3, 3], [3, 5], **options) == "swapped."
    for answer in (3, [3], [[3, 5]], "35", [[1], [2, 3]], None, {3, 5}, ["x", "y"]):
        assert "list of 2 whole numbers" in said(wholes, answer, [3, 5], **options)
    for answer in ([None, 5], ["3", "5"], [True, 5]):
        assert "as one number" in said(wholes, answer, [3, 5], **options)
    assert "whole number" in said(wholes, [3, np.inf], [3, 5], **options)


def test_arrays():
    expected = np.array([[1.0, -2.0, 0.0], [3.0, 4.0, 5.0]])
    assert said(array, expected.tolist(), expected) is None
    assert said(array, expected * 1.001, expected) is None
    assert said(array, -expected, expected) == "the answer has the wrong sign."
    assert said(array, 2 * expected, expected) == "the answer is wrong by one factor everywhere."
    assert "shape (2, 3); got (3, 2)" in said(array, expected.T, expected)
    assert "not finite" in said(array, expected * np.nan, expected)
    assert "array of shape (2, 3); got 'x'" in said(array, "x", expected)
    near = expected.copy()
    near[1, 0] = 9
    assert said(array, near, expected) == (
        "the answer has 1 wrong of 6 values, the first at index (1, 0)."
    )
    assert said(array, np.ones(2), np.zeros(2)) is not None
    assert said(array, np.zeros(2), np.ones(2)) is not None


def test_near_is_true_or_false_whatever_the_answer():
    assert near([1, 2.001], np.array([1, 2]))
    for answer in ([1, 3], [1], 1, "x", None, [[1], [2, 3]], [np.nan, 2]):
        assert near(answer, np.array([1, 2])) is False


def test_choices():
    assert said(choice, " Later ", "later", ["earlier", "later"]) is None
    assert said(choice, "earlier", "later", ["earlier", "later"]) == "'earlier' is not it."
    assert "one of 'earlier', 'later'" in said(choice, "never", "later", ["earlier", "later"])
    assert "one of" in said(choice, 3, "later", ["earlier", "later"])


def test_names():
    among = ["a", "b", "c"]
    assert said(names, ("b", "a"), ["a", "b"], among) is None
    assert said(names, {"a"}, ["a", "b"], among) == "the answer misses 1 and has 0 too many."
    assert said(names, among, ["a"], among) == "the answer misses 0 and has 2 too many."
    assert "d: not among a, b, c" in said(names, ["d"], ["a"], among)
    assert "list of names; got 'a'" in said(names, "a", ["a"], among)
    assert "list of names" in said(names, 3, ["a"], among)


def test_a_readers_function_gets_copies_and_its_errors_become_sentences():
    x = np.ones(3)
    assert result_of(lambda a, b: a + b, 2, 3) == 5
    assert "expected a function; got 5" in said(result_of, 5, x)
    assert said(result_of, lambda a: 1 / 0, 1) == (
        "answer called with 1 raises ZeroDivisionError: division by zero"
    )
    assert "TypeError" in said(result_of, lambda: 0, x)
    assert "array of shape (3,)" in said(result_of, lambda: 0, x)
    assert "returns nothing" in said(result_of, lambda a: None, x)

    def greedy(a):
        a += 1
        return a

    assert "changes the array of shape (3,)" in said(result_of, greedy, x)
    assert x.tolist() == [1, 1, 1]


def replacing(params):
    params["b_h"] = params["b_h"] + 1
    return params


def adding(params):
    params["b_y"] = np.zeros(2)
    return params


def removing(params):
    del params["b_h"]
    return params


def in_place(params):
    params["b_h"] += 1
    return params


def ragged(params):
    params["b_h"] = [[1], [2, 3]]
    return params


@pytest.mark.parametrize("answer", [replacing, adding, removing, in_place, ragged])
def test_a_dictionary_that_a_readers_function_changes(answer):
    params = {"W_xh": np.ones((2, 3)), "b_h": np.zeros(3)}
    key = "b_y" if answer is adding else "b_h"
    assert said(result_of, answer, params) == (
        f"answer changes the dictionary that it was given, at {key!r}."
    )
    assert said(result_of, answer, params, may_change=True) is None
    assert said(result_of, lambda layers: in_place(layers[0]), [params]) is None
    assert list(params) == ["W_xh", "b_h"]
    assert params["b_h"].tolist() == [0, 0, 0]


def test_a_new_dictionary_changes_nothing():
    params = {"W_xh": np.ones((2, 3)), "b_h": np.zeros(3)}
    assert said(result_of, lambda params: {**params, "b_h": np.ones(3)}, params) is None


def test_a_function_that_may_change_an_array():
    def doubled(x):
        x *= 2
        return x

    assert result_of(doubled, np.ones(2), may_change=True).tolist() == [2, 2]


def test_a_function_that_fails_is_followed_by_how_it_is_called():
    assert said(result_of, lambda x: x["W"], np.ones(3), reminder="It is given x.").endswith(
        "valid indices. It is given x."
    )
    assert (
        said(result_of, lambda x: None, 1, reminder="It is given x.") == "answer returns nothing."
    )


def test_a_typical_mistake_is_answered_in_words():
    twice = {2.0: "a factor two."}
    assert said(number, 2.0, 1.0, mistakes=twice) == "a factor two."
    assert said(whole, 2, 1, mistakes=twice) == "a factor two."
    assert said(number, 1.0, 1.0, mistakes={1.0: "no."}) is None
    assert said(choice, "B", "a", ["a", "b"], mistakes={"b": "the other one."}) == "the other one."


def test_dictionaries_of_parameters():
    like = {"W_xh": np.ones((2, 3)), "b_h": np.zeros(3)}
    assert said(parameters, {"b_h": [0, 0, 0], "W_xh": np.ones((2, 3))}, like) is None
    assert isinstance(parameters(like | {"b_h": [0, 0, 1]}, like)["b_h"], np.ndarray)
    for answer in (like | {"b": np.zeros(3)}, {"b_h": np.zeros(3)}, np.zeros(3), None):
        assert "the keys W_xh, b_h" in said(parameters, answer, like)
    for value in (np.ones((3, 2)), 1.0, "x", [[1], [2, 3]], None):
        assert "W_xh with shape (2, 3)" in said(parameters, like | {"W_xh": value}, like)
    assert "b_h has values" in said(parameters, like | {"b_h": [0, 0, np.inf]}, like)
