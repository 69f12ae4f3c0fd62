"""All that the page has to know about the playground, as one dict that JSON can hold."""

from functools import cache

from unrolled.datasets import results

from . import tasks
from .running import AFTER_SOLVED, ALONE, CHECK_EVERY, CHECKED, PATIENCE, PRINTED, TIMES
from .settings import (
    CELLS,
    KEYS,
    LIMITS,
    OPTIMIZERS,
    STARTS,
    WHOLE,
    complete,
    defaults,
    hash_of,
    limits,
)  # fmt: skip
from .stories import STORIES
from .tasks import TASKS
from .ziggurat import layers

LABELS = {
    "task": "task",
    "lag": "steps back to the answer",
    "T": "steps of a sequence",
    "asked": "asked",
    "waves": "waves",
    "text": "your text",
    "cell": "cell",
    "H": "units",
    "N": "sequences in a batch",
    "k1": "losses sent back together (k1)",
    "k2": "steps the gradient covers (k2)",
    "optimizer": "optimizer",
    "lr": "learning rate",
    "clip": "clip the gradient at",
    "start": "recurrent weights start",
    "gain": "scaled by (gain)",
    "bias": "forget bias",
    "seed": "seed",
}
TEXTS = {
    "task": {
        "echo": "echo", "one-bit": "one bit", "parity": "odd or even", "count": "counting",
        "waves": "waves", "adding": "two numbers", "text": "your text",
    },
    "asked": {"end": "at the end", "every": "at every step"},
    "cell": {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU", "linear": "linear RNN"},
    "optimizer": {"adam": "Adam", "sgd": "SGD", "momentum": "momentum"},
    "start": {"gaussian": "normal", "orthogonal": "orthogonal", "identity": "identity"},
}  # fmt: skip
STEPS = {"gain": 0.05, "bias": 0.5}
LISTED = {
    "lr": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
    "clip": (0.0, 0.1, 0.25, 0.5, 1.0, 5.0),
    "H": (2, 4, 6, 8, 12, 16, 24, 32, 48, 64),
    "N": (1, 2, 4, 8, 16, 32, 64),
}  # what a slider stops at; an address may have any value between the limits
OPTIONS = {"task": tuple(TASKS), "cell": CELLS, "optimizer": OPTIMIZERS, "start": STARTS}


def catalogue():
    """The playground for its page.

    Returns
    -------
    dict with
    keys : list of str         all keys of a setting in order
    controls : dict            by key: label, kind and values; "for" says where it is shown
    tasks : dict               by name: sentence, defaults, limits of its own keys, skill to reach
    stories : list of dict     with what was recorded for each
    layers : list of float     the ziggurat's widths
    constants : dict           what the engine must know besides
    """
    return {
        "keys": list(KEYS),
        "controls": {key: control(key) for key in KEYS},
        "tasks": {name: told(name) for name in TASKS},
        "stories": [story_for_page(story) for story in STORIES],
        "layers": layers(),
        "constants": {
            "checked": CHECKED, "checkEvery": CHECK_EVERY,
            "patience": PATIENCE, "afterSolved": AFTER_SOLVED, "times": list(TIMES),
            "printed": list(PRINTED), "alone": ALONE, "tens": tasks.TENS,
            "periods": {str(n): list(periods) for n, periods in tasks.PERIODS.items()},
            "echoTimes": tasks.ECHO_TIMES, "addingMore": tasks.ADDING_MORE, "momentum": 0.9,
        },
    }  # fmt: skip


def control(key):
    """Label, kind and values of a key."""
    found = {"label": LABELS[key]}
    own = [name for name, task in TASKS.items() if key in task.keys]
    if own:
        found["for"] = {"task": own}
    if key == "bias":
        found["for"] = {"cell": ["lstm"]}
    if key == "text":
        return found | {"kind": "text", "min": 2, "max": 200}
    if key in OPTIONS or key in ("asked", "waves"):
        values = OPTIONS.get(key) or limits(own[0], key)
        texts = TEXTS.get(key, {})
        return found | {
            "kind": "choice",
            "options": list(values),
            "texts": [texts.get(value, str(value)) for value in values],
        }
    ranges = [LIMITS[key]] if LIMITS[key] else [limits(name, key) for name in own]
    return found | {
        "kind": "number",
        "min": min(low for low, _ in ranges),
        "max": max(high for _, high in ranges),
        "whole": key in WHOLE,
        **({"values": list(LISTED[key])} if key in LISTED else {"step": STEPS.get(key, 1)}),
    }


def told(name):
    """A task for the page."""
    task, usual = TASKS[name], defaults(name)
    return {
        "sentence": task.sentence,
        "defaults": usual,
        "limits": {key: list(limits(name, key)) for key in task.keys},
        "hears": task.hears,
        "says": task.says,
        "D": task.D,
        "K": task.K,
        "loss": "softmax" if task.loss == "cross_entropy" else "mse",
        "solved": task.solved,
        "rival": None if name == "text" else tasks.rival_loss(usual),
        "answer": task.answer,
        "alone": ALONE.get(name),
    }


def story_for_page(story):
    """A story with the addresses of its two settings and what was recorded for both."""
    first = complete(story.setting)
    second = complete(story.setting | story.button[1])
    return {
        "name": story.name,
        "title": story.title,
        "question": story.question,
        "guesses": list(story.guesses),
        "right": story.right,
        "setting": story.setting,
        "button": {"label": story.button[0], "setting": story.button[1]},
        "hash": {"before": hash_of(first), "after": hash_of(second)},
        "told": {"before": story.before, "after": story.after},
        "recorded": {part: recorded(story.name, part) for part in ("before", "after")},
        "longer": story.longer,
        "tested": story.tested,
        "reserve": story.reserve,
    }


@cache
def record():
    """What was recorded: {story: {part: {...}}}."""
    return results.read("playground")["results"]


def recorded(name, part):
    """What was recorded of a part of a story."""
    return record()[name][part]
