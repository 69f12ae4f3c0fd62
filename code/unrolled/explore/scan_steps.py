"""Chapter 22: which steps of a linear recurrence are combined with which, level by level."""

import numpy as np
import plotly.graph_objects as go

from unrolled.engine import scan
from unrolled.figures import theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

LONGEST = 32
PAIRS = sum(map(len, scan.levels(LONGEST, "doubling")))  # the most that are drawn


def compute(method, T, level):
    """All pairs up to a level, the steps that each place holds then, and counts."""
    levels = scan.levels(T, method)
    now = min(level, len(levels))
    first = np.arange(T)  # place t holds the steps first[t] to t
    new = np.zeros(T, int)
    for pairs in levels[:now]:
        before, new = first, np.zeros(T, int)
        first = before.copy()
        for left, right in pairs:
            first[right], new[right] = before[left], before[right] - before[left]
    done = first == 0
    held = np.full((LONGEST, LONGEST), np.nan)
    for t in range(T):
        held[t, : t + 1] = 0
        held[t, first[t] : t + 1] = 1
        if new[t]:
            held[t, first[t] : first[t] + new[t]] = 2
    earlier = [(pair, k) for k in range(now - 1) for pair in levels[k]]
    these = [(pair, now - 1) for pair in levels[now - 1]] if now else []
    places = np.pad(np.arange(1.0, T + 1), (0, LONGEST - T), constant_values=np.nan)
    flags = np.pad(done, (0, LONGEST - T))
    return {
        **segments("earlier", earlier),
        **segments("these", these),
        "places": places,
        "end_x": np.array([0.3, T + 0.7]),
        "end": np.array([len(levels), len(levels)]),
        "finished": np.where(flags, now, np.nan),
        "unfinished": np.where(flags, np.nan, now),
        "height": np.array([-0.6, len(levels) + 0.6]),
        "width": np.array([0.3, T + 0.7]),
        "depth": np.array([T + 0.7, 0.3]),
        "held": held,
        "now": now,
        "levels": len(levels),
        "combined": sum(map(len, levels[:now])),
        "combinations": sum(map(len, levels)),
        "done": int(done.sum()),
        "stage": "start" if now == 0 else "end" if now == len(levels) else "middle",
        "loop": T - 1,
        "more": sum(map(len, levels)) / (T - 1),
    }


def segments(name, pairs):
    """Lines from the left step of each pair to its right step one level up, with gaps between."""
    x, y = np.full(3 * PAIRS, np.nan), np.full(3 * PAIRS, np.nan)
    for i, ((left, right), level) in enumerate(pairs):
        x[3 * i : 3 * i + 2] = left + 1, right + 1
        y[3 * i : 3 * i + 2] = level, level + 1
    return {f"{name}_x": x, f"{name}_y": y}


def panes():
    """Who is combined with whom, and what each place holds."""
    pairs = go.Figure(
        [
            go.Scatter(
                **theme.bound(x="earlier_x", y="earlier_y"),
                name="before",
                mode="lines",
                line=theme.line("muted", "dash", width=1.5),
            ),
            go.Scatter(
                **theme.bound(x="these_x", y="these_y"),
                name="at this level",
                mode="lines",
                line=theme.line("backward"),
            ),
            go.Scatter(
                **theme.bound(x="places", y="unfinished"),
                name="not yet",
                mode="markers",
                marker={"symbol": "circle-open", "size": 8, "color": theme.MUTED},
            ),
            go.Scatter(
                **theme.bound(x="places", y="finished"),
                name="finished states",
                mode="markers",
                marker={"symbol": "circle", "size": 9, "color": theme.FORWARD},
            ),
        ]
    )
    pairs.add_trace(
        go.Scatter(
            **theme.bound(x="end_x", y="end"),
            name="the last level",
            mode="lines",
            line=theme.line("muted", "dot", 1.5),
            hoverinfo="skip",
        )
    )
    whole = {"tickformat": "d", "nticks": 9, "zeroline": False}
    pairs.update_layout(
        xaxis={"title": "step t", **whole}, yaxis={"title": "level", **whole}, showlegend=True
    )
    theme.describe(
        pairs,
        title="Which steps are joined",
        alt="Lines from an earlier step to a later one, level above level, and a dot for each step "
        "that is filled when its state is finished.",
        height=360,
    )
    theme.fit(pairs, "xaxis", "width")
    theme.fit(pairs, "yaxis", "height")
    places = range(LONGEST)
    held = go.Figure(
        go.Heatmap(
            **theme.bound(z="held"),
            x=[s + 1 for s in places],
            y=[t + 1 for t in places],
            zmin=0,
            zmax=2,
            colorscale=[
                [0, theme.NEUTRAL],
                [0.33, theme.NEUTRAL],
                [0.34, theme.FORWARD],
                [0.66, theme.FORWARD],
                [0.67, theme.BACKWARD],
                [1, theme.BACKWARD],
            ],
            colorbar={
                "thickness": 10,
                "tickvals": [0, 1, 2],
                "ticktext": ["no", "yes", "new"],
                "outlinewidth": 0,
            },
            xgap=1,
            ygap=1,
            hoverinfo="skip",
        )
    )
    grid = {"showgrid": False, **whole}
    held.update_layout(xaxis={"title": "steps", **grid}, yaxis={"title": "place t", **grid})
    theme.describe(
        held,
        title="What each place holds",
        alt="A triangle with a row for each place; the steps that the place has joined so far are "
        "blue, those that this level added vermilion.",
        height=360,
    )
    theme.fit(held, "xaxis", "width")
    theme.fit(held, "yaxis", "depth")
    return [pairs, held]


class ScanSteps(Explorable):
    """Join the steps of a linear recurrence in four orders, and count the levels."""

    title = "Who waits for whom?"
    caption = (
        "A row on the right is a place, and its colored squares are the steps that it has joined "
        "into one; vermilion ones came at this level. A state is finished when its row is full "
        "back to step 1. All pairs of a level can be joined at the same time."
    )
    alt = (
        "Left, lines that join steps, level above level; right, a triangle that fills up. By "
        "doubling, sixteen steps are finished after four levels and 49 combinations; by a loop "
        "after fifteen levels of one combination."
    )
    controls = (
        Choice("method", "Order", scan.METHODS, "loop"),
        Number("T", "Steps T", (8, 16, 32), 16),
        Number("level", "Level", range(LONGEST), 3, play=500),
    )
    compute, panes = compute, panes
    lines = ("verdict", "price")
    question = Question(
        "Each state needs the state before it, so a loop takes sixteen steps one after the other: "
        "fifteen times something is joined to what came before. You may have as many helpers as "
        "you like, who all join at once; that is a level. After how many levels can all sixteen "
        "states be finished?",
        ("15: no state before the one it needs", "about 8: half of them at once", "4"),
        2,
        {"method": "doubling", "T": 16, "level": 4},
        "Two steps of this kind are one step of the same kind, and joining them needs no state. So "
        "a place can reach 1 step back, then 2, then 4, then 8, and holds sixteen.",
        corrects={
            0: "That is the loop's order. It is not the only one.",
            1: "That is one step of a better idea. Do it again.",
        },
    )
    stories = (
        Story(
            "the loop",
            {"method": "loop", "T": 16, "level": 15},
            "Fifteen levels, with one combination each: a thin staircase, and all helpers but one "
            "are idle.",
        ),
        Story(
            "double the reach",
            {"method": "doubling", "T": 16, "level": 3},
            "Every row doubles at every level. It is done after the next one, and pays with 49 "
            "combinations where the loop needs fifteen.",
        ),
        Story(
            "up the tree and down",
            {"method": "tree", "T": 32, "level": 5},
            "Up the tree, rows 2, 4, 8, 16 and 32 are finished after five levels. Play on: four "
            "more fill the gaps, and all of it takes not even twice the loop's combinations.",
            ("level",),
        ),
        Story(
            "in chunks of time",
            {"method": "chunks", "T": 16, "level": 3},
            "Four chunks of four have run side by side as if each began from nothing. Three levels "
            "pass on what each ends with, and the last one hands it to everybody.",
            ("level",),
        ),
    )
