"""What is left to do when all pages are written."""

from pathlib import Path

from . import content_security, icons, pictures, tables


def setup(app):
    """Finish the pages when Sphinx has written them."""
    app.connect("build-finished", finish)


def finish(app, exception):
    """Move scripts and large tables to files, write the policy, take pictures, leave out icons."""
    site = Path(app.outdir)
    if exception or app.builder.format != "html":
        return
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        moved = content_security.without_inline(tables.without_tables(text, site), site)
        if moved != text:
            page.write_text(moved, encoding="utf-8")
    (site / "_headers").write_text(f"/*\n  Content-Security-Policy: {content_security.HEADER}\n")
    icons.trim(site)
    pictures.finish(site, site.with_name(".pictures"))
