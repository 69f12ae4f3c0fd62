"""One look for the whole book: a color for each role, a light and a dark value of each.

Figures are built with the light values; `page_theme` tells the HTML book how to turn them dark.
"""

import os

import plotly.graph_objects as go
import plotly.io as pio

from . import page

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
        "title": {"standoff": 8, "font": {"size": 13}},
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
            "margin": {"l": 56, "r": 16, "t": 44, "b": 48},
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"size": 12},
            },
            "dragmode": False,
            "hoverlabel": {"font": {"family": FONT}},
        }
    )


def use():
    """Make the book's look Plotly's default, and the HTML face the one that a book build shows."""
    pio.templates["unrolled"] = template(background="white")
    pio.templates.default = "unrolled"
    if in_book():
        pio.renderers["unrolled-page"] = page.PageRenderer()
        pio.renderers.default = "unrolled-page"


def in_book():
    """Whether this kernel runs for the HTML book: its Sphinx extension sets the environment."""
    return bool(os.environ.get("UNROLLED_BOOK"))


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
    low, high = (int(v) for v in axis_range)
    stride = max(1, -(-(high - low) // 8))
    ticks = list(range(low, high + 1, stride))
    return {
        "range": list(axis_range),
        "tickvals": ticks,
        "ticktext": [f"10<sup>{k}</sup>".replace("-", "−") for k in ticks],
    }
