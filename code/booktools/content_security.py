"""A strict Content-Security-Policy: no script runs but the files of the book.

The theme writes scripts and handlers into its pages. They move to files, so that the policy need
not allow any script in a page. The policy lies beside the pages in `_headers`, as some hosts read
it; tests/README.md says how others send it.
"""

import re

from . import files

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
FOLDER = "_static/inline"
HEADER = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
INLINE = re.compile(
    r"<script(?P<attributes>(?! type=)(?:(?! src=)[^>])*)>(?P<body>.+?)</script>", re.S
)
HANDLER = re.compile(r'\bonclick="(?P<call>[\w.]+)\(\)"')
THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>|<script>kernelName = .*?</script>', re.S
)


def without_inline(text, site):
    """The page with its scripts in files of the site, and a `data-call` for each click handler."""

    def move(script):
        body = script["body"].strip()
        source = files.place(site, f"{FOLDER}/{files.key(body)}.js", body + "\n")
        return f'<script{script["attributes"]} src="{source}"></script>'

    return HANDLER.sub(r'data-call="\g<call>"', INLINE.sub(move, THEBE.sub("", text)))
