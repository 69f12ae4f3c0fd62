"""The six networks on IMDB: in Keras, in PyTorch and by our engine, from the same start."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.datasets import files
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack, under_prefix

torch = pytest.importorskip("torch")
pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

from unrolled.experiments import imdb, imdb_keras, imdb_torch  # noqa: E402

N, V, T, D, H = 11, 24, 6, 5, 4  # of the fixture `small`
LIBRARIES = {"keras": imdb_keras, "torch": imdb_torch}
library = pytest.mark.parametrize("library", LIBRARIES)
every = pytest.mark.parametrize("name", imdb.NETWORKS)
OURS = {
    "rnn": Stack(rnn, 2),
    "cells repaired": Stack(rnn, 2),
    "lstm": Stack(lstm, 2),
    "gru": Stack(gru, 2),
    "bidirectional": Stack(Bidirectional(lstm), 2),
}


@pytest.fixture(autouse=True)
def seeds():
    torch.manual_seed(7)
    keras.utils.set_random_seed(7)


@pytest.fixture
def ids(rng):
    return rng.integers(V, size=(N, T)).astype(np.int32)


def start(name, seed=3):
    """Starting weights of a network, moved so far that no bias is zero and each word counts."""
    rng = np.random.default_rng(seed)
    params = imdb.NETWORKS[name].start(seed)
    return {k: v + 0.5 * rng.standard_normal(v.shape).astype(np.float32) for k, v in params.items()}


def made(library, name, params):
    """A function from ids (N, T) to logits (N,): a network as it predicts, or as it learns."""
    if library == "keras":
        model = imdb_keras.build(name, params)
        return lambda ids, training=False: np.asarray(model(ids, training=training))[:, 0]
    model = imdb_torch.build(name, "keras", params)

    def run(ids, training=False):
        model.train(training)
        with torch.no_grad():
            return model(torch.from_numpy(ids)).numpy()

    return run


def by_our_engine(name, params, ids):
    """The same logits in NumPy."""
    x = params["W_e"][ids]
    layers = {key: v for key, v in params.items() if key.startswith("layer_")}
    if name == "cells as printed":
        first, second = (under_prefix(params, f"layer_{i}") for i in range(2))
        h, _ = rnn.forward(x, first)
        end = np.tanh(x[:, -1] @ second["W_xh"] + h[:, -1] @ second["W_hh"] + second["b_h"])
    else:
        _, tape = OURS[name].forward(x, layers)
        last = tape.layers[-1]
        halves = last.directions if name == "bidirectional" else (last,)
        end = np.concatenate([half.state[0] for half in halves], axis=1)
    return (end @ params["W_hy"] + params["b_y"])[:, 0]


@library
@every
def test_the_same_start_gives_the_logits_of_our_engine_in_both_libraries(small, ids, name, library):
    params = start(name)
    expected = by_our_engine(name, params, ids)
    assert np.ptp(expected) > 0.05
    assert_allclose(made(library, name, params)(ids), expected, rtol=0, atol=1e-5)


@library
def test_two_stacked_cells_are_the_layers_of_the_library(small, ids, library):
    params = start("rnn")
    for name, value in imdb.NETWORKS["rnn"].start(5).items():
        assert_array_equal(imdb.NETWORKS["cells repaired"].start(5)[name], value)
    by_hand, layers = (made(library, name, params)(ids) for name in ("cells repaired", "rnn"))
    assert_allclose(by_hand, layers, rtol=0, atol=1e-6)


@library
def test_as_printed_all_but_the_last_word_pass_by_the_second_cell(small, ids, library):
    """Its recurrent matrix only ever meets the first cell's state, at the last step."""
    params = start("cells as printed")
    params["layer_1.W_hh"][:] = 0
    other = np.concatenate([(ids[:, :-1] + 1) % V, ids[:, -1:]], axis=1)
    run = made(library, "cells as printed", params)
    assert_allclose(run(ids), run(other), rtol=0, atol=1e-7)


