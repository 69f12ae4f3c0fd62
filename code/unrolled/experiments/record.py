"""Results of experiments that take too long for a chapter, written to data/results."""

import datetime
import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

import numpy as np

from unrolled.analysis.cost import cpu_model
from unrolled.datasets.download import atomically, fetch, sha256_of
from unrolled.datasets.results import from_file

FOLDER = Path(__file__).resolve().parents[3] / "data" / "results"
ABOUT = ("date", "device", "versions")  # what a run says if the first ones were made otherwise
NUMBERS = re.compile(r"\[\n[-+\d.eE,\s]+\]")  # a list as json indents it, one number to a line


def write(name, *, settings, results, packages=("numpy",), device=None, data=()):
    """Write data/results/NAME.json, whole or not at all: what was run, where, and what came out.

    `packages` are those whose versions matter, `data` the names of downloaded files in
    `datasets.registry` that were read, and `device` is where it ran, if not on the processor.
    """
    save(name, about(name, settings, packages, device, data), results)


def save(name, header, results):
    """Write a record whole or not at all, a list of numbers on one line."""
    text = json.dumps(header | {"results": results}, indent=1)
    text = NUMBERS.sub(lambda numbers: json.dumps(json.loads(numbers[0])), text)
    with atomically(folder() / f"{name}.json") as part:
        part.write_text(text + "\n")
    print(f"wrote data/results/{name}.json")


def folder():
    """Where records are kept. Raises ValueError outside a copy of the repository."""
    if not FOLDER.is_dir():
        raise ValueError(
            f"records are written to a copy of the repository, and {FOLDER} is not there: "
            "clone it and run there"
        )
    return FOLDER


def write_weights(name, arrays):
    """Write data/results/NAME.npz, whole or not at all."""
    with atomically(folder() / f"{name}.npz") as part, open(part, "wb") as file:
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
    A run that was made on another day, device or version than the first ones says so itself.

    Raises
    ------
    ValueError
        If a record of that name was made with other settings or other data.
    """

    def __init__(self, name, *, settings, packages=("numpy",), device=None, data=()):
        now = json.loads(json.dumps(about(name, settings, packages, device, data)))
        self.name, self.now, self.header, self.done = name, now, now, []
        place = folder() / f"{name}.json"
        if place.exists():
            self.header = from_file(place)
            self.done = self.header.pop("results")
        for part in ("settings", "data"):
            before, given = self.header.get(part), now.get(part)
            if before != given:
                raise ValueError(
                    f"{place} was recorded with other {part}: {before} instead of {given}. "
                    "Move it away to start again."
                )

    def once(self, run, **key):
        """The result of run(), from the record if it is there already."""
        for entry in self.done:
            if all(entry.get(name) == value for name, value in key.items()):
                return entry
        found = key | run()
        for part in ABOUT:
            if self.now[part] != self.header[part]:
                found[part] = self.now[part]
        self.done.append(found)
        save(self.name, self.header, self.kept())
        return found

    def kept(self):
        """The results as they are written."""
        return self.done


class Grouped(Runs):
    """`Runs` of which many differ in little: those that agree in all that `by` names are one entry.

    Whatever else they say is a list over them, which takes a third of the room.
    """

    def __init__(self, name, *, by, **about):
        super().__init__(name, **about)
        self.by = [*by, *ABOUT]
        self.done = [run for group in self.done for run in self.apart(group)]

    def kept(self):
        """The groups, in the order of their first runs."""
        groups = {}
        for run in self.done:
            shared = {part: run[part] for part in self.by if part in run}
            group = groups.setdefault(json.dumps(shared), shared)
            for part in run:
                if part not in self.by:
                    group.setdefault(part, []).append(run[part])
        return list(groups.values())

    def apart(self, group):
        """The runs of a group."""
        shared = {part: value for part, value in group.items() if part in self.by}
        columns = {part: values for part, values in group.items() if part not in self.by}
        rows = zip(*columns.values(), strict=True)
        return [shared | dict(zip(columns, row, strict=True)) for row in rows]
