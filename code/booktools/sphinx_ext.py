"""The Sphinx extension: figures that need no kernel, and pages that load nothing from elsewhere.

Jupyter Book leaves five things to mend, each in a function below: it does not notice when the
package changes, it looks for MathJax and ipywidgets on other hosts, its images do not follow the
theme, it writes one script twice, and it calls every collapsed cell "content".
"""

import hashlib
import json
import os
import re
import shutil
from importlib.metadata import distribution
from pathlib import Path

import unrolled
from docutils import nodes
from unrolled.figures import theme

from . import glossary, icons, plotly_js

PACKAGE = Path(unrolled.__file__).parent
MATHJAX = Path(
    str(distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax"))
)
MATHJAX_FILES = ("tex-chtml-full.js", "output/chtml/fonts/woff-v2/*")
BOOK = Path(__file__).resolve().parents[2] / "book"
DIAGRAM = re.compile(r'<img alt="(?P<alt>[^"]*)"[^>]*src="_images/(?P<name>[\w-]+)\.svg"[^>]*>')
# A folded choice of a question says Yes or No first; any other folded text is a hint.
FOLDED = re.compile(r"<details>(<summary>.*?</summary>\s*<p>(Yes\.|No\.)?)", re.DOTALL)
KINDS = {"Yes.": "choice right", "No.": "choice wrong", None: "hint"}
KOREAN = re.compile(r'<dt(?= id="[^"]*">[^<]*[가-힣])')
FIGURE_SCRIPTS = ("plotly.min.js", "theme.js", "explorable.js")


def setup(app):
    """Connect the extension's functions to Sphinx's events."""
    os.environ["UNROLLED_BOOK"] = "yes"  # kernels inherit it; see unrolled.figures.theme.in_book
    os.environ["UNROLLED_QUIET"] = "1"
    app.connect("config-inited", key_cache_by_package)
    app.connect("config-inited", stage_assets)
    app.connect("env-updated", drop_widget_scripts)
    app.connect("doctree-read", name_solutions)
    app.connect("html-page-context", finish_page, priority=900)
    glossary.setup(app)
    icons.setup(app)
    app.add_css_file("explorable.css")
    app.add_css_file("roles.css")
    app.add_css_file("book.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def key_cache_by_package(app, config):
    """Execute the chapters again when the package or its data changes, not only their cells."""
    digest = hashlib.sha256()
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.parents[1].glob("data/**/*.*")]):
        digest.update(path.name.encode() + path.read_bytes())
    caches = Path(app.outdir).parent / ".executed"
    cache = caches / digest.hexdigest()[:16]
    for old in caches.glob("*"):
        if old != cache:
            shutil.rmtree(old)
    config.nb_execution_cache_path = str(cache)


def stage_assets(app, config):
    """Gather the scripts, styles and fonts of the pages into one static folder."""
    assets = Path(app.outdir).parent / ".assets"
    for pattern in MATHJAX_FILES:
        for source in MATHJAX.glob(pattern):
            _copy(source, assets / "mathjax" / source.relative_to(MATHJAX))
    kept = assets.with_name(".plotly")
    _copy(plotly_js.place(kept), assets / "plotly.min.js")
    for source in [*PACKAGE.glob("explore/*.js"), *PACKAGE.glob("explore/*.css")]:
        _copy(source, assets / source.name)
    for name in ("book.css", "book.js", "tabs.js"):
        _copy(Path(__file__).with_name(name), assets / name)
    (assets / "roles.css").write_text(role_css())
    (assets / "theme.js").write_text(
        f"window.UNROLLED_THEME = {json.dumps(theme.page_theme(), sort_keys=True)};\n"
    )
    config.html_static_path.append(str(assets))


def role_css():
    """The colors of the book's roles as CSS variables, for the diagrams."""
    light = "".join(f"--unrolled-{role}: {pair[0]}; " for role, pair in theme.COLORS.items())
    dark = "".join(f"--unrolled-{role}: {pair[1]}; " for role, pair in theme.COLORS.items())
    return f'html {{ {light}}}\nhtml[data-theme="dark"] {{ {dark}}}\n'


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def drop_widget_scripts(app, env):
    """Do not load ipywidgets in the pages: explorables there need no kernel."""
    for metadata in env.nb_metadata.values():
        scripts = metadata.get("js_files", {})
        for name in [name for name in scripts if name.startswith("ipywidgets")]:
            del scripts[name]


def name_solutions(app, doctree):
    """Say what a collapsed cell holds: only solutions are hidden whole."""
    for node in doctree.findall(nodes.container):
        whole = node.get("hide_mode") == "all"
        node["prompt_show"] = "Show the solution" if whole else "Show the code"
        node["prompt_hide"] = "Hide the solution" if whole else "Hide the code"


def finish_page(app, pagename, templatename, context, doctree):
    """Put the diagrams into the page, load the figures' scripts where there are figures."""
    if "body" in context:
        context["body"] = DIAGRAM.sub(inline_diagram, context["body"])
        context["body"] = FOLDED.sub(name_folded, context["body"])
        context["body"] = KOREAN.sub('<dt lang="ko"', context["body"])
    if 'class="unrolled-figure' in context.get("body", ""):
        for name in FIGURE_SCRIPTS:
            app.add_js_file(name, loading_method="defer")
    if "tag_tab-" in context.get("body", ""):
        app.add_js_file("tabs.js", loading_method="defer")
    app.add_js_file("book.js", loading_method="defer")
    context["script_files"] = once(context["script_files"])


def inline_diagram(match):
    """The SVG itself in place of an image, so that it takes the page's colors."""
    svg = (BOOK / "images" / f"{match['name']}.svg").read_text()
    return svg.replace("<svg ", f'<svg role="img" aria-label="{match["alt"]}" ', 1)


def name_folded(match):
    """A folded text with its kind, which the style sheet shows by a sign and a color."""
    return f'<details class="{KINDS[match[2]]}">{match[1]}'


def once(scripts):
    """Each script once: the theme adds one of them twice, and the browser complains."""
    seen, kept = set(), []
    for script in scripts:
        attributes = getattr(script, "attributes", {})
        key = getattr(script, "filename", script) or attributes.get("body")
        if key not in seen:
            seen.add(key)
            kept.append(script)
    return kept
