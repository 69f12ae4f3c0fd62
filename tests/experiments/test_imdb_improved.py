"""The networks that read IMDB's whole reviews: their batches, padding and readings."""

from itertools import pairwise

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from unrolled.experiments import imdb_improved  # noqa: E402
from unrolled.experiments.imdb_improved import Candidate, Reader, batches, split  # noqa: E402

V, H = 24, 4  # of the fixture `small_improved`
CPU = torch.device("cpu")
every = pytest.mark.parametrize(
    "candidate",
    [
        Candidate(9),
        Candidate(9, bidirectional=True),
        Candidate(9, pooling="max", dropout=0.5),
        Candidate(9, bidirectional=True, pooling="max", dropout=0.5),
        Candidate(9, layer="GRU"),
    ],
    ids=str,
)


def reader(candidate):
    """A network that has moved away from its start, so that each step counts."""
    model = Reader(candidate, 0)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(5)
    return model.eval()


def logit_alone(model, review):
    with torch.no_grad():
        return model(torch.tensor(review)[None], torch.tensor([len(review)])).item()


def padded(reviews, T, beyond):
    """Ids (N, T) with anything behind each review, and lengths."""
    ids = np.full((len(reviews), T), beyond)
    for row, review in zip(ids, reviews, strict=True):
        row[: len(review)] = review
    return torch.tensor(ids), torch.tensor([len(review) for review in reviews])


@every
def test_padding_and_company_do_not_change_a_logit(small_improved, rng, candidate):
    reviews = [rng.integers(V, size=T).tolist() for T in (3, 7, 1, 5)]
    model = reader(candidate)
    alone = [logit_alone(model, review) for review in reviews]
    assert np.ptp(alone) > 0.01
    for beyond in (0, V - 1):
        with torch.no_grad():
            together = model(*padded(reviews, 7, beyond)).numpy()
        np.testing.assert_allclose(together, alone, rtol=0, atol=1e-6)


@every
def test_what_is_read_out_are_the_states_that_it_says(small_improved, rng, candidate):
    """One review, layer by layer: the last states or the largest ones of each unit."""
    model, ids = reader(candidate), torch.tensor(rng.integers(V, size=(1, 6)))
    with torch.no_grad():
        h, state = model.layer(model.embedding(ids))
        ends = torch.cat(list(state if candidate.layer == "GRU" else state[0]), dim=1)
        found = h.max(dim=1).values if candidate.pooling == "max" else ends
        expected = model.readout(found)[0, 0].item()
    assert h.shape[2] == (2 * H if candidate.bidirectional else H)
    assert logit_alone(model, ids[0].tolist()) == pytest.approx(expected, abs=1e-6)


def test_it_drops_inputs_and_readings_when_it_learns_and_only_then(small_improved):
    model, ids = reader(Candidate(9, dropout=0.5)), torch.zeros(1, 9, dtype=int)
    lengths = torch.tensor([9])
    with torch.no_grad():
        assert len({model(ids, lengths).item() for _ in range(9)}) == 1
        model.train()
        assert len({model(ids, lengths).item() for _ in range(9)}) > 1


@pytest.mark.parametrize("count", [1, 3, 7, 8, 250, 501])
def test_batches_hold_every_row_once_in_order_of_length_or_drawn(small_improved, rng, count):
    lengths = rng.integers(1, 9, count)
    for generator in (None, rng):
        rows = batches(lengths, generator)
        np.testing.assert_array_equal(np.sort(np.concatenate(rows)), np.arange(count))
    largest = max(map(len, rows))
    assert largest <= imdb_improved.BATCH
    in_order = lengths[np.concatenate(batches(lengths))]
    assert (np.diff(in_order) >= 0).all()
    assert max(map(len, batches(lengths))) < 500


def test_a_drawn_batch_holds_rows_of_similar_lengths_and_every_draw_is_another(rng, monkeypatch):
    monkeypatch.setattr(imdb_improved, "BATCH", 10)
    lengths = rng.permutation(1000) + 1
    one, other = batches(lengths, rng), batches(lengths, rng)
    assert np.mean([np.ptp(lengths[rows]) for rows in one]) < 100  # of 1000
    assert {tuple(rows) for rows in one}.isdisjoint(tuple(rows) for rows in other)
    means = [lengths[rows].mean() for rows in one]
    assert 30 < sum(before > after for before, after in pairwise(means)) < 70  # of 99


def test_an_epoch_reads_each_review_once_from_its_end_and_learns(few_improved):
    parts, model = split(few_improved, imdb_improved.VALIDATION), Reader(Candidate(6), 0)
    seen = []
    model.register_forward_pre_hook(lambda _, given: seen.append(given))
    before = [weight.clone() for weight in model.parameters()]
    imdb_improved.passed(model, *parts["validation"], CPU)
    assert not model.training
    for weight, old in zip(model.parameters(), before, strict=True):
        assert torch.equal(weight, old)
    imdb_improved.passed(
        model, *parts["train"], CPU, torch.optim.Adam(model.parameters()), np.random.default_rng(0)
    )
    assert any(not torch.equal(w, old) for w, old in zip(model.parameters(), before, strict=True))
    read = [
        row[:length].tolist()
        for ids, lengths in seen
        for row, length in zip(ids, lengths, strict=True)
    ]
    wanted = [review[-6:].tolist() for name in ("validation", "train") for review in parts[name][0]]
    assert sorted(read) == sorted(wanted)
    assert all(ids.shape[1] == lengths.max() for ids, lengths in seen)


def test_each_review_is_judged_as_it_is_alone(few_improved):
    reviews, targets = split(few_improved, imdb_improved.VALIDATION)["test"]
    model = reader(Candidate(6, pooling="max"))
    right = [
        (logit_alone(model, review[-6:].tolist()) > 0) == target
        for review, target in zip(reviews, targets, strict=True)
    ]
    assert imdb_improved.passed(model, reviews, targets, CPU).tolist() == right
