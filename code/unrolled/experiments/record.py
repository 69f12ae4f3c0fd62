"""Results of experiments that take too long for a chapter, written to data/results."""

import datetime
import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from unrolled.analysis.cost import cpu_model
from unrolled.datasets.download import atomically, fetch, sha256_of

FOLDER = Path(__file__).resolve().parents[3] / "data" / "results"


def write(name, *, settings, results, packages=("numpy",), device=None, data=()):
    """Write data/results/NAME.json, whole or not at all: what was run, where, and what came out.

    `packages` are those whose versions matter, `data` the names of downloaded files in
    `datasets.registry` that were read, and `device` is where it ran, if not on the processor.
    """
    found = about(name, settings, packages, device, data) | {"results": results}
    with atomically(FOLDER / f"{name}.json") as part:
        part.write_text(json.dumps(found, indent=1) + "\n")
    print(f"wrote data/results/{name}.json")


def write_weights(name, arrays):
    """Write data/results/NAME.npz, whole or not at all."""
    with atomically(FOLDER / f"{name}.npz") as part, open(part, "wb") as file:
        np.savez_compressed(file, **arrays)
    print(f"wrote data/results/{name}.npz")


def about(name, settings, packages, device, data):
    """A record without its results."""
    found = {
        "experiment": name,
        "date": datetime.date.today().isoformat(),
        "device": device or f"{cpu_model()}, {os.environ.get('OMP_NUM_THREADS', 'all')} thread(s)",
        "versions": {"python": platform.python_version()} | {p: version(p) for p in packages},
        "settings": settings,
    }
    return found | ({"data": {file: sha256_of(fetch(file)) for file in data}} if data else {})


class Runs:
    """A record of many runs that is written after each of them, and goes on where it stopped.

    Its results are a list of runs, each a dict of what tells it from the others and what came out.

    Raises
    ------
    ValueError
        If a record of that name was made with other settings or other data.
    """

    def __init__(self, name, *, settings, **options):
        self.name, self.settings, self.options, self.done = name, settings, options, []
        place = FOLDER / f"{name}.json"
        if place.exists():
            before = json.loads(place.read_text())
            now = json.loads(json.dumps(about(name, settings, (), None, options.get("data", ()))))
            for part in ("settings", "data"):
                if before.get(part) != now.get(part):
                    raise ValueError(
                        f"{place} was recorded with other {part}: {before.get(part)} instead of "
                        f"{now.get(part)}. Move it away to start again."
                    )
            self.done = before["results"]

    def once(self, run, **key):
        """The result of run(), from the record if it is there already."""
        for entry in self.done:
            if all(entry.get(name) == value for name, value in key.items()):
                return entry
        self.done.append(key | run())
        write(self.name, settings=self.settings, results=self.done, **self.options)
        return self.done[-1]
