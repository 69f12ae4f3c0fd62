"""What nbval compares in a chapter: text. Figures and widgets are tested in tests/."""

import os
import re
from importlib.util import find_spec

import pytest
from booktools import approx
from nbval.plugin import IPyNbCell

os.environ["UNROLLED_QUIET"] = "1"  # kernels inherit it: no progress bars
os.environ["UNROLLED_AUDIENCE"] = "text"  # nothing is drawn for nobody

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
