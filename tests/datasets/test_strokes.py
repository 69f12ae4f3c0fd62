"""Practice lines: a pen that goes where its letters say."""

import numpy as np
import pytest
from unrolled.datasets import practice_lines, strokes


def points(offsets):
    return np.concatenate([[[0, 0]], np.cumsum(offsets[:, :2], axis=0)])


def test_lines_are_offsets_and_a_pen(rng):
    offsets, hands = practice_lines(4, 150, rng=rng)
    assert offsets.shape == (4, 150, 3)
    assert hands.shape == (4, 2)
    assert set(np.unique(offsets[..., 2])) == {0, 1}
    assert (hands[:, 1] > 0.6).all()


def test_the_same_seed_writes_the_same_line():
    first, second = (practice_lines(2, 80, rng=np.random.default_rng(3))[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_longer_line_of_one_hand_begins_like_a_shorter_one():
    short, long = (
        strokes.line(T, "el", slant=0, size=1, rng=np.random.default_rng(3)) for T in (40, 40)
    )
    np.testing.assert_array_equal(short, long)


@pytest.mark.parametrize(("letter", "low", "high"), [("e", 0, 1), ("l", 0, 2.2), ("g", -1.6, 0)])
def test_letters_reach_their_height(letter, low, high, rng):
    y = points(strokes.line(200, letter, slant=0, size=1, rng=rng))[:, 1]
    assert y.min() == pytest.approx(low, abs=0.35)
    assert y.max() == pytest.approx(high, abs=0.35)


@pytest.mark.parametrize(("letter", "backward"), [("e", True), ("l", True), ("g", True),
                                                  ("u", False), ("n", False)])  # fmt: skip
def test_loops_go_back_and_garlands_and_arches_never_do(letter, backward):
    path = strokes.swing(*strokes.LETTERS[letter])
    assert (np.diff(path[:, 0]) < -1e-9).any() == backward


def test_a_garland_is_round_below_and_an_arch_above():
    """The pen moves along fastest where the stroke is round."""
    along = {name: np.diff(strokes.swing(*strokes.LETTERS[name])[:, 0]) for name in "un"}
    middle = len(strokes.FINE) // 2
    assert along["u"][0] > 5 * along["u"][middle]
    assert along["n"][middle] > 5 * along["n"][0]


@pytest.mark.parametrize("slant", [-0.3, 0.0, 0.8])
def test_a_slant_moves_points_along_by_their_height(slant):
    upright, slanted = (
        points(strokes.line(300, "el", slant=s, size=1, rng=np.random.default_rng(5)))
        for s in (0, slant)
    )
    np.testing.assert_allclose(slanted[:, 1], upright[:, 1])
    moved = slanted[:, 0] - upright[:, 0]
    np.testing.assert_allclose(moved, slant * (upright[:, 1] - 0), atol=0.1)


def test_upright_lines_become_hands(rng):
    upright, none = practice_lines(3, 60, rng=np.random.default_rng(2), upright=True)
    assert (none == [0, 1]).all()
    hands = strokes.hands(3, rng=rng)
    leaning = strokes.leaned(upright, hands)
    np.testing.assert_allclose(leaning[..., 1], hands[:, 1:] * upright[..., 1])
    np.testing.assert_array_equal(leaning[..., 2], upright[..., 2])


def test_a_slant_is_found_again(rng):
    lines, hands = practice_lines(60, 240, rng=rng)
    found = strokes.slant(lines)
    assert np.corrcoef(found, hands[:, 0])[0, 1] > 0.97
    assert np.abs(found - hands[:, 0]).max() < 0.3
    assert strokes.slant(np.zeros((2, 5, 3))).tolist() == [0, 0]


def test_a_path_with_crossings(rng):
    paths = strokes.crossings(50, 40, every=4, noise=0.05, rng=rng)
    assert paths.shape == (50, 40, 3)
    np.testing.assert_allclose(np.abs(paths[..., :2]), 1, atol=0.35)
    up = np.sign(paths[..., 1]).reshape(50, 10, 4)
    assert (up == up[..., :1]).all()
    assert 0.3 < (up > 0).mean() < 0.7
    assert (paths[..., 2] == 0).all()
    error = np.mean((paths[..., :2] - [1, 0]) ** 2)
    assert error == pytest.approx(0.5 + 0.05**2, rel=0.05)
    with pytest.raises(ValueError, match="at least 1"):
        strokes.crossings(1, 4, every=0, rng=rng)


def test_size_is_a_factor():
    one, two = (
        strokes.line(90, "u", slant=0.2, size=s, rng=np.random.default_rng(1)) for s in (1, 2)
    )
    np.testing.assert_allclose(two[:, :2], 2 * one[:, :2])


def test_the_pen_is_lifted_at_the_end_of_a_word_and_then_leaps(rng):
    offsets = strokes.line(400, "eu", slant=0, size=1, rng=rng)
    ends = np.flatnonzero(offsets[:-1, 2])
    assert len(ends) > 3
    lengths = np.linalg.norm(offsets[:, :2], axis=1)
    assert (lengths[ends + 1] > 0.6).all()
    assert np.median(lengths) < 0.6


def test_what_cannot_be_written_is_refused(rng):
    with pytest.raises(ValueError, match="N >= 1 and T >= 1"):
        practice_lines(0, 5, rng=rng)
    with pytest.raises(ValueError, match="letters must be some of elgun"):
        strokes.line(10, "ez", slant=0, size=1, rng=rng)
    with pytest.raises(ValueError, match="letters must be some of elgun"):
        strokes.line(10, "", slant=0, size=1, rng=rng)
