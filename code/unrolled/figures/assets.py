"""The scripts and styles that figures need, for whoever puts them somewhere: a page, a kernel."""

import base64
import gzip
import json
from functools import cache
from pathlib import Path

import plotly

from unrolled.web.bundle import WEB, bundle

from . import theme

WHOLE_PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def plotly_script():
    """The whole of plotly.js, with the calls that the view makes."""
    return WHOLE_PLOTLY.read_text(encoding="utf-8") + (WEB / "plotly_whole.js").read_text("utf-8")


def theme_script():
    """The templates and the dark relatives of all colors."""
    return f"globalThis.UNROLLED_THEME = {json.dumps(theme.page_theme(), sort_keys=True)};\n"


def styles():
    """The style sheet of figures, with the colors of the roles, where no page defines them."""
    return (WEB / "explorable.css").read_text(encoding="utf-8") + theme.role_css(
        ".unrolled-figure", '.unrolled-figure[data-mode="dark"]'
    )


@cache
def live_scripts():
    """An ES module that exports `render`, the view in a notebook.

    No loader of the notebook's page must catch the scripts that it is made of.
    """
    hidden = "const module = { exports: {} }, exports = module.exports;\n"
    hidden += "const define = undefined, require = undefined;\n"
    styles_script = f"globalThis.UNROLLED_STYLES = {json.dumps(styles())};\n"
    view = f"export const {{ render }} = {bundle('notebook.js')};\n"
    return hidden + plotly_script() + theme_script() + styles_script + view


@cache
def standalone():
    """HTML with all scripts and styles of figures, for a file that stands alone."""
    scripts = "\n".join(
        [plotly_script(), theme_script(), f"{bundle('engines.js')};", f"{bundle('page.js')};"]
    )
    packed = base64.b64encode(gzip.compress(scripts.encode(), 6, mtime=0)).decode()
    loader = (WEB / "standalone.js").read_text(encoding="utf-8")
    return f"<style>{styles()}</style><script>{loader.replace('PACKED', packed)}</script>"
