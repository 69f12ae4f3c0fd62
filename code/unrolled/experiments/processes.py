"""Several processes on this machine, as torchrun starts them. See chapter 17."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def torchrun(world, command, *, timeout=600):
    """Start `world` processes on this machine and wait for them; what they print, a string.

    Parameters
    ----------
    world : int
    command : list of str
        A script, or -m and a module, and its arguments.
    timeout : float
        Seconds after which the processes are ended.

    Raises
    ------
    RuntimeError
        If a process fails, with what the processes wrote, or if they take too long.
    """
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]
    environment = {"OMP_NUM_THREADS": "1"} | os.environ
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "UNROLLED_QUIET": "1"}
    with subprocess.Popen(
        [*launcher, "--nproc-per-node", str(world), *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        try:
            said, complaints = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{world} process(es) did not end in {timeout} seconds") from None
        finally:
            _end(process)
    if process.returncode:
        raise RuntimeError(_verdict(complaints, world))
    return said


def _verdict(complaints, world):
    """Which process failed first, and what the processes wrote, without what torchrun adds."""
    first = re.search(r"Root Cause.*?rank *: (\d+).*?exitcode *: (-?\d+)", complaints, re.DOTALL)
    who = f"process {first[1]} failed first, with exit code {first[2]}" if first else "all failed"
    own = re.split(r"^[WE]\d{4} .*/elastic/", complaints, maxsplit=1, flags=re.MULTILINE)[0]
    return f"of {world} process(es), {who}:\n{own[-5000:].strip()}"


def _end(process):
    """End torchrun if it still runs; at SIGTERM it ends its own processes, within 30 seconds."""
    process.terminate()
    try:
        process.wait(timeout=40)
    except subprocess.TimeoutExpired:
        process.kill()


def launch(world, arguments=(), *, timeout=600):
    """Run `distributed` in `world` processes on this machine; the report, as `run` returns it.

    `arguments` are those of the command line. Raises RuntimeError as `torchrun` does.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            "-m",
            f"{__package__}.distributed",
            *map(str, arguments),
            "--report",
            str(report),
        ]
        torchrun(world, command, timeout=timeout)
        return json.loads(report.read_text())
