"""Chapter 25: neighbors that part, a gradient that grows, and a network run all at once."""

from functools import cache

import numpy as np

from unrolled.analysis import lyapunov
from unrolled.analysis.gradient_flow import backward_norms, log10
from unrolled.engine import newton, rnn
from unrolled.figures import lines, maps, theme

from .controls import Number, Question, Story
from .explorable import Explorable

GAINS = [0.5, 0.8, 1.0, 1.2, 1.4, 1.6, 2.0, 2.5, 3.0]
SCALES = [0.0, 0.5, 1.0, 2.0]
SIZES = [16, 64]
T, LONG, NEAR = 80, 1500, 1e-8  # steps; steps of the exponent; distance of two neighbors
EXACT, FULL = -11, 0  # decades of an error: what counts as none, and the strongest color
ROUNDS = 60  # that are drawn
LOST, LOWEST = 1e-15, -12  # a distance that is rounding; the lowest decade that is drawn
EDGE = 0.02  # an exponent that is smaller is called zero
SEED = 3


@cache
def drawn(H):
    """Parameters at a gain of 1, inputs (1, LONG, 1), a state to start from, and its neighbor."""
    rng = np.random.default_rng([SEED, H])
    params = rnn.init_params(1, H, rng=rng)
    x, state = rng.standard_normal((1, LONG, 1)), rng.uniform(-1, 1, (1, H))
    aside = rng.standard_normal((1, H))
    return params, x, state, state + NEAR * aside / np.linalg.norm(aside)


def compute(gain, scale, H):
    """Distance of two paths, length of the gradient, and the error of each round of Newton's."""
    params, x, state, neighbor = drawn(H)
    params = params | {"W_hh": gain * params["W_hh"]}
    x = scale * x
    h, tape = rnn.forward(x, params, (state,))
    (exponent,), _ = lyapunov.exponents(tape, params, count=1)
    apart = np.linalg.norm(rnn.forward(x[:, :T], params, (neighbor,))[0] - h[:, :T], axis=2)[0]
    short = tape.window(0, T)
    back = backward_norms(short, params, (neighbor - state) / NEAR)
    error = errors(x[:, :T], params, state, h[0, :T])
    curves = {
        "apart": np.where(apart > LOST, log10(apart / NEAR), np.nan),
        "gradient": log10(back[::-1] / back[-1]),
    }
    curves = {name: np.where(curve < LOWEST, np.nan, curve) for name, curve in curves.items()}
    slope = np.array([0, (T - 1) * exponent / np.log(10)])
    ends = np.concatenate([*curves.values(), np.maximum(slope, LOWEST)])
    low, high = np.floor(min(np.nanmin(ends), -1)), np.ceil(max(np.nanmax(ends), 1))
    return curves | {
        "slope": slope,
        "decades": np.array([low, high]),
        "error": error[:ROUNDS],
        "exponent": round(float(exponent), 2),
        "rounds": int(np.isfinite(error).any(axis=1).sum()),
        "fate": "calm" if exponent < -EDGE else "chaos" if exponent > EDGE else "edge",
        "factor": float(np.exp(10 * exponent)),
    }


def errors(x, params, state, h):
    """log10 of each step's largest error after each round, (T + 1, T); NaN where there is none."""
    found = np.full((T + 1, T), np.nan)
    for row, (guess, _) in zip(
        found, newton.guesses(x, params, (state,), method="loop"), strict=False
    ):
        logs = log10(np.abs(guess[1:, 0] - h).max(axis=1), -30)
        row[:] = np.where(logs > EXACT, np.minimum(np.round(logs), FULL), np.nan)
    return found


def panes():
    """Distance and gradient on one logarithmic axis, and the error over rounds and steps."""
    parting = lines.curves(
        np.arange(T),
        {
            "two neighbors, ahead": ("apart", "forward"),
            "the gradient, back": ("gradient", "backward", "dash"),
        },
        title="How far a small difference has grown",
        alt="Two lines on a logarithmic scale over the number of steps, and a dotted straight one.",
        x_title="steps",
        y_title="times as long as at first",
        height=360,
        **theme.decades((LOWEST, 9)),
    )
    level = lines.reference([0, T - 1], [0, 0], name="Lyapunov exponent")
    level.update(**theme.bound(x=[0, T - 1], y="slope"))
    parting.add_trace(level)
    theme.fit(parting, "yaxis", "decades", decades=True)
    solving = maps.strengths(
        "error",
        title="All steps at once: what is still wrong after each round",
        alt="A map of errors: rounds from top to bottom, steps from left to right. Where a cell "
        "is empty, the state is right.",
        x_title="time step",
        y_title="round",
        decades=(EXACT, FULL),
        height=360,
    )
    solving.update_traces(xgap=0, ygap=0)  # the cells are small
    return [parting, solving]


class EdgeOfChaos(Explorable):
    """Turn up the gain of a random network until neighbors part and Newton needs every step."""

    title = "The edge of chaos"
    caption = (
        "Left, two states that begin 10⁻⁸ apart, a gradient that goes as many steps back, and the "
        "slope of the Lyapunov exponent, {exponent:.2f} a step. Right, the same eighty steps "
        "computed all at once: Newton’s method guesses zero for every state and corrects all of "
        "them in each round. An empty cell is right to eleven digits."
    )
    alt = (
        "Left, the growth of a small distance and of a gradient against the number of steps, on a "
        "logarithmic axis: two wiggly lines along one straight one. Right, a map of errors: at a "
        "small gain all steps are right after a handful of rounds, in chaos a wedge of errors "
        "reaches far down."
    )
    controls = (
        Number("gain", "Recurrent gain", GAINS, 0.8),
        Number("scale", "Input scale", SCALES, 0.5),
        Number("H", "Hidden units", SIZES, 64),
    )
    lines = ("verdict", "solved")
    compute, panes = compute, panes
    question = Question(
        "Eighty steps, all guessed at once and all corrected in each round. At a gain of 0.8 five "
        "rounds make every step right. How many does it take at a gain of 3?",
        ("five as well: it is Newton’s method", "about ten", "more than forty"),
        2,
        {"gain": 3.0, "scale": 0.5, "H": 64},
        "Now a small error grows from step to step, so a guess is only good close behind what is "
        "right already, and the correct part creeps along little by little.",
        hides=("verdict", "solved", 1),
    )
    stories = (
        Story(
            "calm",
            {"gain": 0.8, "scale": 0.5, "H": 64},
            "Two neighbors become one, the gradient vanishes along the same line, and Newton needs "
            "a handful of rounds.",
        ),
        Story(
            "chaos",
            {"gain": 3.0, "scale": 0.5, "H": 64},
            "The three lines on the left rise together. The distance stops at the size of the "
            "network’s whole world; the gradient knows no such limit.",
        ),
        Story(
            "noise tames",
            {"gain": 2.0, "scale": 2.0, "H": 64},
            "Strong inputs push the units to where the tanh is flat, and a network that was "
            "chaotic alone is calm. Move the input scale to 0 and back.",
            ("scale",),
        ),
        Story(
            "around and around",
            {"gain": 2.5, "scale": 0.0, "H": 16},
            "These sixteen units go in circles, and neighbors neither meet nor part; of other "
            "networks as small, some are chaotic and some come to rest. Take sixty-four units at "
            "the same gain, and they part.",
            ("H",),
        ),
    )
