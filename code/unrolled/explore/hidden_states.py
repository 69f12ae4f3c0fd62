"""Chapter 2: where a word of the reader's takes the state of the book's network."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis.dynamics import principal_components
from unrolled.datasets import rhymes
from unrolled.engine import dense, rnn
from unrolled.engine.losses import softmax
from unrolled.figures import lines, network, states, theme

from . import rhyme_reader
from .controls import Choice, Number, Question, Story, Word
from .explorable import Explorable

T, H = 14, rhyme_reader.H
NETWORKS = {"untrained": 0, "20 updates": 20, "trained": 400}
UNTRAINED, _, TRAINED = NETWORKS
BEHIND = 4  # steps that are drawn after the end of a word
TOGETHER = 0.1  # of half the map: the dots of a rhyme that are nearer have one label
BESIDE = [  # where a dot has its word, so that few words overlap
    "middle left", "bottom center", "top center", "bottom center", "top center",
    "middle right", "top right", "top left", "bottom right", "bottom left",
    "bottom center", "top center",
]  # fmt: skip
RHYMES = {  # and where the dots of a rhyme have theirs
    "master,<br>faster": "top center",
    "mister,<br>sister": "middle left",
    "mountain,<br>fountain": "top left",
    "function, junction": "top right",
    "reduction,<br>seduction": "bottom left",
    "generation,<br>veneration": "bottom right",
}


@cache
def constants():
    """For each network its weights, and the plane in which the ends of its words differ most."""
    known = {}
    for number, updates in enumerate(NETWORKS.values()):
        params = rhyme_reader.trained(updates)
        mean, plane = principal_components(ends(params))
        known |= {f"{key}_{number}": value for key, value in params.items()}
        known |= {f"mean_{number}": mean, f"plane_{number}": plane}
    return known


def ends(params):
    """The state after the last letter of each of the twelve words, (12, H)."""
    h, _ = rnn.forward(rhymes.load_rhymes()[0], params)
    return np.stack([h[n, len(word) - 1] for n, word in enumerate(rhymes.WORDS)])


def nearness(params):
    """How far apart rhyming words end, where 1 is the mean distance of two words."""
    last = ends(params)
    distances = np.linalg.norm(last[:, None] - last, axis=2)
    rhyming = distances[range(0, len(last), 2), range(1, len(last), 2)]
    return rhyming.mean() / distances[np.triu_indices(len(last), 1)].mean()


def twin(word):
    """The word that rhymes with it, or else the same word with another first letter."""
    if word in rhymes.WORDS:
        return rhymes.WORDS[rhymes.WORDS.index(word) ^ 1]
    return ("f" if word[0] == "m" else "m") + word[1:]


def compute(network, word, recurrent_gain, t):
    """States, what is left of the first letter, the way over the map, and what is answered."""
    number = [*NETWORKS].index(network)
    params = {key: constants()[f"{key}_{number}"] for key in ("W_xh", "b_h", "W_hy", "b_y")}
    params["W_hh"] = recurrent_gain * constants()[f"W_hh_{number}"]
    mean, plane = (constants()[f"{key}_{number}"] for key in ("mean", "plane"))
    shown, compared = (
        rnn.forward(rhymes.one_hot(each, T)[None], params)[0][0] for each in (word, twin(word))
    )
    p = softmax(dense.forward(shown[[t]], params))[0]
    first, second = p.argsort(kind="stable")[::-1][:2]
    apart = np.linalg.norm(shown - compared, axis=1)
    kept = apart / max(apart.max(), 1e-300)
    kept[len(word) + BEHIND :] = np.nan
    places = ((ends(params) - mean) @ plane).T
    path = ((shown - mean) @ plane).T
    read = np.arange(T) < len(word)
    reach = np.ceil(1.3 * max(np.abs(places).max(), np.abs(path[:, read]).max()))
    near = np.linalg.norm(places[:, ::2] - places[:, 1::2], axis=0) < TOGETHER * reach
    rhyme = np.where(near, (places[:, ::2] + places[:, 1::2]) / 2, np.nan)
    letters = word.ljust(T, "·")
    return {
        "kept": kept,
        "states": shown.T,
        "minus": states.below_zero(shown.T),
        "ends_x": places[0],
        "ends_y": places[1],
        "alone_x": np.where(near.repeat(2), np.nan, places[0]),
        "rhyme_x": rhyme[0],
        "rhyme_y": rhyme[1],
        "path_x": np.where(read, path[0], np.nan),
        "path_y": np.where(read, path[1], np.nan),
        "now_x": path[0, [t]],
        "now_y": path[1, [t]],
        "reach": np.array([-reach, reach]),
        "read": letters,
        "letters": " ".join(letters),
        "heard": letters[: t + 1],
        "first": rhymes.WORDS[first],
        "second": rhymes.WORDS[second],
        "p_first": p[first],
        "p_second": p[second],
        "doubts": bool(p[second] >= 0.005),
        "twin": twin(word),
        "apart": apart[t],
    }


def panes():
    """The map of the twelve words, all units, and what passes on of the first letter."""
    reading = network.Diagram(
        title="What passes from step to step of the first letter",
        alt="The unrolled network above the letters that it reads; arrows along it, thick where "
        "much of the difference that the first letter makes passes on.",
        length="kept",
        rows=(
            network.Row("state", "h", role="forward"),
            network.Row("input", "x", letters="read", role="muted"),
        ),
        arrows=(
            network.Arrow("input", "state", role="muted"),
            network.Arrow("state", "state", 1, strength="kept", role="forward"),
        ),
        now="t",
    )
    places = states.path(
        ("path_x", "path_y"),
        title="Where the twelve words end, and the way of yours",
        alt="A map of the states at the end of the twelve words, and a path over it.",
        limit=1,
        height=340,
    )
    dots = {"mode": "markers", "marker": {"size": 7, "color": theme.MUTED, "symbol": "diamond"}}
    places.add_trace(go.Scatter(**theme.bound(x="ends_x", y="ends_y"), name="ends", **dots))
    places.add_trace(labels("alone_x", "ends_y", rhymes.WORDS, BESIDE))
    places.add_trace(labels("rhyme_x", "rhyme_y", [*RHYMES], [*RHYMES.values()]))
    places.add_trace(lines.marker("now_x", "now_y", name="now"))
    for axis in ("xaxis", "yaxis"):
        theme.fit(places, axis, "reach")
    heat = states.heat_map(
        (H, T),
        bound=("states", "minus"),
        title="Each row is one hidden unit",
        alt=f"Heat map of {H} hidden units over {T} time steps, from -1 to 1.",
        x_title="read",
        height=340,
    )
    heat.update_layout(xaxis={"tickangle": 0})
    theme.labels(heat, "xaxis", "letters")
    theme.mark(heat, "t", label="now", role="ink")
    return [places, heat, reading]


def labels(x, y, texts, beside):
    """Words on the map, beside the places of two arrays."""
    room = {"size": 9, "opacity": 0}  # beside a dot
    look = {"mode": "markers+text", "marker": room, "textfont": {"size": 11}, "hoverinfo": "skip"}
    named = {"name": f"labels of {x}", "text": texts, "textposition": beside}
    return go.Scatter(**theme.bound(x=x, y=y), **named, **look)


class HiddenStates(Explorable):
    """Type a word and watch the state of a network of twelve words, trained or not."""

    title = "Where does your word take the state?"
    caption = (
        "Sixteen numbers are hard to look at, so the map shows them from the side from which the "
        "ends of the twelve words lie farthest apart. The arrows from h to h are as thick as the "
        "difference that the first letter still makes. A dot among the letters is silence."
    )
    alt = (
        "A map with the states at which twelve words end and the path of this word, a heat map of "
        "sixteen hidden units, and the unrolled network with the letters of the word. Without "
        "training, words with the same ending lie together; with it, all twelve lie apart."
    )
    controls = (
        Choice("network", "Network", tuple(NETWORKS), TRAINED),
        Word("word", "Your word", "master", rhymes.LETTERS, T, last="t"),
        Number("recurrent_gain", "W_hh times", (), 1.0, span=(0.0, 2.0, 0.05)),
        Number("t", "Time step t", (), 5, play=400, span=(0, T - 1, 1)),
    )
    lines = ("verdict", "compared")
    compute, panes, constants = compute, panes, constants
    question = Question(
        "Take the same network before it has learned anything, and let it read all twelve words. "
        "Which of them end close together on the map?",
        ("those that begin alike", "those that end alike", "none, for its weights are random"),
        1,
        {"network": UNTRAINED, "word": "master", "recurrent_gain": 1.0, "t": 5},
        "What came last is loud and what came first has faded: from “faster” the state was 0.99 "
        "away at the first letter, and is 0.26 away at the last. (Other random weights forget "
        "less than these, some hardly at all.) Now press “trained” and see what learning has done "
        "to the map.",
        corrects={
            0: "How they began is the longest ago.",
            2: "They are random, but the same for every word.",
        },
    )
    stories = (
        Story(
            "rhymes apart",
            {"network": TRAINED, "word": "master", "recurrent_gain": 1.0, "t": 5},
            "Now the difference that the first letter makes does not fade. It grows at the second "
            "and then stays: the network has learned to carry what it will be asked for.",
        ),
        Story(
            "memory off",
            {"network": TRAINED, "word": "master", "recurrent_gain": 0.0, "t": 5},
            "With W_hh times 0 twelve words have two places to end: one for an r and one for an n.",
        ),
        Story(
            "never met",
            {"network": TRAINED, "word": "mfster", "recurrent_gain": 1.0, "t": 5},
            "It has never seen an f after an m. It has to end somewhere, and its twelve words are "
            "all that it can say. Now type your own name.",
            ("word",),
        ),
    )
