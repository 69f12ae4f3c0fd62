"""Chapter 5: what one matrix does to an arrow, once and many times over."""

import numpy as np
import plotly.graph_objects as go

from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

STEPS = 40
MATRICES = {
    "shrinks": [[0.8, 0.1], [0.1, 0.8]],
    "turns": [[0.8, -0.6], [0.6, 0.8]],
    "shears": [[0.9, 1.5], [0.0, 0.9]],
    "folds": [[2.0, 2.0], [-2.0, -2.0]],
}
CIRCLE = np.linspace(0, 2 * np.pi, 61)
FLOOR = -12  # decades: shorter arrows are drawn there


def log10(length):
    """Logarithm to base 10, not below FLOOR."""
    return max(np.log10(length), FLOOR) if length > 0 else float(FLOOR)


def compute(matrix, slope, n, angle):
    """An arrow and a circle after n steps, and lengths after all steps as log10."""
    M = np.array(MATRICES[matrix]) * [1.0, slope]
    arrow = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    power, tips, norms = np.eye(2), [arrow], [1.0]
    ellipse = np.stack([np.cos(CIRCLE), np.sin(CIRCLE)])
    for step in range(STEPS):
        power = M @ power
        tips.append(power @ arrow)
        norms.append(norm(power))
        if step < n:
            ellipse = M @ ellipse
    tips = np.array(tips)
    lengths = [log10(np.hypot(*tip)) for tip in tips]
    most = [log10(length) for length in norms]
    radius = spectral_radius(M)
    pure = [log10(radius**k) for k in range(STEPS + 1)]
    reach = max(np.abs(tips[: n + 1]).max(), np.abs(ellipse).max(), 1e-12)
    seen = [*lengths, *most, *(p for p in pure if p > FLOOR)]
    trail = np.where(np.arange(STEPS + 1)[:, None] <= n, tips, np.nan)
    drawn = np.array([[0.0, 0.0], tips[n]]) if lengths[n] > FLOOR else np.full((2, 2), np.nan)
    return {
        "ellipse_x": ellipse[0],
        "ellipse_y": ellipse[1],
        "trail_x": trail[:, 0],
        "trail_y": trail[:, 1],
        "arrow_x": drawn[:, 0],
        "arrow_y": drawn[:, 1],
        "plane": 1.15 * np.array([-reach, reach]),
        "lengths": np.array(lengths),
        "most": np.array(most),
        "pure": np.array(pure),
        "length_range": np.array([min(seen) - 0.3, max(*seen, 1.0) + 0.3]),
        "norm": norm(M),
        "radius": radius,
        "length": lengths[n],
        "most_now": most[n],
        "left": remains(norms[n], lengths[n], most[n]),
        "fate": fate(norm(M), radius),
    }


def remains(norm, length, most):
    """What is left, after some steps, of all arrows or of this one; lengths as log10."""
    if most == FLOOR:
        return "traces" if norm else "nothing"
    return "others" if length == FLOOR else "some"


def norm(M):
    """The most that a matrix (2, 2) stretches any arrow: its largest singular value."""
    (a, b), (c, d) = M
    return float(np.hypot(a + d, b - c) + np.hypot(a - d, b + c)) / 2


def spectral_radius(M):
    """The largest absolute eigenvalue of a matrix (2, 2)."""
    (a, b), (c, d) = M
    inside = ((a - d) / 2) ** 2 + b * c
    return float(abs(a + d) / 2 + np.sqrt(inside) if inside >= 0 else np.sqrt(a * d - b * c))


def fate(norm, radius):
    """A word for what the two numbers promise."""
    if norm < 1 + 1e-9:
        return "shrinks at once" if norm < 1 - 1e-9 else "never longer"
    if radius < 1 - 1e-9:
        return "grows first"
    return "levels off" if radius < 1 + 1e-9 else "grows"


