"""Recorded results of experiments that take too long for a chapter (unrolled.experiments)."""

import json

from . import files


def load_results(name):
    """The record of an experiment; says in one line when, where and with what it was run.

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
    """
    record = read(name)
    versions = ", ".join(f"{package} {version}" for package, version in record["versions"].items())
    print(f"{record['experiment']}: recorded {record['date']} on {record['device']}, {versions}")
    return record


def read(name):
    """`load_results` without a word."""
    return json.loads(files.path(f"results/{name}.json").read_text(encoding="utf-8"))
