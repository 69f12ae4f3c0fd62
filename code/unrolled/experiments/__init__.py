"""Experiments that take too long for a chapter. `python -m unrolled.experiments --help` runs them.

Each writes what it found to data/results, with its settings, versions, date and device.
"""
