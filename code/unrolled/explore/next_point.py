"""Chapter 27: where may the pen go next, and the line that a network goes on to write."""

from functools import lru_cache

import numpy as np
import plotly.graph_objects as go

from unrolled.datasets import strokes
from unrolled.engine.decoding import sample_mixture
from unrolled.engine.mixture import biased, mixture
from unrolled.engine.training import predict
from unrolled.figures import lines, theme
from unrolled.figures.handwriting import Handwriting
from unrolled.figures.maps import FAINT_TO_FULL
from unrolled.playground.ziggurat import layers

from . import hands
from .controls import Choice, Hand, Number, Question, Story
from .explorable import Explorable

T, MOST = 180, max(hands.SIZES)  # steps in all; components that are drawn
BIASES = [0.0, 0.5, 1.0, 2.0, 4.0]
DRAWS = (1, 2, 3, 4, 5)
GRID = np.linspace(-0.9, 0.9, 73)  # offsets of the map
BLUR = (GRID[1] - GRID[0]) / 2  # so that no cloud falls between two of them
DEEP = -3.0  # decades below the peak
LOOPS, GARLANDS, ARCHES, MIXED = HANDS = (
    hands.practiced("el", 0.45, 1.0, 4),
    hands.practiced("u", 0.1, 1.2, 2),
    hands.practiced("n", 0.8, 1.0, 3),
    hands.practiced("lg", -0.25, 0.8, 5),
)
NAMES = ("loops", "garlands", "arches", "a mixed hand")


@lru_cache(maxsize=64)
def line(hand, components, bias, draw):
    """All T offsets, the outputs (T, 6 K + 1) before each of them, and how many are read."""
    params, rng = hands.network(components), np.random.default_rng([draw, 0])
    read = hands.decoded(hand)
    outputs, state = predict(read[None], params, cell=hands.CELL)
    steps, expected = [*read], [np.full(outputs.shape[2], np.nan), *outputs[0]]
    how = {"components": components, "rng": rng, "bias": bias, "floor": hands.FLOOR}
    while len(steps) < T:
        steps.append(sample_mixture(expected[-1], **how))
        outputs, state = predict(steps[-1][None, None], params, cell=hands.CELL, state=state)
        expected.append(outputs[0, 0])
    return np.array(steps), np.array(expected[:T]), len(read)


def log_density(offsets, mixed):
    """log p(dx, dy) of offsets (..., 2) under mixtures with leading axes that fit."""
    z_x, z_y = ((offsets[..., i, None] - mixed.mean[i]) / mixed.deviation[i] for i in (0, 1))
    rho = mixed.correlation
    narrow = 1 - rho**2
    Z = (z_x**2 + z_y**2 - 2 * rho * z_x * z_y) / narrow
    size = 2 * np.pi * mixed.deviation[0] * mixed.deviation[1] * np.sqrt(narrow)
    with np.errstate(divide="ignore"):
        each = np.log(mixed.weights) - np.log(size) - Z / 2
    top = each.max(axis=-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(each - top).sum(axis=-1))


def blurred(mixed):
    """A mixture at one step whose clouds are a little wider, as a map of few points needs them."""
    wide = np.hypot(mixed.deviation, BLUR)
    kept = (mixed.deviation / wide).prod(axis=0)
    return mixed._replace(deviation=wide, correlation=mixed.correlation * kept)


def cloud(mixed):
    """The components of each step side by side, (T, 6 MOST): NaN for those that are not there."""
    parts = [mixed.weights, *mixed.mean, *mixed.deviation, mixed.correlation]
    missing = MOST - mixed.weights.shape[-1]
    wide = [np.pad(part, ((0, 0), (0, missing)), constant_values=np.nan) for part in parts]
    return np.concatenate(wide, axis=1)


def compute(hand, components, bias, draw, t):
    """The line, what each of its steps cost, and where the pen may go at one of them."""
    steps, outputs, read = line(hand, components, bias, draw)
    mixed = mixture(outputs, components=components, floor=hands.FLOOR)
    chances = np.where(steps[:, 2] == 1, mixed.pen, 1 - mixed.pen)
    cost = -log_density(steps[:, :2], mixed) - np.log(np.maximum(chances, 1e-300))
    surer = biased(mixed, bias)
    here = surer._replace(
        weights=surer.weights[t], mean=surer.mean[:, t], deviation=surer.deviation[:, t],
        correlation=surer.correlation[t], pen=surer.pen[t],
    )  # fmt: skip
    grid = np.stack(np.meshgrid(GRID, GRID), axis=-1)
    logs = log_density(grid, blurred(here)) / np.log(10)
    own = np.arange(T) >= read
    known = here.weights[here.weights > 0]
    lean, own_lean = (
        float(np.degrees(np.arctan(strokes.slant(part)))) for part in (steps[:read], steps[read:])
    )
    swings = [swing(part) for part in (steps[:read], steps[read:])]
    return {
        "steps": steps,
        "clouds": cloud(surer),
        "map": np.maximum(logs - logs.max(), DEEP),
        "taken_x": np.clip(steps[[t], 0], GRID[0], GRID[-1]),
        "taken_y": np.clip(steps[[t], 1], GRID[0], GRID[-1]),
        "read_cost": np.where(own, np.nan, cost),
        "own_cost": np.where(own, cost, np.nan),
        "cost_range": np.array([np.nanmin(cost) - 0.5, min(np.nanmax(cost), 12.0) + 0.5]),
        "read": read,
        "phase": "its own" if t >= read else "yours",
        "cost": float(cost[t]),
        "sign": "below" if cost[t] < 0 else "above",
        "ways": float(np.exp(-(known * np.log(known)).sum())),
        "lift": float(here.pen),
        "lean": lean,
        "own_lean": own_lean,
        "swings": "yes" if swings[0] > 0 else "no",
        "ratio": swings[1] / swings[0] if swings[0] > 0 else 0.0,
    }


