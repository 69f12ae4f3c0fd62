import numpy as np
import pytest
from unrolled.explore import where_time_goes
from unrolled.explore.where_time_goes import DATA_SHEET, PARTS, WhereTimeGoes, record, time


@pytest.fixture
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


def bars(w, way):
    """The heights of the bars of one way, by part."""
    return dict(zip(PARTS, w.result[f"{way}_bars"], strict=True))


def test_it_opens_on_a_layer_whose_launches_keep_a_gpu_waiting(w):
    assert w.values["device"] == DATA_SHEET
    for way in ("loop", "fused"):
        heights = bars(w, way)
        assert heights["launches"] == max(heights.values())
    assert bars(w, "loop")["launches"] > bars(w, "fused")["launches"]
    assert "starting 705 operations" in w.result["loop"]


def test_a_large_layer_spends_its_time_on_arithmetic(w):
    w.N.value, w.H.value = 1024, 1024
    assert bars(w, "loop")["arithmetic"] == max(bars(w, "loop").values())
    assert "most of it for arithmetic" in w.result["loop"]


def test_on_a_gpu_the_batch_grows_for_nothing_at_first_and_on_a_processor_it_does_not(w):
    def growth():
        totals = w.result["loop_totals"]
        return 10 ** (totals[6] - totals[0])  # from N = 1 to N = 64

    assert growth() < 1.5
    w.device.value = "recorded CPU"
    assert growth() > 2


def test_the_factor_that_it_names_is_the_distance_of_the_curves(w):
    at = where_time_goes.N_ALL.index(32)
    factor = 10 ** (w.result["loop_totals"] - w.result["fused_totals"])[at]
    assert f"is {factor:.2g} times as fast as the loop" in w.result["fused"]
    assert (w.result["now_x"] == at).all()


def test_no_bar_and_no_curve_leaves_its_axis():
    table = WhereTimeGoes().table()
    low, high = where_time_goes.BARS
    for way in where_time_goes.WAYS:
        assert table.arrays[f"{way}_bars"].min() >= 0
        assert table.arrays[f"{way}_bars"].max() <= high - low
        totals = table.arrays[f"{way}_totals"]
        assert where_time_goes.TOTALS[0] <= totals.min() <= totals.max() < where_time_goes.TOTALS[1]


def test_it_says_what_was_measured_and_what_was_not(w):
    assert "Nothing here was measured" in w.result["source"]
    w.device.value = "recorded CPU"
    assert record()["cpu"]["date"] in w.result["source"]
    assert "a step of this size took" in w.result["source"]
    w.H.value, w.N.value = 1024, 1024
    assert "was not timed" in w.result["source"]


def test_a_gpu_can_be_chosen_only_if_one_was_recorded(w):
    names = [DATA_SHEET] + ["recorded GPU"] * bool(record()["gpu"]) + ["recorded CPU"]
    assert w.sliders[0].values == names


def test_a_recorded_gpu_is_one_more_device(with_gpu):
    w = WhereTimeGoes(device="recorded GPU")
    assert "measured on" in w.result["source"]
    assert "a GPU of a test" in w.result["source"]
    assert np.isfinite(w.result["loop_totals"]).all()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(134.0, "130 s"), (1.0, "1 s"), (0.00409, "4.1 ms"), (0.25, "250 ms"), (4.4e-5, "44 µs")],
)
def test_a_time_has_two_digits_and_a_unit(seconds, words):
    assert time(seconds) == words
