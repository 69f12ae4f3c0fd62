"""Chapters are executed a few at a time, before Sphinx reads them one by one."""

import asyncio
import os
import time
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal
from sphinx.util import logging

AT_ONCE = min(4, os.cpu_count())  # a kernel with TensorFlow and PyTorch takes a gigabyte
logger = logging.getLogger(__name__)


def setup(app):
    """Connect to the event before all documents are read."""
    app.connect("env-before-read-docs", fill_cache)


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
        data = {"execution_seconds": time.monotonic() - start}
        bundle = CacheBundleIn(notebook, str(place), data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        logger.info(f"executed {place.name} in {data['execution_seconds']:.0f} s")

    await asyncio.gather(*map(one, places))
