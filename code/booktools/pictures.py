"""Pictures of explorables: for previews of links to a page, and for the contents in the index.

Chromium takes one of the first explorable of each page, light and dark, and they are kept until it
changes. Where there is no Chromium, a link has the book's own picture, and the index the chapters'
diagrams.
"""

import base64
import copy
import hashlib
import shutil

from playwright.sync_api import Error
from sphinx.util import logging

from . import markup
from .browser import chromium
from .glossary import BOOK

SIZE = (1200, 630)  # pixels, as previews of links have it
VIEW, THUMBNAIL = 1.5, 0.75  # pixels of the picture, and of the thumbnail, to one of the page's
FOLDER = "_static/pictures"
OWN = BOOK / "images" / "card.png"
WITHOUT = "Pages get no pictures of their own, since Chromium does not start: {}"
FIRST = "figure.unrolled-figure.explorable"
LOOKS = ("explorable.css", "roles.css")
SCRIPTS = ("plotly.min.js", "theme.js", "engines.js", "page.js")
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<meta charset="utf-8">
<base href="../../">
{links}
<style>
body {{
  box-sizing: border-box;
  height: 100vh;
  margin: 0;
  padding: 0 28px;
  overflow: hidden;
  display: grid;
  align-content: center;
  background: var(--unrolled-page);
  font: 16px system-ui, sans-serif;
}}
.explorable {{ border: 0; padding: 0; margin: 0; }}
.explorable > :not(.panes), .explorable .walk, .grip {{ display: none !important; }}
.explorable .panes {{ grid-template-columns: 1fr 1fr; }}
</style>
<body>{figure}</body>
{scripts}
</html>"""
# Panes below the edge leave, and a first pane that is higher than the picture is made smaller.
FIT = """() => {
  const panes = [...document.querySelectorAll(".pane")];
  const top = panes[0].getBoundingClientRect().top;
  panes.slice(1).forEach(pane => {
    if (pane.getBoundingClientRect().bottom - top > innerHeight) pane.style.display = "none";
  });
  const strip = document.querySelector(".panes");
  if (panes.every(pane => pane === panes[0] || pane.style.display)) strip.style.display = "block";
  const share = (innerHeight - 16) / strip.offsetHeight;
  if (share < 1) strip.style.zoom = share;
}"""
ANSWERED = "() => UNROLLED.views.forEach(view => view.changed())"  # it hides no answer any more
DRAWN = "mode => document.querySelector('.explorable').dataset.mode === mode"
logger = logging.getLogger(__name__)


def address(page):
    """Where the picture of a page is in the site."""
    return f"{FOLDER}/{page}.png"


def keep_figure(tree, path):
    """Keep a page's first explorable, with the table that it names, to take a picture of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if figure := tree.select_one(FIRST):
        table = figure.find_previous_sibling()
        named = table is not None and table.get("src", "").startswith("_static/tables/")
        own = [table, figure] if named else [figure]
        path.write_text("".join(map(markup.written, own)), "utf-8")


def finish(site, kept):
    """Put the pictures of all pages into the site, and thumbnails into the index.

    Parameters
    ----------
    site : Path
        The built pages.
    kept : Path
        Where the pages' first explorables are, and pictures are kept for the next build.
    """
    kept.mkdir(parents=True, exist_ok=True)
    figures = {
        path.stem: path.read_text("utf-8")
        for path in kept.glob("*.html")
        if (site / path.name).is_file()
    }
    wanted = {page: key(site, figure) for page, figure in figures.items()}
    missing = {page for page, name in wanted.items() if not (kept / f"{name}.png").is_file()}
    if missing:
        try:
            take(site, {page: (figures[page], kept / wanted[page]) for page in sorted(missing)})
        except Error as why:
            logger.info(WITHOUT.format(str(why).strip().splitlines()[0]), color="yellow")
    place(site, kept, wanted)
    for old in kept.iterdir():
        if old.name.partition(".")[0] not in {*wanted.values(), *wanted}:
            old.unlink()


def key(site, figure):
    """A name for a picture that changes with whatever is seen on it."""
    digest = hashlib.sha256((figure + PAGE + ANSWERED + FIT).encode())
    for name in (*LOOKS, *SCRIPTS):
        digest.update((site / "_static" / name).read_bytes())
    return digest.hexdigest()[:16]


