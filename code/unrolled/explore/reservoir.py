"""Chapter 26: an untrained network with a fitted readout goes on by itself, beside the truth."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis.free_running import spread, valid_time
from unrolled.datasets import lorenz, mackey_glass
from unrolled.engine import reservoir, rnn
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

ALL, ONE, BLOOD = "x, y, z", "x alone", "Mackey–Glass"
RADII, SCALES, RIDGES = (0.0, 0.4, 0.8, 1.2, 1.6), (0.1, 0.3, 1.0), (1e-10, 1e-7, 1e-4)
H, T, WASHOUT, STARTS = 200, 3000, 200, 20
BEFORE, STEPS, LONG, EVERY = 60, 620, 1600, 2  # drawn: steps before and after; of the truth; each
LATE = {ALL: 0, ONE: 6, BLOOD: 17}  # steps between the two axes, where only one number is seen
LYAPUNOV = 0.906 * 0.02  # per step (Sprott 2003)
SAME = -6  # decades of a distance below which two states are one
EDGE, FINE = 3.2, 50  # standard deviations that are drawn, and parts of one that the eye can see
SEED, SHOWN = 1, 17


@cache
def series(seen):
    """What is learned from, (1, n, D), and what is forecast, (STARTS, n, D), in its deviations."""
    rng = np.random.default_rng(SEED)
    draw = mackey_glass if seen == BLOOD else lorenz
    learned, other = (
        draw(N, WASHOUT + n, rng=rng) for N, n in ((1, T + 1), (STARTS, max(STEPS, LONG)))
    )
    mean, deviation = spread(learned)
    first = slice(0, 1) if seen == ONE else slice(None)
    return tuple(((x - mean) / deviation)[:, :, first] for x in (learned, other))


@cache
def driven(radius, scale, seen):
    """A reservoir, its states while it learns (T, H), before each forecast, and what is forgotten.

    The last is the distance of two copies, one from zero and one from elsewhere, in decades.
    """
    learned, other = series(seen)
    rng = np.random.default_rng(SEED)
    params = reservoir.init_params(learned.shape[2], H, radius=radius, scale=scale, rng=rng)
    starts = np.stack([np.zeros(H), rng.uniform(-1, 1, H)])
    h, _ = rnn.forward(np.repeat(learned[:, :-1], 2, axis=0), params, (starts,))
    apart = np.sqrt(np.mean((h[0, WASHOUT + 800] - h[1, WASHOUT + 800]) ** 2))
    state = rnn.forward(other[:, :WASHOUT], params)[1].state
    return params, h[0, WASHOUT:].copy(), state, float(np.log10(max(apart, 1e-15)))


def compute(radius, scale, ridge, seen):
    """The forecast of one start, its path over the attractor, and how long forecasts hold."""
    learned, other = series(seen)
    params, h, state, gap = driven(radius, scale, seen)
    readout = reservoir.fit_readout(h, learned[0, WASHOUT + 1 :], ridge=ridge)
    outputs, _ = reservoir.generate(state, params | readout, STEPS)
    truth = other[:, WASHOUT : WASHOUT + STEPS]
    held = valid_time(outputs, truth)
    path = np.concatenate([other[SHOWN, WASHOUT - BEFORE : WASHOUT], outputs[SHOWN]])
    x, height = (rounded(axis[BEFORE:]) for axis in plane(path, seen))
    parts = min(int(held[SHOWN]), STEPS - 1)
    steps = np.arange(0, STEPS, EVERY)
    before, after = steps <= parts, steps > parts - EVERY  # they share the last step of the first
    true_x, true_height = plane(other[SHOWN, WASHOUT - BEFORE : WASHOUT + LONG - 100], seen)
    return {
        "truth": rounded(true_x[: BEFORE + STEPS : EVERY]),
        "follows": np.where(before, x[::EVERY], np.nan),
        "follows_height": np.where(before, height[::EVERY], np.nan),
        "own": np.where(after, x[::EVERY], np.nan),
        "own_height": np.where(after, height[::EVERY], np.nan),
        "true_x": rounded(true_x[BEFORE::EVERY]),
        "true_height": rounded(true_height[BEFORE::EVERY]),
        "parts_t": np.array([float(parts)]),
        "parts_x": x[[parts]],
        "parts_height": height[[parts]],
        "seen_is": "blood" if seen == BLOOD else "weather",
        "held": int(held[SHOWN]),
        "times": float(held[SHOWN] * LYAPUNOV),
        "median": float(np.median(held)),
        "median_times": float(np.median(held) * LYAPUNOV),
        "echo": "none" if radius == 0 else "yes" if gap < SAME else "no",
        "apart": 10**gap,
    }


def plane(path, seen):
    """The two axes of the attractor of a path (n, D), two arrays (n,)."""
    if seen == ALL:
        return path[:, 0], path[:, 2]
    late = LATE[seen]
    return path[:, 0], np.concatenate([np.full(late, np.nan), path[:-late, 0]])


def rounded(values):
    """What the eye can tell apart, and nothing beyond the edge of the picture."""
    return np.round(np.clip(values, -EDGE, EDGE) * FINE) / FINE


def panes():
    """The attractor with the forecast over it, and both against time."""
    smooth = {"mode": "lines", "hoverinfo": "skip"}
    attractor = go.Figure(
        [
            go.Scatter(
                **theme.bound(x="true_x", y="true_height"),
                name="the true path",
                line={"color": theme.TARGET, "width": 0.8, "shape": "spline"},
                **smooth,
            ),
            go.Scatter(
                **theme.bound(x="follows", y="follows_height"),
                name="it follows",
                line={"color": theme.FORWARD, "width": 2.6, "shape": "spline"},
                **smooth,
            ),
            go.Scatter(
                **theme.bound(x="own", y="own_height"),
                name="then a path of its own",
                line={"color": theme.BACKWARD, "width": 1.8, "dash": "dash", "shape": "spline"},
                **smooth,
            ),
            lines.marker("parts_x", "parts_height", name="here they part", symbol="circle-open"),
        ]
    )
    edge = [-EDGE, EDGE]
    attractor.update_layout(
        xaxis={"title": "x", "range": edge},
        yaxis={"title": "z (from one number: x a little earlier)", "range": edge},
        showlegend=True,
    )
    theme.describe(
        attractor,
        title="Blue while it follows the truth, orange where it goes its own way",
        alt="A green line winds around two centers like the wings of a butterfly. Over it a blue "
        "one, as long as the forecast holds, and an orange one after that.",
        height=385,
    )
    after = np.arange(0, STEPS, EVERY)
    time = lines.curves(
        np.arange(-BEFORE, STEPS, EVERY),
        {"truth": ("truth", "target")},
        title="The forecast beside the truth",
        alt="Two curves over time steps: one goes on, the other begins at step 0 and follows it.",
        x_title="time step since it was released",
        y_title="x (standard deviations)",
        height=265,
        range=edge,
    )
    for name, key, role, dash in (
        ("it follows", "follows", "forward", "dash"),
        ("then a path of its own", "own", "backward", "dashdot"),
    ):
        time.add_trace(
            go.Scatter(
                **theme.bound(x=after, y=key),
                name=name,
                mode="lines",
                line=theme.line(role, dash, 2.2),
            )
        )
    time.add_trace(lines.marker("parts_t", "parts_x", name="here they part", symbol="circle-open"))
    time.add_trace(lines.reference([0, 0], edge, name="released"))
    time.update_layout(showlegend=True)
    return [theme.wide(attractor), theme.wide(time)]


class Reservoir(Explorable):
    """A random network reads chaos, is released, and goes on alone."""

    title = "A network that is not trained"
    caption = (
        "Two hundred units with random weights read 3,000 steps. A linear readout is fitted to "
        "their states by least squares, and nothing else is learned. Then the readout’s forecast "
        "becomes the next input. The network may read all three numbers of Lorenz’s weather or "
        "one of them, and in a Lyapunov time, 55 steps, an error grows e-fold."
    )
    alt = (
        "The butterfly of Lorenz’s attractor in green, and over it the path of a network that was "
        "released: blue while it follows the true path, for hundreds of steps, then orange, on the "
        "butterfly still. Below, both against time."
    )
    controls = (
        Number("radius", "Spectral radius", RADII, 0.8),
        Number("scale", "Input scale", SCALES, 0.3),
        Number("ridge", "Ridge", RIDGES, 1e-10, texts=("10⁻¹⁰", "10⁻⁷", "10⁻⁴")),
        Choice("seen", "It reads", (ALL, ONE, BLOOD), ALL),
    )
    lines = ("verdict", "memory")
    compute, panes = compute, panes
    question = Question(
        "The weights of this network are random. It has read Lorenz’s weather, and then it is "
        "released: it reads its own forecasts and is right for hundreds of steps. Now cut every "
        "connection between its units, spectral radius 0. How long will it follow?",
        ("about as long", "a quarter as long", "for a step or two"),
        0,
        {"radius": 0.0, "scale": 0.3, "ridge": 1e-10, "seen": ALL},
        "The three numbers at one moment are all there is to know about this weather, so the past "
        "adds nothing. Now choose “x alone”.",
    )
    stories = (
        Story(
            "a butterfly",
            {"radius": 0.8, "scale": 0.3, "ridge": 1e-10, "seen": ALL},
            "Where the orange begins the forecast is over, and still the network draws the "
            "butterfly: wrong weather, right climate.",
        ),
        Story(
            "hide two of three",
            {"radius": 0.0, "scale": 1.0, "ridge": 1e-10, "seen": ONE},
            "From x alone nobody can tell what comes next without the past, and this network has "
            "none. Give it some: raise the radius.",
            ("radius",),
        ),
        Story(
            "a heavy ridge",
            {"radius": 0.8, "scale": 0.3, "ridge": 1e-4, "seen": ALL},
            "Small weights, and a readout that is almost right at every step. Almost is not "
            "enough in chaos.",
        ),
        Story(
            "blood",
            {"radius": 0.8, "scale": 0.3, "ridge": 1e-10, "seen": BLOOD},
            "What this number does depends on where it was 17 steps ago. Lower the radius "
            "and watch the forecast fail.",
            ("radius",),
        ),
    )
