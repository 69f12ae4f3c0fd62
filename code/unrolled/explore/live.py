"""The view in a live notebook: one small widget for each explorable, one library for them all.

An anywidget drops every update for good if its script did not start within two seconds, as on a
busy machine. So what changes lives on a plain widget, `State`, and the anywidget is only the place
where the view is drawn.
"""

import gzip
from functools import cache

import anywidget
import ipywidgets
import traitlets

from unrolled.figures import assets
from unrolled.web.bundle import WEB

MIME = "application/vnd.jupyter.widget-view+json"


class Library(ipywidgets.Widget):
    """The scripts of all explorables of a kernel, compressed."""

    scripts = traitlets.Bytes().tag(sync=True)


class State(ipywidgets.Widget):
    """What a view shows: the values of the controls, which it sets, and the answer to them."""

    spec = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)


class View(anywidget.AnyWidget):
    """An explorable in a front end. Its script only finds the library, whose view does the rest."""

    _esm = (WEB / "widget.js").read_text(encoding="utf-8")
    library = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)


@cache
def library():
    """The one library of this kernel."""
    return Library(scripts=gzip.compress(assets.live_scripts().encode(), 6))


class Live:
    """The widgets of one explorable, which ask it for an answer when the reader moves a control."""

    def __init__(self, explorable):
        self.explorable = explorable
        self.state = State(
            spec=explorable.spec(), values=explorable.values, answer=packed(explorable)
        )
        self.view = View(library=library().model_id, state=self.state.model_id)
        self.state.observe(self._moved, names="values")

    def show(self):
        """Show where the controls stand now, because a cell has moved them."""
        with self.state.hold_sync():
            self.state.answer = packed(self.explorable)
            self.state.values = self.explorable.values

    def _moved(self, change):
        if change.new != self.explorable.values:
            self.explorable.take(change.new)
            self.state.answer = packed(self.explorable)


def packed(explorable):
    """The present answer as the view takes it: arrays as bytes, or what went wrong instead."""
    try:
        arrays, facts, _ = explorable.answer
    except Exception as error:  # a reader's own function may raise anything; the figure says so
        return {"values": explorable.values, "error": f"{type(error).__name__}: {error}"}
    return {
        "values": explorable.values,
        "arrays": {key: array.astype("<f8").tobytes() for key, array in arrays.items()},
        "shapes": {key: list(array.shape) for key, array in arrays.items()},
        "facts": facts,
    }
