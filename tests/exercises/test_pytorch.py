import numpy as np
import pytest
from unrolled.exercises import check

OUTPUT, H_N = (4, 20, 32), (6, 4, 16)
BIASES = ["bias_ih_l0", "bias_hh_l0"]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("pytorch-1", [OUTPUT, H_N]),
        ("pytorch-1", (list(OUTPUT), np.array(H_N))),
        ("pytorch-2", BIASES),
        ("pytorch-2", set(BIASES)),
        ("pytorch-3", lambda t, k: t % k),
        ("pytorch-3", lambda t, k: float(t - t // k * k)),
        ("pytorch-4", 10),
        ("pytorch-4", np.int64(10)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("pytorch-1", OUTPUT, "two shapes"),
        ("pytorch-1", [(4, 20, 16), H_N], "joins the two directions"),
        ("pytorch-1", [(20, 4, 32), H_N], "puts the sequences first"),
        ("pytorch-1", [OUTPUT, (4, 6, 16)], "and not h_n"),
        ("pytorch-1", [OUTPUT, (3, 4, 16)], "state of its own"),
        ("pytorch-1", [OUTPUT, (1, 4, 16)], "shape of h_n is wrong at axis 0"),
        ("pytorch-1", [H_N, OUTPUT], "the other order"),
        ("pytorch-1", (np.array(H_N), list(OUTPUT)), "the other order"),
        ("pytorch-1", [(4, 32), H_N], "number of axes; got 2"),
        ("pytorch-1", ["output", "h_n"], "tuple of whole numbers"),
        ("pytorch-1", [[[1], [2, 3]], H_N], "tuple of whole numbers"),
        ("pytorch-2", BIASES[:1], "misses 1"),
        ("pytorch-2", ["weight_ih_l0", *BIASES], "1 too many"),
        ("pytorch-2", ["b_i"], "not among"),
        ("pytorch-3", lambda t, k: k, "reach less far"),
        ("pytorch-3", lambda t, k: t % k + 1, "no step back"),
        ("pytorch-3", lambda t, k: t, "start of the stream"),
        ("pytorch-3", lambda t, k: k - 1 - t % k, "end of its block"),
        ("pytorch-4", 4, "its own block"),
        ("pytorch-4", 16, "reaches back"),
        ("pytorch-4", 6, "its own block, too"),
        ("pytorch-4", 9, "off by one"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


def test_the_shapes_and_the_names_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    layer = torch.nn.GRU(5, 16, 3, bidirectional=True, batch_first=True)
    shapes = [part.shape for part in layer(torch.zeros(4, 20, 5))]
    assert check("pytorch-1", shapes)
    layer = torch.nn.LSTM(3, 4, batch_first=True)
    named = [name for name, _ in layer.named_parameters()]
    assert check("pytorch-2", [name for name in named if "bias" in name])
