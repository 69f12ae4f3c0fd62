import numpy as np
import pytest
from unrolled.analysis import device_time
from unrolled.analysis.device_time import H200, Device, Parts, measured, misfit, time_of_step
from unrolled.datasets import results
from unrolled.engine import gru, lstm, rnn

CELLS = {"rnn": rnn, "lstm": lstm, "gru": gru}
WAYS = ("loop", "fused")
ONE = Device("one", 1.0, 1.0, 1.0, {(way, cell): (2, 3) for way in WAYS for cell in CELLS})


def record():
    return results.read("gpu")["results"]["cpu"]


def parts(device, way, N=32, T=50, D=128, H=128, cell="lstm"):
    return time_of_step(device, way, N, T, D, H, cell=cell)


@pytest.mark.parametrize("cell", CELLS)
def test_operations_are_those_of_the_products_of_our_cells_and_their_gradients(cell, rng):
    N, T, D, H = 2, 5, 3, 4
    params = CELLS[cell].init_params(D, H, rng=rng)
    matrices = sum(value.size for value in params.values() if value.ndim == 2)
    assert device_time.operations(cell, N, T, D, H) == 3 * 2 * N * T * matrices


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("way", WAYS)
def test_a_device_that_is_always_busy_needs_all_operations_over_its_rate(cell, way):
    expected = device_time.operations(cell, 2, 5, 3, 4)
    assert time_of_step(ONE, way, 2, 5, 3, 4, cell=cell).arithmetic == expected


def test_launches_follow_a_straight_line():
    assert parts(ONE, "loop", T=7).launches == 2 * 7 + 3
    assert parts(ONE._replace(launch=0.5), "loop", T=7).launches == (2 * 7 + 3) / 2


def test_a_loop_of_one_step_moves_what_six_passes_over_the_weights_and_the_states_do():
    N, D, H = 2, 3, 4
    gates = 4 * H
    expected = 6 * (D + H) * gates + N * (12 * gates + 8 * H + 3 * D)
    assert device_time.traffic("loop", N, 1, D, H) == 4 * expected


@pytest.mark.parametrize("cell", CELLS)
def test_fused_never_costs_more_than_the_loop(cell):
    for sizes in ((1, 10, 128, 32), (32, 50, 128, 128), (1024, 400, 128, 1024)):
        loop, fused = (time_of_step(H200, way, *sizes, cell=cell) for way in WAYS)
        assert all(few <= many for many, few in zip(loop, fused, strict=True))


def test_arithmetic_and_memory_go_on_at_the_same_time():
    assert Parts(1.0, 2.0, 5.0).total == 6.0
    assert Parts(1.0, 5.0, 2.0).total == 6.0
    assert Parts(1.0, 5.0, 2.0).largest == "arithmetic"


def test_on_a_gpu_a_small_layer_waits_for_launches_and_a_large_one_for_arithmetic():
    small = parts(H200, "loop")
    assert small.launches > 4 * max(small.arithmetic, small.memory)
    assert parts(H200, "loop", N=1024, H=1024).largest == "arithmetic"
    assert parts(H200, "loop", N=64).total < 1.5 * parts(H200, "loop", N=1).total


def test_a_product_with_few_tiles_leaves_processors_idle():
    assert device_time.busy(64, 64, 132) == 1 / 132
    assert device_time.busy(1, 65, 132) == 2 / 132
    assert device_time.busy(4096, 4096, 132) == 1
    assert device_time.busy(1, 1, 1) == 1


def test_sizes_may_be_arrays():
    N = np.array([1, 32, 1024])
    together = parts(H200, "loop", N=N).total
    assert together.tolist() == [parts(H200, "loop", N=n).total for n in N]


def test_what_a_data_sheet_says_is_told_from_what_was_measured():
    assert not H200.measured
    assert "data sheet" in H200.name
    assert measured(record(), "this processor").measured


def test_a_measured_device_has_the_constants_and_the_launches_of_its_record():
    machine = {
        "constants": {
            "seconds per launch": 2e-6,
            "operations per second": {"float32": 1e11},
            "bytes per second": 5e10,
        },
        "launches": [
            {"cell": "lstm", "way": "loop", "T": 10, "launches": 358},
            {"cell": "lstm", "way": "loop", "T": 20, "launches": 718},
        ],
    }
    device = measured(machine, "a desk")
    assert device[:4] == ("a desk", 2e-6, 1e11, 5e10)
    assert device.launches == H200.launches | {("loop", "lstm"): (36, -2)}


def test_on_the_recorded_processor_one_call_is_fused_for_an_lstm_alone():
    launches = measured(record(), "recorded").launches
    assert launches["fused", "lstm"][0] == 0
    assert min(launches["fused", cell][0] for cell in ("rnn", "gru")) >= 10
    assert launches["loop", "lstm"][0] > 30


def test_on_the_recorded_processor_the_count_is_right_to_an_order_of_magnitude():
    machine = record()
    factors = misfit(machine, measured(machine, "recorded"))
    for way in WAYS:
        assert len(factors[way]) > 10
        assert 0.5 < np.median(factors[way]) < 5, way
        assert np.mean((factors[way] > 0.3) & (factors[way] < 6)) > 0.8, way


def test_a_step_that_takes_what_was_counted_fits():
    expected = parts(ONE, "loop").total
    row = {"way": "loop", "precision": "float32", "N": 32, "T": 50, "D": 128, "H": 128}
    rows = [row | {"seconds": 3 * expected}, row | {"seconds": None, "reason": "too long"}]
    rows.append(row | {"precision": "bf16", "seconds": 1.0})
    factors = misfit({"rows": rows}, ONE)
    assert factors["loop"] == pytest.approx([3])
    assert len(factors["fused"]) == 0
