"""Chapter 25: where a network that keeps two bits can rest, and what its gradient has of it."""

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis.gradient_flow import backward_norms, log10
from unrolled.engine import dense, rnn
from unrolled.figures import lines, theme

from . import landscape
from .controls import Number, Question, Story, Word
from .explorable import Explorable

UPDATES = landscape.UPDATES
EACH, LONGEST, T = 6, 8, 60  # steps for a letter; letters; steps in all
PUSHES = {"l": (-1, 0), "r": (1, 0), "u": (0, 1), "d": (0, -1), ".": (0, 0)}
KINDS = ("stable", "saddle", "source")
CIRCLE = np.linspace(0, 2 * np.pi, 91)
FAINTEST = -20.0  # decades


def inputs(pushes):
    """Pushes as inputs (1, T, 2): one step for each letter and EACH - 1 of silence behind it."""
    x = np.zeros((1, T, 2))
    x[0, : EACH * len(pushes) : EACH] = [PUSHES[letter] for letter in pushes]
    return x


def compute(updates, pushes, t):
    """The landscape of a network, the path of the pushes over it, and the gradient on its way."""
    number = UPDATES.index(updates)
    own = landscape.of(number)
    params, (out, flow) = landscape.weights(number), landscape.scenery(number)
    x = inputs(pushes)
    h, tape = rnn.forward(x, params)
    answers, points = dense.forward(h[0], params), dense.forward(own["points"], params)
    here = int(np.nanargmin(np.linalg.norm(own["points"] - h[0, t], axis=1)))
    values = own["real"][here], own["imaginary"][here]
    rate, kinds = float(np.hypot(*values)[0]), own["kinds"]
    pushed, right, told = asked(x[0, : t + 1], answers[t])
    dh_T = params["W_hy"][:, [int(x[0, pushed, 1] != 0)]].T
    back = backward_norms(tape.window(0, t + 1), params, dh_T)
    gradient = np.full(T, np.nan)
    gradient[: t + 1] = np.maximum(log10(back / back[-1]), FAINTEST)
    walked = np.arange(T) <= t
    drawn = np.abs([*points[np.isfinite(kinds)], *answers])
    reach = max(1.5, 1.1 * float(drawn.max()))
    arrays = {
        f"{kind}_{axis}": np.where(np.minimum(kinds, 2) == k, points[:, i], np.nan)
        for k, kind in enumerate(KINDS)
        for i, axis in enumerate("xy")
    }
    return arrays | {
        "out_x": out[0],
        "out_y": out[1],
        "flow_x": flow[0],
        "flow_y": flow[1],
        "path_x": np.where(walked, answers[:, 0], np.nan),
        "path_y": np.where(walked, answers[:, 1], np.nan),
        "now_x": answers[[t], 0],
        "now_y": answers[[t], 1],
        "plane": np.array([-reach, reach]),
        "real": values[0],
        "imaginary": values[1],
        "disc": 1.1 * np.array([-max(1.0, rate), max(1.0, rate)]),
        "gradient": gradient,
        "decades": np.array([min(-2.0, np.floor(np.nanmin(gradient))) - 0.5, 1.0]),
        "stable": int((kinds == 0).sum()),
        "saddles": int((kinds == 1).sum()),
        "sources": int((kinds > 1).sum()),
        "count": int(np.isfinite(kinds).sum()),
        "since": t - pushed,
        "horizontal": "right" if answers[t, 0] > 0 else "left",
        "vertical": "up" if answers[t, 1] > 0 else "down",
        "judged": judged(right, told),
        "left": float(gradient[pushed]),
        "kind": KINDS[min(2, int(kinds[here]))],
        "rate": rate,
    }


def asked(x, answer):
    """The step of the last push (0 if there is none), how many answers are right, and asked for."""
    pushed = np.flatnonzero(x.any(axis=1))
    last = [x[x[:, bit] != 0, bit][-1:] for bit in (0, 1)]
    right = sum(int((push * answer[bit] > 0).sum()) for bit, push in enumerate(last))
    return (int(pushed[-1]) if len(pushed) else 0), right, sum(map(len, last))


def judged(right, told):
    """A word for answers of which so many were told, and so many of these are right."""
    if right < told:
        return "wrong"
    return ("untold", "half", "right")[told]


