"""What every explorable shows at a few settings, on record, so that a change of numbers is seen.

    python code/trials/golden.py

writes tests/explore/golden.json anew. It has one line for each explorable: the diff names those
that changed. Numbers are rounded to the 16 bits that they have in a page.
"""

import base64
import gzip
import json
import sys
import zlib
from pathlib import Path

import numpy as np
from unrolled.explore import EXPLORABLES
from unrolled.explore.step_size import EXPONENTS

PATH = Path(__file__).parents[2] / "tests" / "explore" / "golden.json"
POINTS = 3  # settings on record: the start and random ones
# Processors add in different orders. In float32, as trained weights are, what is drawn moves by up
# to 4e-6 between one without AVX, one with AVX2 and one with AVX-512.
ROUNDING = 1e-5
# Three explorables draw rounding itself, on a logarithmic axis: there it differs by processor.
NOISY = {
    ("BrokenBridge", "apart"),
    ("GradientFlow", "spectrum_height"),
    *(("StepSize", key) for key in ("float64", "float32", "now_y")),
}


def points(explorable):
    """Where an explorable is on record: indices of its sliders, the start first."""
    start = [s.values.index(explorable.values[s.name]) for s in explorable.sliders]
    rng = np.random.default_rng(zlib.crc32(type(explorable).__name__.encode()))
    sizes = [len(slider.values) for slider in explorable.sliders]
    return [start, *rng.integers(sizes, size=(POINTS - 1, len(sizes))).tolist()]


def setting(explorable, at):
    """Slider name -> value at some indices."""
    return {s.name: s.values[i] for s, i in zip(explorable.sliders, at, strict=True)}


def entry(explorable):
    """The record of one explorable, for JSON: numbers and texts, and their scales over the grid."""
    table = explorable.table()
    scales = {}
    for key, found in table.packed()["arrays"].items():
        array = table.arrays[key]
        mean, missing = float(np.nanmean(array)), int(np.isnan(array).sum())
        scales[key] = [found["low"], found["step"], mean, missing]
    at = points(explorable)
    results = [explorable.compute(**setting(explorable, place)) for place in at]
    codes = [code(result[key], *scales[key][:2]) for result in results for key in scales]
    packed = gzip.compress(np.concatenate(codes).tobytes(), mtime=0)
    return {
        "at": at,
        "scales": scales,
        "codes": base64.b64encode(packed).decode(),
        "texts": [{key: result[key] for key in explorable.texts} for result in results],
    }


def code(values, low, step):
    """Numbers as the nearest of the levels that a page has; 65535 is NaN."""
    scaled = np.round((np.ravel(np.asarray(values, float)) - low) / step)
    return np.where(np.isnan(scaled), 65535, scaled).astype("<u2")


def recorded(explorable):
    """What is on record at every setting: values of the sliders, key -> array, key -> text."""
    found = json.loads(PATH.read_text())[type(explorable).__name__]
    codes = np.frombuffer(gzip.decompress(base64.b64decode(found["codes"])), "<u2").astype(float)
    codes[codes == 65535] = np.nan
    for at, texts in zip(found["at"], found["texts"], strict=True):
        arrays = {}
        for key, (low, step, *_) in found["scales"].items():
            shape = np.shape(explorable.result[key])
            taken, codes = np.split(codes, [int(np.prod(shape))])
            arrays[key] = low + step * taken.reshape(shape)
        yield setting(explorable, at), arrays, texts


def scales(explorable):
    """key -> (lowest number, distance of levels, mean, count of NaN) over the grid, on record."""
    return json.loads(PATH.read_text())[type(explorable).__name__]["scales"]


def certain(explorable, at, key, values):
    """Numbers without what only rounding decides: each at least as high as its noise."""
    return np.maximum(values, _noise(type(explorable).__name__, key, at, values))


def _noise(name, key, at, values):
    if (name, key) == ("BrokenBridge", "apart"):
        return -6  # in float32
    if (name, key) == ("GradientFlow", "spectrum_height"):
        return np.max(values) - 12  # singular values beside the largest, in float64
    if name == "StepSize" and key != "now_x":
        precision = at["precision"] if key == "now_y" else key
        exponents = at["exponent"] if key == "now_y" else np.array(EXPONENTS)
        return np.log10(np.finfo(precision).eps) + 4 - exponents  # a rounded loss over the step
    return -np.inf


def main():
    """Record every explorable."""
    lines = [f"{json.dumps(cls.__name__)}: {json.dumps(entry(cls()))}" for cls in EXPLORABLES]
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{len(lines)} explorables are on record in {PATH}: {PATH.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
