import numpy as np
import pytest
from unrolled.museum.touched import BLOCK, LENGTHS, MODELS, N, T, touched

EVERY = [(n, t) for n in range(N) for t in range(T)]


@pytest.mark.parametrize("exhibit", MODELS)
def test_mended_exactly_the_answer_moves_that_should(exhibit):
    for n, t in EVERY:
        _, answers, _, expected = touched(exhibit, True, n, t)
        np.testing.assert_array_equal(answers > 0, expected)


@pytest.mark.parametrize("exhibit", MODELS)
def test_broken_some_settings_show_it_and_some_do_not(exhibit):
    right = [
        np.array_equal(a > 0, e) for a, e in (touched(exhibit, False, *at)[1::2] for at in EVERY)
    ]
    assert 0 < sum(right) < len(right)


def test_swapped_a_touch_stays_in_its_step_and_runs_through_the_examples():
    for n, t in EVERY:
        states = touched("batch and time swapped", False, n, t)[0] > 0
        assert set(np.argwhere(states)[:, 1]) == {t}
        assert set(np.argwhere(states)[:, 0]) == set(range(n, N))


def test_padding_is_read_by_the_broken_form_alone():
    for n, t in EVERY:
        for mended in (False, True):
            _, answers, read, expected = touched("state read from padding", mended, n, t)
            padding = t >= LENGTHS[n]
            assert expected.any() != padding
            assert (answers > 0).any() == (not padding or not mended)
            assert read.tolist() == ((LENGTHS - 1).tolist() if mended else [T - 1] * N)


def test_read_backward_only_the_last_step_reaches_the_last_step():
    for n, t in EVERY:
        states, answers, _, _ = touched("wrong end, read backward", False, n, t)
        assert np.flatnonzero(states[n]).tolist() == list(range(t + 1))
        assert (answers > 0).any() == (t == T - 1)


def test_shuffled_a_touch_stays_in_its_row_while_the_examples_move_on():
    for n, t in EVERY:
        states = touched("stateful rows shuffled", False, n, t)[0] > 0
        for block in range(T // BLOCK):
            heard = np.flatnonzero(states[:, block * BLOCK : (block + 1) * BLOCK].any(axis=1))
            row = (n + t // BLOCK) % N
            assert heard.tolist() == ([(row - block) % N] if block >= t // BLOCK else [])


def test_what_moves_is_large_enough_to_be_seen():
    for exhibit in MODELS:
        for n, t in EVERY:
            states = touched(exhibit, False, n, t)[0]
            assert states[states > 0].min() > 0.01


def test_another_exhibit_is_refused():
    with pytest.raises(ValueError, match="exhibit must be one of"):
        touched("the leaked loop variable", False, 0, 0)
