"""What nbval compares in a chapter: text. Figures and widgets are tested in tests/."""

import os
import re
from importlib.util import find_spec

import pytest

os.environ["UNROLLED_QUIET"] = "1"  # kernels inherit it: no progress bars
os.environ["UNROLLED_AUDIENCE"] = "text"  # nothing is drawn for nobody

HEAVY = (
    "application/vnd.plotly.v1+json",
    "text/html",
    "image/svg+xml",
    "application/javascript",
    "stderr",
)
OPTIONAL = re.compile(r"\b(?:import |from |need\(\")(torch|tensorflow|keras|sklearn)\b")


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += HEAVY


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
