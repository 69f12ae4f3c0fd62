"""Chapters are executed a few at a time, before Sphinx reads them one by one, and only once.

What they gave stays in a cache, until the package or its data changes. `make chapters` leaves there
what it has executed and found right.
"""

import asyncio
import hashlib
import os
import shutil
import time
from pathlib import Path

import nbformat
import unrolled
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from sphinx.util import logging

AT_ONCE = min(4, os.cpu_count())  # a kernel with TensorFlow and PyTorch takes a gigabyte
PACKAGE = Path(unrolled.__file__).parent
LANGUAGE = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
logger = logging.getLogger(__name__)


def setup(app):
    """Name the cache, and connect to the event before all documents are read."""
    app.connect("config-inited", name_cache)
    app.connect("env-before-read-docs", fill_cache)


def name_cache(app, config):
    """Execute the chapters again when the package or its data changes, not only their cells."""
    config.nb_execution_cache_path = str(place_below(Path(app.outdir).parent))


def cache_below(built):
    """The cache of the build in a folder."""
    return get_cache(place_below(built))


def place_below(built):
    """The folder for what the package and data of now give. What others gave is removed."""
    digest = hashlib.sha256()
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.parents[1].glob("data/**/*.*")]):
        digest.update(path.name.encode() + path.read_bytes())
    caches = built / ".executed"
    cache = caches / digest.hexdigest()[:16]
    for old in caches.glob("*"):
        if old != cache:
            shutil.rmtree(old, ignore_errors=True)
    return cache


def fill_cache(app, env, docnames):
    """Execute the notebooks that will be read and are not in the cache, and put them there.

    One that fails is left out: Sphinx then executes it itself and tells what failed.
    """
    cache = get_cache(app.config.nb_execution_cache_path)
    places = [Path(env.doc2path(name)) for name in sorted(docnames)]
    new = [place for place in places if place.suffix == ".ipynb" and not is_in(cache, place)]
    asyncio.run(execute(new, cache, app.config.nb_execution_timeout))


def is_in(cache, place):
    """Whether a notebook with the same code was executed before."""
    try:
        return bool(cache.match_cache_notebook(nbformat.read(place, as_version=4)))
    except KeyError:
        return False


async def execute(places, cache, timeout):
    """Execute notebooks, each in its folder and with so many seconds for a cell, and keep them."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(place):
        notebook = nbformat.read(place, as_version=4)
        folder = {"metadata": {"path": str(place.parent)}}
        client = NotebookClient(notebook, timeout=timeout, resources=folder, record_timing=False)
        async with free:
            start = time.monotonic()
            try:
                await client.async_execute()
            except CellControlSignal:  # a cell raised an error, or took too long
                return
        seconds = time.monotonic() - start
        keep(cache, notebook, place, seconds)
        logger.info(f"executed {place.name} in {seconds:.0f} s")

    await asyncio.gather(*map(one, places))


def keep(cache, notebook, place, seconds=0):
    """Put an executed notebook into the cache, in place of one with the same code."""
    notebook.metadata |= LANGUAGE
    bundle = CacheBundleIn(notebook, str(place), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
