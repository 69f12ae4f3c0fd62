"""The Sphinx extension: figures that need no kernel, and pages that load nothing from elsewhere.

Jupyter Book leaves four things to mend, each in a function below: it does not notice when the
package changes, it looks for MathJax, Thebe and ipywidgets on other hosts, it writes one script
twice, and it calls every collapsed cell "content".
"""

import itertools
import os
import shutil
from importlib.metadata import distribution
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from unrolled.figures import theme
from unrolled.figures.assets import plotly_script, theme_script
from unrolled.web.bundle import WEB, bundle

from . import (
    captions,
    chapter_links,
    contents,
    execution,
    glossary,
    meta,
    npm_assets,
    pages,
    playground,
)

MATHJAX = Path(
    str(distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax"))
)
MATHJAX_FILES = ("tex-chtml-full.js", "output/chtml/fonts/woff-v2/*")
WHOLE = (
    "The pages get the whole plotly.js and MathJax, three times as heavy, since npm could not make "
    "the lighter ones: {}. Where the npm registry can be reached, build again."
)
logger = logging.getLogger(__name__)
CHART = '"layout":{'  # of a pane that Plotly draws
# The theme chooses its colors when a page is whole. Until then one in the dark would be light, and
# the light and the dark thumbnail of every chapter would both be fetched.
COLORS = """if (document.documentElement.dataset.mode === "auto") {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}"""


def setup(app):
    """Connect the extension's functions to Sphinx's events."""
    os.environ["UNROLLED_AUDIENCE"] = "page"  # kernels inherit it; see unrolled.figures.audience
    os.environ["UNROLLED_QUIET"] = "1"
    app.connect("config-inited", stage_assets)
    app.connect("env-updated", drop_widget_scripts)
    app.connect("doctree-read", name_folds)
    app.connect("html-page-context", finish_page, priority=900)
    captions.setup(app)
    chapter_links.setup(app)
    contents.setup(app)
    execution.setup(app)
    glossary.setup(app)
    meta.setup(app)
    pages.setup(app)
    app.add_js_file(None, body=COLORS, priority=0)
    app.add_css_file("explorable.css")
    app.add_css_file("roles.css")
    app.add_css_file("book.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def stage_assets(app, config):
    """Gather the scripts, styles and fonts of the pages into one static folder."""
    assets = Path(app.outdir).parent / ".assets"
    shutil.rmtree(assets, ignore_errors=True)
    stage_libraries(assets)
    _copy(WEB / "explorable.css", assets / "explorable.css")
    for entry in ("engines", "page"):
        (assets / f"{entry}.js").write_text(f"{bundle(f'{entry}.js')};\n", "utf-8")
    playground.stage(assets)
    for name in ("book.css", "book.js", "formulas.js", "tabs.js"):
        _copy(Path(__file__).with_name(name), assets / name)
    (assets / "roles.css").write_text(theme.role_css("html", 'html[data-theme="dark"]'))
    (assets / "theme.js").write_text(theme_script())
    config.html_static_path.append(str(assets))


def stage_libraries(assets):
    """plotly.js and what sets formulas: the lighter ones, or the whole ones without npm."""
    try:
        shutil.copytree(npm_assets.place(assets.with_name(".npm")), assets)
    except npm_assets.NotMade as why:
        logger.info(WHOLE.format(why), color="yellow")
        assets.mkdir(parents=True, exist_ok=True)
        (assets / "plotly.min.js").write_text(plotly_script(), "utf-8")
        for source in itertools.chain.from_iterable(map(MATHJAX.glob, MATHJAX_FILES)):
            _copy(source, assets / "mathjax" / source.relative_to(MATHJAX))


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def drop_widget_scripts(app, env):
    """Do not load ipywidgets in the pages: explorables there need no kernel."""
    for metadata in env.nb_metadata.values():
        scripts = metadata.get("js_files", {})
        for name in [name for name in scripts if name.startswith("ipywidgets")]:
            del scripts[name]


def name_folds(app, doctree):
    """Say what a collapsed cell holds: a solution is hidden whole, else the code alone."""
    for node in doctree.findall(nodes.container):
        shown = any(child.get("nb_element") == "cell_code_output" for child in node.children)
        said = "the code behind this" if shown else "the code"
        if node.get("hide_mode") == "all":
            said = "the solution"
        node["prompt_show"], node["prompt_hide"] = f"Show {said}", f"Hide {said}"


def finish_page(app, pagename, templatename, context, doctree):
    """Load the scripts and styles that the page needs, each once, and none from elsewhere."""
    if 'class="unrolled-figure' in context.get("body", ""):
        charts = ["plotly.min.js"] if CHART in context["body"] else []
        computed = ["engines.js"] if '"computed":' in context["body"] else []
        for name in (*charts, "theme.js", *computed, "page.js"):
            app.add_js_file(name, loading_method="defer")
    if playground.MARK in context.get("body", ""):
        playground.load(app, context)
    katex = (Path(app.outdir).with_name(".assets") / "katex").is_dir()
    if katex and 'class="math ' in context.get("body", ""):
        app.add_css_file("katex/katex.min.css")
        app.add_js_file("katex/katex.min.js", loading_method="defer")
        app.add_js_file("formulas.js", loading_method="defer")
    if "tag_tab-" in context.get("body", ""):
        app.add_js_file("tabs.js", loading_method="defer")
    app.add_js_file("book.js", loading_method="defer")
    scripts = once(context["script_files"])
    context["script_files"] = [script for script in scripts if not unwanted(script, katex)]


def once(scripts):
    """Each script once: the theme adds one of them twice, and the browser complains."""
    return list({_body(s) or getattr(s, "filename", s): s for s in scripts}.values())


def unwanted(script, katex):
    """Is it of Thebe, which loads from another host, or of MathJax where KaTeX does its work?"""
    named = str(getattr(script, "filename", script)) + _body(script)
    return "thebe" in named or (katex and "mathjax" in named.lower())


def _body(script):
    return getattr(script, "attributes", {}).get("body") or ""
