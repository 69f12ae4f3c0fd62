"""The HTML of an explorable: for pages of the book, and for a notebook that is exported."""

import itertools
from html import escape

from unrolled.figures import page

from .sentences import say

_numbers = itertools.count(1)


def pane(figure):
    """What the view needs of a Plotly figure or a diagram, as plain JSON."""
    own = hasattr(figure, "pane")
    return page.plain(figure.pane() if own else page.pane(figure.to_plotly_json()))


def html(explorable):
    """A figure element with all answers, and what is left of it without scripts.

    The first of a kind in a page has the name of its class as its id, so that the prose can link.
    """
    name = f"{type(explorable).__name__}-{next(_numbers)}"
    return (
        f'<figure class="unrolled-figure explorable" id="{name}" role="group" '
        f'aria-label="{escape(explorable.title)}" aria-describedby="{name}-alt">'
        f'{words(explorable)}<p class="alternative" id="{name}-alt">{escape(explorable.alt)}</p>'
        f"{page.script(**explorable.spec(), source=source(explorable))}</figure>"
    )


def still(explorable):
    """What it says where nothing moves: its words, its caption and its alternative text."""
    return f"<figure>{words(explorable)}<p>{escape(explorable.alt)}</p></figure>"


def words(explorable):
    """The title, the sentences and the caption of the present answer."""
    facts = explorable.values | explorable.facts
    caption = say(explorable.caption, facts, explorable.sentences)
    lines = "".join(f"<p>{escape(line)}</p>" for line in explorable.answer.sentences.values())
    return (
        f'<p class="title">{escape(explorable.title)}</p><div class="words">{lines}</div>'
        f"<figcaption>{escape(caption)}</figcaption>"
    )


def source(explorable):
    """Where a page gets its answers: from the engine's twin, or from a table."""
    if explorable.constants is None:
        return {"table": explorable.table().packed()}
    arrays = {key: page.exact(array) for key, array in explorable.constants().items()}
    return {"computed": {"name": type(explorable).__name__, "constants": arrays}}