def swing(offsets):
    """The deviation of dy while the pen is down; 0 where it never is."""
    down = offsets[offsets[:, 2] == 0, 1]
    return float(down.std()) if len(down) else 0.0


@lru_cache(maxsize=1)
def constants():
    """The weights of both networks, and the table that normal numbers are drawn with."""
    known = {"layers": np.array(layers())}
    for size in hands.SIZES:
        known[f"codes_{size}"], known[f"steps_{size}"] = hands.packed(size)
    return known


def panes():
    """The line, a map of the next offset, and what every step cost."""
    written = Handwriting(
        title="The hand, and in color how the network goes on",
        alt="A line of cursive practice; a hand begins it and a network goes on, in color.",
        offsets="steps",
        clouds="clouds",
        read="read",
        now="t",
        hand="hand",
    )
    axis = {"range": [GRID[0], GRID[-1]], "zeroline": False, "showgrid": False}
    where = go.Figure(
        [
            go.Heatmap(
                **theme.bound(z="map"), x=GRID, y=GRID, zmin=DEEP, zmax=0,
                colorscale=FAINT_TO_FULL, hoverinfo="skip",
                colorbar={
                    "thickness": 10, "outlinewidth": 0,
                    "tickvals": [DEEP, 0], "ticktext": ["hardly", "likely"],
                },
            ),
            lines.marker("taken_x", "taken_y", name="where it went", symbol="cross-open"),
        ]
    )  # fmt: skip
    where.update_layout(
        xaxis={"title": "along", **axis},
        yaxis={"title": "up", **axis},
        showlegend=True,
    )
    theme.describe(
        where,
        title="Where the pen may go next",
        alt="A map of the next offset: dark where the network thinks the pen will go.",
        height=195,
    )
    cost = lines.curves(
        np.arange(T),
        {"of the hand": ("read_cost", "ink"), "of its own": ("own_cost", "highlight", "dash")},
        title="What every step costs it",
        alt="A line of nats over 180 steps: low within a stroke, with peaks where letters begin.",
        x_title="step",
        y_title="nats",
        height=195,
    )
    theme.fit(cost, "yaxis", "cost_range")
    return [written, where, theme.mark(cost, "t", label="the ring", role="highlight")]


class NextPoint(Explorable):
    """Let a network go on in a hand, and ask at any step where the pen may go."""

    title = "It goes on in your hand"
    caption = (
        "An LSTM of 64 units guesses the next offset of the pen: a cloud of places, and the chance "
        "that it is lifted. To write, it draws from its guess and reads what it has drawn. Nobody "
        "told it what a letter is."
    )
    alt = (
        "Two lines of cursive writing. The first words are a hand's and black; those that follow "
        "are a network's, in color, with the same slant, size and letters. Below, a map of where "
        "the pen may go next and a line of what every step cost."
    )
    controls = (
        Hand("hand", "It reads", HANDS, ARCHES, NAMES, hands.LETTERS + hands.LIFT, hands.LONGEST),
        Choice("components", "It guesses with", hands.SIZES, 8, ("eight clouds", "one cloud")),
        Number("bias", "Bias", BIASES, 0.5),
        Choice("draw", "Draw", DRAWS, 1),
        Number("t", "Ring at step", (), 76, span=(1, T - 1, 1)),
    )
    lines = ("hand", "now")
    compute, panes, constants = compute, panes, constants
    question = Question(
        "At the end of a letter the pen may go up, for a loop, or down. A network that has a "
        "single cloud to say so, and draws from it: what becomes of its letters?",
        ("it picks up or down at random", "they get smaller and smaller", "it lifts the pen"),
        1,
        {"hand": MIXED, "components": 1, "bias": 0.5, "draw": 1, "t": 62},
        "One cloud that is to cover up and down has its middle between them, and what is drawn "
        "from it is the start of no letter. The network reads that and goes on from there, and "
        "soon it reads a hand that writes small.",
    )
    stories = (
        Story(
            "eight clouds",
            {"hand": MIXED, "components": 8, "bias": 0.5, "draw": 3, "t": 85},
            "It goes below the line and above it, and leans to the left like the hand. Drag the "
            "ring to the end of a letter, and the map falls into several places.",
            ("t",),
        ),
        Story(
            "no two alike",
            {"hand": GARLANDS, "components": 8, "bias": 0.0, "draw": 1, "t": 76},
            "The same hand, drawn anew: choose another draw. Now and then it takes up a letter "
            "that the hand does not have, and stays with it.",
            ("draw",),
        ),
        Story(
            "the neatest writing",
            {"hand": LOOPS, "components": 8, "bias": 4.0, "draw": 1, "t": 76},
            "At a bias of 4 it takes the middle of its likeliest cloud. All that is left to "
            "chance is the lifting of the pen and a fork where two clouds weigh alike. The tall "
            "loops are gone, since they are not the likeliest.",
            ("draw",),
        ),
    )
