"""What a network of the playground can be asked to learn: where the data come from, and the skill.

A skill is 0 for a rival that has not read the input and 1 for no mistake. Against classes the rival
says the commonest one, against numbers the best constant.
"""

from typing import NamedTuple

import numpy as np

from unrolled import datasets

PERIODS = {2: (16.0, 7.0), 3: (16.0, 11.0, 7.0)}  # of the waves, in steps
TENS = 10  # the unit in which ones are counted: outputs stay small
ECHO_TIMES = 3  # an echo is as many lags long
ADDING_MORE = 5  # steps of adding beyond its lag


class Task(NamedTuple):
    """A task of the playground.

    sentence : str    what the network has to do, with names of keys and T in braces
    keys : dict       the keys that this task has beside those of all, with their limits or options
    hears, says : str "bits", "numbers" or "letters"
    D, K : int        inputs and outputs at a step; None for as many as the text has letters
    loss : str        a name in `unrolled.engine.losses`
    solved : float    the skill from which on it counts as learned
    answer : str      where the input lies that the last answer needs; None if nowhere in particular
    """

    sentence: str
    keys: dict
    hears: str
    says: str
    D: int | None
    K: int | None
    loss: str
    solved: float
    answer: str | None


TASKS = {
    "echo": Task(
        "The network hears bits and must say each one {lag} steps later.",
        {"lag": (1, 26)}, "bits", "bits", 1, 2, "cross_entropy", 0.95, "the bit asked for",
    ),
    "one-bit": Task(
        "The network hears one bit, then {lag} blanks, and must say the bit at the cue.",
        {"lag": (1, 77)}, "bits", "bits", 4, 2, "cross_entropy", 0.95, "the bit",
    ),
    "parity": Task(
        "The network hears {T} bits and must say whether the number of ones is odd.",
        {"T": (2, 80), "asked": ("end", "every")},
        "bits", "bits", 1, 2, "cross_entropy", 0.95, "the first bit",
    ),
    "count": Task(
        "The network hears {T} bits and must say at each how many ones there were.",
        {"T": (2, 80)}, "bits", "numbers", 1, 1, "mean_squared_error", 0.99, "the first bit",
    ),
    "waves": Task(
        "The network hears {waves} waves added up and must say each next value.",
        {"T": (2, 80), "waves": (2, 3)},
        "numbers", "numbers", 1, 1, "mean_squared_error", 0.95, None,
    ),
    "adding": Task(
        "The network hears {steps} numbers and must add the two that are marked.",
        {"lag": (1, 75)},
        "numbers", "numbers", 2, 1, "mean_squared_error", 0.95, "the first marked number",
    ),
    "text": Task(
        "The network reads your text in a circle and must say each next character.",
        {"T": (2, 80), "text": (2, 200)},
        "letters", "letters", None, None, "cross_entropy", 0.9, None,
    ),
}  # fmt: skip


def steps(setting, times=1):
    """T of a setting, or of one whose sequences are `times` as long."""
    task = setting["task"]
    if task == "echo":
        return times * ECHO_TIMES * setting["lag"]
    if task == "one-bit":
        return times * setting["lag"] + 3
    if task == "adding":
        return times * setting["lag"] + ADDING_MORE
    return times * setting["T"]


def answer_at(setting):
    """The step, from 0, of the input that the last answer needs; None if nowhere in particular."""
    T = steps(setting)
    return {
        "echo": T - 1 - setting.get("lag", 0),
        "one-bit": 0,
        "parity": 0,
        "count": 0,
        "adding": ADDING_MORE - 1,
    }.get(setting["task"])


def batch(setting, N, rng, times=1):
    """N fresh sequences of a setting.

    `times` makes them that many times as long: by more steps, or, in one-bit and adding, by a lag
    that is so many times as long. An echo keeps its lag.

    Returns
    -------
    x : ndarray, shape (N, T, D)
    targets : ndarray
        Those of the last steps: (N, asked) classes, or (N, asked, 1) numbers. Ones are counted in
        tens.
    """
    task, T = setting["task"], steps(setting, times)
    if task == "echo":
        return datasets.echo(N, T, lag=setting["lag"], rng=rng)
    if task == "one-bit":
        return datasets.copy(N, lag=times * setting["lag"], rng=rng, symbols=1, alphabet=2)
    if task == "parity" and setting["asked"] == "end":
        return datasets.parity(N, lag=T - 1, rng=rng)
    if task == "parity":
        return datasets.running_parity(N, T, rng=rng)
    if task == "count":
        x, targets = datasets.count(N, T, rng=rng)
        return x, targets / TENS
    if task == "waves":
        return datasets.waves(N, T, periods=PERIODS[setting["waves"]], rng=rng)
    if task == "adding":
        return datasets.adding(N, T, lag=times * setting["lag"], rng=rng)
    return datasets.text_windows(N, T, text=setting["text"], rng=rng)


def sizes(setting):
    """D and K: how many inputs and outputs a step has."""
    task = TASKS[setting["task"]]
    letters = len(set(setting.get("text", "")))
    return task.D or letters, task.K or letters


def chance(setting):
    """The share of right answers of a rival who always says the commonest class."""
    if setting["task"] != "text":
        return 1 / 2
    text = setting["text"]
    return max(text.count(letter) for letter in set(text)) / len(text)


def spread(setting, times=1):
    """The mean squared error of a rival who always says the same number, the best one.

    The count of ones after t bits has mean t / 2 and variance t / 4; over t = 1 to T that is a
    variance of (T^2 - 1) / 48 + (T + 1) / 8.
    """
    T = steps(setting, times)
    if setting["task"] == "count":
        return ((T**2 - 1) / 48 + (T + 1) / 8) / TENS**2
    if setting["task"] == "waves":
        return setting["waves"] / 2
    return 1 / 6


def skill(setting, outputs, targets, times=1):
    """0 for guessing without having read the input, 1 for no mistake.

    Parameters
    ----------
    outputs : ndarray, shape (N, asked, K)
        Logits or numbers at the steps that are asked.
    targets : ndarray
        As from `batch` with the same `times`.

    Returns
    -------
    float
        (share right - chance) / (1 - chance), or 1 - mean squared error / spread; never below 0.
    """
    if TASKS[setting["task"]].loss == "cross_entropy":
        rival = chance(setting)
        found = ((outputs.argmax(axis=-1) == targets).mean() - rival) / (1 - rival)
    else:
        found = 1 - ((outputs - targets) ** 2).mean() / spread(setting, times)
    return max(0.0, float(found))


def rival_loss(setting):
    """The loss of the rival: ln 2, the spread, or the entropy of the letters, in nats."""
    if TASKS[setting["task"]].loss == "mean_squared_error":
        return spread(setting)
    if setting["task"] != "text":
        return float(np.log(2))
    text = setting["text"]
    shares = np.array([text.count(letter) / len(text) for letter in sorted(set(text))])
    return float(-(shares * np.log(shares)).sum())
