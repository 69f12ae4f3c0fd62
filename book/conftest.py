"""What nbval compares in a chapter: text. Figures and widgets are tested in tests/."""

import os

os.environ["UNROLLED_QUIET"] = "1"  # kernels inherit it: no progress bars

HEAVY = (
    "application/vnd.plotly.v1+json",
    "text/html",
    "image/svg+xml",
    "application/javascript",
    "stderr",
)


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += HEAVY
