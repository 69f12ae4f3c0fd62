import numpy as np
import pytest
from unrolled.analysis.scaling import LINKS, speedup
from unrolled.explore import ScalingOut
from unrolled.explore.scaling_out import DECADES, FLOOR, P

ALL = [(m, c, link) for m in (0.2, 1, 5, 20, 100) for c in (1, 10, 300) for link in LINKS]


def result(processes=8, parameters=5, milliseconds=100, link="Ethernet 10 Gb/s"):
    sliders = {"processes": processes, "parameters": parameters}
    return ScalingOut(**sliders, milliseconds=milliseconds, link=link).result


def test_it_opens_where_sending_has_taken_over():
    found = result()
    over = found["sending"] > found["computing"]
    assert P[over.argmax()] == 8
    assert P[found["total"].argmin()] == P[found["speedup"].argmax()] == 32
    assert found["speedup"].max() < np.log10(3)
    assert "12.5 ms of computing and 28.7 ms of sending, 35 MB from each" in found["parts"]
    assert "2.43 times as fast as one process, 30% of the ideal 8" in found["verdict"]


def test_computing_and_sending_add_up_to_the_step():
    found = {key: 10 ** result()[key] for key in ("computing", "sending", "total")}
    np.testing.assert_allclose(found["computing"], 100 / P)
    assert np.isnan(found["sending"][0])
    assert found["total"][0] == pytest.approx(100)
    np.testing.assert_allclose((found["computing"] + found["sending"])[1:], found["total"][1:])


@pytest.mark.parametrize(("parameters", "milliseconds", "link"), ALL)
def test_every_time_and_speedup_lies_on_its_axis(parameters, milliseconds, link):
    found = result(64, parameters, milliseconds, link)
    for key in ("computing", "sending", "total"):
        assert DECADES[0] < np.nanmin(found[key]) <= np.nanmax(found[key]) < DECADES[1]
    assert np.log10(FLOOR) <= found["speedup"].min() <= found["speedup"].max() < np.log10(64)
    setting = {"compute": milliseconds / 1000, "parameters": parameters * 1e6}
    faster = speedup(P, **setting, link=LINKS[link])
    above = faster > FLOOR
    np.testing.assert_allclose(10 ** found["speedup"][above], faster[above])


def test_the_marks_stand_on_the_lines():
    for at, processes in enumerate(P.tolist()):
        found = result(processes)
        assert found["now_x"] == np.log10(processes)
        assert found["now_total"] == found["total"][at]
        assert found["now_speedup"] == found["speedup"][at]


@pytest.mark.parametrize(
    ("sliders", "words"),
    [
        ((1,), "With one process a step takes 100 ms of computing; nothing is sent."),
        ((1,), "One process is the measure, and the best up to 64 is 2.69 times, with 32"),
        ((32,), "8.4% of the ideal 32, and the best up to 64."),
        ((2, 20, 300, "Ethernet 1 Gb/s"), "That takes 2.63 times as long as one process; no"),
        ((64, 100, 1, "Ethernet 1 Gb/s"), "That takes 6,306 times as long as one process"),
        ((1, 100, 1, "Ethernet 1 Gb/s"), "the measure, and no number of them is faster than one."),
        ((64, 0.2, 300, "NVLink 450 GB/s"), "56.4 times as fast as one process, 88% of the ideal"),
        ((2, 100, 1, "Ethernet 1 Gb/s"), "a step takes 3.2 s: 0.5 ms of computing and 3.2 s of"),
    ],
)
def test_it_says_in_words_what_more_processes_bring(sliders, words):
    found = result(*sliders)
    assert words in f"{found['parts']} {found['verdict']}"


def test_the_model_of_the_book_is_too_small_for_two_machines_on_slow_ethernet():
    alone = result(1, 0.2, 10, "Ethernet 1 Gb/s")
    assert "no number of them is faster than one" in alone["verdict"]
    assert "no number" not in result(1, 0.2, 10, "NVLink 450 GB/s")["verdict"]
