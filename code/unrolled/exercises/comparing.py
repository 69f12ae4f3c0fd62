"""Comparisons that say how an answer differs from what is right, without saying what is right."""

from copy import deepcopy

import numpy as np

from .checking import Wrong, readable


def number(answer, expected, *, rtol=5e-3, atol=1e-12, what="the answer", mistakes=()):
    """Raise Wrong unless `answer` is a number near `expected`.

    The tolerance forgives rounding to three digits. A list, an array or a boolean is not a number.
    `mistakes` are typical wrong values, each with the sentence that it is answered by.
    """
    value = _number(answer, what)
    if not np.isfinite(value):
        raise Wrong(f"{what} is {value}; expected a finite number.")
    if not np.isclose(value, expected, rtol=rtol, atol=atol):
        for mistaken, sentence in dict(mistakes).items():
            if np.isclose(value, mistaken, rtol=rtol, atol=atol):
                raise Wrong(sentence)
        if np.isclose(value, -expected, rtol=rtol, atol=atol):
            raise Wrong(f"{what} has the wrong sign.")
        raise Wrong(f"{what} is too {'large' if value > expected else 'small'}.")


def whole(answer, expected, *, what="the answer", mistakes=()):
    """Raise Wrong unless `answer` is the whole number `expected`; `mistakes` as in `number`."""
    value = _number(answer, what)
    if not value.is_integer():
        raise Wrong(f"{what} is {value:g}; expected a whole number.")
    if value != expected and value in dict(mistakes):
        raise Wrong(dict(mistakes)[value])
    if abs(value - expected) == 1 and expected > 2:
        raise Wrong(f"{what} is off by one.")
    if value != expected:
        raise Wrong(f"{what} is too {'large' if value > expected else 'small'}.")


def wholes(answer, expected, *, what, mistakes=()):
    """Raise Wrong unless `answer` lists the whole numbers `expected`, in their order.

    `what` names them one by one; `mistakes`, if given, has for each what `whole` takes.
    """
    if not _numeric(answer) or np.shape(answer) != (len(expected),):
        raise Wrong(f"expected a list of {len(expected)} whole numbers; got {kind_of(answer)}.")
    mistakes = mistakes or [()] * len(expected)
    for value, right, name, own in zip(answer, expected, what, mistakes, strict=True):
        whole(value, right, what=name, mistakes=own)


def _number(answer, what):
    if isinstance(answer, (bool, np.bool_)) or not _numeric(answer) or np.ndim(answer):
        raise Wrong(f"expected {what} as one number; got {kind_of(answer)}.")
    return float(answer)


def array(answer, expected, *, rtol=5e-3, atol=1e-8, what="the answer"):
    """Raise Wrong unless `answer` has the shape and the values of the array `expected`."""
    expected = np.asarray(expected)
    try:
        found = np.asarray(answer, dtype=float)
    except Exception:
        raise Wrong(
            f"expected {what} as an array of shape {expected.shape}; got {kind_of(answer)}."
        ) from None
    if found.shape != expected.shape:
        raise Wrong(f"expected {what} with shape {expected.shape}; got {found.shape}.")
    if not np.isfinite(found).all():
        raise Wrong(f"{what} has values that are not finite.")
    if np.allclose(found, expected, rtol=rtol, atol=atol):
        return
    wrong = ~np.isclose(found, expected, rtol=rtol, atol=atol)
    if np.allclose(found, -expected, rtol=rtol, atol=atol):
        raise Wrong(f"{what} has the wrong sign.")
    ratio = np.median(found[expected != 0] / expected[expected != 0]) if expected.any() else 0
    if ratio and np.allclose(found, ratio * expected, rtol=rtol, atol=atol):
        raise Wrong(f"{what} is wrong by one factor everywhere.")
    where = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = "" if found.size == 1 else f", the first at index {where}"
    raise Wrong(f"{what} has {wrong.sum()} wrong of {found.size} values{place}.")


def near(answer, expected):
    """True if `answer` has the shape and about the values of the array `expected`."""
    try:
        array(answer, np.asarray(expected, dtype=float))
    except Wrong:
        return False
    return True


