"""Chapter 23: one unit that multiplies its state by one number at a 0 and by another at a 1."""

from functools import cache

import numpy as np

from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

AT_ZERO = (0.0, 0.5, 0.9, 0.98, 1.0)
AT_ONE = (-1.0, -0.98, -0.9, -0.5, 0.0, 0.5, 0.9, 0.98, 1.0)
LENGTHS = (20, 40, 100, 256, 1000, 4000)
SHOWN, READERS, NOISE, GAIN = 40, 400, 0.01, 3.0
AFTER = ("nothing", "a tanh")


@cache
def drawn():
    """Bits (T, READERS) and the noise of every step, the same for all settings."""
    rng = np.random.default_rng(23)
    shape = (LENGTHS[-1], READERS)
    return rng.integers(0, 2, shape), NOISE * rng.standard_normal(shape)


@cache
def read(at_zero, at_one, after):
    """The state of the first reader over its first bits, and the share that is right so far.

    A state starts at 1, and is right where it is negative after an odd number of ones.
    """
    bits, noise = drawn()
    factors = np.where(bits == 1, at_one, at_zero)
    h, path, right = np.ones(READERS), [1.0], []
    odd = bits.cumsum(axis=0) % 2 == 1
    for t in range(LENGTHS[-1]):
        h = factors[t] * h + noise[t]
        if after == "a tanh":
            h = np.tanh(GAIN * h)
        if t < SHOWN:
            path.append(h[0])
        if t + 1 in LENGTHS:
            right.append(np.mean((h < 0) == odd[t]))
    return np.array(path), np.array(right)


def compute(at_zero, at_one, after, length):
    """The path of one reader, the share of all that is right, and what a state has left."""
    path, right = read(at_zero, at_one, after)
    bits = drawn()[0]
    states = np.full((2, SHOWN + 1), np.nan)
    for bit in (0, 1):
        states[bit, 1:] = np.where(bits[:SHOWN, 0] == bit, path[1:], np.nan)
    share = float(right[LENGTHS.index(length)])
    each = at_zero * abs(at_one)
    left = -300.0 if each == 0 else max(-300.0, length / 2 * float(np.log10(each)))
    if after == "a tanh":
        why = "restored" if at_one < 0 < at_zero and GAIN * min(at_zero, -at_one) > 1 else "lost"
    else:
        why = "lost" if each == 0 else "fades" if each < 1 else "holds"
    return {
        "path": path,
        "zeros": states[0],
        "ones": states[1],
        "right": 100 * right,
        "share": share,
        "left": left,
        "why": "never" if at_one > 0 else why,
    }


def panes():
    """The state of one reader, bit by bit, and how many of all know the answer."""
    t = np.arange(SHOWN + 1)
    path = lines.curves(
        t,
        {"state": ("path", "forward")},
        title="One reader: its state after each bit",
        alt="A line of the state over forty bits, with a filled mark after each 1 and an open one "
        "after each 0.",
        x_title="bits read",
        y_title="state h<sub>t</sub>",
        range=[-1.2, 1.2],
    )
    path.data[0].update(line=theme.line("muted", width=1.2))
    path.add_trace(lines.marker(t, "ones", name="after a 1", role="backward"))
    path.add_trace(lines.marker(t, "zeros", name="after a 0", role="forward", symbol="circle-open"))
    for trace in path.data[1:]:
        trace.marker.size = 7
    path.update_layout(showlegend=True)
    where = np.log10(LENGTHS)
    right = lines.curves(
        where,
        {"readers": ("right", "forward")},
        title="Readers that know whether the ones were odd",
        alt="A line of the percentage of readers whose sign is right against the bits read, and a "
        "dotted line at the 50 of a coin.",
        x_title="bits read",
        y_title="% right",
        range=[40, 103],
    )
    right.data[0].update(mode="lines+markers")
    right.add_trace(lines.reference([where[0], where[-1]], [50, 50], name="a coin"))
    right.update_layout(showlegend=True)
    right.update_xaxes(tickvals=where, ticktext=[f"{n:,}" for n in LENGTHS])
    return [path, theme.mark(right, "length", label="here", at=where, foot=True)]


class KeepOrTurn(Explorable):
    """Choose by what a unit multiplies its state at a 0 and at a 1, and see if it knows parity."""

    title = "Keep it or turn it over"
    caption = (
        "400 readers start with a state of 1 and read random bits. All that a step does is to "
        "multiply, and to add noise with a standard deviation of 0.01; if you ask for a tanh, the "
        "next state is the tanh of three times that. A reader is right if its state is negative "
        "after an odd number of ones and positive after an even one."
    )
    alt = (
        "Left, the state of one reader over forty bits: with factors of 1 at a 0 and 0.9 at a 1 "
        "it falls at every 1 and never changes its sign. Right, about half of the readers are "
        "right at every length."
    )
    controls = (
        Number("at_zero", "Factor at a 0", AT_ZERO, 1.0),
        Number("at_one", "Factor at a 1", AT_ONE, 0.9),
        Choice("after", "After each step", AFTER, "nothing"),
        Number("length", "Bits read", LENGTHS, 40, texts=[f"{n:,}" for n in LENGTHS]),
    )
    lines = ("verdict", "reason")
    compute, panes = compute, panes
    question = Question(
        "A unit may choose one factor for each 0 that it reads and another for each 1, and its "
        "sign has to tell whether the number of ones is odd. Which pair does it?",
        ("1 and 0.5", "0.9 and 0.9", "1 and −1"),
        2,
        {"at_zero": 1.0, "at_one": -1.0, "after": "nothing", "length": 1000},
        "A 0 has to leave the state alone, and a 1 has to turn it over. No gate between 0 and 1 "
        "can turn anything over: with it no bit ever changes the sign.",
        hides=("verdict", "reason", 1),
        corrects={
            0: "The state gets smaller with each 1 and never turns over, until noise is left.",
            1: "The state gets smaller with every bit, whatever the bit is.",
        },
    )
    stories = (
        Story(
            "a gate of a GRU",
            {"at_zero": 1.0, "at_one": 0.5, "after": "nothing", "length": 20},
            "It keeps at a 0 and forgets at a 1, and never turns over. After some ten bits only "
            "noise is left, and the sign tells as much as a coin.",
        ),
        Story(
            "as it is learned",
            {"at_zero": 0.98, "at_one": -0.98, "after": "nothing", "length": 40},
            "Right at 40 bits, and at 100. Now go on: 0.98 to the power of 256 is 0.006, less than "
            "the noise.",
            ("length",),
        ),
        Story(
            "exactly one",
            {"at_zero": 1.0, "at_one": -1.0, "after": "nothing", "length": 1000},
            "Nothing fades, so noise does not fade either: it adds up, and after 4,000 bits it "
            "has turned the sign of some readers.",
            ("length",),
        ),
        Story(
            "a tanh in between",
            {"at_zero": 0.5, "at_one": -0.5, "after": "a tanh", "length": 4000},
            "Half of the state is lost at every step, and a steep tanh brings it back: noise does "
            "not add up, and all readers are right. This step is not linear, and no scan can run "
            "it.",
        ),
    )
