"""What a stranger reads first is true: addresses, chapters in order, commands, the picture."""

import re
from pathlib import Path

import yaml
from booktools import contents, meta

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
URL = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
SITE = meta.site(URL)
LINKS = re.findall(r"\[([^\]!]*)\]\((https://[^)]+)\)", README)


def test_the_contents_name_every_chapter_by_its_number_and_lead_to_its_page():
    chapters = [entry for entry in contents.entries() if entry.title[0].isdigit()]
    found = [(words.split()[0], url) for words, url in LINKS if words[:1].isdigit()]
    assert found == [(e.title.split(".")[0], f"{SITE}{e.page}.html") for e in chapters]


def test_every_address_is_of_this_repository_its_site_or_its_launchers():
    name = URL.removeprefix("https://github.com/")
    for _, url in LINKS:
        assert url.startswith((URL, SITE)) or f"/{name}/" in url, url
        if found := re.search(r"(book/\d[\w-]+\.ipynb)$", url):
            assert (ROOT / found[1]).is_file(), url
    assert f"git clone {URL}\n" in README


def test_the_badge_is_of_a_workflow_that_is_there():
    (workflow,) = set(re.findall(r"/actions/workflows/([\w.-]+)", README))
    assert (ROOT / ".github" / "workflows" / workflow).is_file()


def test_every_make_command_is_one():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= targets


def test_the_picture_moves_and_is_small():
    (picture,) = re.findall(r"!\[[^\]]{60,}\]\((book/images/[^)]+)\)", README)
    data = (ROOT / picture).read_bytes()
    assert data[:4] + data[8:12] == b"RIFFWEBP"
    assert data.count(b"ANMF") > 10
    assert len(data) <= 600_000
