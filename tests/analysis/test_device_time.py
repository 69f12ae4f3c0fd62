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


@pytest.mark.parametrize("cell", CELLS)
def test_a_loop_makes_six_passes_over_all_weights_at_every_step(cell, rng):
    N, T, D, H = 2, 5, 3, 4
    gates = gates_of(cell, rng, D, H)
    expected = 4 * (6 * T * (D + H) * gates + of_states(gates, N, T, D, H))
    assert device_time.traffic("loop", N, T, D, H, cell=cell) == expected
    assert time_of_step(ONE, "loop", N, T, D, H, cell=cell).memory == expected
    assert device_time.traffic("loop", N, T, D, H) >= expected  # an LSTM if nothing is said


@pytest.mark.parametrize("cell", CELLS)
def test_a_fused_call_reads_only_the_recurrent_weights_at_every_step(cell, rng):
    N, T, D, H = 2, 5, 3, 4
    gates = gates_of(cell, rng, D, H)
    once = 3 * D * gates + H * gates  # the input matrix both ways, and what both gradients write
    expected = 4 * (2 * T * H * gates + once + of_states(gates, N, T, D, H))
    assert time_of_step(ONE, "fused", N, T, D, H, cell=cell).memory == expected
    twice_as_fast = ONE._replace(bandwidth=2.0)
    assert time_of_step(twice_as_fast, "fused", N, T, D, H, cell=cell).memory == expected / 2


def gates_of(cell, rng, D, H):
    """Columns of all input matrices of a cell together."""
    params = CELLS[cell].init_params(D, H, rng=rng)
    return sum(value.shape[1] for name, value in params.items() if name.startswith("W_x"))


def of_states(gates, N, T, D, H):
    """Numbers moved for gates, units and inputs."""
    return N * T * (12 * gates + 8 * H + 3 * D)


@pytest.mark.parametrize("way", WAYS)
def test_every_product_pays_for_the_processors_that_it_leaves_idle(way):
    """Those of a vanilla RNN, as (left shape, columns of the right one, how often)."""
    N, T, D, H = 2, 70, 3, 65
    rows, times = (N, T) if way == "loop" else (N * T, 1)
    products = [((rows, D), H, times), ((rows, H), D, times), ((D, rows), H, times)]
    products += [((N, H), H, T), ((N, H), H, T), ((H, rows), H, times)]
    expected = 0
    for (left, inner), columns, often in products:
        tiles = -(-left // 64) * -(-columns // 64)
        expected += 2 * left * inner * columns * often / (3.0 * min(1, tiles / 5))
    device = ONE._replace(rate=3.0, processors=5)
    found = time_of_step(device, way, N, T, D, H, cell="rnn").arithmetic
    assert found == pytest.approx(expected, rel=1e-12)


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
    assert device.processors == 1
    assert measured(machine, "a card", 132) == device._replace(name="a card", processors=132)


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


def test_timed_picks_one_way_along_one_size():
    cpu = record()
    found = device_time.timed(cpu, "fused", "N")
    assert list(found) == [1, 4, 16, 32, 64, 256, 1024]
    row = {"way": "fused", "precision": "float32", "N": 64, "T": 50, "D": 128, "H": 128}
    (expected,) = (r["seconds"] for r in cpu["rows"] if row.items() <= r.items())
    assert found[64] == expected
    assert list(device_time.timed(cpu, "loop", "H")) == [32, 64, 128, 256, 512, 1024]


def test_what_the_chapter_says_of_the_published_card():
    found = {}
    for row in device_time.PUBLISHED:
        sizes = (row[size] for size in "NTDH")
        counted = float(time_of_step(device_time.TITAN_X, "fused", *sizes).total)
        found[row["N"], row["H"]] = row["fused"] / counted
    assert found.pop((128, 1024)) == pytest.approx(0.87, abs=0.01)
    assert 1.6 < min(found.values()) < max(found.values()) < 4.5
    one, four = (r for r in device_time.PUBLISHED if r["H"] == 128)
    assert four["fused"] / one["fused"] == pytest.approx(1.36, abs=0.01)
    assert four["loop"] / one["loop"] == pytest.approx(3.62, abs=0.01)
