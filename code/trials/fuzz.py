"""Any bytes in the place of a file: a valid result, or a ValueError that names the file.

`make fuzz` has Atheris look for bytes that break this, target by target, guided by what the
loaders execute. tests/datasets/test_any_bytes.py tries fewer of them with Hypothesis.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

INSTRUMENTED = ["unrolled.datasets", "unrolled.engine.checkpoint", "zipfile", "gzip", "json"]
TOO_SLOW = 10  # seconds for one file
TOO_MUCH = 1500  # megabytes for the process


def main():
    """Run Atheris over all targets or one of them, and say how many files were tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="names in fuzz_targets.py; all of them if none")
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--keep", type=Path, default=Path("_build/fuzz"), help="corpora, findings")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        _fuzz(chosen.targets[0], chosen)
    from trials.fuzz_targets import TARGETS

    names = chosen.targets or list(TARGETS)
    tried, broken, start = 0, [], time.perf_counter()
    for name in names:
        executions, said = _in_process(name, chosen.seconds // len(names), chosen.keep)
        tried += executions
        print(f"{name}: {executions:,} files tried, {said or 'nothing found'}", flush=True)
        broken += [name] if said else []
    took = time.perf_counter() - start
    print(f"{tried:,} files tried in {took:.0f} s, {len(broken)} of {len(names)} targets broken")
    sys.exit(bool(broken))


def _in_process(name, seconds, keep):
    """Fuzz one target in a process of its own: (files tried, what was found or None)."""
    command = [sys.executable, __file__, name, "--one", f"--seconds={seconds}", f"--keep={keep}"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    ran = subprocess.run(command, env=environment, capture_output=True, check=False)
    lines = ran.stderr.decode(errors="replace").splitlines() + ran.stdout.decode().splitlines()
    stats = [line.split()[-1] for line in lines if "number_of_executed_units" in line]
    if ran.returncode == 0 and stats:
        return int(stats[0]), None
    (keep / f"{name}.log").write_text("\n".join(lines))
    return int(stats[0]) if stats else 0, f"broken, see {keep / name}.log"


def _fuzz(name, chosen):
    """Hand this process to libFuzzer, which ends it."""
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED):
        from trials import fuzz_targets

    corpus, found = chosen.keep / name, chosen.keep / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        target = fuzz_targets.TARGETS[name]
        for i, seed in enumerate(target.seeds):
            (corpus / f"seed{i}").write_bytes(seed)
        limits = [f"-max_total_time={chosen.seconds}", f"-timeout={TOO_SLOW}", "-max_len=20000"]
        limits += [f"-rss_limit_mb={TOO_MUCH}", "-print_final_stats=1"]
        where = [f"-artifact_prefix={found}/{name}-", str(corpus)]
        feed = partial(target.feed, folder=Path(folder))
        with fuzz_targets.sandbox(Path(folder)):
            atheris.Setup([sys.argv[0], *limits, *where], feed)
            atheris.Fuzz()


if __name__ == "__main__":
    main()