def panes():
    """The plane with arrow and ellipse, and lengths over the steps."""
    plane = go.Figure(
        [
            go.Scatter(
                **theme.bound(x="ellipse_x", y="ellipse_y"),
                name="what was a circle",
                mode="lines",
                line=theme.line("muted", "dot"),
            ),
            go.Scatter(
                **theme.bound(x="trail_x", y="trail_y"),
                name="the arrow's tips so far",
                mode="markers",
                marker={"size": 6, "color": theme.FORWARD, "opacity": 0.5},
            ),
            go.Scatter(
                **theme.bound(x="arrow_x", y="arrow_y"),
                name="the arrow",
                mode="lines+markers",
                line=theme.line("backward"),
                marker={
                    "size": [1, 14],
                    "symbol": "arrow",
                    "angleref": "previous",
                    "color": theme.BACKWARD,
                },
            ),
        ]
    )
    plane.update_layout(
        xaxis={"title": "unit 1", "zeroline": True, "constrain": "domain"},
        yaxis={"title": "unit 2", "zeroline": True, "scaleanchor": "x", "constrain": "domain"},
        showlegend=True,
    )
    theme.describe(
        plane,
        title="The arrow, and what became of a circle",
        alt="A plane with an arrow from the origin, its earlier tips, and an ellipse around it.",
        height=340,
    )
    for axis in ("xaxis", "yaxis"):
        theme.fit(plane, axis, "plane")
    lengths = lines.curves(
        np.arange(STEPS + 1),
        {
            "the arrow": ("lengths", "backward"),
            "norm of the power": ("most", "forward", "dash"),
            "radius to the power": ("pure", "target", "dashdot"),
        },
        title="Lengths, step after step",
        alt="Three curves over forty steps on a logarithmic scale, and the level 1.",
        x_title="steps",
        y_title="length",
        height=340,
        **theme.decades((FLOOR, 12)),
    )
    lengths.add_trace(lines.reference([0, STEPS], [0, 0], name="1"))
    theme.fit(lengths, "yaxis", "length_range", decades=True)
    theme.mark(lengths, "n", label="now", role="ink")
    return [plane, lengths]


class Stretch(Explorable):
    """Apply one matrix again and again, and tell its norm from its spectral radius by eye."""

    title = "One matrix, many times"
    caption = (
        "The norm, here {norm:.2f}, is how far one step can stretch the circle. The spectral "
        "radius, here {radius:.2f}, is the factor per step in the long run, and sets the slope "
        "of the green dash-dotted line on the right. Lengths below 10⁻¹² are drawn there."
    )
    alt = (
        "Left, an arrow and an ellipse that was a circle, after some steps; right, their lengths "
        "over forty steps on a logarithmic axis. A shear first lengthens the arrow and then lets "
        "it shrink; folding makes it vanish in two steps unless the second slope is below 1."
    )
    controls = (
        Choice("matrix", "A matrix that", tuple(MATRICES), "folds"),
        Number("slope", "Slope of unit 2", (), 1.0, span=(0.0, 1.0, 0.05)),
        Number("n", "Steps", (), 1, play=250, span=(0, STEPS, 1)),
        Number("angle", "Arrow points at (°)", (), 30, span=(0, 180, 5)),
    )
    compute, panes, constants = compute, panes, dict
    question = Question(
        "“Folds” sends every arrow to nothing in two steps: applied twice, it is zero. Now "
        "multiply what it does to unit 2 by 0.1, as a tanh would whose unit is nearly at its end. "
        "What does a smaller slope do?",
        ("it makes the arrow vanish sooner", "it changes nothing", "it makes the arrow grow"),
        2,
        {"matrix": "folds", "slope": 0.1, "n": 40, "angle": 30},
        "The two halves of the matrix canceled each other, and the slope has spoiled the balance: "
        "its spectral radius is 1.8 now, and the arrow grows by ten orders of magnitude in "
        "forty steps.",
    )
    stories = (
        Story(
            "both numbers below 1",
            {"matrix": "shrinks", "slope": 1.0, "n": 10, "angle": 30},
            "The norm is 0.9: no arrow in any direction can grow, not even for one step.",
        ),
        Story(
            "it only turns",
            {"matrix": "turns", "slope": 1.0, "n": 10, "angle": 30},
            "The circle stays a circle of the same size, since the norm and the radius are both 1.",
        ),
        Story(
            "first it grows",
            {"matrix": "shears", "slope": 1.0, "n": 9, "angle": 90},
            "The norm of 1.92 has its say for nine steps, and then the radius of 0.9 takes over.",
        ),
        Story(
            "nothing left in two steps",
            {"matrix": "folds", "slope": 1.0, "n": 2, "angle": 30},
            "It stretches up to fourfold, and lays everything on a line that it sends to zero. Now "
            "drag the slope of unit 2 down a little.",
            ("slope",),
        ),
    )
