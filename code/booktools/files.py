"""Files that the build adds to the site, named by what they hold."""

import hashlib


def key(text):
    """A short name for a text, the same in every build."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def place(site, address, text):
    """Write a file of the site, and return its address from a page."""
    (site / address).parent.mkdir(parents=True, exist_ok=True)
    (site / address).write_text(text, encoding="utf-8")
    return address
