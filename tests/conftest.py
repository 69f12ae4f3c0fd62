"""What all tests share, and the count of faults: tried, survived, and bytes lost."""

import hashlib
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the build has it: more threads sum otherwise

import numpy as np
import pytest
from unrolled.bridges import load_triton

GOOD = pytest.StashKey()

load_triton()  # tests import Keras and PyTorch in any order


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def good(request):
    """Declare a file that the fault of a test must not change. Those of fixtures are declared."""

    def declare(place):
        request.node.stash.setdefault(GOOD, {}).update(_bytes_below(place))

    return declare


def pytest_configure(config):
    config.addinivalue_line("markers", "fault: something goes wrong, and no byte may be lost")
    config.addinivalue_line("markers", "slow: too long for every change; see tests/README.md")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Take checksums of the files of a test marked `fault`, before it and after it."""
    if item.get_closest_marker("fault") is None:
        return (yield)
    good = item.stash.setdefault(GOOD, {})
    good.update(_bytes_below(item.funcargs["tmp_path"]))
    try:
        result = yield
    finally:
        lost = {place: size for place, (size, sha) in good.items() if _bytes(place) != (size, sha)}
        watched = sum(size for size, _ in good.values())
        item.user_properties += [("watched", watched), ("lost", sum(lost.values()))]
    if lost or not watched:
        pytest.fail(f"lost: {[*map(str, lost)]}" if lost else "there was nothing to lose")
    return result


def pytest_terminal_summary(terminalreporter):
    """Print the count, if there were faults."""
    ended = {
        outcome: [
            report
            for report in terminalreporter.stats.get(outcome, [])
            if report.when == "call" and "fault" in report.keywords
        ]
        for outcome in ("passed", "failed")
    }
    counts = {"watched": 0, "lost": 0}
    for name, count in (
        pair for reports in ended.values() for r in reports for pair in r.user_properties
    ):
        counts[name] = counts.get(name, 0) + count
    tried = len(ended["passed"]) + len(ended["failed"])
    if tried:
        terminalreporter.write_line(
            f"{tried} faults tried, {len(ended['passed'])} survived, {counts['lost']:,} of "
            f"{counts['watched']:,} bytes lost"
        )


def _bytes_below(place):
    """{file: (size, sha256)} of a file, or of everything in a folder."""
    files = [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
    return {file: _bytes(file) for file in files if not file.is_symlink()}


def _bytes(file):
    content = file.read_bytes() if file.is_file() else b""
    return len(content), hashlib.sha256(content).hexdigest()
