"""A strict Content-Security-Policy: no script runs but the files of the book.

The theme writes scripts and handlers into its pages. They move to files, so that the policy need
not allow any script in a page. The policy lies beside the pages in `_headers`, as some hosts read
it; tests/README.md says how others send it.
"""

import hashlib
import re
from pathlib import Path

# Plotly and the theme set styles by attributes, which cannot run code; heat maps are data: images.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADER = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
INLINE = re.compile(
    r"<script(?P<attributes>(?! type=)(?:(?! src=)[^>])*)>(?P<body>.+?)</script>", re.S
)
HANDLER = re.compile(r'\bonclick="(?P<call>[\w.]+)\(\)"')
THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>|<script>kernelName = .*?</script>', re.S
)


def setup(app):
    """Move the scripts when all pages are written."""
    app.connect("build-finished", secure)


def secure(app, exception):
    """Move what runs in the pages to files, and write the policy."""
    site = Path(app.outdir)
    if exception or app.builder.format != "html":
        return
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(without_inline(text, site / "_static" / "inline"), encoding="utf-8")
    (site / "_headers").write_text(f"/*\n  Content-Security-Policy: {HEADER}\n")


def without_inline(text, folder):
    """The page with its scripts in files of `folder`, and a `data-call` for each click handler."""

    def move(script):
        body = script["body"].strip()
        name = hashlib.sha256(body.encode()).hexdigest()[:12] + ".js"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body + "\n", encoding="utf-8")
        return f'<script{script["attributes"]} src="_static/{folder.name}/{name}"></script>'

    return HANDLER.sub(r'data-call="\g<call>"', INLINE.sub(move, THEBE.sub("", text)))