@every
def test_a_start_has_the_sizes_of_the_network_and_depends_on_the_seed_alone(small, name):
    network = imdb.NETWORKS[name]
    one, same, other = network.start(1), network.start(1), network.start(2)
    width = 2 * H if network.bidirectional else H
    assert (one["W_e"].shape, one["W_hy"].shape) == ((V, D), (width, 1))
    for key, value in one.items():
        assert_array_equal(value, same[key])
        assert ".b_" in key or key == "b_y" or (value != other[key]).any(), key
    assert {value.dtype for value in one.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("cells as printed", 1_021_185), ("cells repaired", 1_018_881), ("rnn", 1_018_881)],
)
def test_the_real_networks_have_the_parameters_that_are_told(name, expected):
    params = imdb.NETWORKS[name].start(0)
    assert sum(value.size for value in params.values()) == expected
    assert imdb_keras.build(name, params).count_params() == expected
    torchs = sum(p.numel() for p in imdb_torch.build(name, "keras", params).parameters())
    assert torchs == expected + 2 * imdb.H  # PyTorch has a second bias in each layer
    for library, count in (("keras", expected), ("torch", torchs)):
        with open(files.path(f"results/imdb-{library}.json"), encoding="utf-8") as file:
            runs = json.load(file)["results"]
        assert {run["parameters"] for run in runs if run["model"] == name} <= {count}


@pytest.fixture
def narrow(small, monkeypatch):
    """One number for each word and one unit, and the same word at every step of many rows."""
    for name, value in (("D", 1), ("H", 1), ("T", 12)):
        monkeypatch.setattr(imdb, name, value)
    return np.full((400, 12), 3, np.int32)


@library
@every
def test_what_is_dropped_stays_dropped_for_a_whole_review(narrow, name, library):
    """So few different things can happen to a word that is repeated; else all rows would differ."""
    run = made(library, name, start(name))
    once, again = run(narrow, training=True), run(narrow, training=True)
    kinds = len(np.unique(once.round(5)))
    if name == "bidirectional":  # three inputs, in Keras dropped anew for each direction
        assert 4 < kinds <= {"torch": 2**3, "keras": 2**6}[library]
    else:
        assert kinds == (4 if name == "cells as printed" else 3)  # 3: the second hides the first
    assert (once != again).any()
    assert len(np.unique(run(narrow))) == 1  # nothing is dropped from a prediction


@pytest.mark.parametrize("name", ["cells repaired", "gru"])
def test_so_it_does_in_the_graph_that_keras_makes_of_it(narrow, name):
    import tensorflow as tf

    model = imdb_keras.build(name, start(name))
    learns = tf.function(lambda ids: model(ids, training=True))
    once, again = (learns(narrow).numpy() for _ in range(2))
    assert len(np.unique(once.round(5))) == 3
    assert (once != again).any()


def test_what_is_kept_in_torch_is_made_larger_by_what_is_dropped():
    x = torch.ones(300, 7, 50)
    dropped = imdb_torch.locked_dropout(x, 0.2).numpy()
    assert_array_equal(dropped, np.repeat(dropped[:, :1], 7, axis=1))
    assert_allclose(np.unique(dropped), [0, 1.25])
    assert dropped.mean() == pytest.approx(1, abs=0.02)


@library
@pytest.mark.parametrize("name", ["cells as printed", "cells repaired", "rnn"])
def test_a_fifth_of_the_inputs_of_each_layer_is_dropped(narrow, name, library):
    """If only what is read can move a network, so many logits stay zero."""
    params = start(name)
    for key in params:
        params[key] = np.full_like(params[key], "W_" in key)  # no bias
    zero = (made(library, name, params)(narrow, training=True) == 0).mean()
    expected = 0.2**2 if name == "cells as printed" else 1 - 0.8**2
    assert zero == pytest.approx(expected, abs=3 * np.sqrt(expected / len(narrow)))
