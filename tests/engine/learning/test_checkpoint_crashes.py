"""What is left of a checkpoint when the process that writes it is killed, or the disk is full."""

import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.engine import checkpoint
from unrolled.engine.optimizers import SGD

pytestmark = pytest.mark.fault
H = 200


def parameters(value):
    return {"W_hh": np.full((H, H), float(value)), "b_h": np.full(H, float(value))}


def script(path, body):
    """A Python process that has the functions of this package, `path` and `parameters`."""
    start = f"""
        import sys
        import numpy as np
        from unrolled.engine import checkpoint
        from unrolled.engine.optimizers import SGD
        path = {str(path)!r}
        def parameters(value):
            return {{"W_hh": np.full(({H}, {H}), value), "b_h": np.full({H}, value)}}
    """
    return [sys.executable, "-W", "error", "-c", textwrap.dedent(start) + textwrap.dedent(body)]


@pytest.mark.parametrize("delay", [0.0, 0.011, 0.023])
def test_a_process_that_is_killed_while_saving_leaves_a_whole_file(tmp_path, delay, good):
    path, other = tmp_path / "run.npz", tmp_path / "other.npz"
    checkpoint.save(other, parameters(1), SGD(0.1), [1.0])
    good(other)
    body = """
        for i in range(1_000_000):
            checkpoint.save(path, parameters(float(i)), SGD(0.1), [float(i)])
            print(i, flush=True)
    """
    with subprocess.Popen(script(path, body), stdout=subprocess.PIPE, text=True) as process:
        try:
            for _ in range(5):
                assert process.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(delay)
        finally:
            process.kill()
        saved = 4 + len(process.stdout.readlines())  # the last number that was printed
        assert process.wait() == -signal.SIGKILL
    params = parameters(-1)
    (i,) = checkpoint.load(path, params, SGD(0.1))
    assert saved <= i <= saved + 1
    for name, expected in parameters(i).items():
        assert_array_equal(params[name], expected)


@pytest.mark.parametrize("limit", [0, 100, 4096, 100_000])
def test_a_full_disk_leaves_the_old_checkpoint_and_no_part(tmp_path, limit, good):
    resource = pytest.importorskip("resource")
    path = tmp_path / "run.npz"
    checkpoint.save(path, parameters(1), SGD(0.1), [1.0])
    good(path)
    before = path.read_bytes()
    assert limit < len(before) < resource.RLIM_INFINITY % 2**63
    body = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        try:
            checkpoint.save(path, parameters(2.0), SGD(0.1), [1.0, 2.0])
        except OSError as error:
            sys.exit(f"{{type(error).__name__}}: {{error}}")
    """
    done = subprocess.run(script(path, body), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "OSError" in done.stderr
    assert "File too large" in done.stderr
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["open", "os.rename"])
@pytest.mark.parametrize("failure", ["OSError(28, 'No space left')", "KeyboardInterrupt"])
def test_a_failure_at_a_step_leaves_the_old_checkpoint_and_no_part(tmp_path, good, step, failure):
    path = tmp_path / "run.npz"
    checkpoint.save(path, parameters(1), SGD(0.1), [1.0])
    good(path)
    body = f"""
        def fail(event, args):
            if event == {step!r} and any(str(arg).endswith(".part") for arg in args):
                raise {failure}
        sys.addaudithook(fail)
        try:
            checkpoint.save(path, parameters(2.0), SGD(0.1), [1.0, 2.0])
        except (OSError, KeyboardInterrupt):
            print("failed")
    """
    done = subprocess.run(script(path, body), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("failed\n", "")
    assert list(tmp_path.iterdir()) == [path]
