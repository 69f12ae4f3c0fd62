"""What nbval compares in a chapter: text. Figures and widgets are tested in tests/.

With UNROLLED_AUDIENCE=page figures are drawn, too, and the build takes what passed.
"""

import os
import re
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import pytest
from booktools import approx
from nbval.plugin import IPyNbCell

os.environ["UNROLLED_QUIET"] = "1"  # kernels inherit it: no progress bars
os.environ.setdefault("UNROLLED_AUDIENCE", "text")  # nothing is drawn for nobody
DRAWN = os.environ["UNROLLED_AUDIENCE"] == "page"
BUILT = Path(__file__).parents[1] / "_build"
if DRAWN:  # a build and what it needs are not everywhere
    from booktools import execution

HEAVY = (
    "application/vnd.plotly.v1+json",
    "text/html",
    "image/svg+xml",
    "application/javascript",
    "stderr",
)
SOLUTION, CHECK = "hide-cell", re.compile(r"\bcheck\(\s*\"([\w-]+)\"")
OPTIONAL = re.compile(r"\b(?:import |from |need\(\")(torch|tensorflow|keras|sklearn)\b")


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += HEAVY


exactly = IPyNbCell.compare_outputs


def compare_outputs(item, fresh, stored, skip_compare=None):
    """Numbers as the tags of the cell say; of a solution, what the check says."""
    tags = item.cell.metadata.get("tags", [])
    if SOLUTION in tags:
        return is_right(item, fresh, stored)
    try:
        part = approx.tolerance(tags)
    except ValueError as error:
        item.raise_cell_error(f"cell {item.cell.id}: {error}")
    if part:
        approx.settle(stored, fresh, part)
    return exactly(item, fresh, stored, skip_compare)


def is_right(item, fresh, stored):
    """A solution stores nothing that a reader might see too early, and passes now."""
    said = [
        line for held, key, _ in approx.texts(fresh) for line in held[key].splitlines()
    ]
    wanted = [f"{name} is right." for name in CHECK.findall(item.cell.source)]
    right = not stored and wanted and set(wanted) <= set(said)
    item.comparison_traceback = [f"stored: {stored}", f"wanted: {wanted}, said: {said}"]
    return right


IPyNbCell.compare_outputs = compare_outputs


def pytest_collection_modifyitems(items):
    """Skip a chapter from the first cell on that asks for a library which is absent."""
    reasons = {}
    for item in items:
        source = item.cell.source if hasattr(item, "cell") else ""
        for library in OPTIONAL.findall(source):
            if find_spec(library) is None:
                reasons.setdefault(item.path, f"{item.path.stem} needs {library}")
        if item.path in reasons:
            item.add_marker(pytest.mark.skip(reason=reasons[item.path]))


def pytest_sessionstart():
    """Make the cache, before processes beside each other would do so at once."""
    if DRAWN:
        execution.cache_below(BUILT).list_cache_records()


def pytest_sessionfinish(session):
    """Leave chapters that ran to their ends, where nothing failed, to the build."""
    if not DRAWN or session.testsfailed:
        return
    cache = execution.cache_below(BUILT)
    items = getattr(session, "items", ())  # none in the process that leads others
    for chapter, cells in groupby(items, lambda item: item.parent):
        cells = list(cells)
        if any(item.test_outputs is None for item in cells):  # run elsewhere, if at all
            continue
        for item in cells:
            item.cell.outputs = item.test_outputs
        execution.keep(cache, chapter.nb, chapter.path)
