"""The sum fails, each gate mends what the last cell could not, and the numbers are an LSTM's."""

import numpy as np
import pytest
from unrolled.engine import lstm
from unrolled.explore import StoreCell
from unrolled.explore.store_cell import CELLS, READINGS, T, by_hand, inputs

W = StoreCell()


def facts(cell, reading):
    return W.at(cell=cell, reading=reading, t=T).facts


@pytest.mark.parametrize("reading", READINGS)
def test_with_all_gates_it_is_the_lstm_of_the_package(reading):
    arrays = W.at(cell=CELLS[-1], reading=reading, t=T).arrays
    h, tape = lstm.forward(inputs(reading)[None], by_hand())
    np.testing.assert_allclose(arrays["h"], h[0, :, 0])
    np.testing.assert_allclose(arrays["c"], tape.c[1:, 0, 0])
    for gate in "ifo":
        np.testing.assert_allclose(arrays[f"gate_{gate}"], tape.gate(gate)[0, :, 0])


def test_every_gate_is_added_where_its_absence_breaks_something():
    one, two = READINGS
    answers = [(facts(cell, one)["said"], facts(cell, two)["said"]) for cell in CELLS]
    assert answers == [("n", "f"), ("m", "a"), ("m", "n"), ("m", "n")]
    assert (facts(CELLS[0], one)["right"], facts(CELLS[0], two)["right"]) == ("m", "n")
    for reading in READINGS:
        silent = [facts(cell, reading)["silent"] for cell in CELLS]
        assert silent == [False, False, False, True]


def test_a_sum_is_the_sum_of_what_it_reads():
    for reading in READINGS:
        arrays = W.at(cell="a sum", reading=reading, t=T).arrays
        np.testing.assert_allclose(arrays["c"], np.tanh(inputs(reading)[:, 0]).cumsum())
        np.testing.assert_allclose(arrays["c"][1:], arrays["kept"][:-1] + arrays["written"][1:])
        assert np.isnan(arrays["gate_i"]).all()


def test_what_has_not_been_read_is_not_shown():
    arrays = W.at(t=2).arrays
    for key in ("c", "h", "g", "write"):
        assert np.isfinite(arrays[key]).tolist() == [True, True, False, False, False]
    assert np.isfinite(arrays["kept"]).tolist() == [True, False, False, False, False]
    assert W.at(t=2).facts["now_c"] == pytest.approx(0, abs=0.005)
