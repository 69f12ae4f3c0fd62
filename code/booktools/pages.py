"""What is left to do when all pages are written."""

from pathlib import Path

from . import content_security, icons, markup, pictures, playground, tables


def setup(app):
    """Finish the pages when Sphinx has written them."""
    app.connect("build-finished", finish)


def finish(app, exception):
    """Finish what Sphinx has written anew, remove what is no page any more, write the policy."""
    site = Path(app.outdir)
    if exception or app.builder.format != "html":
        return
    policy, kept = site / "_headers", site.with_name(".pictures")
    for page in site.glob("*.html"):
        if page.stem not in {*app.env.found_docs, "search"}:
            page.unlink()  # its source is there no more, or has another name
            continue
        if not policy.is_file() or page.stat().st_mtime_ns > policy.stat().st_mtime_ns:
            tree = markup.parsed(page.read_text("utf-8"))
            finish_page(tree, site)
            pictures.keep_figure(tree, kept / f"{page.stem}.html")
            page.write_text(markup.written(tree), "utf-8")
    icons.trim(site)
    playground.finish(site, site.with_name(".playground"))
    pictures.finish(site, kept)
    policy.write_text(f"/*\n  Content-Security-Policy: {content_security.HEADER}\n")


def finish_page(tree, site):
    """Do what a page needs by itself."""
    markup.inline_diagrams(tree)
    markup.name_folds(tree)
    markup.mark_korean(tree)
    tables.move_tables(tree, site)
    content_security.move_inline(tree, site)
    playground.widen(tree)
