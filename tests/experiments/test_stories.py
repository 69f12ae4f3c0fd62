import numpy as np
import pytest
from unrolled.datasets import load_letters, load_results
from unrolled.engine.training import predict
from unrolled.experiments import stories, writing

V, SIZE = 5, (3, 6)


def circle(length):
    """Numbers that go around: each is followed by the next one."""
    return np.arange(length) % V


def test_training_stops_when_the_validation_loss_has_stalled_twice(monkeypatch):
    losses = iter([3.0, 2.0, 2.1, 2.2, 1.5, 1.6, 1.7, 9.0])
    monkeypatch.setattr(stories, "_loss", lambda *given: next(losses))
    _, _, history = stories.train(circle(200), circle(50), V, SIZE, 0.01, 10, seed=0)
    assert [valid for _, valid in history] == [3.0, 2.0, 2.1, 2.2, 1.5, 1.6, 1.7]


def test_the_parameters_are_those_of_the_best_epoch():
    model, params, history = stories.train(circle(200), circle(50), V, SIZE, 0.02, 10, seed=0)
    assert stories._loss(circle(50), params, model) == min(valid for _, valid in history)
    assert min(valid for _, valid in history) < 0.2 < history[0][1]


def test_costs_are_the_logarithms_of_the_probabilities_of_what_comes(rng):
    model, params = stories.network(V, *SIZE, seed=1)
    ids = rng.integers(0, V, 30)
    logits = predict(ids[None, :-1], params, cell=model)[0][0].astype(float)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(stories.costs(ids, params, model), -np.log(p[range(29), ids[1:]]))


def test_stretches_keep_the_end_of_the_text():
    assert stories.stretches(np.arange(7.0), 3) == [1 + 2 + 3, 4 + 5 + 6]


def test_the_record_was_searched_to_where_it_is_flat_and_compares_the_same_text():
    for task, found in load_results("stories")["results"].items():
        best = min(found["search"], key=lambda each: np.mean(each["valid"]))
        assert (best["size"], best["rate"]) == tuple(found["chosen"].values())
        inside = min(stories.RATES) < best["rate"] < max(stories.RATES)
        least = [np.mean(each["valid"]) for each in found["below"]]
        assert inside or np.mean(best["valid"]) - min(least) < 0.02  # flat below
        assert len(found["starts"]) == 10
        network, counting = (np.array(found["stretches"][who]) for who in ("network", "counting"))
        steps = found["stretches"]["steps"]
        assert len(network) == len(counting)
        mean = np.mean([start["test"] for start in found["starts"]])
        assert network.mean() / steps == pytest.approx(mean, rel=0.03), task
        assert counting.mean() / steps == pytest.approx(found["counting"]["test"], rel=0.03)
        assert max(start["epochs"] for start in found["starts"]) < stories.EPOCHS


def test_a_quotation_is_long_and_stands_so_in_the_source():
    source = "the harbor wakes before the town does"
    text = "xx harbor wakes before the fog"
    flags = writing.quoted(text, source, 10)
    assert "".join(letter for letter, flag in zip(text, flags, strict=True) if flag) == (
        " harbor wakes before the "
    )
    assert not writing.quoted(text, source, 26).any()
    assert writing.quoted(source, source, len(source)).all()


def test_passes_begin_again_where_the_text_does():
    x = np.arange(240).reshape(2, 120)
    blocks = writing.passes(x, x + 1)
    found = [next(blocks) for _ in range(4)]
    assert [first for *_, first in found] == [True, False, False, True]
    assert [block.shape[1] for block, *_ in found] == [50, 50, 20, 50]


def test_the_recorded_texts_are_quoted_as_they_say():
    record = load_results("writing")["results"]
    corpus = load_letters()
    source = "".join(corpus.words[i] for i in corpus.train)
    for texts in record["stories"]["texts"]:
        for each in texts:
            flags = writing.quoted(each["text"], source)
            assert each["quoted"] == "".join("01"[int(flag)] for flag in flags)
