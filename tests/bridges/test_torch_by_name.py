"""A layer's weights are read by name, as it computes with them, or refused by name."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
prune = pytest.importorskip("torch.nn.utils.prune")

from unrolled.bridges.torch import cell_of, from_torch, gradients  # noqa: E402

nn, utils = torch.nn, torch.nn.utils
NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def layer(H=4, **how):
    torch.manual_seed(0)
    return nn.LSTM(3, H, **{"batch_first": True} | how)


def pruned():
    own = layer()
    for name in NAMES:
        prune.l1_unstructured(own, name, 0.7)
    return own


def normed():
    own = layer()
    utils.weight_norm(own, "weight_hh_l0")
    with torch.no_grad():
        own.weight_hh_l0_g.mul_(2)  # which a forward pass would only notice later
    return own


def parametrized():
    own = layer()
    utils.parametrizations.orthogonal(own, "weight_hh_l0")
    return own


def registered_again():
    own = layer()
    weight = own._parameters.pop("weight_ih_l0")
    own.register_parameter("weight_ih_l0", weight)
    return own


def tied():
    own = layer(3, num_layers=2)
    own.weight_hh_l1, own.weight_ih_l1 = own.weight_hh_l0, own.weight_ih_l0
    return own


def with_more():
    own = layer()
    own.register_parameter("extra", nn.Parameter(torch.ones(2)))
    return own


BUILT = [pruned, normed, parametrized, registered_again, tied, with_more]


@pytest.mark.parametrize("build", BUILT, ids=lambda build: build.__name__)
@pytest.mark.filterwarnings("ignore")
def test_what_a_layer_computes_with_is_what_is_read(build):
    own, x = build(), torch.randn(2, 5, 3)
    ours = cell_of(own).forward(x.numpy(), from_torch(own))[0]
    np.testing.assert_allclose(ours, own(x)[0].detach().numpy(), atol=1e-6)


@pytest.mark.parametrize("half", [torch.bfloat16, torch.float16])
def test_half_precision_becomes_float32(half):
    read = from_torch(layer().to(half))
    assert {str(array.dtype) for array in read.values()} == {"float32"}


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: utils.spectral_norm(layer(), "weight_hh_l0"),
            "SpectralNorm, may change weight_hh",
        ),
        (lambda: nn.Sequential(layer()), "give a layer in it, such as its 0"),
        (lambda: type("Own", (nn.LSTM,), {})(3, 4), "a subclass that may compute something else"),
        (
            lambda: torch.jit.script(nn.Sequential(nn.Linear(3, 3))),
            "in TorchScript; give the layer",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_cannot_be_read_is_refused_with_a_way_out(build, message):
    with pytest.raises(ValueError, match=message):
        from_torch(build())


@pytest.mark.filterwarnings("ignore")
def test_a_compiled_layer_is_the_layer():
    own = layer()
    read = from_torch(torch.compile(own))
    assert all(np.array_equal(array, from_torch(own)[name]) for name, array in read.items())


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (tied, "weight_ih_l0 and weight_ih_l1 are one parameter"),
        (pruned, "weight_ih_l0 is not a parameter of its own"),
    ],
)
def test_a_gradient_that_belongs_to_another_parameter_is_refused(build, message):
    own = build()
    own(torch.randn(2, 5, 3))[0].sum().backward()
    with pytest.raises(ValueError, match=message):
        gradients(own)
