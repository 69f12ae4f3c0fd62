import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.datasets import rhymes
from unrolled.engine import bptt, dense, losses, rnn
from unrolled.explore import ThreeRegimes, rhyme_reader
from unrolled.explore.three_regimes import BLOCKS, EACH, FULL, REGIMES, TWIN, WINDOWS, WORD, T


def test_the_words_differ_in_their_first_letter_alone():
    assert WORD[1:] == TWIN[1:]
    assert WORD[0] != TWIN[0]


@pytest.mark.parametrize("e", [0, 4, 9])
@pytest.mark.parametrize("k", [1, 2, 5, 10])  # they divide T
@pytest.mark.parametrize(("regime", "k1"), [(FULL, None), (EACH, 1), (BLOCKS, None)])
def test_a_gradient_reaches_what_truncated_backward_reaches(regime, k1, k, e):
    """The loss's gradient at an input is the state's times W_xh, so both reach the same steps."""
    k1, k2 = (T, T) if regime == FULL else (k1 or k, k)
    params, x = rhyme_reader.trained(updates=0), rhymes.one_hot(WORD)[None]
    h, tape = rnn.forward(x, params)
    targets = np.full((1, T), rhymes.WORDS.index(WORD))
    dh, _ = dense.backward(losses.cross_entropy(dense.forward(h, params), targets)[1], h, params)
    dh[:, np.arange(T) != e] = 0
    dx, _, _ = bptt.truncated_backward(dh, tape, params, cell=rnn, k1=k1, k2=k2)
    answer = ThreeRegimes().at(regime=regime, k=k, e=e)
    reached = (dx[0] != 0).any(axis=1)
    assert (np.nan_to_num(answer.arrays["back"]) > 0).tolist() == reached.tolist()
    assert (answer.arrays["pairs"][:, e] == 1).tolist() == reached.tolist()
    assert answer.facts["reached"] == reached.sum()


@pytest.mark.parametrize("k", range(1, T + 1))
def test_the_state_crosses_every_cut_but_those_of_blocks_from_zero(k):
    for regime in REGIMES:
        hears = [ThreeRegimes().at(regime=regime, k=k, e=e).facts["hears"] for e in range(T)]
        crossed = k if regime == WINDOWS else T
        assert hears == ["yes"] * crossed + ["no"] * (T - crossed)


def test_a_cut_leaves_what_it_does_not_cut_off_as_it_was():
    full, cut = (ThreeRegimes().at(regime=r, k=4, e=9).arrays["back"] for r in (FULL, BLOCKS))
    assert_allclose(cut[8:], full[8:])
    assert not cut[:8].any()


@pytest.mark.parametrize("regime", [EACH, BLOCKS, WINDOWS])
def test_the_dragged_cut_lies_where_it_is_drawn(regime):
    for k in range(1, T):
        arrays = ThreeRegimes().at(regime=regime, k=k, e=9).arrays
        assert arrays["cut"][int(arrays["places"][k - 1])] == 1
    assert np.isnan(ThreeRegimes().at(regime=FULL).arrays["places"]).all()
