"""The words that no page should hold are found, and others are left."""

import pytest
from trials.leftovers import LEFTOVERS, faults


@pytest.mark.parametrize(
    "text",
    [
        "so\n$da_t$",
        r"dW = x_t^\top da_t",
        "it is **bold**",
        "it is *slanted*",
        "the `state` of it",
        "a {term}`state` of it",
        "a :term: of it",
        "the loss is {loss:.2f}",
        "see [chapter 2](02-one-step)",
        "as follows:\n- one",
        "as follows:\n1. one",
        "| one | two |",
        "## Two",
        "a<br>b",
        "less &lt; more",
        "the loss is nan",
        "NaN",
        "step undefined",
        "of None steps",
        "the loss: None",
        "None",
        "<function f at 0x7f0>",
        "<unrolled.engine.RNN object",
        "[object Object]",
        "array([1, 2])",
        "np.float64(1.5)",
        "trace 0",
        "the the state",
        "The\n the state",
    ],
)
def test_a_leftover_is_found(text):
    assert len(faults([("p", text)], LEFTOVERS)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "None of them is. None is.",
        "It had had that that one.",
        "5 * 3, a < b, nan-free, fan-in in it",
        "h(t) of 0 0 1",
        "3 − 4 - 5",
        "a state: the sum",
        "with bidirectional=True",
        "one \N{OBJECT REPLACEMENT CHARACTER} \N{OBJECT REPLACEMENT CHARACTER} one",
    ],
)
def test_what_is_no_leftover_is_left(text):
    assert faults([("p", text)], LEFTOVERS) == []
