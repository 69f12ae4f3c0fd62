"""What the pages' elements lack when Sphinx has written them, added on the parsed page.

Diagrams do not follow the theme as images, a folded answer does not say of what kind it is, and a
screen reader would say Korean words in English.
"""

import re
from html import escape

from bs4 import BeautifulSoup
from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter

from .glossary import BOOK

# A folded choice of a question says Yes or No first; any other folded text is a hint.
KINDS = {"Yes.": "choice right", "No.": "choice wrong"}
UNNAMED = "Toggle hidden content"  # where what it shows is a better name
HANGUL = re.compile(r"[가-힣]+(?:[ ,.]*[가-힣]+)*")
UNREAD = ("script", "style", "title")


class InOrder(HTMLFormatter):
    """Writes the attributes of an element in the order in which they were given."""

    def attributes(self, tag):
        """The names and values."""
        return tag.attrs.items()


WRITER = InOrder(entity_substitution=EntitySubstitution.substitute_xml)


def parsed(html):
    """The tree of a page or of a part of one."""
    return BeautifulSoup(html, "html.parser")


def written(tree):
    """The HTML of a tree or of an element."""
    return tree.decode(formatter=WRITER)


def inline_diagrams(tree):
    """Put the SVG itself in place of an image, so that it takes the page's colors."""
    for image in tree.select('img[src^="_images/"][src$=".svg"]:not(.thumbnail)'):
        name = image["src"].rpartition("/")[2]
        diagram = parsed((BOOK / "images" / name).read_text("utf-8")).svg
        diagram.attrs = {"role": "img", "aria-label": image["alt"], **diagram.attrs}
        image.replace_with(diagram)


def name_folds(tree):
    """Give a folded text its kind, which the style sheet shows by a sign and a color."""
    for summary in tree.select("details > summary"):
        text = summary.find_next_sibling()
        if not summary.parent.attrs and text is not None and text.name == "p":
            first = text.get_text().partition(" ")[0]
            summary.parent["class"] = KINDS.get(first, "hint").split()
        if summary.get("aria-label") == UNNAMED:
            del summary["aria-label"]


def mark_korean(tree):
    """Mark Korean words as such, so that a screen reader says them in Korean."""
    for text in tree.find_all(string=HANGUL):
        if text.parent.name not in UNREAD and not text.find_parent(lang="ko"):
            marked = HANGUL.sub(r'<span lang="ko">\g<0></span>', escape(text, quote=False))
            text.replace_with(parsed(marked))
