"""Results of experiments that take too long for a chapter, written to data/results."""

import datetime
import json
import os
import platform
from pathlib import Path

import numpy as np
from unrolled.analysis.cost import cpu_model
from unrolled.datasets.download import atomically

FOLDER = Path(__file__).resolve().parents[2] / "data" / "results"


def write(name, *, settings, results):
    """Write data/results/NAME.json, whole or not at all: what was run, where, and what came out."""
    record = {
        "experiment": name,
        "date": datetime.date.today().isoformat(),
        "device": f"{cpu_model()}, {os.environ.get('OMP_NUM_THREADS', 'all')} thread(s)",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "settings": settings,
        "results": results,
    }
    with atomically(FOLDER / f"{name}.json") as part:
        part.write_text(json.dumps(record, indent=1) + "\n")
    print(f"wrote data/results/{name}.json")


def write_weights(name, arrays):
    """Write data/results/NAME.npz, whole or not at all."""
    with atomically(FOLDER / f"{name}.npz") as part, open(part, "wb") as file:
        np.savez_compressed(file, **arrays)
    print(f"wrote data/results/{name}.npz")
