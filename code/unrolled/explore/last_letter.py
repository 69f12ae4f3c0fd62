"""Chapter 1: two words that rhyme, read by networks that see one letter, five, or keep a state."""

from functools import cache

import numpy as np

from unrolled.datasets import rhymes
from unrolled.engine import dense, losses, optimizers, rnn, training
from unrolled.figures import lines, network

from . import rhyme_reader
from .controls import Choice, Number, Question, Story
from .explorable import Explorable

WORDS = ("master", "faster")
T = len(WORDS[0])
READERS = MEMORY, NONE, WINDOW = "a memory", "no memory", "a window"
SEES = {MEMORY: 1, NONE: 1, WINDOW: 5}  # letters at a time
FAINT = 0.15  # of a letter that is out of sight


def windows(words, letters):
    """At each step the last letters, one-hot, side by side: (N, T, 26 letters); zeros before."""
    before = np.zeros((len(words), letters - 1, words.shape[2]))
    padded = np.concatenate([before, words], axis=1)
    return np.concatenate([padded[:, i : i + words.shape[1]] for i in range(letters)], axis=2)


def train(letters, updates=400, seed=1):
    """A layer of as many units as the book's network has, trained like it on windows of letters.

    Each window is a sequence of one step, so that the state before it is always zero.
    """
    rng = np.random.default_rng(seed)
    x, targets = rhymes.load_rhymes()
    x = windows(x, letters).reshape(targets.size, 1, -1)
    params = rnn.init_params(x.shape[2], rhyme_reader.H, rng=rng)
    params |= dense.init_params(rhyme_reader.H, len(rhymes.WORDS), rng=rng)
    training.train_on_batches(
        x, targets.reshape(-1, 1), params, cell=rnn, loss=losses.cross_entropy,
        optimizer=optimizers.Adam(0.02), batch=len(x), rng=rng, epochs=updates,
    )  # fmt: skip
    return params


@cache
def probabilities(word, reader):
    """What the reader gives each of the twelve words after each letter, (T, 12)."""
    x = rhymes.one_hot(word, T)[None]
    if reader == MEMORY:
        params = rhyme_reader.trained()
    else:
        letters = SEES[reader]
        params = rhyme_reader.kept(f"window of {letters}")
        x = windows(x, letters).reshape(T, 1, -1)
    logits = training.predict(x, params, cell=rnn)[0]
    return losses.softmax(logits).reshape(T, -1)


def compute(word, reader, t):
    """Between the word and its rhyme, what share has the word after each letter; all words now."""
    n = rhymes.WORDS.index(word)
    p = probabilities(word, reader)
    shares = p[:, n] / (p[:, n] + p[:, n ^ 1])
    steps = np.arange(T)
    heard = steps <= t
    pair = np.isin(np.arange(len(rhymes.WORDS)), (n, n ^ 1))
    return {
        "all": np.ones(T),
        "share": np.where(heard, shares, np.nan),
        "seen": np.where(heard & (steps > t - SEES[reader]), 1.0, FAINT),
        "kept": np.where((steps < t) & (reader == MEMORY), 1.0, np.nan),
        **{
            f"from_{k}": np.where((steps == t - k) & (k < SEES[reader]), 0.2, np.nan)
            for k in range(1, SEES[WINDOW])
        },
        "pair": np.where(pair, p[t], np.nan),
        "others": np.where(pair, np.nan, p[t]),
        "heard": word[: t + 1],
        "sees": word[max(0, t + 1 - SEES[reader]) : t + 1],
        "letter": word[t],
        "rhyme": rhymes.WORDS[n ^ 1],
        "p_word": p[t, n],
        "p_rhyme": p[t, n ^ 1],
        "tells": "yes" if shares[t] > 0.9 else "no",
    }


def panes():
    """The letters as they come, and what is said of all twelve words."""
    reading = network.Diagram(
        title="The word against its rhyme, after each letter",
        alt="The network drawn once for each letter. Above each stands the share that the word "
        "has against its rhyme; the letters below are pale where the network cannot see them.",
        length="all",
        rows=(
            network.Row(
                "answer", "", values="share", strength="share", format=".0%", role="forward"
            ),
            network.Row("state", "", role="forward"),
            network.Row("input", "", letters="heard", strength="seen", role="muted"),
        ),
        arrows=(
            network.Arrow("input", "state", role="muted"),
            *(
                network.Arrow("input", "state", k, strength=f"from_{k}", role="muted")
                for k in range(1, SEES[WINDOW])
            ),
            network.Arrow("state", "state", 1, strength="kept", role="forward"),
            network.Arrow("state", "answer", role="forward"),
        ),
        now="t",
        origin=None,
    )
    said = lines.bars(
        rhymes.WORDS,
        {"this word and its rhyme": ("pair", "forward"), "other words": ("others", "muted", "/")},
        title="What it says at this letter",
        alt="Bars of the probabilities of twelve words.",
        y_title="probability",
        height=240,
        range=[0, 1.05],
    )
    said.update_layout(barmode="overlay", xaxis={"tickangle": -45})
    return [reading, said]


class LastLetter(Explorable):
    """Let the letters of a word come one by one, with and without a memory."""

    title = "Master or faster?"
    caption = (
        "Three networks that were trained on the same twelve words. The number above a letter says "
        "how sure the network is of the right one of the two, if it had to choose between them. "
        "Letters that it cannot see any more are pale."
    )
    alt = (
        "A network reads the six letters of master. With a memory it is sure to the end that the "
        "word is not faster. Without one it is as sure at the m, and at every letter after it the "
        "two words have equal shares. With a window of five letters only the last is too late."
    )
    controls = (
        Choice("word", "It reads", WORDS, "master"),
        Choice("reader", "It has", READERS, MEMORY),
        Number("t", "Letter", range(T), T - 1, play=500, texts=[str(n + 1) for n in range(T)]),
    )
    compute, panes = compute, panes
    question = Question(
        "The network has read m, a, s, t, e and sees the r. If it had kept nothing of the letters "
        "before, how sure could it be that the word is “master” and not “faster”?",
        ("as sure as before", "90 to 10, since it has met both words", "50 to 50"),
        2,
        {"word": "master", "reader": NONE, "t": 5},
        "All that reaches it is an r, and an r is an r in both words. It gives each of them 14%, "
        "and 14% to each of the five other words that have an r in them.",
        corrects={
            0: "What made it so sure was the m, and that is gone.",
            1: "It has met both words equally often.",
        },
    )
    stories = (
        Story(
            "one by one",
            {"word": "master", "reader": MEMORY, "t": 0},
            "Press play. The m leaves three words in the running, the a leaves one, and the "
            "network is still sure of it at the r, which says nothing about the m.",
        ),
        Story(
            "no memory",
            {"word": "faster", "reader": NONE, "t": 1},
            "Let the letters come. It tells the two words apart while it looks at the f, and "
            "never again.",
        ),
        Story(
            "one letter short",
            {"word": "master", "reader": WINDOW, "t": 5},
            "A window of five letters does well up to the e. At the r it holds “aster”, and the m "
            "has just left it.",
        ),
    )
