"""Everything that comes out of our networks, beside Keras with the same weights."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from unrolled.bridges.keras import gradients, to_keras

pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

# The first example is plain enough: there is nothing to gain from shrinking another.
FEW = settings(deadline=None, derandomize=True, max_examples=2, phases=[Phase.generate])
SIZES = st.fixed_dictionaries(  # the first of each makes the first example
    {
        "N": st.sampled_from([2, 1, 3, 4]),
        "T": st.sampled_from([5, 1, 2, 3, 6]),
        "D": st.sampled_from([3, 1, 2, 4, 5]),
        "H": st.sampled_from([4, 2, 3, 5, 6]),
        "seed": st.integers(0, 999),
    }
)
DTYPES = [np.float64, np.float32]


def theirs(cell, problem, *, stacked=False, mask=None):
    """The problem solved by Keras, with the names of the fixture `ours`.

    A keras.Sequential neither takes nor returns states.
    """
    layer = to_keras(cell, problem.params, return_state=not stacked)
    x, dh, *dend = map(tf.constant, (problem.x, problem.dh, *problem.dstate))
    start = [] if stacked else [tf.constant(part) for part in problem.state]
    options = {} if stacked else {"initial_state": start}
    with tf.GradientTape() as tape:
        tape.watch([x, *start])
        out = layer(x, mask=None if mask is None else tf.constant(mask), **options)
        h, *end = [out] if stacked else out
        loss = tf.reduce_sum(h * dh)
        for part, dpart in zip(end, dend, strict=False):
            loss += tf.reduce_sum(part * dpart)
    assert len(end) == len(start)
    dx, dstart, values = tape.gradient(loss, [x, start, layer.trainable_variables])
    found = {"h": h.numpy(), "dx": dx.numpy()}
    found |= {f"end {i}": part.numpy() for i, part in enumerate(end)}
    found |= {f"d start {i}": part.numpy() for i, part in enumerate(dstart)}
    return found | gradients(layer, values)


def without_states(cell, problem):
    """The problem without states before and after it."""
    zeros = tuple(np.zeros_like(part) for part in problem.state)
    return problem._replace(state=zeros, dstate=zeros)


def only(found, names):
    return {name: found[name] for name in names}


@pytest.mark.parametrize("dtype", DTYPES)
@FEW
@given(sizes=SIZES)
def test_same_states_and_gradients(network, draw, ours, assert_close, sizes, dtype):
    cell = network.build()
    problem = draw(cell, **sizes, dtype=dtype)
    stacked = network.layers is not None
    if stacked:
        problem = without_states(cell, problem)
    expected = theirs(cell, problem, stacked=stacked)
    assert_close(only(ours(cell, problem), expected), expected)
    assert problem.params.keys() < expected.keys()


@FEW
@given(sizes=SIZES, dtype=st.sampled_from(DTYPES))
def test_same_states_and_gradients_of_padded_sequences(
    network, draw, draw_mask, ours, assert_close, sizes, dtype
):
    cell = network.build()
    mask = draw_mask(sizes["N"], sizes["T"], sizes["seed"])
    problem = draw(cell, **sizes, dtype=dtype)
    stacked = network.layers is not None
    if stacked:
        problem = without_states(cell, problem)
    if network.both:
        problem.dh[~mask] = 0  # Keras's output there is zero, ours the last one again
    expected = theirs(cell, problem, stacked=stacked, mask=mask)
    found = ours(network.build(mask), problem)
    if network.both:
        found["h"] = np.where(mask[:, :, None], found["h"], 0).astype(dtype)
    assert_close(only(found, expected), expected)
    assert problem.params.keys() < expected.keys()


def test_a_layer_without_a_state_starts_from_zeros(network, draw):
    cell = network.build()
    problem = draw(cell)
    h, _ = cell.forward(problem.x, problem.params)
    h_keras = to_keras(cell, problem.params)(tf.constant(problem.x))
    np.testing.assert_allclose(h, h_keras.numpy(), rtol=1e-10, atol=1e-12)
