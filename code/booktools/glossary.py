"""The glossary, the index, and the places in the chapters where a term is defined, joined.

A term is bold where a chapter defines it. `book/glossary.md` has its Korean name and its meaning.
From these two come a link target at the bold word, a link to it in the glossary, and an entry in
the index. The page has a bar of letters, which stays in view.
"""

import itertools
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import make_refnode

BOOK = Path(__file__).resolve().parents[2] / "book"
PAGE = "glossary"
FENCE = re.compile(r"```\{glossary\}\n(.*?)\n```", re.DOTALL)
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def setup(app):
    """Connect the functions below to Sphinx's events."""
    app.add_transform(MarkDefinitions)
    app.connect("env-get-outdated", lambda *_: [PAGE])
    app.connect("doctree-resolved", link_to_chapters)
    app.connect("doctree-resolved", divide)


def entries(text=None):
    """The glossary as [(term, its Korean name, meaning), ...] in the order of the page."""
    body = FENCE.search(text or (BOOK / f"{PAGE}.md").read_text(encoding="utf-8"))[1]
    found = []
    for block in body.split("\n\n"):
        term, korean, *meaning = block.splitlines()
        found.append((term, korean, " ".join(line.strip() for line in meaning)))
    return found


def term_of(bold, terms):
    """The term that a bold word stands for, perhaps capitalized or in the plural; or None."""
    word = " ".join(bold.split())
    for form in (word, word[:1].lower() + word[1:]):
        for single in (form, form.removesuffix("s"), form.removesuffix("es")):
            if single in terms:
                return single
    return None


def target(term):
    """The name of the place where a term is defined, within its page."""
    return "defined-" + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def definitions(terms, book=BOOK):
    """The chapters, file names without ending, in which each term is bold: {term: [chapter]}."""
    found = {term: [] for term in terms}
    for path in sorted(book.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                for bold in BOLD.findall("".join(cell["source"])):
                    if term := term_of(bold, terms):
                        found[term].append(path.stem)
    return found


class MarkDefinitions(SphinxTransform):
    """Give every bold term of a chapter a link target and an entry in the index."""

    default_priority = 400  # before Sphinx collects the entries of the index

    def apply(self, **options):
        """Do it for the page that is being read."""
        if self.env.docname == PAGE:
            return
        terms = {term for term, _, _ in entries()}
        for strong in list(self.document.findall(nodes.strong)):
            if term := term_of(strong.astext(), terms):
                strong["ids"].append(target(term))
                entry = ("single", term, target(term), "main", None)
                strong.parent.insert(
                    strong.parent.index(strong), addnodes.index(entries=[entry], inline=True)
                )


def link_to_chapters(app, doctree, docname):
    """Add to every term of the glossary a link to the place where it is defined."""
    if docname != PAGE:
        return
    places = definitions([term for term, _, _ in entries()])
    for item in doctree.findall(nodes.definition_list_item):
        term = item.next_node(nodes.term).astext()
        for chapter in places.get(term, [])[:1]:
            title = f"Chapter {int(chapter[:2])}"
            link = make_refnode(
                app.builder, PAGE, chapter, target(term), nodes.Text(title), f"{term} in {title}"
            )
            item.next_node(nodes.paragraph).extend([nodes.Text(" "), link])


def divide(app, doctree, docname):
    """Give the glossary a bar of letters, and a heading before the terms of each."""
    for whole in list(doctree.findall(addnodes.glossary)):
        letters = itertools.groupby(list(whole.findall(nodes.definition_list_item)), initial)
        parts = {letter: list(items) for letter, items in letters}
        links = "".join(f'<a href="#letter-{letter}">{letter}</a>' for letter in parts)
        found = [raw(f'<nav class="letters" aria-label="Letters">{links}</nav>')]
        for letter, items in parts.items():
            found.append(raw(f'<h2 class="letter" id="letter-{letter}">{letter}</h2>'))
            found.append(nodes.definition_list("", *items, classes=["simple", "glossary"]))
        whole.replace_self(found)


def initial(item):
    """The letter under which an entry of the glossary is found."""
    return item.next_node(nodes.term).astext()[0].upper()


def raw(html):
    """HTML as a node."""
    return nodes.raw("", html, format="html")
