"""The program that the page shows: executed, it prints what the page and `train` print."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from unrolled import playground

from .test_settings import some_settings

PARTS = [
    pytest.param(story.setting | (story.button[1] if part else {}), id=f"{story.name}-{part}")
    for story in playground.STORIES
    for part in (0, 1)
]


def printed(run, *arguments):
    with redirect_stdout(io.StringIO()) as out:
        run(*arguments)
    return out.getvalue()


def execute(program, updates=None):
    """Run a program, or its first updates, with names of its own."""
    if updates:
        assert program.count("range(1, 51)") == 1
        program = program.replace("range(1, 51)", f"range(1, {updates + 1})")
    exec(compile(program, "program", "exec"), {})


@pytest.mark.parametrize("changes", PARTS)
def test_the_program_of_every_story_prints_the_digits_of_train(changes):
    setting = playground.complete(changes)
    program = playground.code(setting)
    assert printed(execute, program) == printed(playground.train, setting) != ""
    assert len(program.splitlines()) <= 28
    assert max(map(len, program.splitlines())) <= 100


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(some_settings())
def test_the_program_of_any_setting_prints_the_digits_of_train(setting):
    """Two updates, after which a rate of 10 may have blown up."""
    setting |= {"H": min(setting["H"], 9), "clip": setting["clip"] or 1.0}
    try:
        expected = printed(playground.train, setting, 2)
    except ValueError:
        return
    with np.errstate(over="ignore"):
        assert printed(execute, playground.code(setting), 2) == expected


@pytest.mark.parametrize("text", ['a"b', "a'b", "a\\b", "a\nb", "{a}", "aü\u2028", "ab\U0001f600"])
def test_any_text_is_written_as_python_reads_it(text):
    program = playground.code({"task": "text", "text": text})
    assert printed(execute, program, 2) == printed(
        playground.train, {"task": "text", "text": text}, 2
    )


def test_a_usual_program_has_no_line_that_does_nothing():
    program = playground.code({"task": "echo"})
    assert "initializers" not in program
    assert "forget_bias" not in program
    assert "W_hh" not in program
    assert "clip" not in playground.code({"task": "echo", "clip": 0.0})
