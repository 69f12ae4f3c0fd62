import platform
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from unrolled.analysis import cost
from unrolled.analysis.cost import cpu_model, peak_memory
from unrolled.engine import rnn

MEGABYTE = 2**20


def test_peak_memory_is_what_an_array_takes():
    assert peak_memory(lambda: np.ones(MEGABYTE)) == pytest.approx(8 * MEGABYTE, rel=0.01)


def test_peak_memory_is_the_most_that_is_held_at_once():
    def one_after_the_other():
        for _ in range(5):
            np.ones(MEGABYTE)

    def together():
        return [np.ones(MEGABYTE) for _ in range(5)]

    assert peak_memory(one_after_the_other) == pytest.approx(8 * MEGABYTE, rel=0.01)
    assert peak_memory(together) == pytest.approx(40 * MEGABYTE, rel=0.01)


def test_peak_memory_does_not_count_what_was_there_before():
    before = np.ones(MEGABYTE)
    assert peak_memory(lambda: before[:10].sum()) < MEGABYTE / 10


def test_two_measurements_agree():
    first, second = (peak_memory(lambda: np.ones(MEGABYTE)) for _ in range(2))
    assert first == pytest.approx(second, rel=0.01)


def test_memory_is_no_longer_traced_after_a_call_that_fails():
    with pytest.raises(ZeroDivisionError):
        peak_memory(lambda: 1 / 0)
    assert not tracemalloc.is_tracing()


def test_whoever_traces_already_goes_on_tracing():
    tracemalloc.start()
    try:
        held = np.ones(5 * MEGABYTE)  # a peak before the call is none of the call
        del held
        assert peak_memory(lambda: np.ones(MEGABYTE)) == pytest.approx(8 * MEGABYTE, rel=0.01)
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


def test_each_step_adds_its_input_and_its_state_to_the_tape(rng):
    N, D, H = 4, 8, 32
    params = rnn.init_params(D, H, rng=rng)
    peaks = []
    for T in (200, 400, 800):
        x = rng.standard_normal((N, T, D))
        peaks.append(peak_memory(lambda x=x: rnn.forward(x, params)))
    per_step = np.diff(peaks) / [200, 400]
    assert per_step == pytest.approx(N * (D + H) * 8, rel=0.05)


def test_the_processor_has_the_name_that_linux_gives_it():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(": ", 1)[1] for line in lines if line.startswith("model name")]
    if not names:
        pytest.skip("this system has no list of its processors")
    assert cpu_model() == names[0]


@pytest.mark.parametrize("text", [None, "vendor: somebody\n"])
def test_without_such_a_list_python_names_it(tmp_path, monkeypatch, text):
    info = tmp_path / "cpuinfo"
    if text:
        info.write_text(text)
    monkeypatch.setattr(cost, "Path", lambda _: info)
    assert cpu_model() == (platform.processor() or platform.machine())
    assert cpu_model()
