import numpy as np
import pytest
from unrolled.analysis.device_time import H200, time_of_step
from unrolled.exercises import check, gpu

FAST = ["LSTM", "LSTM both ways", "LSTM dropout", "GRU"]
FACTOR = np.divide(*(time_of_step(H200, "loop", N, 50, 128, 128).total for N in (64, 1)))


def operations(N, T, D, H):
    return 24 * N * T * H * (D + H)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gpu-1", FACTOR),
        ("gpu-1", round(float(FACTOR), 1)),
        ("gpu-2", 512),
        ("gpu-3", operations),
        ("gpu-3", lambda N, T, D, H: float(operations(N, T, D, H))),
        ("gpu-4", FAST),
        ("gpu-4", set(FAST)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("gpu-1", 64, "does not"),
        ("gpu-1", 1, "not nothing"),
        ("gpu-1", 1 / FACTOR, "other way round"),
        ("gpu-1", 3, "too large"),
        ("gpu-2", 64, "too small"),
        ("gpu-2", 4096, "too large"),
        ("gpu-2", 1024, "for the loop"),
        ("gpu-2", "launches", "one number"),
        ("gpu-3", lambda *sizes: operations(*sizes) / 3, "forward pass alone"),
        ("gpu-3", lambda *sizes: operations(*sizes) / 2, "an addition comes with"),
        ("gpu-3", lambda *sizes: operations(*sizes) * 2 / 3, "two factors"),
        ("gpu-3", lambda N, T, D, H: operations(N, 1, D, H), "one of the time steps"),
        ("gpu-4", [*FAST, "SimpleRNN"], "some kinds have no fast way"),
        ("gpu-4", FAST[1:], "misses 1"),
        ("gpu-4", [*FAST, "LSTM relu"], "1 too many"),
        ("gpu-4", ["lstm"], "not among"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


def test_keras_says_the_same_of_the_settings():
    pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    for name, settings in gpu.LAYERS.items():
        layer = getattr(keras.layers, name.split()[0])(8, **settings)
        found = layer.get_config()
        usual = all(found.get(setting, value) == value for setting, value in gpu.WANTED.items())
        assert usual == (name in [*FAST, "SimpleRNN"]), name