def choice(answer, expected, among, *, what="the answer", mistakes=()):
    """Raise Wrong unless `answer` is `expected`, one of the strings `among`."""
    if not isinstance(answer, str) or answer.strip().lower() not in [a.lower() for a in among]:
        options = ", ".join(repr(option) for option in among)
        raise Wrong(f"expected {what} as one of {options}; got {kind_of(answer)}.")
    if answer.strip().lower() != expected.lower():
        raise Wrong(dict(mistakes).get(answer.strip().lower(), f"{answer.strip()!r} is not it."))


def names(answer, expected, among, *, what="the answer"):
    """Raise Wrong unless `answer` holds the strings `expected`, in any order."""
    if isinstance(answer, str) or not np.iterable(answer):
        raise Wrong(f"expected {what} as a list of names; got {kind_of(answer)}.")
    unknown = sorted(
        {str(name) for name in answer if not isinstance(name, str) or name not in among}
    )
    if unknown:
        raise Wrong(f"{', '.join(unknown)}: not among {', '.join(map(str, among))}.")
    given = set(answer)
    missing, extra = len(set(expected) - given), len(given - set(expected))
    if missing or extra:
        raise Wrong(f"{what} misses {missing} and has {extra} too many.")


def parameters(answer, like):
    """A dictionary with the keys and shapes of `like`, as arrays. Raises Wrong if it is not one."""
    if not isinstance(answer, dict) or set(answer) != set(like):
        raise Wrong(f"expected a dictionary with the keys {', '.join(like)}.")
    for name, value in like.items():
        if not _numeric(answer[name]) or np.shape(answer[name]) != value.shape:
            raise Wrong(f"expected {name} with shape {value.shape}; got {kind_of(answer[name])}.")
        if not np.isfinite(np.asarray(answer[name], dtype=float)).all():
            raise Wrong(f"{name} has values that are not finite.")
    return {name: np.array(answer[name], dtype=float) for name in like}


def result_of(answer, *arguments, what="answer", may_change=False, reminder=""):
    """What the reader's function `answer` returns for copies of `arguments`.

    Raises Wrong if it is not a function, cannot be called so, fails, or changes an array or a
    dictionary that it was given, unless it `may_change` them. `reminder` is a sentence on how it is
    called, for a function that fails.
    """
    if not callable(answer):
        raise Wrong(f"expected a function; got {kind_of(answer)}.")
    given = [deepcopy(a) if isinstance(a, (np.ndarray, dict, list)) else a for a in arguments]
    try:
        found = answer(*given)
    except (Exception, SystemExit) as error:
        said = f"{type(error).__name__}: {_words(error)}"
        said += f". {reminder}" if reminder else ""
        raise Wrong(f"{what} called with {_kinds(arguments)} raises {said}") from None
    for before, after in zip(arguments, given, strict=True):
        if not may_change:
            _unchanged(before, after, what)
    if found is None:
        raise Wrong(f"{what} returns nothing.")
    return readable(found)


def _words(error):
    """What an error says, if it can say anything."""
    try:
        return str(error)
    except Exception:
        return "no words"


def _unchanged(before, after, what):
    if isinstance(before, np.ndarray) and not np.array_equal(before, after):
        raise Wrong(f"{what} changes the array of shape {before.shape} that it was given.")
    if isinstance(before, dict):
        for key in before | after:
            if key not in before or key not in after or not _same(before[key], after[key]):
                raise Wrong(f"{what} changes the dictionary that it was given, at {key!r}.")


def _same(before, after):
    try:
        return np.array_equal(before, after)
    except (TypeError, ValueError):
        return False


def _kinds(arguments):
    return ", ".join(kind_of(argument) for argument in arguments)


def kind_of(value):
    """How a value is named in a message."""
    if isinstance(value, str):
        return repr(value if len(value) < 40 else value[:37] + "...")
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, float)):
        return f"{value:g}" if abs(value) < 1e300 or value != value else "a number beyond 1e300"
    if np.ndim(value) if _numeric(value) else hasattr(value, "shape"):
        return f"an array of shape {tuple(np.shape(value))}"
    if callable(value):
        return "a function"
    return f"a {type(value).__name__}"


def _numeric(value):
    if value is None or isinstance(value, (str, bytes, dict, set)) or callable(value):
        return False
    try:
        np.asarray(value, dtype=float)
    except Exception:  # a foreign __array__ may raise anything, and 10**400 is no float
        return False
    return True
