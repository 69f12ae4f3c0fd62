"""The icons that the pages show, out of the two thousand that the theme brings along."""

import re
from pathlib import Path

SCRIPT = Path("_static/scripts/fontawesome.js")
# name:[width,height,[other names],"code","path"], and the path may be two.
ICON = re.compile(
    r'"?(?P<name>[a-z0-9-]+)"?:\[\d+,\d+,\[(?P<others>[^\]]*)\],"[0-9a-f]+",'
    r'(?:"[^"]*"|\["[^"]*","[^"]*"\])\],?'
)
CLASS = re.compile(r"\bfa-([a-z0-9-]+)")


def setup(app):
    """Trim the icons when all pages are written."""
    app.connect("build-finished", trim)


def trim(app, exception):
    """Leave those icons in the theme's script that a page or another of its scripts names."""
    script = Path(app.outdir) / SCRIPT
    if exception or not script.is_file():
        return
    naming = [*Path(app.outdir).glob("*.html"), *script.parent.glob("*-theme.js")]
    used = {name for page in naming for name in CLASS.findall(page.read_text(encoding="utf-8"))}
    script.write_text(trimmed(script.read_text(encoding="utf-8"), used), encoding="utf-8")


def trimmed(script, used):
    """The script without the icons that have none of the names `used`."""

    def keep(icon):
        names = {icon["name"], *re.findall(r'"([^"]+)"', icon["others"])}
        return icon[0] if names & used else ""

    return ICON.sub(keep, script)
