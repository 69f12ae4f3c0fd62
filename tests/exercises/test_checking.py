import re

import numpy as np
import pytest
from unrolled.exercises import Wrong, check, checking

ALL = [name for chapter in checking.CHAPTERS for name in checking.exercises(chapter)]
ODD = (
    None, "", "seven", 0, -1, 10**9, 0.5, float("nan"), float("inf"), True, [], ["x"], {}, (),
    np.zeros(3), np.zeros((2, 2)), np.array(["a"]), object(), {"W_xh": 0}, [[1], [2, 3]], 1j,
    lambda: None, lambda *given: given[0], lambda *given: None, lambda *given: 1 / 0,
)  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_dots_are_no_answer_yet(name):
    verdict = check(name, ...)
    assert not verdict
    assert repr(verdict) == f"{name}: no answer yet. Put yours in place of the dots."


@pytest.mark.parametrize("name", ALL)
def test_no_answer_breaks_a_check_and_what_is_wrong_is_said_in_a_sentence(name):
    for answer in ODD:
        verdict = check(name, answer)
        assert verdict or re.fullmatch(r".{15,}[.?:\w\d)]", verdict.problem, re.DOTALL), answer
    assert sum(bool(check(name, answer)) for answer in ODD) <= 1


def test_every_check_says_what_it_examines():
    for chapter in checking.CHAPTERS:
        for name, examine in checking.exercises(chapter).items():
            assert examine.__doc__, name


def test_a_verdict_is_true_only_for_what_is_right():
    assert bool(checking.Verdict("bptt-1")) is True
    assert repr(checking.Verdict("bptt-1")) == "bptt-1 is right."
    assert bool(checking.Verdict("bptt-1", "the sign.")) is False
    assert repr(checking.Verdict("bptt-1", "the sign.")) == "bptt-1: the sign."


@pytest.mark.parametrize("name", ["bptt-9", "bptt", "bppt-1", "", 7, "bptt-0", "bptt-1-1", None])
def test_a_name_that_is_none_is_an_error_that_helps(name):
    with pytest.raises(ValueError, match=re.escape(f"there is no exercise {name!r}")) as error:
        check(name, 1)
    if name == "bppt-1":
        assert "bptt-1" in str(error.value)
    if name == "bptt-9":
        assert "bptt-1, bptt-2, bptt-3, bptt-4" in str(error.value)


def test_a_mistake_of_ours_is_not_blamed_on_the_reader(monkeypatch):
    def broken(answer):
        raise ZeroDivisionError

    monkeypatch.setattr(checking.import_module("unrolled.exercises.bptt"), "bptt_1", broken)
    verdict = check("bptt-1", [])
    assert not verdict
    assert verdict.problem.startswith("the check fails on an answer of type list (ZeroDivision")
    assert verdict.problem.endswith("which may be its own mistake.")


def test_exercises_come_in_order():
    for chapter in checking.CHAPTERS:
        names = list(checking.exercises(chapter))
        prefix = chapter.replace("_", "-")
        assert names == [f"{prefix}-{n}" for n in range(1, len(names) + 1)]


def test_wrong_is_an_exception_of_its_own():
    assert issubclass(Wrong, Exception)
    assert not issubclass(Wrong, ValueError)
