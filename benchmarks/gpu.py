"""What a GPU changes: one training step of an LSTM layer in several ways, on one machine.

    OMP_NUM_THREADS=1 PYTHONPATH=code python benchmarks/gpu.py --device cpu
    PYTHONPATH=code python benchmarks/gpu.py --device cuda

A step is forward plus backward of the sum of h. At every size the ways of gpu_ways.py take turns,
and the record has the median of each; one that did not run has null and a reason. The record,
data/results/gpu.json, has a part for the processor and one for a GPU; a run replaces its own alone.
Besides PyTorch and NumPy it needs only the folder code; Keras is timed where there is one.
"""

import argparse
import json
import os
import statistics
import time
import warnings
from pathlib import Path

import gpu_keras
import gpu_machine
import gpu_ways
import numpy as np
import torch
from unrolled.analysis.device_time import operations
from unrolled.datasets.download import atomically
from unrolled.experiments import record

COMMANDS = {
    "cpu": "OMP_NUM_THREADS=1 PYTHONPATH=code python benchmarks/gpu.py --device cpu",
    "gpu": "PYTHONPATH=code python benchmarks/gpu.py --device cuda",
}
FULL = {
    "base": {"N": 32, "T": 50, "D": 128, "H": 128},
    "axes": {
        "N": [1, 4, 16, 32, 64, 256, 1024],
        "T": [10, 25, 50, 100, 200, 400],
        "H": [32, 64, 128, 256, 512, 1024],
    },
    # Compiling takes longer the longer the loop, and must be done again for every shape.
    "compiled": [[32, 50, 128, 128], [32, 10, 128, 128], [32, 25, 128, 128], [1, 10, 128, 128]],
    "seconds for turns at one size": 6,
    "seconds for a step at most": 3,  # as predicted from the operations alone
    "seconds for compiling": 150,
    "turns": [3, 15],
}
TINY = FULL | {
    "base": {"N": 2, "T": 3, "D": 4, "H": 5},
    "axes": {"N": [1, 2], "T": [3, 4], "H": [5, 600]},
    "compiled": [[2, 3, 4, 5]],
    "seconds for a step at most": 1e-4,
    "seconds for compiling": 0,
}
WAYS = {
    "numpy": gpu_ways.ours,
    "loop": gpu_ways.loop,
    "fused": gpu_ways.fused,
    "compiled": gpu_ways.compiled,
    "compiled, CUDA graphs": gpu_ways.captured,
    "keras": gpu_keras.keras_layer,
}
ALL = ("float64", "float32", "tf32", "bf16")
COMPILERS = ("compiled", "compiled, CUDA graphs")


def shapes(settings):
    """All sizes (N, T, D, H): the base first, then each axis, then those that are only compiled."""
    base = settings["base"]
    found = [base] + [base | {axis: n} for axis, sizes in settings["axes"].items() for n in sizes]
    found = [tuple(sizes.values()) for sizes in found]
    return list(dict.fromkeys(found + [tuple(sizes) for sizes in settings["compiled"]]))


def planned(shape, settings):
    """Pairs of way and precision to time at one size."""
    at_base = shape == tuple(settings["base"].values())
    plan = [("loop", p) for p in (ALL if at_base else ("float32",))]
    plan += [("fused", p) for p in (ALL if at_base else ALL[1:])]
    plan += [("numpy", "float32"), ("keras", "float32")]
    if list(shape) in settings["compiled"]:
        plan += [(way, "float32") for way in COMPILERS]
    return plan


