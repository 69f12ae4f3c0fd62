"""Large tables of explorables in files of their own, which a browser keeps when a page changes."""

import hashlib
import re
from pathlib import Path

LARGE = 50_000  # characters
CODES = re.compile(
    r'<figure class="[^"]*explorable"(?:(?!</figure>).)*?'
    rf'<script type="application/json">[^<]*?"codes":"(?P<codes>[^"]{{{LARGE},}})"',
    re.DOTALL,
)


def setup(app):
    """Move the tables when all pages are written."""
    app.connect("build-finished", move)


def move(app, exception):
    """Move every large table of a page to a script beside it."""
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).glob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(without_tables(text, page.parent / "_static" / "tables"), encoding="utf-8")


def without_tables(text, folder):
    """The page with names in place of large tables, which go into scripts in `folder`."""

    def name(figure):
        codes = figure["codes"]
        key = hashlib.sha256(codes.encode()).hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{key}.js").write_text(
            f'(window.UNROLLED_TABLES ??= {{}})["{key}"] = "{codes}";\n'
        )
        source = f'<script src="_static/{folder.name}/{key}.js"></script>'
        return source + figure[0].replace(codes, key)

    return CODES.sub(name, text)
