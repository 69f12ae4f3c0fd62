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
THEBE = "text/x-thebe-config"


def move_inline(tree, site):
    """Move a page's scripts to files of the site; a click handler becomes a `data-call`."""
    for script in tree.find_all("script", src=False):
        body = (script.string or "").strip()
        if script.get("type") == THEBE or body.startswith("kernelName ="):
            script.decompose()
        elif "type" not in script.attrs:
            script["src"] = files.place(site, f"{FOLDER}/{files.key(body)}.js", body + "\n")
            script.clear()
    for button in tree.find_all(onclick=re.compile(r"^[\w.]+\(\)$")):
        button["data-call"] = button.attrs.pop("onclick").removesuffix("()")
