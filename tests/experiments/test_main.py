import inspect
import subprocess
import sys

import pytest
from unrolled.experiments import __main__ as entry

ENOUGH = {"ptb": ["words"]}


@pytest.fixture
def called(monkeypatch, folder):
    """What each experiment would be run with, by its name, in the place of running it."""
    calls = {}

    def function(experiment):
        return lambda **given: calls.update({experiment.name: given})

    monkeypatch.setattr(entry.Experiment, "function", function)
    return calls


def refused(capsys, *arguments):
    """What the command line says against these arguments."""
    with pytest.raises(SystemExit) as stop:
        entry.main([*arguments])
    assert stop.value.code == 2
    return capsys.readouterr().err


def test_help_names_every_experiment_and_what_it_does():
    command = [sys.executable, "-m", "unrolled.experiments", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    for experiment in entry.EXPERIMENTS:
        assert f" {experiment.name} {experiment.what}" in said
    assert "UNROLLED_DATA" in said


def test_help_needs_no_library():
    code = (
        "import sys; from unrolled.experiments.__main__ import parser; parser().format_help();"
        "print({'torch', 'keras', 'sklearn', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize("experiment", entry.EXPERIMENTS, ids=lambda experiment: experiment.name)
def test_every_experiment_explains_itself_and_takes_its_options(capsys, request, experiment):
    with pytest.raises(SystemExit) as stop:
        entry.main([experiment.name, "--help"])
    assert stop.value.code == 0
    assert experiment.what in " ".join(capsys.readouterr().out.split())
    try:
        function = experiment.function()
    except ModuleNotFoundError as missing:
        pytest.skip(str(missing))
    called = request.getfixturevalue("called")
    entry.main([experiment.name, *ENOUGH.get(experiment.name, [])])
    assert list(called) == [experiment.name]
    inspect.signature(function).bind(**called[experiment.name])


def test_the_options_arrive_and_have_defaults(called):
    entry.main(["imdb"])
    given = {"library": "torch", "model": None, "seeds": 3, "device": "auto"}
    assert called["imdb"] == given
    entry.main(["imdb", "--library", "keras", "--model", "rnn", "--model", "gru", "--seeds", "5"])
    assert called["imdb"] == given | {"library": "keras", "model": ["rnn", "gru"], "seeds": 5}
    entry.main(["imdb-improved", "--seeds", "2", "--device", "cpu"])
    assert called["imdb-improved"] == {"seeds": 2, "device": "cpu"}


@pytest.mark.parametrize("seeds", ["0", "-1", "two", "1.5", ""])
@pytest.mark.parametrize("name", ["imdb", "imdb-improved"])
def test_seeds_that_are_none_are_refused(capsys, called, folder, name, seeds):
    said = refused(capsys, name, "--seeds", seeds)
    assert f"--seeds: expected a whole number from 1 on; got {seeds!r}" in said
    assert not called
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: NAME"),
        (["imbd"], "invalid choice: 'imbd'"),
        (["imdb", "--library", "jax"], "invalid choice: 'jax'"),
        (["ptb", "half"], "invalid choice: 'half'"),
        (["lag-dial", "run"], "unrecognized arguments: run"),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_is_run(capsys, called, arguments, message):
    assert message in refused(capsys, *arguments)
    assert not called


@pytest.mark.parametrize("model", ["transformer", "rnn/jax"])
def test_an_unknown_model_is_refused_with_the_names_that_there_are(folder, model):
    pytest.importorskip("torch")
    with pytest.raises(ValueError, match=r"there is no .* here, only .*"):
        entry.main(["imdb", "--model", "lstm", "--model", model])
    assert list(folder.iterdir()) == []


def test_without_a_model_all_networks_are_run(monkeypatch):
    pytest.importorskip("torch")
    from unrolled.experiments import imdb, imdb_runs

    runs = []
    monkeypatch.setattr(imdb_runs, "run", lambda *given, **options: runs.append((given, options)))
    entry.main(["imdb", "--seeds", "1"])
    assert runs == [(("torch", list(imdb.NETWORKS)), {"seeds": 1, "device": "auto"})]
    assert len(imdb.NETWORKS) == 6


def test_what_is_recorded_as_a_whole_is_run_again_on_request_only(capsys, called, folder):
    for name in entry.PTB.values():
        (folder / f"{name}.json").write_text("{}")
    entry.main(["ptb"])
    entry.main(["ptb", "counting"])
    assert not called
    assert capsys.readouterr().out.count("there already; --again runs it again") == 2
    (folder / "ptb-full.json").unlink()
    entry.main(["ptb", "counting", "--again"])
    assert called.pop("ptb") == {"part": "counting"}
    entry.main(["ptb"])
    assert called
