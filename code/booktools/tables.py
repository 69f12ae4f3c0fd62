"""Large tables of explorables in files of their own, which a browser keeps when a page changes."""

import re

from . import files

LARGE = 50_000  # characters
CODES = re.compile(
    r'<figure class="[^"]*explorable"(?:(?!</figure>).)*?'
    rf'<script type="application/json">[^<]*?"codes":"(?P<codes>[^"]{{{LARGE},}})"',
    re.DOTALL,
)


def without_tables(text, site):
    """The page with names in place of large tables, which go into scripts of the site."""

    def name(figure):
        codes = figure["codes"]
        key = files.key(codes)
        script = f'(window.UNROLLED_TABLES ??= {{}})["{key}"] = "{codes}";\n'
        source = files.place(site, f"_static/tables/{key}.js", script)
        return f'<script src="{source}"></script>' + figure[0].replace(codes, key)

    return CODES.sub(name, text)
