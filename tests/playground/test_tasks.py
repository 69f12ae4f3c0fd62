"""Data and skill of every task, and where its answer lies."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled import playground
from unrolled.playground.tasks import chance, sizes, spread

SETTINGS = [
    {"task": "echo", "lag": 4},
    {"task": "one-bit", "lag": 6},
    {"task": "parity", "T": 9, "asked": "every"},
    {"task": "parity", "T": 9, "asked": "end"},
    {"task": "count", "T": 12},
    {"task": "waves", "T": 15, "waves": 2},
    {"task": "waves", "T": 15, "waves": 3},
    {"task": "adding", "lag": 9},
    {"task": "text", "T": 7, "text": "abcdabceab"},
]
each_setting = pytest.mark.parametrize(
    "changes", SETTINGS, ids=lambda c: "-".join(map(str, c.values()))
)
NUMBERS = ("count", "waves", "adding")


def commonest(setting, targets):
    """What a rival says who has not read the input: logits, or the best constant."""
    if setting["task"] in NUMBERS:
        return np.full(targets.shape, targets.mean())
    K = sizes(setting)[1]
    return np.broadcast_to(np.bincount(targets.ravel(), minlength=K), (*targets.shape, K))


def right(setting, targets):
    """Outputs without a mistake."""
    return targets if setting["task"] in NUMBERS else np.eye(sizes(setting)[1])[targets]


@pytest.mark.parametrize(
    ("changes", "T", "longer", "answer"),
    [
        ({"task": "echo", "lag": 10}, 30, 120, 19),
        ({"task": "one-bit", "lag": 30}, 33, 123, 0),
        ({"task": "parity", "T": 20}, 20, 80, 0),
        ({"task": "count", "T": 20}, 20, 80, 0),
        ({"task": "waves", "T": 50}, 50, 200, None),
        ({"task": "adding", "lag": 60}, 65, 245, 4),
        ({"task": "text", "T": 25}, 25, 100, None),
    ],
)
def test_lengths_and_answers_written_out(changes, T, longer, answer):
    setting = playground.complete(changes)
    assert (playground.steps(setting), playground.steps(setting, 4)) == (T, longer)
    assert playground.answer_at(setting) == answer


@each_setting
@pytest.mark.parametrize("times", [1, 4])
def test_a_batch_has_the_sizes_of_its_setting(changes, times, rng):
    setting = playground.complete(changes)
    x, targets = playground.batch(setting, 3, rng, times)
    D, K = sizes(setting)
    assert x.shape == (3, playground.steps(setting, times), D)
    assert targets.ndim == (3 if setting["task"] in NUMBERS else 2)
    assert targets.dtype.kind == ("f" if setting["task"] in NUMBERS else "i")
    assert targets.shape[2:] == ((K,) if setting["task"] in NUMBERS else ())


@each_setting
@pytest.mark.parametrize("times", [1, 4])
def test_skill_is_one_without_a_mistake_and_zero_for_who_has_not_read(changes, times, rng):
    setting = playground.complete(changes)
    _, targets = playground.batch(setting, 4000, rng, times)
    assert playground.skill(setting, right(setting, targets), targets, times) == 1
    guessed = playground.skill(setting, commonest(setting, targets), targets, times)
    assert 0 <= guessed < 0.05


@each_setting
def test_skill_falls_with_every_mistake(changes, rng):
    setting = playground.complete(changes)
    _, targets = playground.batch(setting, 400, rng)
    said = np.array(right(setting, targets), dtype=float)
    said[:40] = said[:40, ..., ::-1] if said.shape[-1] > 1 else said[:40] + spread(setting) ** 0.5
    found = playground.skill(setting, said, targets)
    wrong = (said.argmax(-1) != targets).mean() if said.shape[-1] > 1 else None
    expected = 0.9 if wrong is None else 1 - wrong / (1 - chance(setting))
    assert found == pytest.approx(expected, abs=1e-9)


@each_setting
def test_the_loss_of_the_rival_is_what_the_best_guess_costs(changes, rng):
    setting = playground.complete(changes)
    _, targets = playground.batch(setting, 20_000, rng)
    if setting["task"] in NUMBERS:
        measured = targets.var()
    else:
        shares = np.bincount(targets.ravel()) / targets.size
        measured = -(shares * np.log(shares)).sum()
    assert playground.rival_loss(setting) == pytest.approx(measured, rel=0.03)


def last_answer(setting, x):
    """What has to be said last, computed from the input alone."""
    bits = x[..., 0] > 0
    return {
        "echo": lambda: bits[:, -1 - setting["lag"]],
        "one-bit": lambda: x[:, 0, 1] > 0,
        "parity": lambda: bits.sum(axis=1) % 2,
        "count": lambda: bits.sum(axis=1) / 10,
        "adding": lambda: (x[..., 0] * x[..., 1]).sum(axis=1),
    }[setting["task"]]()


@each_setting
def test_the_last_answer_changes_with_the_step_that_is_shown(changes, rng):
    setting = playground.complete(changes)
    at = playground.answer_at(setting)
    x, targets = playground.batch(setting, 50, rng)
    if setting["task"] in ("waves", "text"):
        assert at is None
        return
    assert_array_equal(last_answer(setting, x), targets[:, -1].reshape(50))
    other = x.copy()
    if setting["task"] == "one-bit":
        other[:, at] = x[:, at][:, [1, 0, 2, 3]]
    elif setting["task"] == "adding":
        other[:, at, 0] += 1
    else:
        other[:, at] *= -1
    assert (last_answer(setting, other) != last_answer(setting, x)).all()


@each_setting
def test_an_untrained_network_reads_it(changes):
    training = playground.train(changes, updates=2, show=False)
    assert np.isfinite(training.loss)
    assert training.update == 2


@pytest.mark.parametrize("times", [1, 4])
def test_the_spread_of_a_count_is_its_variance_over_all_steps_and_chances(times):
    setting = playground.complete({"task": "count", "T": 5})
    t = np.arange(1, times * 5 + 1)
    mean = (t / 2).mean()
    assert spread(setting, times) == pytest.approx((t / 4 + (t / 2 - mean) ** 2).mean() / 100)


def test_longer_sequences_of_one_bit_and_adding_have_a_longer_lag(rng):
    x, _ = playground.batch(playground.complete({"task": "adding", "lag": 9}), 5, rng, 4)
    assert (x[:, :5, 1] == [0, 0, 0, 0, 1]).all()
    x, _ = playground.batch(playground.complete({"task": "one-bit", "lag": 6}), 5, rng, 4)
    assert (x[:, :, 2].sum(axis=1) == 24 + 1).all()  # the blanks, and the one at the answer
