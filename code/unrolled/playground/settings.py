"""A setting of the playground: a flat dict of what a reader can choose, and its address.

Any run is a function of its setting. A hash names the task first and then what differs from the
task's defaults, as in ``task=echo&lag=10&k2=8``.
"""

import operator
import re
from numbers import Real
from urllib.parse import parse_qsl, urlencode

from .tasks import TASKS

CELLS = ("rnn", "lstm", "gru", "linear")
OPTIMIZERS = ("adam", "sgd", "momentum")
STARTS = ("gaussian", "orthogonal", "identity")
LAST_SEED = 2**32 - 1

# The keys in their order. A tuple of two numbers is a range, others are options; those of None are
# in the task's own `keys`.
LIMITS = {
    "lag": None,
    "T": None,
    "asked": None,
    "waves": None,
    "text": None,
    "cell": CELLS,
    "H": (1, 64),
    "N": (1, 64),
    "k1": (0, 80),
    "k2": (0, 80),
    "optimizer": OPTIMIZERS,
    "lr": (0.0001, 10.0),
    "clip": (0.0, 100.0),
    "start": STARTS,
    "gain": (0.0, 3.0),
    "bias": (-5.0, 10.0),
    "seed": (0, LAST_SEED),
}
KEYS = ("task", *LIMITS)
WHOLE = ("lag", "T", "waves", "H", "N", "k1", "k2", "seed")

COMMON = {
    "cell": "rnn", "H": 32, "N": 16, "k1": 0, "k2": 0, "optimizer": "adam", "lr": 0.01,
    "clip": 1.0, "start": "gaussian", "gain": 1.0, "bias": 1.0, "seed": 0,
}  # fmt: skip
SENTENCE = "a network that reads a letter changes its state "  # 48 characters
OWN = {
    "echo": {"lag": 5},
    "one-bit": {"lag": 30, "cell": "lstm", "H": 16},
    "parity": {"T": 20, "asked": "every", "cell": "lstm", "H": 16},
    "count": {"T": 20, "cell": "gru", "H": 16, "lr": 0.003},
    "waves": {"T": 50, "waves": 2},
    "adding": {"lag": 60, "cell": "gru", "H": 16, "N": 32},
    "text": {"T": 25, "text": SENTENCE},
}


def keys_of(task):
    """The keys that a setting of this task has, in order."""
    own = TASKS[task].keys
    return [key for key in KEYS if key == "task" or LIMITS[key] is not None or key in own]


def defaults(task):
    """The default setting of a task."""
    return {key: {"task": task, **COMMON, **OWN[task]}[key] for key in keys_of(task)}


def limits(task, key):
    """Lowest and highest value, or the options, of a key of this task; for a text, its length."""
    return TASKS[task].keys[key] if LIMITS[key] is None else LIMITS[key]


def complete(changes):
    """A whole setting from some keys; the others are the defaults of its task.

    Raises
    ------
    ValueError
        Naming the key, what was expected and what came.
    """
    task = changes.get("task", "echo")
    if not isinstance(task, str) or task not in TASKS:
        raise ValueError(f"task must be one of {', '.join(TASKS)}; got {task!r}")
    setting = defaults(task)
    for key, value in changes.items():
        if key not in setting:
            raise ValueError(f"{task} has no setting {key!r}; it has {', '.join(setting)}")
        setting[key] = value if key == "task" else checked(task, key, value)
    if 0 < setting["k2"] < setting["k1"]:
        raise ValueError(
            f"k1 must be at most k2, so that no loss is left out; "
            f"got k1={setting['k1']}, k2={setting['k2']}"
        )
    return setting


def checked(task, key, value):
    """The value as a setting holds it. Raises ValueError, as `complete`, if it is not allowed."""
    allowed = limits(task, key)
    if key == "text":
        return _text(value, *allowed)
    if isinstance(allowed[0], str):
        if isinstance(value, str) and value in allowed:
            return value
        raise ValueError(f"{key} must be one of {', '.join(allowed)}; got {value!r}")
    low, high = allowed
    number = _whole(value) if key in WHOLE else _real(value)
    if number is None or not low <= number <= high:
        kind = "a whole number" if key in WHOLE else "a number"
        raise ValueError(
            f"{key} must be {kind} from {written(low)} to {written(high)}; got {value!r}"
        )
    return number


def parse(address):
    """A setting from a hash, with or without its #.

    Raises
    ------
    ValueError
        As `complete`, or if a part is not key=value, or a key is there twice.
    """
    found, address = {}, address.removeprefix("#")
    try:
        pairs = parse_qsl(address, keep_blank_values=True, strict_parsing=True) if address else []
    except ValueError:
        raise ValueError(f"a setting is written as task=echo&lag=10; got {address!r}") from None
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} must be there once; got {found[key]!r} and {value!r}")
        found[key] = value
    return complete(found)


def hash_of(setting):
    """The address of a setting, without the #: its task and what differs from the defaults."""
    setting = complete(setting)
    usual = defaults(setting["task"])
    changed = {k: v for k, v in setting.items() if k == "task" or v != usual[k]}
    return urlencode({key: written(value) for key, value in changed.items()})


def written(value):
    """A value as addresses and programs write it: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _whole(value):
    """The value as an int, or None."""
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,12}", value) else None
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _real(value):
    """The value as a float, or None."""
    if isinstance(value, str):
        number = re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", value)
        return float(value) if number else None
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else None


def _text(value, shortest, longest):
    usable = isinstance(value, str) and shortest <= len(value) <= longest
    if not usable or len(set(value)) < 2 or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(
            f"text must be {shortest} to {longest} characters, at least two of them different; "
            f"got {value!r:.80}"
        )
    return value
