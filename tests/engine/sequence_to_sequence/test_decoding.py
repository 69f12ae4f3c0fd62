"""Greedy and beam search, against every text that there is."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import dot_attention, gru
from unrolled.engine.decoding import Draft, beam, beam_of, greedy, log_softmax
from unrolled.engine.losses import softmax
from unrolled.engine.seq2seq import Seq2Seq

START, END, A, B = range(4)
# Row: the letter before, column: the next. A is likelier at first, but B is surely the end.
CHANCES = np.array([[0, 0, 0.6, 0.4], [0, 1, 0, 0], [0, 0.4, 0.3, 0.3], [0, 0.9, 0.1, 0]])


def search(width, limit=5, alpha=0.0):
    with np.errstate(divide="ignore"):
        table = np.log(CHANCES)

    def step(ids, state):
        return table[ids], state

    return beam(step, (), width=width, start=START, end=END, limit=limit, alpha=alpha)


def test_greedy_takes_the_first_letter_that_looks_best_and_loses_by_it():
    best = search(1)[0]
    assert best.ids[0] == A
    assert np.exp(best.log_p) == pytest.approx(0.6 * 0.4)


def test_two_drafts_find_what_greedy_misses():
    best = search(2)[0]
    assert best.ids == (B, END)
    assert np.exp(best.log_p) == pytest.approx(0.36)


def test_drafts_are_in_order_and_end_once():
    found = search(4)
    assert [d.log_p for d in found] == sorted((d.log_p for d in found), reverse=True)
    for draft in found:
        assert draft.ids[-1] == END
        assert draft.ids.count(END) == 1


def test_a_draft_that_can_at_best_draw_level_is_not_read_on():
    reads = []

    def step(ids, state):
        reads.append(ids.tolist())
        return np.log([[0.2, 0.4, 0.4]] * len(ids)), state

    found = beam(step, (), width=2, start=0, end=1, limit=5)
    assert reads == [[0]]
    assert found == [Draft((1,), pytest.approx(np.log(0.4)))]


def all_texts(limit, letters=(A, B)):
    """Every text of the table's letters: those that end, and those that are cut at the limit."""
    for length in range(limit + 1):
        for ids in itertools.product(letters, repeat=length):
            if length < limit:
                yield (*ids, END)
            else:
                yield ids


def log_p_of(ids):
    with np.errstate(divide="ignore"):
        return np.log(CHANCES[[START, *ids[:-1]], ids]).sum()


@pytest.mark.parametrize("alpha", [0.0, 0.3, 0.7, 1.0, 2.0])
@pytest.mark.parametrize("limit", [2, 4, 6])
def test_a_wide_beam_finds_the_best_for_its_length(alpha, limit):
    best = search(200, limit=limit, alpha=alpha)[0]
    top = max(all_texts(limit), key=lambda ids: log_p_of(ids) / len(ids) ** alpha)
    assert best.score(alpha) == pytest.approx(log_p_of(top) / len(top) ** alpha)
    assert best.log_p == pytest.approx(log_p_of(best.ids))


def test_with_length_made_up_for_a_longer_text_can_win():
    chances = np.array([[0, 0.4, 0.6], [1, 0, 0], [0, 0.2, 0.8]])  # start, end, letter

    def step(ids, state):
        with np.errstate(divide="ignore"):
            return np.log(chances)[ids], state

    how = {"width": 3, "start": 0, "end": 1, "limit": 4}
    assert beam(step, (), **how)[0].ids == (1,)  # 0.4 at once
    longest = beam(step, (), alpha=1.0, **how)[0]
    assert longest.ids == (2, 2, 2, 2)  # 0.31 in four letters
    assert longest.score(1.0) == pytest.approx(np.log(0.6 * 0.8**3) / 4)


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_where_all_texts_are_of_one_length_it_changes_nothing(alpha):
    def step(ids, state):
        (written,) = state
        p = np.array([[0, 0, 0.6, 0.4], [0, 1, 0, 0]])[(written[:, 0] >= 2).astype(int)]
        with np.errstate(divide="ignore"):
            return np.log(p), (written + 1,)

    found = beam(step, (np.zeros((1, 1)),), width=4, start=0, end=1, limit=5, alpha=alpha)
    assert found[0].ids == (A, A, END)
    assert {len(draft.ids) for draft in found if np.isfinite(draft.log_p)} == {3}


