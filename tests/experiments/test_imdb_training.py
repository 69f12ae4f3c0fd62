"""Training on a few reviews in the place of IMDB's: in order, once each, in both libraries."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

from unrolled.experiments import imdb, imdb_keras, imdb_torch  # noqa: E402

V, T = 24, 6  # of the fixture `small`
CURVES = ("train loss", "train accuracy", "test loss", "test accuracy")


class Listener:
    """A model that learns nothing and remembers what it was shown."""

    def __init__(self):
        self.shown, self.tested = [], []

    def fit(self, x, targets):
        self.shown.append((x[:, 0].tolist(), targets.tolist()))
        return 0.5, 0.25

    def evaluate(self, x, targets):
        self.tested.append(len(x))
        return 0.4, 0.75


@pytest.fixture
def numbered():
    """Reviews whose first word is their number, and targets that tell them apart."""
    x = np.arange(20)[:, None] * [1, 1]
    return imdb.Data(x, np.arange(20) % 2, x[:7], np.arange(7) % 2)


def test_each_review_is_shown_once_an_epoch_with_its_target_in_another_order(numbered):
    model = Listener()
    found = imdb.follow(model, numbered, seed=3, epochs=3)
    assert [sorted(rows) for rows, _ in model.shown] == [list(range(20))] * 3
    assert all([row % 2 for row in rows] == targets for rows, targets in model.shown)
    assert len({tuple(rows) for rows, _ in model.shown}) == 3
    assert model.tested == [7, 7, 7, 20]
    assert {name: found[name] for name in CURVES} == dict(
        zip(CURVES, ([0.5] * 3, [0.25] * 3, [0.4] * 3, [0.75] * 3), strict=True)
    )
    assert len(found["seconds"]) == 3
    assert found["clean train accuracy"] == 0.75


def test_the_order_hangs_on_the_seed_and_on_nothing_else(numbered):
    models = [Listener() for _ in range(3)]
    for model, seed in zip(models, (3, 3, 4), strict=True):
        imdb.follow(model, numbered, seed=seed, epochs=2)
    assert models[0].shown == models[1].shown != models[2].shown


@pytest.fixture
def models(small_imdb, monkeypatch):
    """An RNN without dropout in both libraries, from the same start."""
    monkeypatch.setattr(imdb, "DROPOUT", 0.0)
    params = imdb.NETWORKS["rnn"].start(0)
    by_keras = imdb_keras.Trained(imdb_keras.build("rnn", params))
    by_keras.model.run_eagerly = True  # a graph costs seconds
    by_torch = imdb_torch.build("rnn", "keras", params)
    return {"keras": by_keras, "torch": imdb_torch.Trained(by_torch, torch.device("cpu"))}


def test_both_libraries_learn_the_same_from_the_same_batches(models):
    """The same losses after every epoch: the same order, batches, updates and means.

    The embedding and PyTorch's second biases learn nothing here; the next two tests say why.
    """
    models["keras"].model.layers[0].trainable = False
    for name, weight in models["torch"].model.named_parameters():
        weight.requires_grad_(name != "embedding.weight" and "bias_hh" not in name)
    data, found = imdb.load(), {}
    for library, model in models.items():
        found[library] = imdb.follow(model, data, seed=0, epochs=2)
    for name in CURVES:
        here, there = found["torch"][name], found["keras"][name]
        np.testing.assert_allclose(here, there, atol=1.01e-4, err_msg=name)
    assert found["torch"]["train loss"][-1] < found["torch"]["train loss"][0] - 0.001


def test_in_keras_a_word_moves_further_the_more_often_a_batch_has_it(models):
    """Its Adam adds up the squares of all the word's gradients, PyTorch's squares their sum."""
    before = models["torch"].model.embedding.weight.detach().numpy().copy()
    for model in models.values():
        model.fit(np.full((1, T), 4, np.int32), np.array([1]))
    by_keras = models["keras"].model.layers[0].get_weights()[0] - before
    by_torch = models["torch"].model.embedding.weight.detach().numpy() - before
    np.testing.assert_array_equal(by_torch.any(axis=1), np.arange(V) == 4)
    np.testing.assert_array_equal(by_keras.any(axis=1), np.arange(V) == 4)
    np.testing.assert_allclose(np.abs(by_torch[4]), 1e-3, rtol=0.01)
    assert 1.1e-3 < np.abs(by_keras[4]).max() <= 1e-3 * T**0.5


def test_in_torch_a_bias_moves_twice_as_far_since_there_are_two(models):
    for model in models.values():
        model.fit(np.full((1, T), 4, np.int32), np.array([1]))
    by_keras, layer = models["keras"].model.layers[1].get_weights()[2], models["torch"].model
    by_torch = layer.layers[0].bias_ih_l0 + layer.layers[0].bias_hh_l0
    np.testing.assert_allclose(by_torch.detach().numpy(), 2 * by_keras, rtol=1e-2)
    np.testing.assert_allclose(np.abs(by_keras), 1e-3, rtol=1e-2)


def test_the_reviews_are_padded_and_cut_in_front_and_rare_words_are_unknown(small_imdb):
    data = imdb.load()
    assert data.x.shape == (30, T)
    assert data.x_test.shape == (20, T)
    short = data.x[data.x[:, 0] == 0]
    assert len(short) > 0
    assert (np.diff((short > 0).astype(int), axis=1) >= 0).all()
    assert data.x.max() < V
    assert set(data.targets) == {0, 1}


def test_a_model_evaluates_many_reviews_as_it_evaluates_each(small_imdb, rng):
    """In batches of 500, the last of which is smaller."""
    x, targets = rng.integers(V, size=(700, T)).astype(np.int32), rng.integers(2, size=700)
    params = imdb.NETWORKS["gru"].start(0)
    params["W_hy"] *= 30
    model = imdb_torch.build("gru", "keras", params)
    with torch.no_grad():
        logits = model.eval()(torch.from_numpy(x)).numpy()
    signed = logits * (2 * targets - 1)
    expected = np.logaddexp(0, -signed).mean(), (signed > 0).mean()
    by_torch = imdb_torch.Trained(model, torch.device("cpu")).evaluate(x, targets)
    by_keras = imdb_keras.Trained(imdb_keras.build("gru", params)).evaluate(x, targets)
    np.testing.assert_allclose(by_torch, expected, rtol=1e-5)
    np.testing.assert_allclose(by_keras, expected, rtol=1e-5)


def test_the_same_seed_gives_the_same_run(small_imdb):
    data, found = imdb.load(), []
    for seed in (1, 1, 2):
        run = imdb_torch.train("bidirectional", "torch", seed, data, "cpu")
        found.append([run[name] for name in CURVES])
    assert found[0] == found[1] != found[2]
