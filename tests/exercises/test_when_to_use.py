import numpy as np
import pytest
from unrolled.analysis.next_step import after
from unrolled.exercises import check


def kept(n, d, layers, window):
    return 2 * min(n, window) * d * layers


def products(n, d, layers):
    return sum(12 * d**2 * layers + 2 * t * d * layers for t in range(n))


@pytest.mark.parametrize(
    ("name", "answer"),
    [("when-to-use-1", 63), ("when-to-use-2", kept), ("when-to-use-3", products)],
)
def test_right_answers_are_right(name, answer):
    assert check(name, answer), check(name, answer)


def test_the_right_answers_are_the_counts_of_the_chapter():
    assert kept(300, 64, 2, 512) == after(300, 64, 2)["attention"].numbers
    assert products(50, 64, 2) == after(np.arange(50), 64, 2)["attention"].products.sum()


def test_the_reach_of_the_convolution_is_that_of_the_recorded_one():
    torch = pytest.importorskip("torch")
    from unrolled.experiments.sequence_models import Convolution

    torch.manual_seed(0)
    model, x = Convolution(1, 2), torch.randn(1, 100, 1, requires_grad=True)
    model(x)[0, -1, 0].backward()
    moved = x.grad[0, :, 0].nonzero()[:, 0]
    assert 99 - int(moved.min()) == 63


@pytest.mark.parametrize(
    ("name", "answer", "part"),
    [
        ("when-to-use-1", 64, "the present one"),
        ("when-to-use-1", 32, "last layer alone"),
        ("when-to-use-2", lambda n, d, layers, window: 2 * n * d * layers, "left the window"),
        ("when-to-use-2", lambda n, d, layers, window: 2 * window * d * layers, "not yet full"),
        ("when-to-use-2", lambda n, d, layers, window: kept(n, d, layers, window) // 2, "a value"),
        ("when-to-use-3", lambda n, d, layers: 12 * d**2 * layers * n, "weights alone"),
        ("when-to-use-3", lambda n, d, layers: n, "too small"),
    ],
)
def test_a_typical_mistake_gets_its_sentence(name, answer, part):
    verdict = check(name, answer)
    assert not verdict
    assert part in repr(verdict), verdict
