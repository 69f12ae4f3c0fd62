"""benchmarks/gpu.py runs in a process of its own, with sizes of a few units, on the processor."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from unrolled.analysis.device_time import measured, time_of_step

pytest.importorskip("torch")

ROOT = Path(__file__).parents[2]
WAYS = {"loop", "fused", "numpy", "keras", "compiled", "compiled, CUDA graphs"}
EARLIER = {"device": "a GPU of an earlier run", "date": "2026-01-31", "rows": []}


def run(out, *options):
    """Run the benchmark as a contributor does, without Keras, which takes long to import."""
    code = (
        "import sys; sys.modules['keras'] = None; sys.argv[0] = 'benchmarks/gpu.py'; "
        "sys.path.insert(0, 'benchmarks'); import gpu; gpu.main()"
    )
    command = [sys.executable, "-c", code, "--quick", "--tiny", "--out", str(out), *options]
    env = os.environ | {"PYTHONPATH": str(ROOT / "code"), "OMP_NUM_THREADS": "1"}
    env["CUDA_VISIBLE_DEVICES"] = ""
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """What a run on the processor leaves where a GPU's part was already."""
    out = tmp_path_factory.mktemp("results") / "gpu.json"
    out.write_text(json.dumps({"results": {"cpu": None, "gpu": EARLIER}}))
    done = run(out, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text())


@pytest.fixture(scope="module")
def cpu(record):
    return record["results"]["cpu"]


def rows(cpu, **wanted):
    """The rows of a record with these values."""
    return [r for r in cpu["rows"] if all(r[key] == value for key, value in wanted.items())]


def test_the_record_looks_like_every_record(record):
    assert list(record) == ["experiment", "date", "device", "versions", "settings", "results"]
    assert record["experiment"] == "gpu"
    assert "--device cuda" in record["settings"]["commands"]["gpu"]


def test_a_run_on_the_processor_leaves_the_part_of_a_gpu_alone(record):
    assert record["results"]["gpu"] == EARLIER
    assert record["device"].endswith("; a GPU of an earlier run")


def test_without_a_gpu_its_part_is_null_in_the_shipped_record_or_really_of_one():
    shipped = json.loads((ROOT / "data" / "results" / "gpu.json").read_text())["results"]
    assert shipped["cpu"]
    assert shipped["gpu"] is None or "cuda" in shipped["gpu"]["versions"]


def test_where_there_is_no_gpu_none_is_measured(tmp_path):
    done = run(tmp_path / "gpu.json", "--device", "cuda")
    assert done.returncode == 2
    assert "PyTorch sees no GPU here" in done.stderr
    assert not (tmp_path / "gpu.json").exists()


def test_every_row_has_a_time_or_a_reason(cpu):
    assert {row["way"] for row in cpu["rows"]} == WAYS
    for row in cpu["rows"]:
        if row["seconds"] is None:
            assert row["reason"], row
        else:
            assert row["seconds"] > 0
            assert row["turns"] == 1
            assert "reason" not in row


def test_no_row_is_there_twice(cpu):
    keys = [tuple(row[key] for key in ("way", "precision", *"NTDH")) for row in cpu["rows"]]
    assert len(set(keys)) == len(keys)


def test_what_was_left_out_says_why(cpu):
    assert "not installed" in rows(cpu, way="keras", H=5)[0]["reason"]
    assert "limit" in rows(cpu, way="loop", H=600)[0]["reason"]
    assert "compiling" in rows(cpu, way="compiled")[0]["reason"]
    assert "tensor cores" in rows(cpu, way="fused", precision="tf32", N=2, T=3, H=5)[0]["reason"]


def test_all_ways_agree_with_our_engine_as_far_as_their_precision_goes(cpu):
    limits = {"float64": 1e-13, "float32": 1e-5, "bf16": 0.1}
    ways = {(found["way"], found["precision"]) for found in cpu["agreement"]}
    assert {("loop", "float64"), ("fused", "float32"), ("numpy", "float32")} <= ways
    for found in cpu["agreement"]:
        assert max(found["h"], found["gradients"]) < limits[found["precision"]], found
        if found["precision"] == "bf16":
            assert found["h"] > 1e-5  # or it was not bf16


def test_the_calculator_can_read_it(cpu):
    device = measured(cpu, "here")
    assert math.isfinite(time_of_step(device, "loop", 2, 3, 4, 5).total)


def test_launches_are_counted_as_in_the_shipped_record(cpu):
    shipped = json.loads((ROOT / "data" / "results" / "gpu.json").read_text())["results"]["cpu"]
    for here, there in zip(cpu["launches"], shipped["launches"], strict=True):
        assert (here["cell"], here["way"], here["T"]) == (there["cell"], there["way"], there["T"])
        assert here["launches"] == pytest.approx(there["launches"], rel=0.3, abs=5)
