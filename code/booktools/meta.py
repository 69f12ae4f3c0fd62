"""What a page says to search engines and to whoever shows a link to it, and a map of the site.

Where the book is published follows from the address of its repository.
"""

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit

from . import contents, pictures, playground

EXPLORABLE = 'class="unrolled-figure explorable"'
OTHER = "A page of Unrolled, an interactive textbook on recurrent neural networks."


def setup(app):
    """Connect the functions below to Sphinx's events."""
    app.connect("config-inited", find_site, priority=400)
    app.connect("html-page-context", describe)
    app.connect("build-finished", map_site)


def site(repository):
    """The address at which GitHub publishes the pages of a repository.

    Raises ValueError if it is elsewhere; then `html_baseurl` has to say where the book is.
    """
    found = urlsplit(repository)
    owner, _, name = found.path.strip("/").partition("/")
    if found.netloc != "github.com" or not re.fullmatch(r"[\w.-]+", name):
        raise ValueError(f"say in html_baseurl where the pages of {repository} are published")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def find_site(app, config):
    """Set the address of the site, from which Sphinx makes the canonical address of each page."""
    if not config.html_baseurl:
        config.html_baseurl = site(config.html_theme_options["repository_url"])


def describe(app, pagename, templatename, context, doctree):
    """Add the tags of a page to its head."""
    body = context.get("body", "")
    own = EXPLORABLE in body or playground.MARK in body
    picture = pagename if own else contents.INDEX
    title = unescape(re.sub("<[^>]*>", "", context.get("title", "")))
    line = contents.lines().get(pagename, OTHER)
    image = app.config.html_baseurl + pictures.address(picture)
    made = tags(context["pageurl"], title, line, image)
    context["metatags"] = context.get("metatags", "") + made


def tags(url, title, line, image):
    """The tags as HTML."""
    width, height = pictures.SIZE
    named = {"description": line, "twitter:card": "summary_large_image"}
    properties = {
        "og:type": "website" if title == "Unrolled" else "article",
        "og:site_name": "Unrolled",
        "og:url": url,
        "og:title": title,
        "og:description": line,
        "og:image": image,
        "og:image:width": width,
        "og:image:height": height,
        "og:image:alt": "A figure of the book that a reader drives.",
    }
    pairs = [("name", named), ("property", properties)]
    return "".join(
        f'\n<meta {kind}="{name}" content="{escape(str(value))}">'
        for kind, values in pairs
        for name, value in values.items()
    )


def map_site(app, exception):
    """Write the addresses of all pages into sitemap.xml."""
    if exception or app.builder.format != "html":
        return
    urls = [f"{app.config.html_baseurl}{page}.html" for page in sorted(app.env.found_docs)]
    rows = "".join(f"  <url><loc>{url}</loc></url>\n" for url in urls)
    (Path(app.outdir) / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )
