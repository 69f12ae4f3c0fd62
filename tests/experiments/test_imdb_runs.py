"""Runs of the six networks: recorded, gone on with, or refused before anything is read."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

from unrolled.experiments import imdb, imdb_keras, imdb_runs, imdb_torch  # noqa: E402

CURVES = ("train loss", "train accuracy", "test loss", "test accuracy")


def test_a_stopped_experiment_goes_on_where_it_was(small_imdb, monkeypatch):
    trained = []

    def train(name, start, seed, data, device):
        if len(trained) == 3:
            raise KeyboardInterrupt
        trained.append((name, start, seed))
        return {"parameters": len(trained)}

    def runs():
        return json.loads((small_imdb / "imdb-torch.json").read_text())["results"]

    monkeypatch.setattr(imdb_torch, "train", train)
    with pytest.raises(KeyboardInterrupt):
        imdb_runs.run("torch", ["rnn", "rnn/torch"], seeds=2, device="cpu")
    assert len(runs()) == 3
    trained[:] = trained[-1:]
    imdb_runs.run("torch", ["rnn", "rnn/torch", "gru"], seeds=1, device="cpu")
    imdb_runs.run("torch", ["rnn", "rnn/torch"], seeds=2, device="cpu")
    assert trained == [("rnn", "torch", 0), ("gru", "keras", 0), ("rnn", "torch", 1)]
    assert [tuple(run.values()) for run in runs()] == [
        ("rnn", "keras", 0, 1), ("rnn", "keras", 1, 2), ("rnn", "torch", 0, 3),
        ("gru", "keras", 0, 2), ("rnn", "torch", 1, 3),
    ]  # fmt: skip


@pytest.mark.parametrize("library", ["keras", "torch"])
def test_a_run_is_recorded_with_its_curves_settings_data_and_versions(small_imdb, library):
    imdb_runs.run(library, ["cells repaired"], seeds=1)
    found = json.loads((small_imdb / f"imdb-{library}.json").read_text())
    (run,) = found["results"]
    assert (run["model"], run["start"], run["seed"]) == ("cells repaired", "keras", 0)
    assert all(len(run[name]) == imdb.EPOCHS for name in CURVES)
    assert found["settings"] == imdb.SETTINGS
    assert found["data"].keys() == {"imdb"}
    assert library in found["versions"]


@pytest.mark.parametrize("name", imdb.NETWORKS)
def test_in_torch_each_part_starts_as_its_start_says(small_imdb, monkeypatch, name):
    monkeypatch.setattr(imdb, "V", 400)
    params = imdb.NETWORKS[name].start(0)
    for start in imdb_torch.STARTS:
        torch.manual_seed(0)
        model = imdb_torch.build(name, start, params)
        weights = {key: value.detach().numpy() for key, value in model.named_parameters()}
        embedding = weights["embedding.weight"]
        as_keras = start in ("keras", "torch with the embedding of keras")
        assert np.array_equal(embedding, params["W_e"]) == as_keras, start
        assert as_keras or embedding.std() == pytest.approx(1, abs=0.1)
        biases = [v for k, v in weights.items() if "bias" in k and "readout" not in k]
        zeros = all(set(np.unique(bias)) <= {0, 1} for bias in biases)
        assert zeros == (start in ("keras", "torch with the cells of keras")), start
        same = np.array_equal(weights["readout.weight"], params["W_hy"].T)
        assert same == (start == "keras"), start


@pytest.mark.parametrize(
    ("library", "model", "message"),
    [
        ("keras", "transformer", "no network 'transformer' here, only cells as printed, .*, lstm"),
        ("torch", "LSTM", "no network 'LSTM' here, only cells as printed, .*bidirectional"),
        ("torch", "rnn/jax", "no start 'jax' here, only keras, torch, torch with"),
        ("keras", "rnn/torch", "no start 'torch' here, only keras$"),
    ],
)
def test_an_unknown_model_is_refused_before_anything_is_read(folder, library, model, message):
    """Without any reviews in reach, and with a known model in front of it."""
    with pytest.raises(ValueError, match=message):
        imdb_runs.run(library, ["rnn", model], seeds=1)
    assert list(folder.iterdir()) == []


def test_what_a_backend_does_not_have_is_refused(small_imdb):
    with pytest.raises(ValueError, match="leave --device at auto; got 'cuda'"):
        imdb_runs.run("keras", ["rnn"], seeds=1, device="cuda")
    with pytest.raises(ValueError, match="start must be one of"):
        imdb_torch.build("rnn", "jax", imdb.NETWORKS["rnn"].start(0))
    with pytest.raises(ValueError, match="Keras starts as Keras does; got 'torch'"):
        imdb_keras.train("rnn", "torch", 0, None, "auto")
    assert list(small_imdb.iterdir()) == []
