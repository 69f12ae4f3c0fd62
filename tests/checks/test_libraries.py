"""The same checks on models of PyTorch and Keras, right and with a planted mistake."""

import numpy as np
import pytest
from unrolled import checks
from unrolled.engine import lstm


def torch_model(torch, **how):
    class Tagger(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lookup = torch.nn.Embedding(12, 5)
            self.lstm = torch.nn.LSTM(5, 4, **{"batch_first": True} | how)

        def forward(self, ids):
            return self.lstm(self.lookup(ids))

    return Tagger()


def keras_model(keras, wrap=lambda layer: layer, **how):
    lookup = keras.layers.Embedding(12, 5, mask_zero=True)
    layer = keras.layers.LSTM(4, **{"return_sequences": True} | how)
    return keras.Sequential([keras.Input((None,), dtype="int32"), lookup, wrap(layer)])


def test_a_module_of_pytorch_is_taken_as_it_is(torch, ids, x):
    model = torch_model(torch)
    assert checks.causality(model, ids).ok
    assert checks.batch_independence(model, ids).ok
    assert checks.dead_parts(model, ids).ok
    assert checks.causality(torch.nn.GRU(4, 3, batch_first=True), x).ok


def test_forgotten_batch_first_and_a_second_direction_are_found(torch, ids):
    assert not checks.causality(torch_model(torch, batch_first=False), ids).ok
    assert not checks.batch_independence(torch_model(torch, batch_first=False), ids).ok
    assert not checks.causality(torch_model(torch, bidirectional=True), ids).ok


def test_dropout_of_pytorch_acts_between_layers(torch, ids):
    assert checks.fresh_randomness(torch_model(torch, num_layers=2, dropout=0.5), ids).ok
    with pytest.warns(UserWarning, match="dropout"):
        alone = torch_model(torch, dropout=0.5)
    assert not checks.fresh_randomness(alone, ids).ok


def test_a_packed_sequence_ignores_padding(torch, x):
    rnn_utils, layer = torch.nn.utils.rnn, torch.nn.GRU(4, 3, batch_first=True)

    def packed(x, lengths):
        x = torch.tensor(x, dtype=torch.get_default_dtype())
        rows = rnn_utils.pack_padded_sequence(
            x, torch.tensor(lengths), batch_first=True, enforce_sorted=False
        )
        return layer(rows)[1][0]

    assert checks.padding(packed, x, [6, 2, 4], tell=True).ok
    plain = checks.as_function(layer)
    assert not checks.padding(lambda x: plain(x)[:, -1], x, [6, 2, 4]).ok
    with pytest.raises(ValueError, match="pad_packed_sequence"):
        checks.as_function(lambda x: rnn_utils.pack_sequence([torch.tensor(row) for row in x]))(x)


def test_a_module_is_left_in_its_mode_and_with_its_weights(torch, ids):
    model = torch_model(torch, num_layers=2, dropout=0.5)
    model.train()
    model.lookup.eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    checks.causality(model, ids)
    checks.dead_parts(model, ids)
    checks.shape_report(model, ids)
    assert (model.training, model.lookup.training) == (True, False)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())


def test_an_unused_layer_of_pytorch_is_dead(torch, ids):
    model = torch_model(torch)
    model.spare = torch.nn.Linear(4, 4)
    findings = checks.dead_parts(model, ids).findings
    assert [finding.split(" ")[0] for finding in findings] == ["spare.weight", "spare.bias"]


def test_a_model_of_keras_is_taken_as_it_is(keras, ids):
    model = keras_model(keras, dropout=0.5)
    assert checks.causality(model, ids).ok
    assert checks.batch_independence(model, ids).ok
    before = [weight.copy() for weight in model.get_weights()]
    assert checks.dead_parts(model, ids).ok
    assert checks.fresh_randomness(model, ids).ok
    after = model.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_second_direction_and_no_dropout_are_found_in_keras(keras, ids):
    model = keras_model(keras, wrap=keras.layers.Bidirectional)
    assert not checks.causality(model, ids).ok
    assert not checks.fresh_randomness(model, ids).ok


def test_a_mask_of_keras_ignores_padding_on_either_side(keras, ids):
    model = keras_model(keras, return_sequences=False)
    for side, padded in (("post", np.s_[2:]), ("pre", np.s_[:4])):
        short = ids.copy()
        short[1, padded] = 0
        assert checks.padding(model, short, [6, 2, 6], side=side).ok
    unmasked = keras.Sequential([keras.layers.Embedding(12, 5), keras.layers.LSTM(4)])
    assert not checks.padding(unmasked, short, [6, 2, 6], side="pre").ok


def test_a_stateful_layer_is_asked_to_be_reset(keras, x):
    layer = keras.layers.SimpleRNN(3, stateful=True)
    with pytest.raises(ValueError, match="reset its state"):
        checks.causality(layer, x)


def test_shapes_of_all_three_libraries(torch, keras, x, ids, rng):
    params = lstm.init_params(4, 5, rng=rng)
    rows = checks.shape_report(lstm, x, params).numbers
    assert rows["W_xi"] == "(4, 5)"
    assert rows["final c"] == "(3, 5)"
    assert rows["hidden states"] == "(3, 6, 5)"
    rows = checks.shape_report(torch_model(torch, num_layers=2), ids).numbers
    assert rows["lookup Embedding"] == "(3, 6) -> (3, 6, 5)"
    assert rows["lstm LSTM"] == "(3, 6, 5) -> (3, 6, 4), (2, 3, 4), (2, 3, 4)"
    model = keras_model(keras)
    rows = checks.shape_report(model, ids).numbers
    assert rows[model.layers[1].name] == "(3, 6, 5) -> (3, 6, 4)"
    assert rows["answer"] == "(3, 6, 4)"
    assert checks.causality(model, ids).ok  # the layers work as before


def test_shapes_that_lose_the_batch_are_wrong(x):
    report = checks.shape_report(lambda x: x.swapaxes(0, 1), x)
    assert report.findings[0] == "x has 3 sequences, but the answer starts with 6: (6, 3, 4)"
    assert checks.shape_report(lambda x: x, x).ok
    with pytest.raises(ValueError, match="needs its params"):
        checks.shape_report(7, x)


def test_a_report_reads_as_its_verdict(right, x):
    good, bad = checks.causality(right, x), checks.causality(lambda x: x, x)
    assert repr(good).startswith("causality: ok\n  6 steps touched")
    assert repr(bad) == str(bad)
    assert repr(bad).startswith("causality: WRONG\n  no step moves a later answer")


def test_weights_of_keras_with_the_same_path_are_told_apart(keras, x):
    class Twice(keras.Model):
        def __init__(self):
            super().__init__()
            self.one, self.two = (keras.layers.Dense(2, name="same") for _ in range(2))

        def call(self, x):
            return self.one(x) + 0 * self.two(x)

    model = Twice()
    model(x)
    report = checks.dead_parts(model, x)
    assert len(report.numbers) == 4
    assert len(report.findings) == 2
