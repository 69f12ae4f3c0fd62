"""Large tables of explorables in files of their own, which a browser keeps when a page changes."""

import json

from . import files

LARGE = 50_000  # characters


def move_tables(tree, site):
    """Put names in place of a page's large tables, which go into scripts of the site."""
    for script in tree.select('figure.explorable > script[type="application/json"]'):
        codes = json.loads(script.string).get("codes", "")
        if len(codes) >= LARGE:
            key = files.key(codes)
            text = f'(window.UNROLLED_TABLES ??= {{}})["{key}"] = "{codes}";\n'
            source = files.place(site, f"_static/tables/{key}.js", text)
            script.string = script.string.replace(codes, key)
            script.parent.insert_before(tree.new_tag("script", src=source))
