"""Every link of the built pages arrives, as far as that can be seen without the network."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from unrolled import explore, playground

ROOT = Path(__file__).parents[2]
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]
# Where the launch and edit buttons of a chapter lead.
BUTTONS = {
    "https://colab.research.google.com/github/": "{repository}/blob/{branch}/{file}",
    "https://mybinder.org/v2/gh/": "{repository}/{branch}?urlpath=lab/tree/{file}",
    "https://github.com/{repository}/edit/": "{branch}/{file}",
}


class Links(HTMLParser):
    """The links of a page, and the places in it that a link can name."""

    def __init__(self, path):
        super().__init__()
        self.links, self.places = [], []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.places.append(value)
            elif name in ("href", "src"):
                self.links.append(value)


@pytest.fixture(scope="module")
def pages(site):
    """The links and places of each page."""
    return {path.name: Links(path) for path in site.glob("*.html")}


def broken(name, pages, site):
    """The links of a page that lead to no file of the book, or to no place in it."""
    for link in pages[name].links:
        url = urlsplit(link)
        if url.scheme or url.netloc:
            continue
        target = unquote(url.path) or name
        if not (site / target).is_file():
            yield f"{link}: no such file"
        elif target == "playground.html" and url.fragment.startswith("task="):
            playground.parse(url.fragment)  # raises ValueError and says what is wrong
        elif url.fragment and not arrives(unquote(url.fragment), pages[target]):
            yield f"{link}: no such place"


def arrives(fragment, page):
    """Whether a page has a place, or an explorable with all controls that an address names."""
    name, colon, values = fragment.partition(":")
    if not colon:
        return fragment in page.places
    if not any(place.startswith(f"{name}-") for place in page.places):
        return False
    controls = {control.name for control in getattr(explore, name).controls}
    return {value.partition("=")[0] for value in values.split(",")} <= controls


def test_every_link_inside_the_book_arrives(name, pages, site):
    assert pages[name].links
    assert list(broken(name, pages, site)) == []


def test_no_place_has_a_name_that_another_one_has(name, pages):
    places = pages[name].places
    assert sorted({place for place in places if places.count(place) > 1}) == []


def test_links_to_elsewhere_are_secure_and_written_in_one_way(pages):
    written = {}
    for link in {link for page in pages.values() for link in page.links}:
        url = urlsplit(link)
        if url.scheme or url.netloc:
            assert (url.scheme, bool(url.netloc)) == ("https", True), link
            assert not re.search(r"\s|^[^?]*[.,;)]$", link), link
            plain = link.lower().removesuffix("/").replace("//www.", "//")
            assert written.setdefault(plain, link) == link


def test_buttons_lead_to_the_source_of_their_page(name, pages):
    repository = REPOSITORY["url"].removeprefix("https://github.com/")
    folder, branch = REPOSITORY["path_to_book"], REPOSITORY["branch"]
    for start, rest in BUTTONS.items():
        start = start.format(repository=repository)
        for link in pages[name].links:
            if link.startswith(start):
                file = f"{folder}/{Path(link).name}"
                assert Path(file).stem == Path(name).stem
                assert (ROOT / file).is_file(), link
                how = {"repository": repository, "branch": branch, "file": file}
                assert link == start + rest.format(**how)
        if (ROOT / folder / name).with_suffix(".ipynb").is_file():
            assert any(link.startswith(start) for link in pages[name].links), start


def test_a_link_to_nowhere_is_found(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html#there">b</a> <a href="#gone">a</a>')
    (tmp_path / "b.html").write_text('<p id="here"></p> <img src="c.svg">')
    two = {name: Links(tmp_path / name) for name in ("a.html", "b.html")}
    assert list(broken("a.html", two, tmp_path)) == [
        "b.html#there: no such place",
        "#gone: no such place",
    ]
    assert list(broken("b.html", two, tmp_path)) == ["c.svg: no such file"]
