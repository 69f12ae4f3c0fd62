"""Chapter 4: the blame for one answer, sent back through three steps of one unit."""

import numpy as np

from unrolled.engine.activations import sigmoid
from unrolled.figures import network

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

LETTERS = {"m": 1.0, "f": -1.0, "a": 0.5, "n": -0.5}  # what stands for each
W_HY = 2.0
T = 3
END, EACH = "at the end", "at each letter"


def constants():
    """The numbers that stand for the letters, and the weight of the readout."""
    return {"numbers": np.array(list(LETTERS.values())), "w_hy": np.array([W_HY])}


def compute(word, asked, w_xh, w_hh, back):
    """States and answers of all steps, and the blame of those that it has come back to.

    Arrays are (4,): the state of zero before the first letter, and three steps.
    """
    x = np.array([np.nan, *(LETTERS[letter] for letter in word)])
    h = np.zeros(T + 1)
    for t in range(1, T + 1):
        h[t] = np.tanh(w_xh * x[t] + w_hh * h[t - 1])
    right = float(word[0] == "m")
    p = np.where(np.arange(T + 1) < (T if asked == END else 1), np.nan, sigmoid(W_HY * h))
    above = np.where(np.isnan(p), 0.0, W_HY * (p - right))
    future, blame, da = np.zeros(T + 1), np.zeros(T + 1), np.zeros(T + 1)
    for t in range(T, 0, -1):
        blame[t] = above[t] + future[t]
        da[t] = blame[t] * (1 - h[t] ** 2)
        future[t - 1] = da[t] * w_hh
    shares = {"xh": np.append(0.0, da[1:] * x[1:]), "hh": np.append(0.0, da[1:] * h[:-1] + 0.0)}
    sums = {name: share[::-1].cumsum()[::-1] for name, share in shares.items()}
    reached = np.arange(T + 1) > T - back
    t = min(T, T + 1 - back)

    def seen(values, where):
        return np.where(where, values, np.nan)

    passed = np.append(np.nan, future[:-1])  # from each step to the one before
    passed[1] = np.nan
    largest = max(np.abs(above).max(), np.nanmax(np.abs(passed)), 1e-12)
    return {
        "x": x,
        "h": h,
        "p": p,
        "letters": np.array([np.nan, 0.5, 0.5, 0.5]),
        "answers": seen(0.5, ~np.isnan(p)),
        "blame": seen(blame, reached),
        "above": above,
        "passed": passed,
        "above_width": seen(np.abs(above) / largest, reached & ~np.isnan(p)),
        "passed_width": seen(np.abs(passed) / largest, np.append(False, reached[:-1])),
        "share_xh": seen(shares["xh"], reached),
        "share_hh": seen(shares["hh"], reached),
        "sum_xh": seen(sums["xh"], reached),
        "sum_hh": seen(sums["hh"], reached),
        "read": f" {word}",
        "t": t,
        "p_end": p[T],
        "loss": float(-np.log(np.abs(1 - right - p[~np.isnan(p)])).sum()),
        "from_above": above[t],
        "from_future": future[t],
        "together": blame[t],
        "slope": 1 - h[t] ** 2,
        "before": da[t],
        "now_xh": sums["xh"][t],
        "now_hh": sums["hh"][t],
        "wish_xh": wish(sums["xh"][t]),
        "wish_hh": wish(sums["hh"][t]),
    }


def wish(gradient):
    """Which way a weight should go against its gradient."""
    if abs(gradient) < 0.005:  # written as 0.00
        return "stay"
    return "shrink" if gradient > 0 else "grow"


def panes():
    """The unrolled unit with its numbers, the blame on its way back, and what each weight gets."""
    return [
        network.Diagram(
            title="Blue: the states. Vermilion: their blame",
            alt="A unit unrolled over three letters. Its states stand in a row of boxes, with "
            "their blame below them, and the answer above. Arrows lead back from state to state. "
            "Two rows below hold each step's share of both gradients and the sum so far.",
            length="h",
            rows=(
                network.Row("answer", "p", values="p", role="highlight"),
                network.Row("state", "h", values="h", under="blame", role="forward"),
                network.Row(
                    "input", "x", values="x", letters="read", under="x", role="muted",
                    under_role="muted", format=".1f",
                ),
                network.Row("xh", "dw_xh", values="share_xh", under="sum_xh", under_role="ink"),
                network.Row("hh", "dw_hh", values="share_hh", under="sum_hh", under_role="ink"),
            ),
            arrows=(
                network.Arrow("input", "state", strength="letters", role="muted"),
                network.Arrow("state", "state", 1, role="forward"),
                network.Arrow("state", "answer", strength="answers", role="forward"),
                network.Arrow(
                    "answer", "state", strength="above_width", role="backward", label="above",
                    format=".2f",
                ),
                network.Arrow(
                    "state", "state", -1, strength="passed_width", role="backward",
                    label="passed", format=".2f",
                ),
            ),
        )
    ]  # fmt: skip


class Blame(Explorable):
    """Send the blame for a wrong answer back through three steps and see who gets how much."""

    title = "Who is to blame?"
    caption = (
        "The letters are numbers, m = 1, f = −1, a = 0.5, n = −0.5, and p is the probability that "
        "the word began with m. The two lower rows hold what each step adds to a weight's "
        "gradient, and under it the sum so far."
    )
    alt = (
        "The unrolled network of one unit over the letters of man or fan, with the numbers of all "
        "states. A play button sends the gradient back from the answer, step by step, and shows at "
        "each state what comes from above and from the future, and what each weight gets."
    )
    controls = (
        Choice("word", "It reads", ("man", "fan"), "man"),
        Choice("asked", "It is asked", (END, EACH), END),
        Number("back", "Blame sent back", range(T + 1), 1, play=1200),
        Number("w_xh", "Weight w_xh", (), 1.0, span=(-2, 2, 0.05)),
        Number("w_hh", "Weight w_hh", (), 0.5, span=(-2.5, 2.5, 0.05)),
    )
    lines = ("verdict", "sums")
    compute, panes, constants = compute, panes, constants
    question = Question(
        "The word is man, and m gets only 0.43. The last step has voted: it adds 0.56 to the "
        "gradient of w_xh, so that weight should shrink. How do the two steps before it vote?",
        ("shrink, too", "grow, both", "the first has no vote"),
        1,
        {"word": "man", "asked": END, "w_xh": 1.0, "w_hh": 0.5, "back": 3},
        "Both vote to grow, since m and a are positive numbers and n is a negative one. But "
        "the blame has shrunk on its way, and −0.14 and −0.06 cannot make up for 0.56. The letter "
        "that came last is the loudest.",
    )
    stories = (
        Story(
            "blame from both sides",
            {"word": "man", "asked": EACH, "w_xh": 1.0, "w_hh": 0.5, "back": 3},
            "Now there is an answer at each letter. The state of step 2 gets −0.39 for its own "
            "and −0.56 from the step after it, and the two are added.",
        ),
        Story(
            "after a hundred updates",
            {"word": "man", "asked": END, "w_xh": 0.95, "w_hh": 2.05, "back": 3},
            "Trained on both words, w_hh has grown from 0.5 to about 2, the n no longer wipes out "
            "the m, and there is little blame left to send.",
        ),
        Story(
            "every step turns it around",
            {"word": "man", "asked": END, "w_xh": 1.0, "w_hh": -1.0, "back": 3},
            "Each step back multiplies the blame by w_hh, which is negative here, so its sign "
            "changes from state to state.",
        ),
    )
