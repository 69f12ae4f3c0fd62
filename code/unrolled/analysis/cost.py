"""What memory a call costs, and on which processor. Used in chapter 6."""

import platform
import re
import tracemalloc
from pathlib import Path


def peak_memory(call):
    """The most memory, in bytes, that `call()` held at once beyond what was held before.

    Counts what NumPy and Python allocate (tracemalloc), not the libraries below them.
    """
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not tracing:
            tracemalloc.stop()


def cpu_model():
    """The processor's name, as far as the machine tells."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
