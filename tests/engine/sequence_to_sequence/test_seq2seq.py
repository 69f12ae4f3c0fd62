"""Encoder and decoder against one step after another, central differences and PyTorch."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.bridges.torch import gradients, to_torch
from unrolled.engine import additive_attention, dot_attention, gru, losses
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.engine.optimizers import Adam
from unrolled.engine.seq2seq import Seq2Seq, fit, masked_cross_entropy
from unrolled.engine.stack import under_prefix

N, T, U, V, K, D, H = 3, 5, 4, 7, 6, 2, 4
MASK = np.arange(T) < np.array([5, 2, 4])[:, None]
COUNTED = np.arange(U) < np.array([4, 3, 1])[:, None]
KINDS = {"none": None, "dot": dot_attention, "additive": additive_attention}
kinds = pytest.mark.parametrize("scoring", KINDS.values(), ids=KINDS)
ways = pytest.mark.parametrize("both_ways", [False, True], ids=["ahead", "both"])


def draw(cell, scoring, seed=0, both_ways=False):
    """A model, its parameters, x, read, targets."""
    rng = np.random.default_rng(seed)
    model = Seq2Seq(cell, D, scoring=scoring, both_ways=both_ways)
    params = model.init_params(V, K, H, rng=rng)
    for value in params.values():
        value += 0.3 * rng.standard_normal(value.shape)
    sizes = ((V, T), (K, U), (K, U))
    return model, params, *(rng.integers(0, high, (N, steps)) for high, steps in sizes)


@kinds
@ways
def test_every_gradient_is_that_of_central_differences(cell, scoring, both_ways):
    model, params, x, read, _ = draw(cell, scoring, both_ways=both_ways)
    logits, tape = model.forward(x, read, params, MASK)
    dlogits = np.random.default_rng(1).standard_normal(logits.shape)
    grads = model.backward(dlogits, tape, params)
    assert grads.keys() == params.keys()

    def loss():
        return (model.forward(x, read, params, MASK)[0] * dlogits).sum()

    for name, value in params.items():
        assert relative_error(grads[name], numerical_gradient(loss, value)) < 1e-6, name


@kinds
@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "padded"])
def test_values_and_gradients_are_those_of_torch(torch_cell, scoring, mask):
    torch, cell = pytest.importorskip("torch"), torch_cell
    model, params, x, read, targets = draw(cell, scoring, seed=2)
    logits, tape = model.forward(x, read, params, mask)
    loss, dlogits = masked_cross_entropy(logits, targets, COUNTED)
    grads = model.backward(dlogits, tape, params)

    own = {side: under_prefix(params, side) for side in ("encoder", "decoder")}
    layers = {side: to_torch(cell, own[side]) for side in own}
    leaves = {
        name: torch.tensor(value, requires_grad=True)
        for name, value in params.items()
        if name.endswith("W_e") or "coder." not in name
    }
    h, rows = torch.zeros(N, T, H, dtype=torch.float64), []
    for n in range(N):  # one sequence at a time, without its padding
        steps = T if mask is None else mask[n].sum()
        found, state = layers["encoder"](leaves["encoder.W_e"][x[n, :steps]][None])
        rows.append((torch.nn.functional.pad(found[0], (0, 0, 0, T - steps)), state))
    h = torch.stack([row for row, _ in rows])
    first = rows[0][1]
    state = (
        tuple(torch.cat([state[i] for _, state in rows], dim=1) for i in range(len(first)))
        if isinstance(first, tuple)
        else torch.cat([state for _, state in rows], dim=1)
    )
    s, _ = layers["decoder"](leaves["decoder.W_e"][read], state)
    joined = s
    if scoring is not None:
        if scoring is dot_attention:
            scores = s @ h.transpose(1, 2)
        else:
            m = (s @ leaves["attention.W_sm"])[:, :, None] + (h @ leaves["attention.W_hm"])[:, None]
            scores = torch.tanh(m) @ leaves["attention.v_m"]
        if mask is not None:
            scores = scores.masked_fill(~torch.tensor(mask)[:, None], -torch.inf)
        context = torch.softmax(scores, dim=2) @ h
        joined = torch.tanh(s @ leaves["W_sa"] + context @ leaves["W_ca"] + leaves["b_a"])
    out = joined @ leaves["W_hy"] + leaves["b_y"]
    assert_allclose(logits, out.detach().numpy(), rtol=1e-9, atol=1e-12)
    value = torch.nn.functional.cross_entropy(
        out[torch.tensor(COUNTED)], torch.tensor(targets)[COUNTED]
    )
    assert loss == pytest.approx(value.item())
    value.backward()
    expected = {name: leaf.grad.numpy() for name, leaf in leaves.items()}
    for side, layer in layers.items():
        expected |= {f"{side}.{name}": grad for name, grad in gradients(layer).items()}
    for name, gradient in grads.items():
        assert_allclose(gradient, np.asarray(expected[name]), rtol=1e-7, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "padded"])
def test_both_ways_it_is_what_torch_does_with_packed_sequences(torch_cell, mask):
    torch, cell = pytest.importorskip("torch"), torch_cell
    model, params, x, read, _ = draw(cell, dot_attention, seed=3, both_ways=True)
    logits, tape = model.forward(x, read, params, mask)
    dlogits = np.random.default_rng(4).standard_normal(logits.shape)
    grads = model.backward(dlogits, tape, params)

    encoder = to_torch(Bidirectional(cell), under_prefix(params, "encoder"))
    decoder = to_torch(cell, under_prefix(params, "decoder"))
    leaves = {
        name: torch.tensor(value, requires_grad=True)
        for name, value in params.items()
        if name.endswith("W_e") or "coder." not in name
    }
    lengths = torch.full((N,), T) if mask is None else torch.tensor(mask.sum(axis=1))
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        leaves["encoder.W_e"][x], lengths, batch_first=True, enforce_sorted=False
    )
    output, state = encoder(packed)
    h, _ = torch.nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=T)

    def joined(part):  # (2, N, H / 2) as (1, N, H)
        return torch.cat([part[:1], part[1:]], dim=2)

    state = tuple(map(joined, state)) if isinstance(state, tuple) else joined(state)
    s, _ = decoder(leaves["decoder.W_e"][read], state)
    context = torch.nn.functional.scaled_dot_product_attention(
        s, h, h, attn_mask=None if mask is None else torch.tensor(mask)[:, None], scale=1.0
    )
    a = torch.tanh(s @ leaves["W_sa"] + context @ leaves["W_ca"] + leaves["b_a"])
    out = a @ leaves["W_hy"] + leaves["b_y"]
    assert_allclose(logits, out.detach().numpy(), rtol=1e-9, atol=1e-12)
    out.backward(torch.tensor(dlogits))
    expected = {name: leaf.grad.numpy() for name, leaf in leaves.items()}
    for side, layer in (("encoder", encoder), ("decoder", decoder)):
        expected |= {f"{side}.{name}": grad for name, grad in gradients(layer).items()}
    assert grads.keys() == expected.keys()
    for name, gradient in grads.items():
        assert_allclose(gradient, np.asarray(expected[name]), rtol=1e-7, atol=1e-10, err_msg=name)


@kinds
@ways
def test_padding_changes_nothing(cell, scoring, both_ways):
    model, params, x, read, _ = draw(cell, scoring, both_ways=both_ways)
    logits, _ = model.forward(x, read, params, MASK)
    again, _ = model.forward(np.where(MASK, x, 0), read, params, MASK)
    assert_allclose(again, logits)
    alone, _ = model.forward(x[1:2, :2], read[1:2], params)
    assert_allclose(alone[0], logits[1])


@kinds
def test_letter_by_letter_the_decoder_does_what_it_does_at_once(cell, scoring):
    model, params, x, read, _ = draw(cell, scoring)
    logits, tape = model.forward(x, read, params, MASK)
    h, _, encoder = model.encode(x, params, MASK)
    state = encoder.state
    for u in range(U):
        step, now = model.decode(read[:, u : u + 1], state, h, params, MASK)
        assert_allclose(step[:, 0], logits[:, u])
        if scoring is not None:
            assert_allclose(now.weights[:, 0], tape.decoder.weights[:, u])
        state = now.state


def test_without_attention_the_decoder_hears_of_the_input_through_one_state_only(cell):
    model, params, x, read, _ = draw(cell, None)
    h, _, tape = model.encode(x, params, MASK)
    logits, decoder = model.decode(read, tape.state, h, params, MASK)
    other, _ = model.decode(read, tape.state, h + 1, params, MASK)
    assert np.array_equal(logits, other)
    assert decoder.weights is None


@kinds
def test_the_loss_counts_letters_and_no_padding(scoring):
    model, params, x, read, targets = draw(gru, scoring)
    logits, _ = model.forward(x, read, params, MASK)
    loss, dlogits = masked_cross_entropy(logits, targets, COUNTED)
    p = losses.softmax(logits)
    right = [-np.log(p[n, u, targets[n, u]]) for n, u in np.argwhere(COUNTED)]
    assert loss == pytest.approx(np.mean(right))
    assert len(right) == 8
    assert (dlogits[~COUNTED] == 0).all()
    targets[~COUNTED] = K + 5  # what stands in the padding is nobody's business
    assert masked_cross_entropy(logits, targets, COUNTED)[0] == loss


@kinds
def test_it_learns_to_say_a_word_again(scoring):
    rng = np.random.default_rng(0)
    model = Seq2Seq(gru, 8, scoring=scoring)
    params = model.init_params(5, 5, 16, rng=rng, dtype=np.float32)

    def draw():
        x = rng.integers(2, 5, (32, 2))
        read = np.concatenate([np.ones((32, 1), int), x[:, :1]], axis=1)
        return x, np.ones(x.shape, bool), read, x, np.ones(x.shape, bool)

    history = fit(draw, params, model=model, optimizer=Adam(0.02), updates=80)
    assert len(history) == 80
    assert history[0] > 1
    assert np.mean(history[-5:]) < 0.2
    assert {value.dtype for value in params.values()} == {np.dtype(np.float32)}


def test_reading_both_ways_the_first_state_knows_the_last_letter():
    model, params, x, _, _ = draw(gru, None, both_ways=True)
    changed = x.copy()
    changed[:, -1] = (x[:, -1] + 1) % V
    moved = np.abs(model.encode(changed, params)[0] - model.encode(x, params)[0])[:, 0]
    assert (moved[:, : H // 2] == 0).all()
    assert (moved[:, H // 2 :] > 0).all()


def test_what_is_no_encoder_or_no_mask_is_refused():
    with pytest.raises(ValueError, match="H must be even"):
        Seq2Seq(gru, D, both_ways=True).init_params(V, K, 5, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="init_params, forward, backward and STATE"):
        Seq2Seq(np, D)
    with pytest.raises(ValueError, match="Embedded and Final outside"):
        Seq2Seq(Bidirectional(gru), D)
    with pytest.raises(ValueError, match="mask must be bool"):
        masked_cross_entropy(np.zeros((N, U, K)), np.zeros((N, U), int), COUNTED.astype(int))
    with pytest.raises(ValueError, match="there are no targets"):
        masked_cross_entropy(np.zeros((N, U, K)), np.zeros((N, U), int), np.zeros((N, U), bool))
