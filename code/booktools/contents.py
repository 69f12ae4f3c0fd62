"""What the book holds, page by page: its line in the index's contents, and how long it takes.

The contents are lists in `book/index.ipynb`, one entry for each page: a link in which its title
stands, and below it one line. From there the pages take what they say about themselves to those who
link to them, and the index gets minutes and pictures.
"""

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from docutils import nodes

from .glossary import BOOK

INDEX = "index"
ENTRY = re.compile(r"^- \[(?P<title>.+)\]\((?P<page>[\w-]+)\.(?:ipynb|md)\)\n  (?P<line>.+)$", re.M)
IMAGE = re.compile(r"!\[[^\]]*\]\(images/([\w-]+\.svg)\)")
EXPLORABLE = re.compile(r"^display\([A-Z]\w+\(", re.M)
WORDS = 200  # that one reads in a minute
CELL, DRIVE = 0.25, 2.0  # minutes for a cell of code, and to play with an explorable


class Entry(NamedTuple):
    """A page of the book as the index announces it."""

    page: str
    title: str
    line: str


def setup(app):
    """Connect the functions below to Sphinx's events."""
    app.connect("env-get-outdated", lambda *_: [INDEX])  # any chapter may have become longer
    app.connect("doctree-resolved", show_pages)


def entries(text=None):
    """The entries of the contents in their order. `text` is Markdown in place of the index's."""
    text = text or "\n\n".join(prose(read(BOOK / f"{INDEX}.ipynb")))
    return [Entry(found["page"], found["title"], found["line"]) for found in ENTRY.finditer(text)]


@cache
def lines():
    """What each page says of itself in one line without markup: {page: line}."""
    _, _, book = prose(read(BOOK / f"{INDEX}.ipynb"))[0].split("\n")
    found = {INDEX: book} | {page: line for page, _, line in entries()}
    return {page: re.sub(r"[*`]", "", line) for page, line in found.items()}


def read(path):
    """The cells of a notebook, a list of dicts."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def prose(cells):
    """The text of each cell of prose."""
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def minutes(cells):
    """How long a chapter takes, by its words, cells and explorables, in fives of minutes."""
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    words = sum(len(text.split()) for text in prose(cells))
    driven = sum(len(EXPLORABLE.findall(code)) for code in codes)
    return max(5, 5 * round((words / WORDS + CELL * len(codes) + DRIVE * driven) / 5))


def diagram(cells):
    """The file of a chapter's first diagram, or None."""
    found = IMAGE.search("\n".join(prose(cells)))
    return found and found[1]


def show_pages(app, doctree, docname):
    """Give every chapter in the index's contents its picture and its minutes."""
    if docname != INDEX:
        return
    for item in doctree.findall(nodes.list_item):
        link = item.next_node(nodes.reference)
        page = Path(link.get("refuri", "") if link else "").stem
        if re.match(r"\d\d-|playground", page):
            cells = read(BOOK / f"{page}.ipynb")
            item.parent["classes"] = ["chapters"]
            item.insert(0, nodes.raw("", thumbnail(page, cells), format="html"))
            spent = nodes.inline("", f"{minutes(cells)} min", classes=["minutes"])
            item.next_node(nodes.paragraph).append(spent)


def thumbnail(page, cells):
    """An image of a chapter: its diagram, until `pictures` puts its explorable there."""
    name = diagram(cells)
    source = f"_images/{name}" if name else "_static/favicon.svg"
    return f'<img class="thumbnail" data-page="{escape(page)}" src="{source}" alt="">'
