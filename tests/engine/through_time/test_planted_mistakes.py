"""A check of gradients is worth what it finds: mistakes planted in the gates, one at a time."""

import inspect
from types import SimpleNamespace

import numpy as np
import pytest
from unrolled.engine import gru, linear, lstm, rnn
from unrolled.engine.gradcheck import check_gradients


def with_mistake(cell, right, wrong):
    """The cell run step by step, after `right` in its formulas was replaced by `wrong`."""
    functions = [getattr(cell, name, None) for name in ("gates", "step", "step_backward")]
    source = "\n".join(inspect.getsource(function) for function in functions if function)
    assert source.count(right) == 1, f"{right!r} is not one place of {cell.__name__}"
    changed = dict(vars(cell))
    exec(source.replace(right, wrong), changed)

    def forward(x, params, state=None):
        H = len(list(params.values())[-1])  # a bias
        states = [state or tuple(np.zeros((len(x), H)) for _ in cell.STATE)]
        for x_t in x.swapaxes(0, 1):
            states.append(changed["step"](x_t, states[-1], params))
        h = np.stack([h_t for h_t, *_ in states[1:]], axis=1)
        return h, SimpleNamespace(x=x, states=states, state=states[-1])

    def backward(dh, tape, params, dstate):
        dx, grads = np.zeros_like(tape.x), {name: 0 for name in params}
        for t in reversed(range(dh.shape[1])):
            dstate = (dstate[0] + dh[:, t], *dstate[1:])
            result = changed["step_backward"](dstate, tape.x[:, t], tape.states[t], params)
            dx[:, t], dstate, grads_t = result
            grads = {name: grad + grads_t[name] for name, grad in grads.items()}
        return dx, dstate, grads

    return SimpleNamespace(
        STATE=cell.STATE, init_params=cell.init_params, forward=forward, backward=backward
    )


def of(gates):
    """The names of all parameters of some gates."""
    return {kind + gate for gate in gates for kind in ("W_x", "W_h", "b_")}


MISTAKES = [
    # the slope of the tanh left out, or without its square; a matrix not transposed
    (rnn, "dh_t * (1 - h_t**2)", "dh_t", of("h") | {"x", "h_0"}),
    (rnn, "dh_t * (1 - h_t**2)", "dh_t * (1 - h_t)", of("h") | {"x", "h_0"}),
    (rnn, 'params["W_hh"].T', 'params["W_hh"]', {"h_0"}),
    (linear, 'params["W_hh"].T', 'params["W_hh"]', {"h_0"}),
    (linear, "h_prev.T @ dh_t", "dh_t.T @ h_prev", {"W_hh"}),
    # one gate of the LSTM wrong, or two of them swapped
    (lstm, '"i": dc_t * g * i * (1 - i)', '"i": dc_t * i * (1 - i)', of("i") | {"x", "h_0"}),
    (lstm, '"i": dc_t * g * i * (1 - i)', '"i": dc_t * g * i', of("i") | {"x", "h_0"}),
    (lstm, "dc_t * c_prev * f * (1 - f)", "dc_t * f * (1 - f)", of("f") | {"x", "h_0"}),
    (lstm, "dc_t * i * (1 - g**2)", "dc_t * i * g * (1 - g)", of("g") | {"x", "h_0"}),
    (lstm, "dc_t * i * (1 - g**2)", "dc_t * f * (1 - g**2)", of("g") | {"x", "h_0"}),
    (lstm, "dh_t * tanh_c * o * (1 - o)", "dc_t * tanh_c * o * (1 - o)", of("o") | {"x", "h_0"}),
    (lstm, "tanh_c = np.tanh(f", "i, f = f, i; tanh_c = np.tanh(f",
     of("ifgo") | {"x", "h_0", "c_0"}),
    # a path through c forgotten
    (lstm, "dc_t = dc_t + dh_t * o * (1 - tanh_c**2)", "dc_t = dh_t * o * (1 - tanh_c**2)",
     of("ifg") | {"x", "h_0", "c_0"}),
    (lstm, "dc_t = dc_t + dh_t * o * (1 - tanh_c**2)", "pass", of("ifg") | {"x", "h_0", "c_0"}),
    (lstm, "(dh_prev, dc_t * f)", "(dh_prev, dc_t)", {"c_0"}),
    (lstm, "(dh_prev, dc_t * f)", "(dh_prev, 0 * dc_t)", {"c_0"}),
    # one gate of the GRU wrong
    (gru, "dh_t * (1 - z) * (1 - n**2)", "dh_t * z * (1 - n**2)",
     of("rn") | {"b_hn", "x", "h_0"}),
    (gru, "dh_t * (h_prev - n) * z", "dh_t * (n - h_prev) * z", of("z") | {"x", "h_0"}),
    (gru, "da_n * q * r * (1 - r)", "da_n * h_prev * r * (1 - r)", of("r") | {"x", "h_0"}),
    (gru, "dq = da_n * r", "dq = da_n", {"W_hn", "b_hn", "h_0"}),
    (gru, "grads = 0, dh_t * z, ", "grads = 0, 0, ", {"h_0"}),
    # the reset gate before the product, as in the paper, with the gradient of after
    (gru, "r * q)", '(r * h_prev) @ params["W_hn"] + params["b_hn"])',
     of("r") | {"W_hn", "b_hn", "x", "h_0"}),
]  # fmt: skip

each_mistake = pytest.mark.parametrize(
    ("cell", "right", "wrong", "named"),
    MISTAKES,
    ids=[f"{cell.__name__.split('.')[-1]}: {wrong}" for cell, _, wrong, _ in MISTAKES],
)


@each_mistake
def test_over_one_step_exactly_what_is_wrong_is_named(cell, right, wrong, named):
    report = check_gradients(with_mistake(cell, right, wrong), T=1)
    assert set(report.wrong) == named, report


@each_mistake
def test_over_many_steps_it_is_still_named(cell, right, wrong, named):
    report = check_gradients(with_mistake(cell, right, wrong))
    assert set(report.wrong) >= named, report


@pytest.mark.parametrize("T", [1, 5])
def test_without_a_mistake_nothing_is_named(cell, T):
    same = "Send a gradient back through one step"
    assert check_gradients(with_mistake(cell, same, same), T=T).ok


@pytest.mark.parametrize(
    ("cell", "pair"), [(lstm, "if"), (lstm, "fg"), (lstm, "go"), (gru, "rz"), (gru, "zn")]
)
@pytest.mark.parametrize("kind", ["W_x", "W_h", "b_"])
def test_gradients_of_two_gates_that_are_swapped_are_named(cell, pair, kind):
    first, second = (kind + gate for gate in pair)

    def backward(*args):
        dx, dstate, grads = cell.backward(*args)
        return dx, dstate, grads | {first: grads[second], second: grads[first]}

    swapped = SimpleNamespace(
        STATE=cell.STATE, init_params=cell.init_params, forward=cell.forward, backward=backward
    )
    assert set(check_gradients(swapped, T=2).wrong) == {first, second}
