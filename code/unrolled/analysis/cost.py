"""What a call costs, in memory and in time. Used in chapter 6."""

import time
import tracemalloc


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


def seconds(call, repeats=3):
    """The shortest of several runs of `call()`, in seconds of wall time."""
    runs = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        runs.append(time.perf_counter() - start)
    return min(runs)
