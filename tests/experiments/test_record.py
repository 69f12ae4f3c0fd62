import datetime
import hashlib
import json
import os
import platform
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from unrolled.datasets.registry import FILES
from unrolled.experiments import record

CODE = str(Path(__file__).parents[2] / "code")
SETTINGS = {"batch": 8, "rates": (0.1, 0.3)}  # a tuple, which JSON does not know


@pytest.fixture
def runs(folder):
    """A function that opens the record again, as a new process does."""
    return lambda **changes: record.Runs("trial", **{"settings": SETTINGS} | changes)


@pytest.fixture
def counted():
    """A run that tells how often it was done."""

    def run():
        run.times += 1
        return {"accuracy": run.times / 10}

    run.times = 0
    return run


def stored(folder):
    return json.loads((folder / "trial.json").read_text())


def test_a_record_says_what_was_run_where_with_which_versions_and_what_came_out(folder, capsys):
    record.write("trial", settings=SETTINGS, results=[1, 2], device="a GPU")
    found = stored(folder)
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    today = datetime.date.today()
    assert abs(datetime.date.fromisoformat(found.pop("date")) - today) <= datetime.timedelta(1)
    assert found == {
        "experiment": "trial", "device": "a GPU", "versions": versions,
        "settings": {"batch": 8, "rates": [0.1, 0.3]}, "results": [1, 2],
    }  # fmt: skip
    assert capsys.readouterr().out == "wrote data/results/trial.json\n"


