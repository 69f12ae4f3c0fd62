"""Where the prose says "chapter 6", the pages link to it.

In a notebook these are plain words: no path from one notebook to another is right in Colab too.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from .glossary import BOOK

NAMED = re.compile(r"\b[Cc]hapter \d+|\b[Cc]hapters \d+(?:(?:, | and | or | to )\d+)*")
LINK = re.compile(r"[Cc]hapter \d+|\d+")  # of several chapters only the numbers become links
APART = (
    nodes.title, nodes.reference, nodes.literal, nodes.FixedTextElement, addnodes.pending_xref,
)  # fmt: skip


def setup(app):
    """Add the transform below to Sphinx."""
    app.add_transform(LinkChapters)


class LinkChapters(SphinxTransform):
    """Make a link of every chapter that is named by its number, but of the page's own."""

    default_priority = 400

    def apply(self, **options):
        """Do it for the page that is being read."""
        pages = chapters()
        for text in list(self.document.findall(nodes.Text)):
            if not isinstance(text.parent, APART) and NAMED.search(text):
                text.parent.replace(text, linked(str(text), pages, self.env.docname))


def chapters():
    """The pages of the chapters, by number."""
    return {int(path.stem[:2]): path.stem for path in BOOK.glob("[0-9][0-9]-*.ipynb")}


def linked(text, pages, here):
    """The text as nodes, with a link in place of every other chapter that it names.

    Raises ValueError if it names a chapter that is not there.
    """
    found, done = [], 0
    for phrase in NAMED.finditer(text):
        for name in LINK.finditer(text, *phrase.span()):
            number = int(name[0].split()[-1])
            if number not in pages:
                raise ValueError(f"{here} names chapter {number}; there are {len(pages)}")
            if pages[number] != here:
                found += [nodes.Text(text[done : name.start()]), link(name[0], pages[number])]
                done = name.end()
    return [*found, nodes.Text(text[done:])]


def link(words, page):
    """A link to a page, which Sphinx resolves later and complains of if it is not there."""
    return addnodes.pending_xref(
        "", nodes.inline("", words),
        refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=True,
    )  # fmt: skip
