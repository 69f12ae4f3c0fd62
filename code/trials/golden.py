"""What every explorable shows at its start and in its stories, on record.

    python code/trials/golden.py

writes tests/explore/golden.json anew. It has one line for each explorable, so that the diff names
those that changed: read their stories again, since the sentences quote these numbers.
"""

import json
import sys
import zlib
from pathlib import Path

import numpy as np
from unrolled import explore

PATH = Path(__file__).parents[2] / "tests" / "explore" / "golden.json"
LONG = 12  # letters of a text that is kept
# What only rounding decides, which differs by processor: explorable -> arrays and facts.
NOISY = {
    "BrokenBridge": ("apart", "decades"),
    "EdgeOfChaos": (
        "apart",
        "gradient",
        "slope",
        "decades",
        "error",
        "exponent",
        "rounds",
        "factor",
    ),
    "GradientFlow": ("spectrum_height", "spectrum_base", "spectrum_range"),
    "StepSize": ("float64", "float32", "now_y", "error", "digits", "best_step", "best_error"),
}


def settings(explorable):
    """Name -> values of the controls: the start, each story, and where the question leads."""
    found = {"start": explorable.values} | {s.name: s.values for s in explorable.stories}
    asked = explorable.question
    return found | ({"question": asked.values} if asked else {})


def shown(explorable):
    """Name of a setting -> its facts, and a number for each array."""
    return {name: entry(explorable, values) for name, values in settings(explorable).items()}


def entry(explorable, values):
    """The facts and the arrays of one setting, without what is noise."""
    arrays, facts, _ = explorable.at(**values)
    found = {key: rounded(fact) for key, fact in facts.items()}
    found |= {key: summary(array) for key, array in arrays.items()}
    noisy = NOISY.get(type(explorable).__name__, ())
    return {key: value for key, value in found.items() if key not in noisy}


def summary(array):
    """A mean that depends on where each number stands."""
    numbers = np.nan_to_num(array.ravel())
    return rounded(float(np.mean(numbers * (2 + np.cos(np.arange(numbers.size))))))


def rounded(value):
    """A number in four digits, a long text as a checksum, anything else as it is."""
    if isinstance(value, str) and len(value) > LONG:
        return zlib.crc32(value.encode())
    return float(f"{value:.4g}") if isinstance(value, float) else value


def main():
    """Record every explorable."""
    found = {cls.__name__: shown(cls()) for cls in explore.every()}
    lines = [
        f"{json.dumps(name)}: {json.dumps(of, ensure_ascii=False)}" for name, of in found.items()
    ]
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(lines)} explorables are on record in {PATH}: {PATH.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