def panes():
    """The plane of the answers, the eigenvalues of the nearest point, and the gradient."""
    way = {"mode": "lines", "hoverinfo": "skip"}
    dots = {
        "stable": ("stable", "forward", "circle"),
        "saddle": ("saddle", "backward", "diamond"),
        "source": ("source", "highlight", "square"),
    }
    place = go.Figure(
        [
            go.Scatter(
                **theme.bound(x="flow_x", y="flow_y"),
                line={"color": theme.MUTED, "width": 1},
                opacity=0.5,
                showlegend=False,
                **way,
            ),
            go.Scatter(
                **theme.bound(x="out_x", y="out_y"),
                name="ways out",
                line=theme.line("backward", width=1.8),
                **way,
            ),
            go.Scatter(
                **theme.bound(x="path_x", y="path_y"),
                name="the state",
                mode="lines+markers",
                line=theme.line("ink", width=1.6),
                marker={"size": 4, "color": theme.INK},
                showlegend=False,
            ),
            *(
                lines.marker(f"{kind}_x", f"{kind}_y", name=name, role=role, symbol=symbol)
                for kind, (name, role, symbol) in dots.items()
            ),
            go.Scatter(
                **theme.bound(x="now_x", y="now_y"),
                name="now",
                mode="markers",
                showlegend=False,
                marker={
                    "size": 20,
                    "symbol": "circle-open",
                    "color": theme.INK,
                    "line": {"width": 2},
                },
            ),
        ]
    )
    axis = {"zeroline": True, "constrain": "domain"}
    place.update_layout(
        xaxis={"title": "answer to left or right", **axis},
        yaxis={"title": "answer to down or up", "scaleanchor": "x", **axis},
        showlegend=True,
    )
    theme.describe(
        place,
        title="Where the state can rest, and the way of your pushes",
        alt="A plane of the network's two answers: stable points in its corners, saddles between "
        "them, a source in the middle, the ways that lead from these, and the path of the state.",
        height=460,
    )
    theme.wide(place)
    disc = go.Figure(
        [
            lines.reference(np.cos(CIRCLE), np.sin(CIRCLE), name="size 1"),
            lines.marker("real", "imaginary", name="eigenvalue", role="forward"),
        ]
    )
    disc.update_traces(marker_size=8, selector={"name": "eigenvalue"})
    disc.update_layout(
        xaxis={"title": "real part", **axis},
        yaxis={"title": "imaginary part", "scaleanchor": "x", **axis},
        showlegend=True,
    )
    theme.describe(
        disc,
        title="Eigenvalues at the fixed point nearest to the state",
        alt="Sixteen dots in the complex plane and the circle of size 1.",
        height=330,
    )
    for name in ("xaxis", "yaxis"):
        theme.fit(place, name, "plane")
        theme.fit(disc, name, "disc")
    gradient = lines.curves(
        np.arange(T),
        {"gradient": ("gradient", "backward")},
        title="The gradient on its way back from this answer",
        alt="Line of the gradient's length against time, on a logarithmic scale.",
        x_title="time step",
        y_title="length of the gradient",
        height=330,
        **theme.decades((FAINTEST, 2)),
    )
    theme.fit(gradient, "yaxis", "decades", decades=True)
    return [place, disc, theme.mark(gradient, "t", label="now", role="ink")]


class FixedPoints(Explorable):
    """Push the state of a network about and see between which points it moves."""

    title = "Four places to rest, five to balance"
    caption = (
        "Sixteen units, trained to say which way each of two bits was pushed last. A letter pushes "
        "for one step and is followed by five silent ones, a dot is silence alone. The plane has "
        "the two answers as its axes, so that the state is seen from the side of its readout; a "
        "ring is around it. Orange lines are the ways that leave a saddle or a source; gray ones "
        "show where a state goes that is let go in silence."
    )
    alt = (
        "A plane with four stable points in the corners of a square, four saddles in the middles "
        "of its edges and one source in its center, joined by the ways that lead out of the "
        "saddles. A path moves from corner to corner as pushes arrive. Beside it the eigenvalues "
        "at the nearest point, below it the gradient, which falls along a straight line."
    )
    controls = (
        Number("updates", "Updates", UPDATES, UPDATES[-1], texts=[f"{n:,}" for n in UPDATES]),
        Word("pushes", "Pushes: l, r, u, d or a dot", "ruld", "".join(PUSHES), LONGEST),
        Number("t", "Time step", (), 45, play=140, span=(0, T - 1, 1)),
    )
    lines = ("points", "verdict", "near")
    compute, panes, constants = compute, panes, landscape.constants
    question = Question(
        "Push right, push up, then wait for 53 steps: the network still gives both answers. Take "
        "the gradient of the second one back to its push. How much of it arrives?",
        ("about all: the bit is still there", "about a thousandth", "less than a trillionth"),
        2,
        {"updates": 1500, "pushes": "ru", "t": 59},
        "While the state rests, each step back multiplies the gradient by the same matrix, whose "
        "largest eigenvalue is 0.54. That number keeps the bit, too: it is why a state that was "
        "disturbed comes back to its corner.",
        hides=("verdict", 2),
        corrects={
            0: "The bit is, but nothing of what put it there can be told from the state.",
            1: "Chapter 5 would say so of a bit that fades; this one does not fade.",
        },
    )
    stories = (
        Story(
            "corner to corner",
            {"updates": 1500, "pushes": "ruld", "t": 0},
            "Press play. Each push throws the state over an edge, and in silence it slides into "
            "the corner; type pushes of your own.",
            ("pushes",),
        ),
        Story(
            "half a question",
            {"updates": 1500, "pushes": "r", "t": 4},
            "Nobody has pushed the second bit. The state hangs at the saddle on the right edge "
            "before it falls; drag on, and see where to.",
            ("t",),
        ),
        Story(
            "it keeps, and forgets why",
            {"updates": 1500, "pushes": "ru", "t": 59},
            "Both answers are right 53 steps after the last push, and what the gradient would "
            "tell that push is gone. The line falls as steeply as the largest eigenvalue says.",
        ),
        Story(
            "a memory is born",
            {"updates": 20, "pushes": "ruld", "t": 45},
            "After 20 updates there are two places to rest, enough for one bit. Go on to 30 and "
            "50 updates and watch the corners arrive.",
            ("updates",),
        ),
    )
