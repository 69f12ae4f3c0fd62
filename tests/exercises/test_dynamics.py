import numpy as np
import pytest
from unrolled.analysis import lyapunov
from unrolled.engine import newton, rnn
from unrolled.exercises import check


def exponents(J):
    return np.sort(np.log(np.abs(np.linalg.eigvals(J))))[::-1]


def one_round(w, drive, guess):
    """By the engine: one unit whose input is `drive`."""
    h = np.concatenate([[0.0], guess])
    after = np.tanh(w * h[:-1] + drive)
    slope = w * (1 - after**2)
    shift = newton.tree(slope[:, None, None], (after - guess)[:, None, None])[:, 0, 0]
    return guess + shift


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("dynamics-1", 243),
        ("dynamics-2", 3),
        ("dynamics-3", exponents),
        ("dynamics-4", one_round),
    ],
)
def test_right_answers_are_right(name, answer):
    assert check(name, answer), check(name, answer)


def test_the_exponents_at_rest_are_those_of_the_chapter(rng):
    params = rnn.init_params(1, 6, rng=rng)
    params["W_hh"] *= 0.6 / np.abs(np.linalg.eigvals(params["W_hh"])).max()
    tape = rnn.forward(np.zeros((1, 2000, 1)), params)[1]
    found, _ = lyapunov.exponents(tape, params)
    np.testing.assert_allclose(found, exponents(params["W_hh"]), atol=0.01)


def test_rounds_of_the_right_answer_end_at_the_states(rng):
    drive, guess = rng.standard_normal(20), np.zeros(20)
    for _ in range(20):
        guess = one_round(1.3, drive, guess)
    params = {"W_xh": np.eye(1), "W_hh": np.array([[1.3]]), "b_h": np.zeros(1)}
    np.testing.assert_allclose(guess, rnn.forward(drive[None, :, None], params)[0][0, :, 0])


def stepped(w, drive, guess):
    return np.tanh(w * np.concatenate([[0.0], guess[:-1]]) + drive)


@pytest.mark.parametrize(
    ("name", "answer", "part"),
    [
        ("dynamics-1", 32, "stable"),
        ("dynamics-1", 33, "balance"),
        ("dynamics-1", 15, "multiply"),
        ("dynamics-2", 9, "in silence"),
        ("dynamics-2", 2, "not stable"),
        ("dynamics-3", lambda J: np.exp(exponents(J)), "logarithm"),
        ("dynamics-3", lambda J: exponents(J) / np.log(10), "decimal"),
        ("dynamics-3", lambda J: exponents(J)[::-1], "largest comes first"),
        ("dynamics-3", lambda J: np.log(np.linalg.svd(J, compute_uv=False)), "singular"),
        ("dynamics-4", stepped, "no correction"),
        ("dynamics-4", lambda w, drive, guess: guess, "wrong"),
    ],
)
def test_a_typical_mistake_gets_its_sentence(name, answer, part):
    verdict = check(name, answer)
    assert not verdict
    assert part in repr(verdict), verdict
