import numpy as np
import pytest
from unrolled.engine import gru
from unrolled.explore import UpdateGate
from unrolled.explore.update_gate import BIASES, KEEPS, TAKES, Z

w = UpdateGate()


@pytest.mark.parametrize("z", [0.3, 0.9, 0.99])
def test_where_z_keeps_the_state_is_that_of_the_engine(z):
    """A GRU whose candidate is 0 and whose update gate is z, from a state of 1."""
    drawn = gru.init_params(1, 1, rng=np.random.default_rng(0))
    params = {name: np.zeros_like(value) for name, value in drawn.items()}
    params["b_z"] += np.log(z / (1 - z))
    h, _ = gru.forward(np.zeros((1, 80, 1)), params, (np.ones((1, 1)),))
    kept = w.at(z=z, convention=KEEPS).arrays["kept"]
    np.testing.assert_allclose(kept, [1, *h[0, :, 0]], rtol=1e-12)


def test_the_same_z_keeps_in_one_convention_what_it_overwrites_in_the_other():
    for z in Z:
        keeps, takes = (w.at(z=z, convention=c).arrays for c in (KEEPS, TAKES))
        np.testing.assert_array_equal(keeps["kept"], takes["kept_by_other"])
        np.testing.assert_array_equal(takes["kept"], keeps["kept_by_other"])


@pytest.mark.parametrize(
    ("z", "convention", "fate", "half"),
    [
        (0.9, KEEPS, "fades", 6.58),
        (0.9, TAKES, "gone", 0.301),
        (0.99, KEEPS, "fades", 69.0),
        (1.0, KEEPS, "frozen", 0),
        (1.0, TAKES, "overwritten", 0),
        (0.0, KEEPS, "overwritten", 0),
        (0.0, TAKES, "frozen", 0),
    ],
)
def test_what_a_z_does(z, convention, fate, half):
    facts = w.at(z=z, convention=convention).facts
    assert facts["fate"] == fate
    assert facts["half"] == pytest.approx(half, rel=1e-3)


def test_what_is_said_to_be_gone_is_gone():
    kept = w.at(z=0.9).arrays["kept"]
    assert kept[6] > 0.5 > kept[7]


def test_the_forms_differ_most_where_the_reset_gates_differ_most():
    facts = [w.at(reset_bias=bias).facts for bias in BIASES]
    apart = np.array([f["apart"] for f in facts])
    spread = np.array([f["reset_high"] - f["reset_low"] for f in facts])
    assert np.argmax(apart) == np.argmax(spread) == BIASES.index(0)
    assert apart[[0, -1]].max() < apart.max() / 4
    assert 0.1 < apart.max() < 0.13
