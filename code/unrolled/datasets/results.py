"""Recorded results of experiments that take too long for a chapter (unrolled.experiments)."""

import json
import textwrap

from . import files

WIDTH, JOINT = 84, "\0"  # characters that a page has room for, less four
_KINDS = {
    "experiment": str,
    "date": str,
    "device": str,
    "versions": dict,
    "settings": dict,
    "results": (dict, list),
}


def load_results(name):
    """The record of an experiment; says when, where and with what it was run.

    Parameters
    ----------
    name : str
        Such as "lag-dial", for data/results/lag-dial.json.

    Returns
    -------
    dict of experiment, date, device, versions, settings and results

    Raises
    ------
    FileNotFoundError
        If there is no such record. The message says where it was looked for.
    ValueError
        If the file is no record.
    """
    record = read(name)
    versions = [f"{package} {version}" for package, version in record["versions"].items()]
    told = f"{record['experiment']}: recorded {record['date']} on {record['device']}"
    parts = [part.replace(" ", JOINT) for part in versions]  # a version stays with its package
    lines = textwrap.wrap(", ".join([told, *parts]), WIDTH, break_on_hyphens=False)
    print("\n    ".join(lines).replace(JOINT, " "))
    return record


def read(name):
    """`load_results` without a word."""
    return from_file(files.path(f"results/{name}.json"))


def from_file(place):
    """The record that a file holds. Raises ValueError if it holds something else."""
    record = files.parsed(place)
    with files.expecting(f"a record: {', '.join(_KINDS)}", place):
        for part, kinds in _KINDS.items():
            if not isinstance(record[part], kinds):
                raise ValueError(f"{part} is a {type(record[part]).__name__}")
        # What is printed must be text; JSON can hold halves of a character.
        json.dumps(record, ensure_ascii=False).encode()
    return record