def test_without_a_device_it_ran_on_this_processor_with_so_many_threads(folder, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    record.write("trial", settings={}, results=[])
    assert stored(folder)["device"].endswith(", 3 thread(s)")


def test_it_names_the_bytes_of_the_data_that_were_read(folder, few_reviews):
    few_reviews()
    record.write("trial", settings={}, results=[], data=["imdb"])
    assert stored(folder)["data"] == {"imdb": FILES["imdb"].sha256}


@pytest.mark.fault
def test_what_cannot_be_written_leaves_the_record_that_was_there(folder, good):
    record.write("trial", settings={}, results="first")
    good(folder)
    with pytest.raises(TypeError, match="not JSON serializable"):
        record.write("trial", settings={}, results={1, 2})
    assert stored(folder)["results"] == "first"
    assert [place.name for place in folder.iterdir()] == ["trial.json"]


# NumPy 2.0 leaves an archive that it could not write to the garbage collector, which complains.
@pytest.mark.filterwarnings("ignore:.*ZipFile.__del__:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.fault
def test_weights_come_back_and_those_that_cannot_be_written_leave_the_old_ones(folder, good):
    weights = {"lstm/W_hi": np.arange(6.0).reshape(2, 3)}
    record.write_weights("trial", weights)
    good(folder)
    before = hashlib.sha256((folder / "trial.npz").read_bytes()).digest()
    with pytest.raises(ValueError, match="inhomogeneous"):
        record.write_weights("trial", {"lstm/W_hi": [[1, 2], [3]]})
    assert hashlib.sha256((folder / "trial.npz").read_bytes()).digest() == before
    assert [place.name for place in folder.iterdir()] == ["trial.npz"]
    with np.load(folder / "trial.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["lstm/W_hi"], weights["lstm/W_hi"])


def test_every_run_is_written_as_soon_as_it_is_done(folder, runs, counted):
    opened = runs()
    for seed in range(3):
        found = opened.once(counted, model="rnn", seed=seed)
        assert found == {"model": "rnn", "seed": seed, "accuracy": (seed + 1) / 10}
        assert stored(folder)["results"] == opened.done
        assert stored(folder)["results"][-1] == found


def test_a_run_that_is_done_is_not_done_again_in_this_process_or_in_the_next(runs, counted):
    first = runs().once(counted, model="rnn", seed=0)
    opened = runs()
    assert opened.once(counted, model="rnn", seed=0) == first
    assert counted.times == 1
    opened.once(counted, model="rnn", seed=1)
    opened.once(counted, model="lstm", seed=0)
    assert counted.times == 3
    assert [(run["model"], run["seed"]) for run in runs().done] == [
        ("rnn", 0), ("rnn", 1), ("lstm", 0),
    ]  # fmt: skip


def test_a_run_that_fails_leaves_the_record_of_the_others_and_can_be_tried_again(
    folder, runs, counted
):
    opened = runs()
    opened.once(counted, seed=0)
    before = (folder / "trial.json").read_bytes()

    def fails():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened.once(fails, seed=1)
    assert (folder / "trial.json").read_bytes() == before
    assert [place.name for place in folder.iterdir()] == ["trial.json"]
    assert opened.once(counted, seed=1)["accuracy"] == 0.2
    assert len(runs().done) == 2


@pytest.mark.fault
def test_a_record_with_other_settings_is_refused_and_left_alone(folder, runs, counted, good):
    runs().once(counted, seed=0)
    good(folder)
    before = (folder / "trial.json").read_bytes()
    with pytest.raises(ValueError, match=r"with other settings: .*'batch': 8.* instead of .*16"):
        runs(settings=SETTINGS | {"batch": 16})
    assert (folder / "trial.json").read_bytes() == before


def test_a_record_of_other_data_is_refused(folder, few_reviews, runs, counted):
    few_reviews(seed=1)
    runs(data=["imdb"]).once(counted, seed=0)
    first = FILES["imdb"].sha256
    assert runs(data=["imdb"]).once(counted, seed=0)["accuracy"] == 0.1
    few_reviews(seed=2)
    with pytest.raises(ValueError, match=f"with other data: .*{first}.* instead of .*Move it away"):
        runs(data=["imdb"])
    with pytest.raises(ValueError, match=r"with other data: .* instead of None"):
        runs()


@pytest.mark.fault
@pytest.mark.parametrize("step", ["open", "os.rename"])
def test_a_disk_that_fails_leaves_the_record_that_was_there(folder, good, step):
    record.write("trial", settings={}, results="first")
    good(folder)
    program = f"""
        import sys
        from pathlib import Path
        from unrolled.experiments import record
        def fail(event, args):
            if event == {step!r} and any(str(arg).endswith(".part") for arg in args):
                raise OSError(28, "No space left")
        sys.addaudithook(fail)
        record.FOLDER = Path({str(folder)!r})
        record.write("trial", settings={{}}, results="second")
    """
    run = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(run, env=os.environ | {"PYTHONPATH": CODE}, capture_output=True)
    assert b"No space left" in done.stderr
    assert stored(folder)["results"] == "first"
    assert [place.name for place in folder.iterdir()] == ["trial.json"]


@pytest.mark.fault
@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"results": []}'], ids=repr)
def test_a_damaged_record_is_refused_and_left_alone(folder, runs, good, content):
    (folder / "other.json").write_bytes(b"{}")
    (folder / "trial.json").write_bytes(content)
    good(folder)
    with pytest.raises(ValueError, match=r"trial\.json must hold a(n object| record)"):
        runs()


def test_the_record_keeps_its_device_and_versions_from_run_to_run(folder, runs, counted):
    runs(device="a GPU", packages=["pytest"]).once(counted, seed=0)
    assert stored(folder)["device"] == "a GPU"
    assert stored(folder)["versions"]["pytest"] == pytest.__version__


def test_grouped_runs_are_kept_together_and_come_apart_again(folder, counted):
    def grouped():
        return record.Grouped("trial", settings=SETTINGS, by=["rate", "part"])

    keys = [{"part": "test", "rate": rate, "seed": seed} for seed in (0, 1) for rate in (0.1, 0.3)]
    found = [grouped().once(counted, **key) for key in keys]
    assert counted.times == 4
    assert [grouped().once(counted, **key) for key in keys] == found
    assert counted.times == 4
    assert stored(folder)["results"] == [
        {"part": "test", "rate": 0.1, "seed": [0, 1], "accuracy": [0.1, 0.3]},
        {"part": "test", "rate": 0.3, "seed": [0, 1], "accuracy": [0.2, 0.4]},
    ]


def test_a_run_of_another_version_is_a_group_of_its_own(folder, counted, monkeypatch):
    record.Grouped("trial", settings=SETTINGS, by=["rate"]).once(counted, rate=0.1, seed=0)
    monkeypatch.setattr(record, "cpu_model", lambda: "another")
    again = record.Grouped("trial", settings=SETTINGS, by=["rate"])
    again.once(counted, rate=0.1, seed=1)
    first, second = stored(folder)["results"]
    assert (first["seed"], second["seed"]) == ([0], [1])
    assert second["device"].startswith("another")
