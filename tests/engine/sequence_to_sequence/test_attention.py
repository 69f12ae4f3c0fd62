"""Attention against its definition, central differences and PyTorch."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import additive_attention, attention, dot_attention, mean_attention
from unrolled.engine.gradcheck import numerical_gradient, relative_error

N, U, T, H = 2, 3, 5, 4
KINDS = [dot_attention, additive_attention, mean_attention]
MASKS = {"whole": None, "padded": np.arange(T) < np.array([[5], [2]])}
scoring = pytest.mark.parametrize("scoring", KINDS, ids=["dot", "additive", "mean"])
masked = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)


def draw(scoring, seed=0):
    """s, h, params and dcontext."""
    rng = np.random.default_rng(seed)
    params = scoring.init_params(H, rng=rng)
    return (
        rng.standard_normal((N, U, H)),
        rng.standard_normal((N, T, H)),
        params,
        rng.standard_normal((N, U, H)),
    )


def score(scoring, s_u, h_t, params):
    """The score of two states, as a book writes it."""
    if scoring is dot_attention:
        return s_u @ h_t
    if scoring is mean_attention:
        return 0.0
    return np.tanh(s_u @ params["W_sm"] + h_t @ params["W_hm"]) @ params["v_m"]


@scoring
def test_every_score_is_that_of_its_two_states(scoring):
    s, h, params, _ = draw(scoring)
    scores = scoring.scores(s, h, params)
    assert scores.shape == (N, U, T)
    for n, u, t in np.ndindex(N, U, T):
        assert scores[n, u, t] == pytest.approx(score(scoring, s[n, u], h[n, t], params))


@scoring
@masked
def test_the_context_is_the_weighted_mean_of_what_may_be_seen(scoring, mask):
    s, h, params, _ = draw(scoring)
    context, tape = attention.forward(s, h, params, scoring=scoring, mask=mask)
    for n, u in np.ndindex(N, U):
        seen = np.arange(T) if mask is None else np.flatnonzero(mask[n])
        e = np.exp([score(scoring, s[n, u], h[n, t], params) for t in seen])
        assert_allclose(tape.weights[n, u, seen], e / e.sum())
        assert_allclose(context[n, u], (e / e.sum()) @ h[n, seen])
    assert_allclose(tape.weights.sum(axis=2), 1)


@scoring
def test_what_is_padding_has_no_weight_no_gradient_and_no_say(scoring):
    s, h, params, dcontext = draw(scoring)
    mask = MASKS["padded"]
    context, tape = attention.forward(s, h, params, scoring=scoring, mask=mask)
    assert (tape.weights[1, :, 2:] == 0).all()
    assert (attention.backward(dcontext, tape, params, scoring=scoring)[1][1, 2:] == 0).all()
    h[1, 2:] = 1e3
    again, _ = attention.forward(s, h, params, scoring=scoring, mask=mask)
    assert_allclose(again, context)


@scoring
@masked
def test_gradients_are_those_of_central_differences(scoring, mask):
    s, h, params, dcontext = draw(scoring, seed=1)
    _, tape = attention.forward(s, h, params, scoring=scoring, mask=mask)
    ds, dh, grads = attention.backward(dcontext, tape, params, scoring=scoring)
    assert grads.keys() == params.keys()

    def loss():
        return (attention.forward(s, h, params, scoring=scoring, mask=mask)[0] * dcontext).sum()

    pairs = [(ds, s), (dh, h), *((grads[name], params[name]) for name in params)]
    for gradient, array in pairs:
        assert relative_error(gradient, numerical_gradient(loss, array)) < 1e-7


@scoring
@masked
def test_values_and_gradients_are_those_of_torch(scoring, mask):
    torch = pytest.importorskip("torch")
    s, h, params, dcontext = draw(scoring, seed=2)
    context, tape = attention.forward(s, h, params, scoring=scoring, mask=mask)
    ds, dh, grads = attention.backward(dcontext, tape, params, scoring=scoring)
    leaves = {name: torch.tensor(a, requires_grad=True) for name, a in params.items()}
    s_t, h_t = torch.tensor(s, requires_grad=True), torch.tensor(h, requires_grad=True)
    if scoring is dot_attention:
        visible = None if mask is None else torch.tensor(mask)[:, None]
        found = torch.nn.functional.scaled_dot_product_attention(
            s_t, h_t, h_t, attn_mask=visible, scale=1.0
        )
    elif scoring is mean_attention:
        real = torch.ones(N, T, dtype=torch.float64) if mask is None else torch.tensor(mask) * 1.0
        mean = (h_t * real[:, :, None]).sum(dim=1) / real.sum(dim=1)[:, None]
        found = mean[:, None] + 0 * s_t
    else:
        m = torch.tanh((s_t @ leaves["W_sm"])[:, :, None] + (h_t @ leaves["W_hm"])[:, None])
        scores = m @ leaves["v_m"]
        if mask is not None:
            scores = scores.masked_fill(~torch.tensor(mask)[:, None], -torch.inf)
        found = torch.softmax(scores, dim=2) @ h_t
    assert_allclose(context, found.detach().numpy(), rtol=1e-10)
    found.backward(torch.tensor(dcontext))
    ours, theirs = {"s": ds, "h": dh, **grads}, {"s": s_t, "h": h_t, **leaves}
    for name, gradient in ours.items():
        assert_allclose(gradient, theirs[name].grad.numpy(), rtol=1e-9, atol=1e-12, err_msg=name)


def test_a_large_score_does_not_overflow():
    assert_allclose(attention.weigh(np.array([[[0.0, 1e4]]])), [[[0, 1]]])


@scoring
def test_the_dtype_of_the_states_rules(scoring):
    s, h, _, dcontext = (v if isinstance(v, dict) else v.astype(np.float32) for v in draw(scoring))
    params = scoring.init_params(H, rng=np.random.default_rng(0), dtype=np.float32)
    context, tape = attention.forward(s, h, params, scoring=scoring, mask=MASKS["padded"])
    ds, dh, grads = attention.backward(dcontext, tape, params, scoring=scoring)
    assert {a.dtype for a in (context, ds, dh, *grads.values())} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"h": np.zeros((N, T, H + 1))}, "same N and H"),
        ({"h": np.zeros((N + 1, T, H))}, "same N and H"),
        ({"s": np.zeros((N, H))}, "same N and H"),
        ({"mask": np.ones((N, T))}, "mask must be bool"),
        ({"mask": np.ones((N, U), bool)}, r"\(N, T\) = \(2, 5\)"),
        ({"mask": np.array([[True] * T, [False] * T])}, "sequence 1 is masked at every step"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    s, h, params, _ = draw(dot_attention)
    given = {"s": s, "h": h, "mask": None} | change
    with pytest.raises(ValueError, match=message):
        attention.forward(given["s"], given["h"], params, scoring=dot_attention, mask=given["mask"])


def test_a_gradient_of_another_shape_is_refused():
    s, h, params, dcontext = draw(dot_attention)
    tape = attention.forward(s, h, params, scoring=dot_attention)[1]
    with pytest.raises(ValueError, match="dcontext must have the shape of s"):
        attention.backward(dcontext[:, 1:], tape, params, scoring=dot_attention)
    with pytest.raises(ValueError, match="H must be at least 1"):
        additive_attention.init_params(0, rng=np.random.default_rng(0))
