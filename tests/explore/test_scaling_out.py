import numpy as np
import pytest
from unrolled.analysis.scaling import LINKS, speedup
from unrolled.explore import ScalingOut
from unrolled.explore.scaling_out import P


@pytest.fixture(scope="module")
def lab():
    return ScalingOut()


def test_it_opens_where_sending_has_taken_over(lab):
    over = lab.arrays["sending"] > lab.arrays["computing"]
    assert P[over.argmax()] == 8
    assert P[lab.arrays["total"].argmin()] == P[lab.arrays["speedup"].argmax()] == 32
    shown = [lab.facts[key] for key in ("step", "computed", "sent", "megabytes", "faster")]
    assert shown == pytest.approx([41.2, 12.5, 28.7, 35, 2.427], rel=1e-3)
    assert (lab.facts["best"], lab.facts["share"]) == (32, pytest.approx(2.427 / 8, rel=1e-3))


def test_computing_and_sending_add_up_to_the_step(lab):
    found = {key: 10 ** lab.arrays[key] for key in ("computing", "sending", "total")}
    np.testing.assert_allclose(found["computing"], 100 / P)
    assert np.isnan(found["sending"][0])
    assert found["total"][0] == pytest.approx(100)
    np.testing.assert_allclose((found["computing"] + found["sending"])[1:], found["total"][1:])


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize(("parameters", "milliseconds"), [(0.2, 300), (5, 10), (100, 1)])
def test_the_speedup_is_drawn_as_it_is_and_no_time_leaves_its_axis(
    lab, parameters, milliseconds, link
):
    answer = lab.at(processes=64, parameters=parameters, milliseconds=milliseconds, link=link)
    setting = {"compute": milliseconds / 1000, "parameters": parameters * 1e6}
    faster = speedup(P, **setting, link=LINKS[link])
    np.testing.assert_allclose(10 ** answer.arrays["speedup"], faster)
    assert answer.arrays["speedups"][0] < np.log10(faster.min())
    times = np.array([answer.arrays[key] for key in ("computing", "sending", "total")])
    low, high = answer.arrays["times"]
    assert low <= np.nanmin(times) <= np.nanmax(times) <= high


@pytest.mark.parametrize(
    ("setting", "pace", "best"),
    [
        ({"processes": 1}, "alone", 32),
        ({"processes": 8}, "faster", 32),
        ({"processes": 32}, "best", 32),
        ({"parameters": 0.2, "milliseconds": 10, "link": "Ethernet 1 Gb/s"}, "slower", 1),
        ({"link": "NVLink 450 GB/s"}, "faster", 64),
    ],
)
def test_it_knows_what_more_processes_bring(lab, setting, pace, best):
    facts = lab.at(**setting).facts
    assert (facts["pace"], facts["best"]) == (pace, best)
    assert facts["sharing"] == ("helps" if best > 1 else "never helps")
