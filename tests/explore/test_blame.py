"""The numbers on the picture are the gradient, and they tell the story of the chapter."""

import numpy as np
import pytest
from unrolled.explore import Blame
from unrolled.explore.blame import EACH, END, LETTERS, W_HY


def loss(word, asked, w_xh, w_hh):
    """By itself: the cross-entropy of the answers, with no help from the explorable."""
    h, total = 0.0, 0.0
    for t, letter in enumerate(word, 1):
        h = np.tanh(w_xh * LETTERS[letter] + w_hh * h)
        if asked == EACH or t == 3:
            sign = 1 if word[0] == "m" else -1
            total += np.log1p(np.exp(-sign * W_HY * h))
    return total


@pytest.mark.parametrize("word", ["man", "fan"])
@pytest.mark.parametrize("asked", [END, EACH])
@pytest.mark.parametrize("w_xh", [-1.0, 0.4, 2.0])
@pytest.mark.parametrize("w_hh", [-1.5, 0.0, 0.5, 2.5])
def test_the_sums_are_central_differences_of_the_loss(word, asked, w_xh, w_hh):
    w = Blame(word=word, asked=asked, w_xh=w_xh, w_hh=w_hh, back=3)
    place, eps = (word, asked), 1e-5
    xh = loss(*place, w_xh + eps, w_hh) - loss(*place, w_xh - eps, w_hh)
    hh = loss(*place, w_xh, w_hh + eps) - loss(*place, w_xh, w_hh - eps)
    assert w.facts["loss"] == pytest.approx(loss(*place, w_xh, w_hh))
    assert w.facts["now_xh"] == pytest.approx(xh / (2 * eps), abs=1e-8)
    assert w.facts["now_hh"] == pytest.approx(hh / (2 * eps), abs=1e-8)
    for name in ("xh", "hh"):
        assert np.nansum(w.arrays[f"share_{name}"]) == pytest.approx(w.facts[f"now_{name}"])


def test_pytorch_has_the_same_blame_at_every_state():
    torch = pytest.importorskip("torch")
    w = Blame(asked=EACH, back=3)
    w_xh = torch.tensor(1.0, dtype=torch.float64)
    states, h = [], torch.zeros((), dtype=torch.float64)
    for letter in "man":
        h = torch.tanh(w_xh * LETTERS[letter] + 0.5 * h)
        h.requires_grad_().retain_grad()
        states.append(h)
    sum(-torch.nn.functional.logsigmoid(W_HY * state) for state in states).backward()
    blame = [state.grad.item() for state in states]
    np.testing.assert_allclose(w.arrays["blame"][1:], blame, rtol=1e-12)


def test_what_comes_from_above_and_from_the_future_makes_the_blame():
    for back in (1, 2, 3):
        facts = Blame(asked=EACH, back=back).facts
        assert facts["together"] == pytest.approx(facts["from_above"] + facts["from_future"])
        assert facts["before"] == pytest.approx(facts["together"] * facts["slope"])


def test_the_last_letter_outvotes_the_two_before_it():
    shares = Blame(back=3).arrays["share_xh"][1:]
    np.testing.assert_allclose(shares, [-0.06, -0.14, 0.56], atol=0.005)
    assert shares.sum() == pytest.approx(0.36, abs=0.005)


def test_the_first_step_has_no_share_in_the_recurrent_weight():
    assert all(Blame(word=w, back=3).arrays["share_hh"][1] == 0 for w in ("man", "fan"))


def test_nothing_is_seen_of_where_the_blame_has_not_come():
    arrays = Blame(back=0).arrays
    assert all(np.isnan(arrays[key]).all() for key in ("blame", "share_xh", "sum_hh"))
    seen = [np.isfinite(Blame(back=back).arrays["blame"]).sum() for back in range(4)]
    assert seen == [0, 1, 2, 3]


def test_a_negative_weight_turns_the_blame_around_at_every_step():
    blame = Blame(w_hh=-1.0, back=3).arrays["blame"][1:]
    np.testing.assert_array_equal(np.sign(blame), [-1, 1, -1])


def test_a_hundred_updates_on_both_words_end_where_the_story_says():
    w_xh, w_hh = 1.0, 0.5
    w = Blame(back=3)
    for _ in range(100):
        found = [w.compute(word, END, w_xh, w_hh, 3) for word in ("man", "fan")]
        w_xh -= 0.05 * sum(f["now_xh"] for f in found)
        w_hh -= 0.05 * sum(f["now_hh"] for f in found)
    story = w.stories[1].values
    assert (w_xh, w_hh) == pytest.approx((story["w_xh"], story["w_hh"]), abs=0.05)
    assert w.at(**story).facts["p_end"] > 0.8
