"""Chapter 2: what the hidden units of one small network do with four inputs."""

from functools import cache

import numpy as np

from unrolled.analysis.dynamics import principal_components
from unrolled.engine import initializers, rnn
from unrolled.figures import lines, states

from .explorable import Explorable, Slider

T, H, LETTERS = 24, 12, "abcdefghijklmnopqrstuvwxyz"
WORDS = ("faster", "master")
PATTERNS = ("impulse", "sine", *WORDS)


def inputs(pattern):
    """Input sequence (1, T, 27): feature 0 is a number, features 1 to 26 are letters, one-hot."""
    x = np.zeros((1, T, 1 + len(LETTERS)))
    if pattern == "impulse":
        x[0, 0, 0] = 1
    elif pattern == "sine":
        x[0, :, 0] = np.sin(2 * np.pi * np.arange(T) / 12)
    else:
        for t, letter in enumerate(pattern):
            x[0, t, 1 + LETTERS.index(letter)] = 1
    return x


@cache
def run(input_gain, recurrent_gain):
    """Hidden states (T, H) of each pattern, and their coordinates (2, T) in one common plane."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(1 + len(LETTERS), H, rng=rng)
    params["W_xh"] *= input_gain * np.sqrt(1 + len(LETTERS))  # one input is active at a time
    params["W_hh"] *= recurrent_gain / initializers.spectral_radius(params["W_hh"])
    h = {pattern: rnn.forward(inputs(pattern), params)[0][0] for pattern in PATTERNS}
    mean, plane = principal_components(np.concatenate(list(h.values())))
    return h, {pattern: ((h[pattern] - mean) @ plane).T for pattern in PATTERNS}


def compute(input_gain, recurrent_gain, pattern, t):
    """What both panes show at one setting."""
    h, points = run(input_gain, recurrent_gain)
    length = np.linalg.norm(h[pattern][t])
    verdict = f"At step {t} the hidden state has length {length:.3f}."
    if pattern in WORDS:
        gap = np.linalg.norm(h[WORDS[0]][t] - h[WORDS[1]][t])
        verdict += f" The states after “faster” and “master” lie {gap:.3f} apart."
    return {
        "states": h[pattern].T,
        "minus": states.below_zero(h[pattern].T),
        "path_x": points[pattern][0],
        "path_y": points[pattern][1],
        "now": np.array([t, t]),
        "now_x": points[pattern][0, [t]],
        "now_y": points[pattern][1, [t]],
        "verdict": verdict,
    }


class HiddenStates(Explorable):
    """Drive a small RNN and watch its hidden units, as a heat map and as a path."""

    def __init__(self, *, input_gain=1.0, recurrent_gain=0.9, pattern="impulse", t=5):
        heat = states.heat_map(
            states.no_data(H, T),
            title="Each row is one hidden unit",
            alt="Heat map of twelve hidden units over 24 time steps, from -1 to 1.",
        )
        heat.data[0].meta, heat.data[1].meta = {"z": "states"}, {"y": "minus"}
        heat.add_trace(states.now_line(0, H).update(meta={"x": "now"}))
        path = states.path(
            states.no_data(2, T),
            title="The same states as a path through a plane",
            alt="Path of the hidden state in the plane of its first two principal components.",
            limit=3.2,
        )
        path.data[0].meta = {"x": "path_x", "y": "path_y"}
        path.add_trace(lines.marker([0], [0], name="now", meta={"x": "now_x", "y": "now_y"}))
        super().__init__(
            compute,
            [
                Slider("input_gain", "Input gain", [0.25, 0.5, 1.0, 2.0, 4.0], input_gain),
                Slider(
                    "recurrent_gain",
                    "Recurrent gain",
                    [0.0, 0.5, 0.7, 0.9, 1.1, 1.4, 2.0],
                    recurrent_gain,
                ),
                Slider("pattern", "Input", list(PATTERNS), pattern, texts=list(PATTERNS)),
                Slider("t", "Time step t", list(range(T)), t, play=180),
            ],
            [heat, path],
            title="Hidden states over time",
            caption=(
                "The recurrent gain decides how long an input is felt: at 0 its trace lasts one "
                "step, just below 1 it fades slowly, and above 1 the state never returns to zero."
            ),
            alt=(
                "A heat map of twelve hidden units over 24 steps and the path of the state in two "
                "principal components. After an impulse at step 0 the units return to zero: at "
                "once with recurrent gain 0, slowly with 0.9, never with 2."
            ),
            texts=("verdict",),
        )
