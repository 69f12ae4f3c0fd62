"""Chapter 10: networks that say when as many b as a have been read, and how far they can count."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.datasets import files
from unrolled.engine import dense, gru, lstm, rnn
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

CELLS = {"RNN": rnn, "GRU": gru, "LSTM": lstm}
BY_HAND, GRU_BY_HAND = "LSTM by hand", "GRU by hand"
NETWORKS = (*CELLS, BY_HAND, GRU_BY_HAND)
TRAINED, MOST = 10, 100  # most a in training, and here
T = 3 * MOST  # letters that are read: some a, and then b up to here
T_ALL = np.arange(T + 1)
NS = np.arange(1, MOST + 1)


def by_hand():
    """An LSTM of one unit that adds for an a, takes away for a b, and says enough at zero."""
    params = {f"W_x{gate}": np.zeros((2, 1)) for gate in "ifo"}
    params |= {f"W_h{gate}": np.zeros((1, 1)) for gate in "ifgo"}
    params |= {f"b_{gate}": np.full(1, 30.0) for gate in "ifo"}  # all doors open
    params |= {"W_xg": np.array([[1.0], [-1.0]]), "b_g": np.zeros(1)}
    return params | {"W_hy": np.array([[0.0, -10.0]]), "b_y": np.array([0.0, 4.0])}


def gru_by_hand(share=0.9, size=0.01):
    """A GRU that multiplies by `share` for an a, by its inverse for a b, and says when it is back.

    Unit 1 is 1 from the first letter on. Unit 0 starts at about size / 2 times its reset gate r and
    is then a multiple of itself: z is 1/2 and n = tanh(2 r h), so small that it is 2 r h.
    """
    r = np.array([share, 1 / share]) - 0.5  # of unit 0, at an a and at a b
    params = {f"W_{side}{gate}": np.zeros((2, 2)) for side in "xh" for gate in "rzn"}
    params |= {f"b_{gate}": np.zeros(2) for gate in ("r", "z", "n", "hn")}
    params["W_xr"][:, 0] = np.log(r / (1 - r))
    params["W_xn"][:, 0] = r * size  # unit 1 takes it back as soon as it is 1
    params["W_hn"][:, 0] = 2, -size
    params["b_z"][1], params["b_n"][1] = -40, 40
    first = np.tanh(r[0] * size) / 2  # what the first a leaves
    return params | {"W_hy": np.array([[0, 30 / first], [0, 0]]), "b_y": np.array([0, -31.6])}


@cache
def model(network):
    """Its cell and parameters: those that unrolled.experiments.counting has recorded, or ours."""
    if network == BY_HAND:
        return lstm, by_hand()
    if network == GRU_BY_HAND:
        return gru, gru_by_hand()
    with np.load(files.path("results/counting.npz"), allow_pickle=False) as file:
        own = {k.split("/")[1]: v for k, v in file.items() if k.split("/")[0] == network}
    return CELLS[network], {name: value.astype(float) for name, value in own.items()}


@cache
def run(network):
    """For 1 to MOST a: what each unit holds (MOST, T + 1, H), and whether it says enough (MOST, T).

    An LSTM holds its cell, the others their state; in front is what they hold before reading.
    """
    cell, params = model(network)
    is_b = (np.arange(T) >= NS[:, None]).astype(int)
    h, tape = cell.forward(np.eye(2)[is_b], params)
    logits = dense.forward(h, params)
    held = tape.c if cell is lstm else tape.h
    return np.moveaxis(held, 0, 1), logits[..., 1] > logits[..., 0]


@cache
def unit(network):
    """The unit that follows the count best where it was trained, and 1 or -1 as it rises or falls.

    That is the one of largest correlation with a minus b over 1 to 10 a and as many b. Set by hand,
    it is the first, in a GRU with the factor that makes it 1 after one a.
    """
    if network == BY_HAND:
        return 0, 1
    if network == GRU_BY_HAND:
        return 0, 1 / run(network)[0][0, 1, 0]
    held, _ = run(network)
    count = np.minimum(T_ALL, 2 * NS[:, None] - T_ALL)
    seen = (count >= 0) & (NS[:, None] <= TRAINED)
    units = range(held.shape[2])
    follows = [np.corrcoef(held[..., k][seen], count[seen])[0, 1] for k in units]
    best = int(np.argmax(np.abs(follows)))
    return best, int(np.sign(follows[best]))


@cache
def asked(network):
    """After how many b it says enough, for 1 to MOST a; NaN where it does not before the end."""
    _, enough = run(network)
    at = enough & (np.arange(T) >= NS[:, None])
    return np.where(at.any(axis=1), at.argmax(axis=1) + 1 - NS, np.nan)


def compute(network, n):
    """What the unit holds letter by letter, and after how many b it says enough, for every n."""
    best, sign = unit(network)
    held = sign * run(network)[0][n - 1, :, best]
    is_state, says, t = model(network)[0] is not lstm, asked(network), T_ALL
    bounded = is_state and network != GRU_BY_HAND  # which never gets near its ceiling
    said = says[n - 1]
    never, last = bool(np.isnan(said)), 2 * n if np.isnan(said) else n + max(n, int(said))
    shown = np.where(t <= last, held, np.nan)
    low, high = np.nanmin(shown), 1.0 if bounded else np.nanmax(shown)
    room = 0.06 * (high - low)
    return {
        "held": shown,
        "ceiling": np.where(t <= last, 1.0 if bounded else np.nan, np.nan),
        "span": np.array([low - room, high + room]),
        "letters": np.array([-0.03 * last, 1.05 * last]),
        "asks": says,
        "ends": np.array([np.nan if never else held[n + int(said)]]),
        "ends_at": np.array([np.nan if never else n + said]),
        "said": 0 if never else int(said),
        "off": 0 if never else abs(int(said) - n),
        "how": "never" if never else "right" if said == n else "early" if said < n else "late",
        "holds": "state" if is_state else "cell",
        "most": np.abs(np.diff(held[: n + 1])).max(),
        "last": abs(held[n] - held[n - 1]),
    }


def panes():
    """What one unit holds over the letters, and after how many b each network says enough."""
    held = lines.curves(
        T_ALL,
        {"one unit": ("held", "forward")},
        title="What it holds while it reads",
        alt="A line that climbs with every a and falls with every b, under a dotted one at 1.",
        x_title="letters read",
        y_title="h, or c of an LSTM",
    )
    ceiling = lines.reference(T_ALL, None, name="ceiling of h")
    ceiling.update(y=None, meta={"y": "ceiling"})
    held.add_trace(ceiling)
    held.add_trace(lines.marker("ends_at", "ends", name="says enough", role="backward"))
    held.update_layout(showlegend=True)
    theme.fit(theme.fit(held, "yaxis", "span"), "xaxis", "letters")
    asks = lines.curves(
        NS,
        {"this network": ("asks", "backward")},
        title="How many b are enough for n a",
        alt="A curve of the b after which it says enough, over the number of a, and a diagonal.",
        x_title="a read, n",
        y_title="b until it says enough",
        range=[-2, MOST + 4],
    )
    asks.add_trace(lines.reference(NS, NS, name="as many"))
    asks.add_trace(
        go.Scatter(
            x=[TRAINED, TRAINED],
            y=[0, MOST],
            name="trained up to here",
            mode="lines",
            line=theme.line("ink", "dash", 1.2),
            hoverinfo="skip",
        )
    )
    asks.update_xaxes(range=[0, MOST + 2])
    asks.update_layout(showlegend=True)
    return [theme.mark(held, "n", label="b begin"), theme.mark(asks, "n", label="n")]


class Counter(Explorable):
    """Let a network count letters, in training and beyond."""

    title = "As many b as a"
    caption = (
        "A string of n times a and then of b: at the n-th b the network should say “enough”. The "
        "trained ones have met 1 to 10 a and never more; left is their unit that follows the count "
        "best there, its sign turned so that it climbs. The LSTM set by hand adds tanh 1 at an a "
        "and subtracts it at a b. The GRU set by hand multiplies by 0.9 and divides by it; its h "
        "is drawn as a share of what the first a left."
    )
    alt = (
        "Left, the state of one unit of a GRU dips, climbs with ten a, steeply at first and then "
        "less and less, and comes down with ten b. Right, the b until it says enough lie on the "
        "diagonal up to 12 a and stay at 12 to 16 for up to a hundred."
    )
    controls = (
        Choice("network", "The network", NETWORKS, "GRU"),
        Number("n", "How many a", [*range(1, 21), *range(25, MOST + 1, 5)], 10),
    )
    lines = ("verdict", "step")
    compute, panes = compute, panes
    question = Question(
        "This GRU was trained on 1 to 10 a and makes no mistake there: after ten a it says "
        "“enough” at the tenth b. Now let it read 30 a. At which b will it say “enough”?",
        ("at the 30th", "at the 15th", "at the 10th"),
        1,
        {"network": "GRU", "n": 30},
        "The later an a comes, the less it moves the state: 15 of them have brought this unit to "
        "0.85, and 30 to 0.96.",
        hides=(1,),
    )
    stories = (
        Story(
            "the LSTM",
            {"network": "LSTM", "n": 30},
            "Its cell has no ceiling and climbs in even steps, so that it counts far beyond what "
            "it has met.",
        ),
        Story(
            "doors held open",
            {"network": BY_HAND, "n": 90},
            "Set by hand, one unit counts without a mistake: its cell is the running sum that "
            "chapter 9 began with.",
        ),
        Story(
            "the plain RNN",
            {"network": "RNN", "n": 30},
            "It has learned to count to ten, too, and beyond that all it can tell is odd from "
            "even.",
        ),
        Story(
            "a GRU that counts",
            {"network": GRU_BY_HAND, "n": 30},
            "Set by hand, a GRU counts as well. This unit stays far below its ceiling: at each a "
            "it loses a tenth of what it holds, and at each b it gets that tenth back.",
        ),
    )
