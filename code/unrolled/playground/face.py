"""The playground as something that a cell displays: a page's figure, or a widget of a notebook."""

import json
from functools import cache
from html import escape

from unrolled.figures import theme
from unrolled.figures.audience import EXPORT, LIVE, PAGE, audience
from unrolled.web.bundle import WEB, bundle, worker

from . import still
from .catalogue import catalogue
from .settings import complete, hash_of, parse
from .stories import STORIES

MIME = "application/vnd.jupyter.widget-view+json"
CATALOGUE = "globalThis.UNROLLED_PLAYGROUND"
WORKER = "globalThis.UNROLLED_PLAYGROUND_WORKER"


class Playground:
    """The playground, to be displayed.

    It trains in the reader's browser and needs no kernel; in a notebook it is a widget with the
    same scripts.

    Parameters
    ----------
    address : str
        Where it begins, as ``"task=echo&lag=10&k2=8"``. Nothing is the first story.

    Raises
    ------
    ValueError
        As `unrolled.playground.parse`.
    """

    def __init__(self, address=""):
        self.setting = parse(address) if address else complete(STORIES[0].setting)

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self)}
        who = audience()
        if who in (PAGE, EXPORT, LIVE):
            bundle["text/html"] = self.html()
        if who == LIVE:
            bundle[MIME] = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        return bundle

    def html(self):
        """A place for the page's script, and what stands there without it: the first story."""
        return (
            f'<div class="playground" data-hash="#{escape(hash_of(self.setting))}">'
            f"{still.html(complete(STORIES[0].setting))}</div>"
        )

    @property
    def view(self):
        """The widget of a live notebook."""
        import anywidget
        import traitlets

        class View(anywidget.AnyWidget):
            _esm, _css = live_script(), live_styles()
            hash = traitlets.Unicode().tag(sync=True)

        return View(hash=f"#{hash_of(self.setting)}")

    def __repr__(self):
        return f"Playground({hash_of(self.setting)!r})"


@cache
def catalogue_script():
    """The script that tells a page all that the catalogue holds."""
    return f"{CATALOGUE} = {json.dumps(catalogue(), separators=(',', ':'))};\n"


@cache
def live_script():
    """An ES module that exports `render`, for a front end that can fetch nothing."""
    text = json.dumps(worker("playground_worker.js"))
    own = f"{WORKER} ??= URL.createObjectURL(new Blob([{text}], {{type: 'text/javascript'}}));\n"
    made = f"const made = {bundle('playground_widget.js')};\n"
    return catalogue_script() + own + made + "export default { render: made.render };\n"


def live_styles():
    """The styles of the playground in a notebook, with the colors of the roles."""
    roles = theme.role_css(".playground", '.playground[data-mode="dark"]')
    return roles + (WEB / "playground.css").read_text(encoding="utf-8")
