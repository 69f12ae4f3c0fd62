"""Progress bars for long loops: on stderr, and only for somebody who watches."""

import os


def bar(title, history, wanted):
    """A function that wraps an iterable in a tqdm bar, or leaves it alone if none is wanted.

    The bar shows the newest loss in `history`. The environment variable UNROLLED_QUIET=1 turns all
    bars off, so that a chapter's recorded output stays free of them.
    """
    if not wanted or os.environ.get("UNROLLED_QUIET") == "1":
        return iter
    from tqdm import tqdm

    last = f"loss {history[-1]:.4g}" if history else ""
    return lambda steps: tqdm(steps, desc=title, postfix=last, leave=False)
