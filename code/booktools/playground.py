"""The page of the playground: its scripts, its room, and the picture that links to it show."""

import hashlib
import shutil

from playwright.sync_api import Error
from sphinx.util import logging
from unrolled.playground import STORIES, hash_of
from unrolled.playground.face import catalogue_script
from unrolled.web.bundle import WEB, bundle, worker

from . import pictures
from .browser import chromium

PAGE = "playground"
MARK = '<div class="playground"'
STYLES, SCRIPTS = "playground.css", ("playground_catalogue.js", "playground_page.js")
WORKER = "playground_worker.js"  # which the page loads by itself
AFTER = hash_of(STORIES[0].setting | STORIES[0].button[1])  # what the picture shows, solved
TRAIN = "() => { UNROLLED.playground.pace('full'); UNROLLED.playground.train(); }"
DONE = "() => UNROLLED.playground.run.solved && !UNROLLED.playground.running"
FRAMED = """
.bd-header-article, .bd-article h1, footer, .prev-next-footer, .playground .stories,
.playground .question, .playground .buttons, .playground .status, .playground .note,
.playground .foot, .playground .numbers, .bd-article section section { display: none !important; }
.bd-main .bd-content .bd-article-container { padding: 1.5rem 2.5rem 0 !important; }
.playground .intro { min-height: 3.5rem !important; }
.playground .sides { margin-top: 1.5rem !important; }
"""
WITHOUT = "The playground gets no picture of its own: {}"
logger = logging.getLogger(__name__)


def stage(assets):
    """Put its scripts and styles among the static files."""
    shutil.copy2(WEB / STYLES, assets / STYLES)
    (assets / SCRIPTS[0]).write_text(catalogue_script(), "utf-8")
    (assets / SCRIPTS[1]).write_text(f"{bundle(SCRIPTS[1])};\n", "utf-8")
    (assets / WORKER).write_text(worker(WORKER), "utf-8")


def load(app, context):
    """Load them in a page that has the playground, which also takes the room of its contents."""
    app.add_css_file(STYLES)
    for name in SCRIPTS:
        app.add_js_file(name, loading_method="defer")
    removed = {"html_theme.sidebar_secondary.remove": "true"}
    context["meta"] = (context.get("meta") or {}) | removed


def widen(tree):
    """Close the list of all pages if the playground is in a page."""
    sidebar = tree.select_one(".bd-sidebar-primary:not(.pst-sidebar-hidden)")
    if tree.select_one(".playground") and sidebar:
        sidebar["class"].append("pst-sidebar-hidden")


def finish(site, kept):
    """Put its picture among those of other pages, taken anew if anything in it has changed.

    Parameters
    ----------
    site : Path
        The built pages.
    kept : Path
        Where the picture is kept for the next build.
    """
    page = site / f"{PAGE}.html"
    if not page.is_file():
        return
    files = [page, *(site / "_static" / name for name in (STYLES, *SCRIPTS, WORKER))]
    digest = hashlib.sha256(FRAMED.encode() + b"".join(file.read_bytes() for file in files))
    picture = kept / f"{digest.hexdigest()[:16]}.png"
    if not picture.is_file():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        try:
            take(page, picture)
        except Error as why:
            logger.info(WITHOUT.format(str(why).strip().splitlines()[0]), color="yellow")
    source = picture if picture.is_file() else pictures.OWN
    (site / pictures.FOLDER).mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, site / pictures.address(PAGE))


def take(page, picture):
    """Train what the first story's button makes of it, and take a picture when it is solved."""
    width, height = pictures.SIZE
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": width, "height": height})
        opened.goto(f"{page.resolve().as_uri()}#{AFTER}")
        opened.wait_for_selector(".playground[data-ready]")
        opened.add_style_tag(content=FRAMED)
        opened.evaluate(TRAIN)
        opened.wait_for_function(DONE)
        opened.wait_for_timeout(300)  # for its last frame
        opened.screenshot(path=picture)
