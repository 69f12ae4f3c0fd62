from types import SimpleNamespace

import pytest
from booktools import content_security, pages

PAGE = "<script>let a = 1;</script>"


@pytest.fixture
def app(tmp_path):
    (tmp_path / "index.html").write_text(PAGE)
    builder, env = SimpleNamespace(format="html"), SimpleNamespace(found_docs={"index"})
    return SimpleNamespace(outdir=tmp_path, builder=builder, env=env)


def test_a_failed_build_is_left_alone(app):
    pages.finish(app, ValueError("the build failed"))
    assert [path.name for path in app.outdir.iterdir()] == ["index.html"]
    assert (app.outdir / "index.html").read_text() == PAGE


def test_a_page_is_written_once_and_gets_its_policy(app):
    page = app.outdir / "index.html"
    pages.finish(app, None)
    assert page.read_text().startswith('<script src="_static/inline/')
    assert content_security.HEADER in (app.outdir / "_headers").read_text()
    written = page.stat().st_mtime_ns
    pages.finish(app, None)
    assert page.stat().st_mtime_ns == written


def test_what_is_no_html_gets_nothing(app):
    app.builder.format = "latex"
    pages.finish(app, None)
    assert (app.outdir / "index.html").read_text() == PAGE


def test_a_page_whose_source_has_gone_goes_too(app):
    for name in ("26-old-name.html", "search.html"):
        (app.outdir / name).write_text(PAGE)
    pages.finish(app, None)
    assert sorted(p.name for p in app.outdir.glob("*.html")) == ["index.html", "search.html"]
