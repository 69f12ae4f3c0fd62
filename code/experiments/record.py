"""Results of experiments that take too long for a chapter, written to data/results."""

import datetime
import json
import os
import platform
import re
from pathlib import Path

import numpy as np

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
    FOLDER.mkdir(exist_ok=True)
    part = FOLDER / f"{name}.json.part"
    part.write_text(json.dumps(record, indent=1) + "\n")
    os.replace(part, FOLDER / f"{name}.json")
    print(f"wrote data/results/{name}.json")


def cpu_model():
    """The processor's name, as far as the machine tells."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
