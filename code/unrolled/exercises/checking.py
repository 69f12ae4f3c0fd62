"""Find the check of an exercise and put what it says into words.

A module of this package belongs to a chapter, and a function in it to an exercise: "bptt-2" is
`bptt.bptt_2`. It takes the answer and raises `Wrong` with a sentence if the answer is not right.
"""

import math
import re
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

MOST = 10**6  # numbers in an answer; no exercise asks for as many
OURS = ("__init__", "checking", "comparing")
CHAPTERS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in OURS)


class Wrong(Exception):
    """An answer is not right; the message says what is wrong with it, never what is right."""


class Verdict:
    """What a check found. It is true if the answer is right, and reads as a sentence."""

    def __init__(self, name, problem=None):
        self.name, self.problem = name, problem

    def __bool__(self):
        return self.problem is None

    def __repr__(self):
        return f"{self.name} is right." if self else f"{self.name}: {self.problem}"


def check(name, answer):
    """Say whether an answer to an exercise is right, and if not, what is wrong with it.

    Parameters
    ----------
    name : str
        Such as "bptt-2", the second exercise of the chapter on backpropagation through time.
    answer : object
        What the exercise asks for; `...` stands for no answer yet.

    Returns
    -------
    Verdict
        True if the answer is right. Its text never gives the solution away.

    Raises
    ------
    ValueError
        If there is no exercise of that name; the message names those that come near.
    """
    examine = find(name)
    if answer is ...:
        return Verdict(name, "no answer yet. Put yours in place of the dots.")
    try:
        examine(readable(answer))
    except Wrong as wrong:
        return Verdict(name, shortened(str(wrong)))
    except (Exception, SystemExit) as error:  # an answer may be anything, and fail in any way
        said = f"the check fails on an answer of type {type(answer).__name__}"
        return Verdict(name, f"{said} ({type(error).__name__}), which may be its own mistake.")
    return Verdict(name)


def readable(value):
    """A value with a tensor of PyTorch as an array. Raises Wrong if it is larger than any answer.

    Tensors with a gradient, or on another device, are no arrays to NumPy.
    """
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and math.prod(shape) > MOST:
        raise Wrong(f"expected something smaller than {math.prod(shape):,} numbers.")
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        value = value.detach().cpu()
        half = value.is_floating_point() and value.element_size() == 2
        return (value.float() if half else value).numpy()
    return value


def shortened(sentence, most=400):
    """A sentence that quotes what a reader typed, cut in the middle if that was long."""
    if len(sentence) <= most:
        return sentence
    return f"{sentence[: most // 2]} ... {sentence[-most // 2 :]}"


def find(name):
    """The function that examines the answers to an exercise."""
    chapter = str(name).rpartition("-")[0]
    if chapter.replace("-", "_") in CHAPTERS:
        functions = exercises(chapter.replace("-", "_"))
        if name in functions:
            return functions[name]
        raise ValueError(f"there is no exercise {name!r}; that chapter has {', '.join(functions)}")
    known = [stem.replace("_", "-") for stem in CHAPTERS]
    near = get_close_matches(chapter or str(name), known, n=3, cutoff=0.3) or known
    raise ValueError(
        f"there is no exercise {name!r}; its name is a chapter's and a number, such as "
        + ", ".join(f"{chapter}-1" for chapter in near)
    )


def exercises(chapter):
    """The checks of one chapter, a module's name: {"bptt-1": function, ...} in order."""
    module = import_module(f".{chapter}", __package__)
    pattern = re.compile(rf"{chapter}_(\d+)")
    numbers = sorted(int(m[1]) for m in map(pattern.fullmatch, vars(module)) if m)
    return {f"{chapter}-{n}".replace("_", "-"): getattr(module, f"{chapter}_{n}") for n in numbers}
