"""The icons that the pages show, out of the two thousand that the theme brings along.

They are in a script, which draws them, and in fonts, which serve until the script has done so and
wherever a style sheet names an icon by its code.
"""

import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from . import content_security

SCRIPT = Path("_static/scripts/fontawesome.js")
STYLES = Path("_static/styles/pydata-sphinx-theme.css")
FONTS = Path("_static/vendor/fontawesome/webfonts")
# name:[width,height,[other names],"code","path"], and the path may be two.
ICON = re.compile(
    r'"?(?P<name>[a-z0-9-]+)"?:\[\d+,\d+,\[(?P<others>[^\]]*)\],"(?P<code>[0-9a-f]+)",'
    r'(?:"[^"]*"|\["[^"]*","[^"]*"\])\],?'
)
CLASS = re.compile(r"\bfa-([a-z0-9-]+)")
RULE = re.compile(r'(?:\.fa-[a-z0-9-]+:before,?)+\{content:"[^"]*"\}')
CODE = re.compile(r'"(?:\\([0-9a-f]{4})|([\ue000-\uf8ff]))"')  # escaped or not, in a style sheet


def trim(site):
    """Leave those icons in the theme's files that a page, or a script of it or the theme, names."""
    script, styles = site / SCRIPT, site / STYLES
    if not script.is_file():
        return
    moved = (site / content_security.FOLDER).glob("*.js")
    naming = [*site.glob("*.html"), *moved, *script.parent.glob("*-theme.js")]
    used = {name for page in naming for name in CLASS.findall(page.read_text(encoding="utf-8"))}
    icons = trimmed(script.read_text(encoding="utf-8"), used)
    script.write_text(icons, encoding="utf-8")
    rules = trimmed_rules(styles.read_text(encoding="utf-8"), used)
    styles.write_text(rules, encoding="utf-8")
    codes = {int(icon["code"], 16) for icon in ICON.finditer(icons)}
    codes |= {int(escaped, 16) if escaped else ord(sign) for escaped, sign in CODE.findall(rules)}
    for font in (site / FONTS).glob("*.woff2"):
        trim_font(font, codes)


def trimmed(script, used):
    """The script without the icons that have none of the names `used`."""

    def keep(icon):
        names = {icon["name"], *re.findall(r'"([^"]+)"', icon["others"])}
        return icon[0] if names & used else ""

    return ICON.sub(keep, script)


def trimmed_rules(styles, used):
    """The style sheet without the rules for icons that have none of the names `used`."""

    def keep(rule):
        return rule[0] if used.intersection(CLASS.findall(rule[0])) else ""

    return RULE.sub(keep, styles)


def trim_font(path, codes):
    """Leave those signs in a font that have one of the code points `codes`."""
    with TTFont(path) as font:
        if set(font.getBestCmap()) <= codes:
            return
        subsetter = subset.Subsetter(subset.Options(layout_features=[]))
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(path)
