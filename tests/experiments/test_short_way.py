import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.experiments import dates, looking, short_way


def case(model, rng):
    """Parameters that are not small, two questions of unlike length, and what is read back."""
    params = model.init_params(6, 6, 4, rng=rng)
    for value in params.values():
        value += 0.5 * rng.standard_normal(value.shape)
    mask = np.arange(5) < np.array([[5], [3]])
    return params, rng.integers(0, 6, (2, 5)), rng.integers(0, 6, (2, 3)), mask


@pytest.mark.parametrize(
    "network", [short_way.WayOnly, short_way.LastAtEachStep, short_way.FromBoth]
)
def test_the_gradient_is_right(network, rng):
    model = network()
    params, x, read, mask = case(model, rng)
    logits, tape = model.forward(x, read, params, mask)
    dlogits = rng.standard_normal(logits.shape)
    grads = model.backward(dlogits, tape, params)
    for name in params:
        numerical = numerical_gradient(
            lambda: (model.forward(x, read, params, mask)[0] * dlogits).sum(), params[name]
        )
        assert relative_error(grads[name], numerical) < 1e-6, name


def test_the_context_is_the_last_state_past_the_padding(rng):
    model = short_way.LastAtEachStep()
    params, x, read, mask = case(model, rng)
    _, tape = model.forward(x, read, params, mask)
    looked = tape.decoder.attention
    context = looked.weights @ looked.h
    h, _, encoder = model.encode(x, params, mask)
    np.testing.assert_allclose(context, np.repeat(encoder.state[0][:, None], 3, axis=1))
    np.testing.assert_array_equal(context[1, 0], h[1, 2])


def test_the_decoder_starts_from_the_mean_of_what_is_real(rng):
    model = short_way.WayOnly()
    params, x, _, mask = case(model, rng)
    h, _, tape = model.encode(x, params, mask)
    np.testing.assert_allclose(tape.state[0][1], h[1, :3].mean(axis=0))


def test_the_numbers_alone_say_what_the_mean_says_and_teach_the_encoder_less(rng):
    model, whole = short_way.NumbersOnly(), dates.model_of("mean")
    params, x, read, mask = case(model, rng)
    logits, tape = model.forward(x, read, params, mask)
    again, _ = whole.forward(x, read, params, mask)
    np.testing.assert_array_equal(logits, again)
    dlogits = rng.standard_normal(logits.shape)
    ours, theirs = (each.backward(dlogits, tape, params) for each in (model, whole))
    for name in params:
        same = np.allclose(ours[name], theirs[name])
        assert same != name.startswith("encoder."), name


def test_each_start_is_recorded_once(monkeypatch, folder):
    for module, name, value in (
        (short_way, "UPDATES", 2),
        (short_way, "SEEDS", (0,)),
        (looking, "TESTED", 5),
    ):
        monkeypatch.setattr(module, name, value)
    short_way.main()
    runs = json.loads((folder / "short-way.json").read_text())["results"]
    assert [run["network"] for run in runs] == list(short_way.NETWORKS)
    short_way.main()
    assert json.loads((folder / "short-way.json").read_text())["results"] == runs


def test_what_is_given_again_without_a_gradient_says_the_same_and_teaches_the_encoder_less(rng):
    model, whole = short_way.LastUntaught(), short_way.LastAtEachStep()
    params, x, read, mask = case(model, rng)
    logits, tape = model.forward(x, read, params, mask)
    np.testing.assert_array_equal(logits, whole.forward(x, read, params, mask)[0])
    dlogits = rng.standard_normal(logits.shape)
    ours, theirs = (each.backward(dlogits, tape, params) for each in (model, whole))
    for name in params:
        same = np.allclose(ours[name], theirs[name])
        assert same != name.startswith("encoder."), name


def test_the_decoder_starts_from_the_last_state_and_the_mean_added_up(rng):
    model = short_way.FromBoth()
    params, x, _, mask = case(model, rng)
    h, _, tape = model.encode(x, params, mask)
    np.testing.assert_allclose(tape.state[0][1], h[1, 2] + h[1, :3].mean(axis=0))


def test_a_layer_alone_hears_nothing_of_what_is_given_again(rng):
    model = short_way.LayerOnly()
    params = model.init_params(6, 6, 4, rng=rng)
    _, x, read, mask = case(model, rng)
    logits, tape = model.forward(x, read, params, mask)
    grads = model.backward(rng.standard_normal(logits.shape), tape, params)
    assert not params["W_ca"].any()
    assert not grads["W_ca"].any()
    assert grads["W_sa"].any()


def test_it_takes_numbers_at_each_step_and_a_gradient_through_them():
    runs = json.loads(files.path("results/short-way.json").read_text())["results"]
    right = {
        name: [r["right"]["1500"] for r in runs if r["network"] == name]
        for name in short_way.NETWORKS
    }
    assert {len(each) for each in right.values()} == {3}
    assert max(right["way only"]) < 0.1 < min(right["numbers only"])
    assert max(right["numbers only"]) < 0.5 < 0.85 < min(right["last state"] + right["mean"])
    assert max(right["last state, untaught"]) < 0.1 < min(right["from both"])
