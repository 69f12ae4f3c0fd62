from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from booktools import meta

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.mark.parametrize(
    ("repository", "site"),
    [
        ("https://github.com/unrolled-book/unrolled", "https://unrolled-book.github.io/unrolled/"),
        ("https://github.com/Someone/fork", "https://someone.github.io/fork/"),
        ("https://github.com/Me/me.github.io", "https://me.github.io/"),
    ],
)
def test_where_github_publishes_a_repository(repository, site):
    assert meta.site(repository) == site


@pytest.mark.parametrize("repository", ["https://example.org/a/b", "https://github.com/alone", ""])
def test_elsewhere_somebody_has_to_say_it(repository):
    with pytest.raises(ValueError, match="html_baseurl"):
        meta.site(repository)


def test_an_address_that_is_set_stays():
    config = SimpleNamespace(html_baseurl="https://example.org/", html_theme_options={})
    meta.find_site(None, config)
    assert config.html_baseurl == "https://example.org/"


def test_titles_with_signs_stay_titles():
    made = meta.tags("https://x/a.html", 'A < "B"', "A line.", "https://x/a.png")
    assert '<meta property="og:title" content="A &lt; &quot;B&quot;">' in made
    assert '<meta name="description" content="A line.">' in made


def finished(folder, error=None, kind="html"):
    app = SimpleNamespace(
        outdir=folder,
        builder=SimpleNamespace(format=kind),
        env=SimpleNamespace(found_docs={"b", "index", "a"}),
        config=SimpleNamespace(html_baseurl="https://x/"),
    )
    meta.map_site(app, error)
    return folder / "sitemap.xml"


def test_the_map_lists_every_page(tmp_path):
    found = ElementTree.parse(finished(tmp_path)).iter(LOC)
    assert [each.text for each in found] == [
        "https://x/a.html",
        "https://x/b.html",
        "https://x/index.html",
    ]


def test_a_failed_build_and_another_format_have_no_map(tmp_path):
    assert not finished(tmp_path, ValueError("failed")).exists()
    assert not finished(tmp_path, kind="latex").exists()
