"""One object, two faces: a function of slider values, drawn.

In a live kernel an `Explorable` shows ipywidgets sliders above Plotly FigureWidgets and calls its
function at every move. In the HTML book it is native range inputs above figures that a small script
redraws from a table: the function evaluated over the whole grid when the book is built.
"""

from collections.abc import Hashable
from html import escape
from typing import NamedTuple

import ipywidgets as widgets
import plotly.graph_objects as go
import traitlets

from unrolled.figures import theme

from . import face
from .table import Table


class Slider(NamedTuple):
    """A control: the values it can take, how each is written, and where it starts.

    `play` is the number of milliseconds between steps of a play button, for a slider that is time.
    """

    name: str
    label: str
    values: list
    start: object
    texts: list | None = None
    play: int | None = None

    def text(self, value):
        """How a value is written beside the slider."""
        return self.texts[self.values.index(value)] if self.texts else f"{value:g}"


class Explorable:
    """A figure of one or more panes that one to eight sliders drive together.

    Parameters
    ----------
    compute : function
        Called with one keyword argument per slider; returns a dict of arrays and short texts. An
        array keeps its shape over the whole grid; pad with NaN what a figure should leave out.
    sliders : list of Slider
    panes : list of plotly.graph_objects.Figure
        Each trace says in `meta` which of its attributes are filled from which array, such as
        {"y": "norms"}.
    title, caption, alt : str
        The name, the finding with what to look at, and what a reader who cannot see it would miss.
    texts : tuple of str
        Keys of the texts to show below the figure, in order.

    The controls are attributes: `explorable.gain.value = 1.2` moves a slider and redraws.
    """

    def __init__(self, compute, sliders, panes, *, title, caption, alt, texts=()):
        if not 1 <= len(sliders) <= 8:
            raise ValueError(f"an explorable has one to eight sliders; got {len(sliders)}")
        self.compute, self.sliders, self.panes = compute, sliders, panes
        self.title, self.caption, self.alt, self.texts = title, caption, alt, texts
        for slider in sliders:
            setattr(self, slider.name, _control(slider))
            getattr(self, slider.name).observe(self._redraw, names="value")
        self._redraw()

    @property
    def values(self):
        """The value of each slider, a dict."""
        return {slider.name: getattr(self, slider.name).value for slider in self.sliders}

    def _redraw(self, change=None):
        self.result = self.compute(**self.values)
        for pane in self.panes:
            with pane.batch_update():
                for trace in pane.data:
                    trace.update({at: self.result[key] for at, key in (trace.meta or {}).items()})
        if hasattr(self, "_words"):
            self._words.value = face.words_html(self.result, self.texts)

    def table(self):
        """The function over the whole grid, as a `Table`."""
        return Table.of(self.compute, {slider.name: slider.values for slider in self.sliders})

    def to_html(self):
        """The face for a page: self-contained but for the book's script and style."""
        return face.html(self)

    def to_widget(self):
        """The face for a live kernel, an ipywidgets box."""
        if not hasattr(self, "_box"):
            self.panes = [go.FigureWidget(pane) for pane in self.panes]
            self._words = widgets.HTML(face.words_html(self.result, self.texts))
            rows = [_row(slider, getattr(self, slider.name)) for slider in self.sliders]
            panes = widgets.Box(self.panes, layout={"flex_flow": "row wrap"})
            caption = widgets.HTML(f"<p>{escape(self.caption)}</p>")
            self._box = widgets.VBox([*rows, panes, self._words, caption])
        return self._box

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self)}
        if theme.in_book():
            bundle["text/html"] = self.to_html()
        else:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.to_widget().model_id}
            bundle["application/vnd.jupyter.widget-view+json"] = view
        return bundle

    def __repr__(self):
        shown = (f"{s.name}={s.text(self.values[s.name])}" for s in self.sliders)
        return f"{type(self).__name__}({', '.join(shown)})"


class Control(widgets.SelectionSlider):
    """A slider over given values that names them when it is set to another."""

    value = traitlets.TraitType()  # ipywidgets lets None in, unchecked

    @traitlets.validate("value")
    def _validate_value(self, proposal):
        values = [value for _, value in self.options]
        if not _among(proposal.value, values):
            name = self.description
            raise traitlets.TraitError(f"{name} must be one of {values}; got {proposal.value!r}")
        return proposal.value


def _among(value, values):
    """Whether a value is one of some; an array, which has no single answer, is none of them."""
    return isinstance(value, Hashable) and value in values


def _control(slider):
    """The ipywidgets slider of a `Slider`. Raises ValueError if it cannot start where it says."""
    if not _among(slider.start, slider.values):
        raise ValueError(f"{slider.name} must be one of {slider.values}; got {slider.start!r}")
    return Control(
        options=[(slider.text(value), value) for value in slider.values],
        value=slider.start,
        description=slider.label,
        style={"description_width": "16em"},
        layout={"width": "36em", "max_width": "100%"},
    )


def _row(slider, control):
    if slider.play is None:
        return control
    last = len(slider.values) - 1
    play = widgets.Play(value=control.index, min=0, max=last, interval=slider.play)
    widgets.link((play, "value"), (control, "index"))
    return widgets.Box([control, play], layout={"flex_flow": "row wrap"})
