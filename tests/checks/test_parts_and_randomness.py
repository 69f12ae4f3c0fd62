import numpy as np
import pytest
from unrolled import checks
from unrolled.engine import rnn
from unrolled.museum import chance


def run(x, parts):
    return rnn.forward(x, parts)[0]


def test_every_weight_of_a_network_matters(params, x):
    report = checks.dead_parts(run, x, params)
    assert report.ok
    assert set(report.numbers) == set(params)
    assert min(report.numbers.values()) > 1e-3


def test_a_part_that_is_read_by_nobody_is_named(params, x):
    report = checks.dead_parts(run, x, params | {"forgotten": np.ones(3)})
    assert report.findings == ("forgotten is dead: noise in its place changes no answer",)


def test_parts_are_left_as_they_were(params, x):
    before = {name: value.copy() for name, value in params.items()}
    checks.dead_parts(run, x, params)
    for name, value in params.items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (None, "no parts to test"),
        ({}, "no parts to test"),
        ({"W": np.ones(2, int)}, "part W must hold fractions; got int64"),
    ],
)
def test_parts_that_cannot_be_tested_are_refused(x, parts, message):
    with pytest.raises(ValueError, match=message):
        checks.dead_parts(run, x, parts)


def test_dropout_must_be_random_in_training_and_off_afterward(params, x, rng):
    for mended in (True, False):
        model = chance.Dropping(params, 0.5, rng=rng, mended=mended)
        assert checks.fresh_randomness(model, x).ok == mended


def test_a_training_flag_left_on_and_a_random_start_are_found(params, x, rng):
    dropping = chance.Dropping(params, 0.5, rng=rng, mended=True)
    always = checks.fresh_randomness(lambda x, training: dropping(x, True), x)
    assert "two calls in evaluation give different answers" in always.findings[0]
    start = chance.random_start(params, rng=rng, mended=False)
    assert "in evaluation" in checks.fresh_randomness(start, x).findings[0]


def test_a_model_without_any_chance_is_told_that_it_has_none(params, x):
    (finding,) = checks.fresh_randomness(lambda x, training: run(x, params), x).findings
    assert "there is no dropout, or its mask is kept" in finding
