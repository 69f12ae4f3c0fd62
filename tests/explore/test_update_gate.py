import numpy as np
import pytest
from unrolled.engine import gru
from unrolled.explore import UpdateGate
from unrolled.explore.update_gate import BIASES, KEEPS, TAKES, Z


@pytest.mark.parametrize("z", [0.3, 0.9, 0.99])
def test_where_z_keeps_the_state_is_that_of_the_engine(z):
    """A GRU whose candidate is 0 and whose update gate is z, from a state of 1."""
    drawn = gru.init_params(1, 1, rng=np.random.default_rng(0))
    params = {name: np.zeros_like(value) for name, value in drawn.items()}
    params["b_z"] += np.log(z / (1 - z))
    h, _ = gru.forward(np.zeros((1, 40, 1)), params, (np.ones((1, 1)),))
    result = UpdateGate(z=z, convention=KEEPS).result
    np.testing.assert_allclose(result["kept"][1:], h[0, :, 0], rtol=1e-12)
    assert result["kept"][0] == 1


def test_the_same_z_keeps_in_one_convention_what_it_overwrites_in_the_other():
    for z in Z:
        keeps, takes = (UpdateGate(z=z, convention=c).result for c in (KEEPS, TAKES))
        np.testing.assert_array_equal(keeps["kept"], takes["kept_otherwise"])
        np.testing.assert_array_equal(takes["kept"], keeps["kept_otherwise"])


@pytest.mark.parametrize(
    ("z", "convention", "words"),
    [
        (0.9, KEEPS, "half of it is gone after 6.58 steps"),
        (0.9, TAKES, "keeps 0.1 of it per step and takes 0.9 of the candidate"),
        (0.99, KEEPS, "half of it is gone after 69 steps"),
        (1.0, KEEPS, "no candidate can be written"),
        (1.0, TAKES, "the first candidate overwrites it all"),
        (0.0, KEEPS, "the first candidate overwrites it all"),
        (0.0, TAKES, "no candidate can be written"),
    ],
)
def test_what_a_z_does_is_said_in_words(z, convention, words):
    assert words in UpdateGate(z=z, convention=convention).result["verdict"]


def test_what_is_said_to_be_gone_is_gone():
    kept = UpdateGate(z=0.9).result["kept"]
    assert kept[6] > 0.5 > kept[7]


def test_the_forms_differ_most_where_the_reset_gates_differ_most():
    gaps = [10 ** UpdateGate(reset_bias=b).result["gap"][1:].mean() for b in BIASES]
    assert gaps[0] < gaps[len(gaps) // 2] / 4
    assert gaps[-1] < gaps[len(gaps) // 2] / 4
    assert abs(int(np.argmax(gaps)) - len(gaps) // 2) <= 1


def test_the_gap_stays_about_a_tenth_of_the_states_and_does_not_grow():
    result = UpdateGate().result
    share = 10 ** (result["gap"] - result["size"])[1:]
    assert share.min() > 0.05
    assert share.max() < 0.2
    assert share[-10:].mean() < 1.5 * share[:10].mean()
    assert "11% of the states' size" in result["forms"]