def test_at_the_limit_what_has_not_ended_counts_too():
    assert search(1, limit=1) == [Draft((A,), pytest.approx(np.log(0.6)))]


def small():
    """A model of four letters that was not trained, and a word to read."""
    rng = np.random.default_rng(3)
    model = Seq2Seq(gru, 3, scoring=dot_attention)
    params = {name: 3 * value for name, value in model.init_params(4, 4, 5, rng=rng).items()}
    return model, params, np.array([2, 3, 3, 2])


def chance(model, params, x, ids):
    """The log probability of a text, with teacher forcing."""
    read = np.array([[START, *ids[:-1]]])
    log_p = np.log(softmax(model.forward(x[None], read, params)[0][0]))
    return log_p[np.arange(len(ids)), ids].sum()


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_finds_the_likeliest_of_all_texts(seed):
    model, params, x = small()
    x = np.random.default_rng(seed).integers(0, 4, 4)
    how = {"start": START, "end": END, "limit": 4}
    found = beam_of(model, x, params, width=300, **how)
    every = [
        ids
        for length in (1, 2, 3, 4)
        for ids in itertools.product(range(4), repeat=length)
        if END not in ids[:-1] and (length == 4 or ids[-1] == END)
    ]
    best = max(every, key=lambda ids: chance(model, params, x, ids))
    assert found[0].ids == best
    for draft in found[:10]:
        assert draft.log_p == pytest.approx(chance(model, params, x, draft.ids))


def test_a_beam_of_one_is_greedy():
    model, params, _ = small()
    how = {"start": START, "end": END, "limit": 6}
    rows = np.random.default_rng(0).integers(0, 4, (20, 4))
    written, weights = greedy(rows, params, model=model, **how)
    assert weights.shape == (*written.shape, 4)
    assert_allclose(weights.sum(axis=2), 1)
    lengths = set()
    for row, ids in zip(rows, written.tolist(), strict=True):
        ids = ids[: ids.index(END) + 1] if END in ids else ids
        assert beam_of(model, row, params, width=1, **how)[0].ids == tuple(ids)
        lengths.add(len(ids))
    assert len(lengths) > 1  # or the ends would not have been tested
    for row in written.tolist():
        assert END not in row or set(row[row.index(END) :]) == {END}


def test_greedy_reads_its_own_letters_and_leaves_padding_alone():
    model, params, x = small()
    how = {"start": START, "end": END, "limit": 6}
    written, _ = greedy(x[None], params, model=model, **how)
    logits, _ = model.forward(x[None], np.array([[START, *written[0, :-1]]]), params)
    np.testing.assert_array_equal(logits[0].argmax(axis=1), written[0])
    mask = np.array([[True] * 4 + [False] * 3])
    padded, weights = greedy(np.array([[*x, 0, 0, 0]]), params, model=model, mask=mask, **how)
    np.testing.assert_array_equal(padded, written)
    assert not weights[:, :, 4:].any()


def test_an_answer_of_one_letter_has_weights_too():
    model, params, x = small()
    written, weights = greedy(x[None], params, model=model, start=START, end=END, limit=1)
    assert (written.shape, weights.shape) == ((1, 1), (1, 1, 4))
    assert_allclose(weights.sum(axis=2), 1)


def test_without_attention_there_are_no_weights():
    model = Seq2Seq(gru, 3)
    params = model.init_params(4, 4, 5, rng=np.random.default_rng(0))
    _, weights = greedy(np.zeros((2, 3), int), params, model=model, start=START, end=END, limit=2)
    assert weights is None


def test_log_softmax_does_not_overflow():
    logits = np.array([[1000.0, 0.0], [1.0, 2.0]])
    assert_allclose(log_softmax(logits)[0], [0, -1000])
    assert_allclose(np.exp(log_softmax(logits)[1]), softmax(logits[1]))


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="limit must be at least 1"):
        search(1, limit=0)
    with pytest.raises(ValueError, match="width must be at least 1"):
        search(0)
    with pytest.raises(ValueError, match="width must be an integer"):
        search(1.5)
    for alpha in (-0.1, float("nan")):
        with pytest.raises(ValueError, match="alpha must be at least 0"):
            search(1, alpha=alpha)
