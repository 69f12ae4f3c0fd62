"""Chapter 16: on the GPU."""

from unrolled.analysis.device_time import H200, operations, time_of_step

from .checking import Wrong
from .comparing import names, number, result_of, whole

# What cuDNN computes; a layer that sets one of these otherwise takes the slow way.
WANTED = {"activation": "tanh", "reset_after": True, "unroll": False}
LAYERS = {
    "LSTM": {},
    "LSTM both ways": {},
    "LSTM dropout": {"dropout": 0.2},
    "LSTM relu": {"activation": "relu"},
    "LSTM unrolled": {"unroll": True},
    "GRU": {},
    "GRU reset before": {"reset_after": False},
    "SimpleRNN": {},
}


def gpu_1(answer):
    """How many times as long a looped step takes for a batch 64 times as large."""
    one, many = (float(time_of_step(H200, "loop", N, 50, 128, 128).total) for N in (1, 64))
    mistakes = {
        64: "the work grows so; what takes most of the time does not.",
        1: "arithmetic and memory are a small part of the time, but not nothing.",
        one / many: "this is the other way round.",
    }
    number(answer, many / one, rtol=2e-2, what="the factor", mistakes=mistakes)


def gpu_2(answer):
    """The first hidden size at which a fused layer has more to do than to start."""
    sizes = [32 * 2**n for n in range(8)]
    largest = {H: time_of_step(H200, "fused", 32, 50, 128, H).largest for H in sizes}
    first = next(H for H in sizes if largest[H] != "launches")
    looped = (H for H in sizes if time_of_step(H200, "loop", 32, 50, 128, H).largest != "launches")
    mistakes = {next(looped): "this is the size for the loop; the layer shall be fused."}
    whole(answer, first, what="the size", mistakes=mistakes)


def gpu_3(answer):
    """The multiplications and additions of a training step of an LSTM."""
    for N, T, D, H in ((32, 50, 128, 128), (2, 7, 3, 5)):
        expected = operations("lstm", N, T, D, H)
        mistakes = {
            expected / 3: "this is the forward pass alone.",
            expected / 2: "an addition comes with every multiplication.",
            expected / 6: "this counts the multiplications of the forward pass alone.",
            2 * expected / 3: "a product has two factors, and each wants a gradient.",
            expected / T: "this is one of the time steps.",
            expected / 4: "an LSTM has four blocks.",
        }
        what = f"the number for N = {N}, T = {T}, D = {D}, H = {H}"
        number(result_of(answer, N, T, D, H), expected, what=what, mistakes=mistakes)


def gpu_4(answer):
    """The layers of Keras that cuDNN computes."""
    allowed = [
        name
        for name, settings in LAYERS.items()
        if all(settings.get(key, value) == value for key, value in WANTED.items())
    ]
    fast = [name for name in allowed if name.startswith(("LSTM", "GRU"))]
    if isinstance(answer, (list, tuple, set)) and set(map(str, answer)) == set(allowed):
        raise Wrong("it is not enough that no setting forbids it: some kinds have no fast way.")
    names(answer, fast, list(LAYERS), what="the list of layers")
