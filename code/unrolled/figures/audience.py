"""Who looks at a notebook: a page of the book, a live front end, an exported file, or a test."""

import os

from IPython import get_ipython

PAGE, LIVE, EXPORT, TEXT = "page", "live", "export", "text"


def audience():
    """One of the four words above.

    The environment variable UNROLLED_AUDIENCE decides where it is set: by the build of the book,
    and by tests, which read the text alone. Otherwise a front end that lets the kernel ask a
    question has a reader in front of it; nbconvert and papermill do not, and Voila has one all the
    same.
    """
    if chosen := os.environ.get("UNROLLED_AUDIENCE"):
        return chosen
    voila = os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
    return LIVE if voila or _may_ask() else EXPORT


def _may_ask():
    try:
        content = get_ipython().kernel.get_parent()["content"]
    except (AttributeError, KeyError):
        return True  # no kernel that could tell
    return content.get("allow_stdin") is not False