def place(site, kept, wanted):
    """Copy what there is of the pictures into the site, and name it in the index."""
    (site / FOLDER).mkdir(parents=True, exist_ok=True)
    for page, name in wanted.items():
        own = kept / f"{name}.png"
        shutil.copy2(own if own.is_file() else OWN, site / address(page))
        for mode in ("light", "dark"):
            if (kept / f"{name}.{mode}.webp").is_file():
                shutil.copy2(kept / f"{name}.{mode}.webp", site / FOLDER / f"{page}.{mode}.webp")
    if not (site / address("index")).is_file():
        shutil.copy2(OWN, site / address("index"))
    index = site / "index.html"
    tree = markup.parsed(index.read_text("utf-8"))
    images = tree.select("img.thumbnail[data-page]")
    for image in images:
        show(site, image)
    if images:
        index.write_text(markup.written(tree), "utf-8")


def show(site, image):
    """Put both thumbnails of a page, of which its theme shows one, or its picture for its image."""
    page = image["data-page"]
    names = [f"{FOLDER}/{page}.{mode}.webp" for mode in ("light", "dark")]
    if all((site / name).is_file() for name in names):
        del image["data-page"]
        image.attrs |= {"width": SIZE[0] // 2, "height": SIZE[1] // 2, "loading": "lazy"}
        dark = copy.copy(image)
        for one, name, mode in zip((image, dark), names, ("light", "dark"), strict=True):
            one.attrs |= {"class": f"thumbnail only-{mode}", "src": name}
        image.insert_after(dark)
    elif is_own(site, page):
        image["src"] = address(page)


def is_own(site, page):
    """Whether a page has a picture that is not the book's card."""
    path = site / address(page)
    return path.is_file() and path.read_bytes() != OWN.read_bytes()


def take(site, figures):
    """Take pictures of figures, {page: (HTML, path without ending)}.

    Raises Playwright's Error if it has no Chromium. A figure that is not drawn is left out.
    """
    view = {"width": round(SIZE[0] / VIEW), "height": round(SIZE[1] / VIEW)}
    scratch = site / FOLDER / "scratch.html"
    scratch.parent.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        logger.info(f"Chromium takes pictures of {len(figures)} explorables.")
        page = browser.new_page(viewport=view, reduced_motion="reduce")
        page.set_default_timeout(15_000)
        devtools = page.context.new_cdp_session(page)
        for name, (figure, path) in figures.items():
            scratch.write_text(document(figure), "utf-8")
            page.goto(scratch.resolve().as_uri())
            try:
                picture(page, devtools, view, path)
            except Error:
                logger.info(f"{name} gets no picture: its explorable was not drawn.")
    scratch.unlink(missing_ok=True)


def picture(page, devtools, view, path):
    """Take one picture and both thumbnails of what the page shows."""
    page.wait_for_selector("[data-ready=yes]")
    page.evaluate(ANSWERED)
    page.evaluate(FIT)
    for mode in ("dark", "light"):
        page.evaluate("mode => { document.documentElement.dataset.theme = mode; }", mode)
        page.wait_for_function(DRAWN, arg=mode)
        page.wait_for_timeout(150)  # for what Plotly draws a frame later
        shoot(devtools, view, THUMBNAIL, path.with_suffix(f".{mode}.webp"))
    shoot(devtools, view, VIEW, path.with_suffix(".png"))


def document(figure):
    """A page with nothing but the panes of a figure."""
    links = "\n".join(f'<link rel="stylesheet" href="_static/{name}">' for name in LOOKS)
    scripts = "\n".join(f'<script src="_static/{name}"></script>' for name in SCRIPTS)
    return PAGE.format(links=links, figure=figure, scripts=scripts)


def shoot(devtools, view, scale, path):
    """Write what is seen to a file, as PNG or WebP by its name."""
    kind = path.suffix[1:]
    options = {"format": kind, "clip": {"x": 0, "y": 0, **view, "scale": scale}}
    if kind == "webp":
        options["quality"] = 85
    shot = devtools.send("Page.captureScreenshot", options)
    path.write_bytes(base64.b64decode(shot["data"]))
