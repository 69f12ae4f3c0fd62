"""One look for the whole book: a color for each role, a light and a dark value of each.

Figures are built with the light values; `page_theme` tells the HTML book how to turn them dark.
"""

import plotly.graph_objects as go
import plotly.io as pio

from . import page, tables
from .audience import EXPORT, PAGE, audience

# Okabe and Ito's palette, safe for color blindness, with lighter relatives for dark pages.
COLORS = {
    "forward": ("#0072b2", "#56b4e9"),
    "backward": ("#c04a00", "#ff9350"),
    "target": ("#007a5a", "#35c79f"),
    "highlight": ("#b03f86", "#e69fc9"),
    "ink": ("#22272e", "#e6e9ed"),
    "muted": ("#69707e", "#a0a8b4"),
    "grid": ("#e3e6ea", "#343b45"),
    "neutral": ("#f6f6f4", "#20262d"),
}
PAGE_COLORS = ("#ffffff", "#121212")  # behind figures, where the page does not say
FORWARD, BACKWARD, TARGET, HIGHLIGHT, INK, MUTED, GRID, NEUTRAL = (c[0] for c in COLORS.values())

# Hidden states: always on [-1, 1], so that two heat maps can be compared.
DIVERGING = [[0.0, FORWARD], [0.5, NEUTRAL], [1.0, BACKWARD]]

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"


def template(mode="light", background=None):
    """The Plotly template for a light or dark page, transparent unless a background is given."""
    ink, muted, grid = (COLORS[role][mode == "dark"] for role in ("ink", "muted", "grid"))
    background = background or "rgba(0,0,0,0)"
    axis = {
        "gridcolor": grid,
        "zerolinecolor": grid,
        "linecolor": muted,
        "ticks": "outside",
        "tickcolor": muted,
        "title": {"standoff": 4, "font": {"size": 13}},
        "tickfont": {"size": 12},
        "automargin": True,
        "ticklabeloverflow": "allow",  # nothing sticks out, and to ask takes half of the drawing
        "exponentformat": "power",
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 14, "color": ink},
            "title": {"x": 0, "xref": "paper", "font": {"size": 15}},
            "paper_bgcolor": background,
            "plot_bgcolor": background,
            "colorway": [c[mode == "dark"] for c in list(COLORS.values())[:4]],
            "xaxis": axis,
            "yaxis": axis,
            # Room for labels such as 10 to the -12: another margin draws the whole chart again.
            "margin": {"l": 66, "r": 16, "t": 44, "b": 50},
            "legend": {
                "orientation": "h",
                "x": -0.05,  # beside the plot, where Plotly gives it the whole width
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"size": 12},
            },
            "dragmode": False,
            "hoverlabel": {"font": {"family": FONT}},
        }
    )


def use():
    """Make the book's look that of figures and tables, and HTML the form that a file holds."""
    tables.use()
    pio.templates["unrolled"] = template(background="white")
    pio.templates.default = "unrolled"
    if (who := audience()) in (PAGE, EXPORT):
        pio.renderers["unrolled-page"] = page.PageRenderer(alone=who == EXPORT)
        pio.renderers.default = "unrolled-page"


def role_css(light, dark):
    """The colors of the roles as CSS variables, by the selectors of a light and of a dark place."""
    pairs = {**COLORS, "page": PAGE_COLORS}
    rules = (
        " ".join(f"--unrolled-{role}: {pair[i]};" for role, pair in pairs.items()) for i in (0, 1)
    )
    return "".join(
        f"{place} {{ {rule} }}\n" for place, rule in zip((light, dark), rules, strict=True)
    )


def page_theme():
    """What the page's script needs: both templates, and the dark value of each light color."""
    return {
        "templates": {mode: template(mode).to_plotly_json() for mode in ("light", "dark")},
        "dark": dict(COLORS.values()),
    }


def describe(figure, *, title, alt, height=320):
    """Give a figure its finding as the title, its alternative text and its height in pixels."""
    figure.update_layout(title_text=title, meta={"alt": alt}, height=height)
    return figure


def bound(**attributes):
    """The attributes of a trace; a text in place of values is the key of an array of the answer.

    `go.Scatter(**bound(x=steps, y="norms"))` gets its y from the explorable that draws it.
    """
    keys = {name: value for name, value in attributes.items() if isinstance(value, str)}
    values = {name: value for name, value in attributes.items() if name not in keys}
    return values | ({"meta": keys} if keys else {})


def fit(figure, axis, key, *, decades=False):
    """Let an axis, "xaxis" or "yaxis", have the range that the array `key` (2,) of an answer says.

    With `decades` the axis shows logarithms to base 10, with a tick at whole powers.
    """
    ranges = figure.layout.meta.get("ranges", {}) | {axis: {"key": key, "decades": decades}}
    return figure.update_layout(meta=figure.layout.meta | {"ranges": ranges})


def labels(figure, axis, fact):
    """Let an axis have the words of `fact`, a text of an answer, as its labels at 0, 1, 2, ..."""
    named = figure.layout.meta.get("labels", {}) | {axis: fact}
    return figure.update_layout(meta=figure.layout.meta | {"labels": named})


def wide(figure):
    """Give a pane of an explorable a row to itself."""
    return figure.update_layout(meta=figure.layout.meta | {"wide": True})


def mark(figure, control, *, axis="x", label, at=None, role="highlight", foot=False):
    """A line across a figure that the reader drags: it stands at the value of a control.

    `at` lists where the control's values lie on the axis, if not where the numbers themselves do.
    With `foot` the label is at the line's lower end.
    """
    made = {"control": control, "axis": axis, "label": label, "role": role}
    made["at"] = None if at is None else [float(place) for place in at]
    made |= {"foot": True} if foot else {}
    marks = [*figure.layout.meta.get("marks", []), made]
    return figure.update_layout(meta=figure.layout.meta | {"marks": marks})


def line(role, dash="solid", width=2.5):
    """The line style of a role; full BPTT is solid, truncated dashed."""
    return {"color": COLORS[role][0], "dash": dash, "width": width}


def fill(role, pattern=""):
    """The bar style of a role, with a fill pattern where two bars would differ by color alone."""
    color = COLORS[role][0]
    return {
        "color": color,
        "pattern": {"shape": pattern, "fillmode": "overlay", "fgcolor": NEUTRAL},
    }


def decades(axis_range):
    """Axis settings for values that are already log10: ticks 10^k, at most nine of them."""
    low, high = axis_range
    return {
        "range": [low, high],
        "tick0": 0,
        "dtick": max(1, -(-(high - low) // 8)),
        "tickprefix": "10<sup>",
        "ticksuffix": "</sup>",
        "tickformat": "d",
    }
