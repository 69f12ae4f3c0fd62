import pytest
from unrolled.explore import WhereTimeGoes, where_time_goes
from unrolled.explore.where_time_goes import (
    DATA_SHEET,
    N_ALL,
    PARTS,
    RECORDED_CPU,
    RECORDED_GPU,
    in_two_digits,
    record,
)


@pytest.fixture(scope="module")
def w():
    return WhereTimeGoes()


@pytest.fixture
def with_gpu(monkeypatch):
    """A record in which a GPU was measured: the processor's numbers under another name."""
    machines = record() | {"gpu": record()["cpu"] | {"device": "a GPU of a test"}}
    monkeypatch.setattr(where_time_goes, "record", lambda: machines)
    where_time_goes.devices.cache_clear()
    yield
    where_time_goes.devices.cache_clear()


def bars(answer, way):
    """The heights of the bars of one way, by part."""
    return dict(zip(PARTS, answer.arrays[f"{way}_parts"], strict=True))


def test_it_opens_on_a_layer_whose_launches_keep_a_gpu_waiting(w):
    assert w.values["device"] == DATA_SHEET
    assert w.facts["loop_mostly"] == w.facts["fused_mostly"] == "launches"
    loop, fused = (bars(w.answer, way)["launches"] for way in ("loop", "fused"))
    assert loop > 0.8
    assert loop > 3 * fused
    assert w.facts["loop_launches"] == 705


def test_the_arithmetic_alone_is_two_hundred_times_faster_than_the_loop_and_never_slower(w):
    assert (w.facts["alone"], w.facts["alone_unit"]) == (19, "µs")
    assert 10 ** (w.arrays["loop_totals"] - w.arrays["alone_totals"])[N_ALL.index(32)] > 200
    for device in (DATA_SHEET, RECORDED_CPU):
        for H in (32, 1024):
            arrays = w.at(device=device, H=H).arrays
            assert (arrays["alone_totals"] <= arrays["fused_totals"] + 1e-9).all()


def test_a_large_layer_spends_its_time_on_arithmetic_and_not_36_times_as_much(w):
    assert w.at(N=1024, H=1024).facts["loop_mostly"] == "arithmetic"
    small, large = w.facts, w.at(H=1024).facts
    assert small["loop_unit"] == large["loop_unit"] == "ms"
    assert 1.8 < large["loop"] / small["loop"] < 2


@pytest.mark.parametrize(("device", "low", "high"), [(DATA_SHEET, 1, 1.5), (RECORDED_CPU, 2, 64)])
def test_on_a_gpu_the_batch_grows_for_nothing_at_first_and_on_a_processor_not(w, device, low, high):
    totals = w.at(device=device).arrays["loop_totals"]
    assert low < 10 ** (totals[N_ALL.index(64)] - totals[0]) < high


def test_the_parts_add_up_to_the_loop_and_the_factor_is_the_distance_of_the_curves(w):
    loop = bars(w.answer, "loop")
    assert loop["launches"] + max(loop["arithmetic"], loop["memory"]) == pytest.approx(1)
    apart = w.arrays["loop_totals"] - w.arrays["fused_totals"]
    assert w.facts["factor"] == pytest.approx(10 ** apart[N_ALL.index(32)])


def test_no_bar_and_no_curve_leaves_its_axis(w):
    for device in (DATA_SHEET, RECORDED_CPU):
        for N, H, T in ((1, 32, 10), (32, 128, 50), (1024, 1024, 400)):
            arrays = w.at(device=device, N=N, H=H, T=T).arrays
            low, high = arrays["decades"]
            for way in where_time_goes.WAYS:
                assert 0 <= arrays[f"{way}_parts"].min() <= arrays[f"{way}_parts"].max() <= 1
                assert low <= arrays[f"{way}_totals"].min() <= arrays[f"{way}_totals"].max() <= high


def test_it_knows_what_was_measured_and_what_was_not(w):
    assert w.facts["source"] == "sheet"
    timed = w.at(device=RECORDED_CPU).facts
    assert (timed["source"], timed["date"]) == ("timed", record()["cpu"]["date"])
    assert (timed["timed_loop"], timed["timed_loop_unit"]) == (31, "ms")
    assert w.at(device=RECORDED_CPU, N=1024, H=1024).facts["source"] == "measured"


def test_a_gpu_can_be_chosen_only_if_one_was_recorded(w):
    names = (DATA_SHEET, *[RECORDED_GPU] * bool(record()["gpu"]), RECORDED_CPU)
    assert w.controls[0].values == names


def test_a_recorded_gpu_is_one_more_device(with_gpu):
    assert list(where_time_goes.devices()) == [DATA_SHEET, RECORDED_GPU, RECORDED_CPU]
    found = where_time_goes.compute(RECORDED_GPU, 32, 128, 50)
    assert (found["source"], found["machine"]) == ("timed", "a GPU of a test")


@pytest.mark.parametrize(
    ("seconds", "number", "unit"),
    [
        (134.0, 130, "s"),
        (1.0, 1, "s"),
        (0.00409, 4.1, "ms"),
        (0.25, 250, "ms"),
        (4.4e-5, 44, "µs"),
        (1.8e-8, 18, "ns"),
    ],
)
def test_a_time_has_two_digits_and_a_unit(seconds, number, unit):
    assert in_two_digits(seconds) == (number, unit)
