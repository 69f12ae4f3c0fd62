import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import lstm
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.recurrent_dropout import PLACES, DroppedLSTM

N, T, D, H = 3, 6, 2, 5
ways = pytest.mark.parametrize("place", PLACES)
masks = pytest.mark.parametrize("fresh", [True, False])


class SameMasks:
    """Draws the same masks in every forward pass, as central differences need it."""

    STATE, init_params = lstm.STATE, staticmethod(lstm.init_params)

    def __init__(self, *way, **options):
        self.way, self.options = way, options

    def forward(self, *given):
        self.cell = DroppedLSTM(*self.way, **self.options, rng=np.random.default_rng(3))
        return self.cell.forward(*given)

    def backward(self, *given):
        return self.cell.backward(*given)


@ways
@masks
@pytest.mark.parametrize("scaled", [True, False])
def test_backward_matches_central_differences(place, fresh, scaled):
    report = check_gradients(SameMasks(place, 0.5, fresh=fresh, scaled=scaled), T=4, D=2, H=3)
    assert report.ok, report


@ways
@masks
def test_what_it_drops_has_the_gradients_that_torch_finds(rng, place, fresh):
    torch = pytest.importorskip("torch")
    cell = DroppedLSTM(place, 0.5, fresh=fresh, rng=rng)
    params = lstm.init_params(D, H, rng=rng)
    x, dh = rng.standard_normal((N, T, D)), rng.standard_normal((N, T, H))
    h, tape = cell.forward(x, params)
    dx, _, grads = cell.backward(dh, tape, params)

    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    x_torch = torch.tensor(x, requires_grad=True)
    drop = {place: torch.tensor(np.broadcast_to(tape.mask, (T, N, H)).copy())}
    keep = torch.ones((T, N, H), dtype=torch.float64)
    h_t = c_t = torch.zeros((N, H), dtype=torch.float64)
    shown = []
    for t in range(T):
        h_t, c_t = h_t * drop.get("h", keep)[t], c_t * drop.get("c", keep)[t]
        i, f, o, g = (
            x_torch[:, t] @ leaves[f"W_x{gate}"] + h_t @ leaves[f"W_h{gate}"] + leaves[f"b_{gate}"]
            for gate in "ifog"
        )
        c_t = torch.sigmoid(f) * c_t + torch.sigmoid(i) * torch.tanh(g)
        h_t = torch.sigmoid(o) * torch.tanh(c_t)
        shown.append(h_t * drop.get("up", keep)[t])
    torch.stack(shown, dim=1).backward(torch.tensor(dh))
    assert_allclose(h, torch.stack(shown, dim=1).detach().numpy(), rtol=1e-12)
    assert_allclose(dx, x_torch.grad.numpy(), rtol=1e-10, atol=1e-12)
    for name, grad in grads.items():
        assert_allclose(grad, leaves[name].grad.numpy(), rtol=1e-10, atol=1e-12, err_msg=name)


@ways
@masks
def test_where_nothing_is_dropped_it_is_the_lstm(rng, place, fresh):
    params, x = lstm.init_params(D, H, rng=rng), rng.standard_normal((N, T, D))
    state = tuple(rng.standard_normal((2, N, H)))
    cell = DroppedLSTM(place, 0, fresh=fresh, rng=rng)
    (h, tape), (known, same) = (each.forward(x, params, state) for each in (cell, lstm))
    assert_allclose(h, known, rtol=1e-12)
    dh, dstate = rng.standard_normal(h.shape), tuple(rng.standard_normal((2, N, H)))
    found = cell.backward(dh, tape, params, dstate)
    expected = lstm.backward(dh, same, params, dstate)
    assert_allclose(found[0], expected[0], rtol=1e-10)
    for name, grad in expected[2].items():
        assert_allclose(found[2][name], grad, rtol=1e-10)


@masks
def test_a_sequence_has_one_mask_or_one_for_each_step(rng, fresh):
    params, x = lstm.init_params(D, H, rng=rng), rng.standard_normal((N, T, D))
    h, tape = DroppedLSTM("up", 0.5, fresh=fresh, rng=rng).forward(x, params)
    dropped = h == 0
    assert dropped.any()
    assert (dropped == dropped[:, :1]).all() != fresh
    assert not (dropped[0] == dropped[1]).all()
    assert tape.state[0].all()  # what is carried on is whole


def test_one_mask_that_is_divided_multiplies_a_cell_at_every_step(rng):
    """A cell with open doors and nothing to write: 1 becomes 2, 4, 8, or 0."""
    params = {name: 0 * value for name, value in lstm.init_params(D, H, rng=rng).items()}
    params["b_f"] += 40
    x, state = np.zeros((N, T, D)), (np.zeros((N, H)), np.ones((N, H)))
    for scaled, most in ((True, 2.0**T), (False, 1.0)):
        cell = DroppedLSTM("c", 0.5, fresh=False, rng=rng, scaled=scaled)
        assert_allclose(np.unique(cell.forward(x, params, state)[1].state[1]), [0, most])


def test_another_place_and_what_is_no_probability_are_refused(rng):
    with pytest.raises(ValueError, match=r"place must be one of \['up', 'h', 'c'\]"):
        DroppedLSTM("x", 0.5, fresh=True, rng=rng)
    with pytest.raises(ValueError, match=r"p must lie in \[0, 1\)"):
        DroppedLSTM("h", 1, fresh=True, rng=rng)