class Bench:
    """One machine's part of the record, filled size by size."""

    def __init__(self, device, settings, out):
        self.device, self.settings, self.out = device, settings, out
        self.compiling = 0.0
        self.part = gpu_machine.about(device, settings)
        self.part["constants"] = gpu_machine.constants(device, settings["quick"])
        self.part["launches"] = gpu_machine.launches(device)
        self.part |= {"rows": [], "agreement": []}
        self.save()

    def save(self):
        """Write the record with what there is until now."""
        kind = "gpu" if self.device.type == "cuda" else "cpu"
        write(self.out, kind, json.loads(json.dumps(self.part), parse_float=short))

    def size(self, shape):
        """Time all ways at one size, and at the base compare what they compute."""
        problem, rows, steps = gpu_ways.Problem.of(*shape), {}, {}
        if list(shape) in self.settings["compiled"]:
            torch._dynamo.reset()  # it keeps what it compiled for eight shapes at most
        for way, precision in planned(shape, self.settings):
            row = {"way": way, "precision": precision, **dict(zip("NTDH", shape, strict=True))}
            rows[way, precision] = row | {"seconds": None}
            try:
                steps[way, precision] = self.ready(problem, rows[way, precision])
                if shape == tuple(self.settings["base"].values()):
                    self.compare(problem, way, precision, steps[way, precision][0])
            except gpu_ways.Skip as reason:
                rows[way, precision]["reason"] = str(reason)
            except Exception as error:  # such as no compiler or no memory: the others go on
                message = f"{type(error).__name__}: {error}".splitlines()[0]
                rows[way, precision]["reason"] = message[:300]
        for key, found in self.take_turns(steps).items():
            rows[key] |= found
        self.part["rows"] += rows.values()
        self.save()
        print_size(rows)

    def ready(self, problem, row):
        """A step that has run, and its seconds; fills in how long compiling took."""
        self.within_budget(row)
        start = time.perf_counter()
        step = WAYS[row["way"]](problem, self.device, row["precision"])
        step.run()
        first = time.perf_counter() - start
        if row["way"] in COMPILERS:
            self.compiling += first
            row["compile_seconds"] = first
        if first > 1 and row["way"] not in COMPILERS and self.device.type == "cpu":
            return step, first
        start = time.perf_counter()
        step.run()
        return step, time.perf_counter() - start

    def within_budget(self, row):
        """Raise Skip for a row that would take too long."""
        limit = self.settings["seconds for a step at most"]
        rate = self.part["constants"]["operations per second"]["float32"]
        expected = operations("lstm", *(row[size] for size in "NTDH")) / rate
        if expected > limit:
            raise gpu_ways.Skip(f"would take {expected:.2g} s or longer, the limit is {limit:g} s")
        budget = self.settings["seconds for compiling"]
        if row["way"] in COMPILERS and self.compiling >= budget:
            raise gpu_ways.Skip(f"the {budget} s for compiling were spent")

    def take_turns(self, steps):
        """The median time of each step, turn by turn, so that a busy moment hits all of them."""
        fewest, most = self.settings["turns"]
        once = sum(seconds for _, seconds in steps.values())
        turns = self.settings["seconds for turns at one size"] / max(once, 1e-9)
        turns = int(min(max(turns, fewest), most))
        times = {key: [] for key in steps}
        for _ in range(turns):
            for key, (step, _) in steps.items():
                start = time.perf_counter()
                step.run()
                times[key].append(time.perf_counter() - start)
        return {
            key: {"seconds": statistics.median(found), "turns": turns}
            for key, found in times.items()
        }

    def compare(self, problem, way, precision, step):
        """Record how far a step is from our engine in float64 on the processor."""
        ours = gpu_ways.ours(problem, torch.device("cpu"), "float64")
        expected, found = ours.named(ours.run()), step.named(step.run())
        errors = {name: difference(found[name], value) for name, value in expected.items()}
        h = errors.pop("h")
        worst = max(errors, key=errors.get)
        errors = {"h": h, "gradients": errors[worst], "worst": worst}
        self.part["agreement"].append({"way": way, "precision": precision} | errors)


def difference(found, expected):
    """The largest difference of two arrays, as a fraction of the largest expected value."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def short(text):
    """A number of a record, in four digits."""
    return float(f"{float(text):.4g}")


def write(out, kind, part):
    """Put one machine's part into the record, whole or not at all; the other machine's stays."""
    machines = {"cpu": None, "gpu": None}
    if out.exists():
        machines |= json.loads(out.read_text())["results"]
    machines[kind] = part
    found = {
        "experiment": "gpu",
        "date": part["date"],
        "device": "; ".join(each["device"] for each in machines.values() if each),
        "versions": part["versions"],
        "settings": {"commands": COMMANDS},
        "results": machines,
    }
    with atomically(out) as unfinished:
        unfinished.write_text(json.dumps(found, indent=1) + "\n")


def print_size(rows):
    """A line per way: milliseconds, and how many times as long as the fused layer in float32."""
    sizes = next(iter(rows.values()))
    print("  ".join(f"{name}={sizes[name]}" for name in "NTDH"))
    fused = rows["fused", "float32"]["seconds"]
    for (way, precision), row in rows.items():
        if row["seconds"]:
            ratio = f"{row['seconds'] / fused:10.2f}" if fused else ""
            print(f"  {way:<24}{precision:<10}{1e3 * row['seconds']:12.3f} ms{ratio}", flush=True)


def main():
    """Measure one machine and write its part of the record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=("cpu", "cuda", "auto"), default="auto")
    parser.add_argument("--quick", action="store_true", help="a draft: one turn, rough constants")
    parser.add_argument("--tiny", action="store_true", help="a few units, nothing compiled")
    parser.add_argument("--out", type=Path, default=record.FOLDER / "gpu.json")
    options = parser.parse_args()
    if options.device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""  # for Keras, which would take the GPU
    found = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(found if options.device == "auto" else options.device)
    if device.type == "cuda" and found == "cpu":
        parser.error("PyTorch sees no GPU here")
    settings = (TINY if options.tiny else FULL) | {"quick": options.quick}
    if options.quick:
        settings |= {"turns": [1, 1]}
    bench = Bench(device, settings, options.out)
    for shape in shapes(settings):
        bench.size(shape)
    print(f"wrote {options.out}")


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message=".*dynamo_pgo force disabled")
    main()
