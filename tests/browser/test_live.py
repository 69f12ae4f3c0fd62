"""Explorables in a real JupyterLab, with a real kernel, in Chromium.

One JupyterLab serves all tests of this file, from a home of its own. It is driven through its own
commands, by the object that it hands out when it is told to.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import expect
from unrolled import explore

PATIENCE = 90_000  # milliseconds until a figure must be there, with other work on both cores
SOON = 30_000  # until it follows a move
RUNS = 4
QUIET = {  # no questions about news, which would lie on top of the notebook
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
    }
}
NOT_OURS = (
    "ERR_",  # a file of another host: MathJax, which JupyterLab and nbconvert ask for
    # anywidget says this where it took longer than 2 s to start; ours work all the same
    "[anywidget] Failed to initialize model",
)
SHOW = "from IPython.display import display\nfrom unrolled.explore import *\n"
BROKEN = """class Broken(TwoPasts):
    def compute(w_hh, w_xh, wait):
        if w_hh > 1:
            raise RuntimeError("no weights above 1")
        return TwoPasts.compute(w_hh, w_xh, wait)

Broken.sentences = TwoPasts().sentences
display(Broken())"""
CELLS = (SHOW, "a = TwoPasts()\ndisplay(a)", "display(a)", "display(ShapeDebugger())", BROKEN)

NOTEBOOK = """async () => {
  await jupyterapp.restored;
  for (;;) {
    const { currentWidget } = jupyterapp.shell;
    if (currentWidget?.sessionContext) {
      await currentWidget.context.ready;
      await currentWidget.sessionContext.ready;
      if (currentWidget.sessionContext.session?.kernel) return true;
    }
    await new Promise((later) => setTimeout(later, 100));
  }
}"""
RUN_ALL = """() => jupyterapp.commands.execute("notebook:run-all-cells").then(() => true)"""
RESTART = """async () => {
  const { sessionContext } = jupyterapp.shell.currentWidget;
  await sessionContext.restartKernel();
  await jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
  await sessionContext.session.kernel.info;
  return true;
}"""
SAVE = "() => jupyterapp.shell.currentWidget.context.save().then(() => true)"
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .flatMap(cell => cell.outputs ?? [])"""
ASK = """async (code) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const future = kernel.requestExecute({ code, store_history: false });
  let text = "";
  future.onIOPub = ({ content }) => { text += content.text ?? content.evalue ?? ""; };
  await future.done;
  return text;
}"""
# For each chart of a figure: its traces, and for each the arrays of the answer that it is drawn
# from, {name of the array: numbers}.
DRAWN = """figure => [...figure.querySelectorAll(".plot:not(.diagram)")].map(plot =>
  (plot.data ?? []).map(trace => Object.fromEntries(
    Object.entries(trace.meta ?? {}).map(([attribute, key]) => [key,
      Array.from(trace[attribute], row => row?.length === undefined ? row : Array.from(row))]))))"""


class Notebook(NamedTuple):
    """An open notebook: its page in Chromium, and the problems that its console told."""

    page: object
    problems: list

    @classmethod
    def opened(cls, context, address):
        page, problems = context.new_page(), []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and problems.append(m.text))
        page.goto(address)
        notebook = cls(page, problems)
        notebook.wait()
        return notebook

    def wait(self):
        """Wait until the notebook stands there and its kernel runs."""
        self.page.wait_for_function("() => window.jupyterapp", timeout=PATIENCE)
        assert self.page.evaluate(NOTEBOOK)

    def run_all(self):
        assert self.page.evaluate(RUN_ALL)

    def restart(self):
        """A new kernel, and no outputs of the old one."""
        assert self.page.evaluate(RESTART)
        expect(self.page.locator("figure.explorable")).to_have_count(0)

    def reload(self):
        """F5, while the kernel goes on. The notebook is saved first, or its outputs were lost."""
        assert self.page.evaluate(SAVE)
        self.page.reload()
        self.wait()

    def ask(self, code):
        """What the kernel prints."""
        return self.page.evaluate(ASK, code)

    def figure(self, name, nth=0):
        """An explorable by the name of its class, when it is drawn and has not failed."""
        figure = self.page.locator(f'figure.explorable[data-name="{name}"]').nth(nth)
        expect(figure).to_be_attached(timeout=PATIENCE)
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-ready", "yes", timeout=PATIENCE)
        expect(figure).not_to_have_attribute("data-failed", "yes")
        return figure

    def complaints(self):
        """What cells wrote on stderr or raised, and what the console told."""
        outputs = self.page.evaluate(OUTPUTS)
        written = [o["text"] for o in outputs if o.get("name") == "stderr"]
        raised = [o["evalue"] for o in outputs if o["output_type"] == "error"]
        return written + raised + ours(self.problems)


def ours(problems):
    return [p for p in problems if not any(word in p for word in NOT_OURS)]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder for notebooks, and the environment of programs that should know no other home."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "notebooks").mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "UNROLLED_AUD"))}
    kept |= {"HOME": str(folder), "IPYTHONDIR": str(folder / "ipython")}
    for what in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        kept[f"JUPYTER_{what}"] = str(folder / what.lower())
    for name, content in QUIET.items():
        path = folder / "config_dir" / "lab" / "user-settings" / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content))
    return folder / "notebooks", kept


@pytest.fixture(scope="module")
def lab(home):
    """The address of a JupyterLab on this machine that asks for no token."""
    folder, environment = home
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.expose_app_in_browser=True", "--LabApp.news_url="]
    address = f"http://127.0.0.1:{port}"
    with (folder.parent / "lab.log").open("w+") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60
            while not answers(f"{address}/api"):
                alive = process.poll() is None and time.monotonic() < end
                assert alive, f"JupyterLab did not start: {(folder.parent / 'lab.log').read_text()}"
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()  # it ends its kernels
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def write(home):
    """A function that writes a notebook of code cells and returns its path."""
    folder, _ = home

    def written(name, *cells):
        notebook = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{i}",
                    "metadata": {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
                for i, source in enumerate(cells)
            ],
        }
        path = folder / f"{name}.ipynb"
        path.write_text(json.dumps(notebook))
        return path

    return written


@pytest.fixture(scope="module")
def opened(browser, lab, write):
    """A function: `with opened(name, *cells) as notebook`. Its kernel ends with it.

    The window is high, since JupyterLab does not render cells that are far away.
    """

    @contextlib.contextmanager
    def opened(name, *cells):
        path = write(name, *cells)
        context = browser.new_context(viewport={"width": 1400, "height": 3000})
        try:
            notebook = Notebook.opened(context, f"{lab}/lab/workspaces/{name}/tree/{path.name}")
            yield notebook
            notebook.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        finally:
            context.close()

    return opened


@pytest.fixture(scope="module")
def notebook(opened):
    """A notebook that shows one explorable twice, and others once, has run, and is at rest."""
    with opened("several", *CELLS) as notebook:
        notebook.run_all()
        for name, nth in (("TwoPasts", 0), ("TwoPasts", 1), ("ShapeDebugger", 0), ("Broken", 0)):
            notebook.figure(name, nth)
        yield notebook


@pytest.fixture
def busy():
    """Two processes that keep both cores busy until the test ends, and no longer than 2 minutes."""
    work = "import time\nend = time.time() + 120\nwhile time.time() < end: pass"
    processes = [subprocess.Popen([sys.executable, "-c", work]) for _ in range(2)]
    yield
    for process in processes:
        process.kill()
        process.wait()


def assert_shows(figure, explorable):
    """The sentences and the charts of a figure are those that `explorable` has by itself."""
    for name, sentence in explorable.answer.sentences.items():
        expect(figure.locator(f'[data-line="{name}"]')).to_have_text(sentence, timeout=SOON)
    end = time.monotonic() + 15  # words are there first
    while (wrong := not_drawn(figure, explorable)) and time.monotonic() < end:
        figure.page.wait_for_timeout(100)
    assert not wrong, f"{wrong} are drawn otherwise than Python computes them"


def not_drawn(figure, explorable):
    """Names of the arrays whose numbers in a chart are not those of the present answer."""
    charts = figure.evaluate(DRAWN)
    if not all(charts):
        return ["nothing yet"]
    drawn = [part for traces in charts for trace in traces for part in trace.items()]
    others = figure.locator(".pane :is(svg :is(rect, path), td)")  # a diagram, a table
    assert drawn or others.count()

    def same(key, shown):
        expected = explorable.arrays[key]
        shown = np.array(shown, dtype=float)
        return shown.shape == expected.shape and np.array_equal(shown, expected, equal_nan=True)

    return [key for key, shown in drawn if not same(key, shown)]


@pytest.mark.slow
@pytest.mark.usefixtures("busy")
def test_on_a_busy_machine_every_run_draws_all_figures(opened):
    cells = (SHOW, "display(TwoPasts())", "display(ShapeDebugger())", "display(ConfidentMistake())")
    with opened("busy", *cells) as notebook:
        for _ in range(RUNS):
            notebook.run_all()
            for name in ("TwoPasts", "ShapeDebugger", "ConfidentMistake"):
                assert_shows(notebook.figure(name), getattr(explore, name)())
            slider = notebook.figure("TwoPasts").locator('[data-control="w_hh"] input')
            slider.press("ArrowRight")  # whose answer anywidget would drop if it started late
            assert_shows(notebook.figure("TwoPasts"), explore.TwoPasts(w_hh=0.9))
            assert notebook.complaints() == []
            notebook.restart()
            notebook.reload()  # so that the scripts have to come and start anew, too


@pytest.mark.parametrize("nth", [0, 1])
def test_keys_move_a_slider_words_and_picture_of_both_views(notebook, nth):
    notebook.ask("a.w_hh.value, a.wait.value = 0.8, 10")
    slider = notebook.figure("TwoPasts", nth).locator('[data-control="w_hh"] input')
    slider.press("ArrowRight")
    slider.press("ArrowUp")
    for view in (0, 1):
        assert_shows(notebook.figure("TwoPasts", view), explore.TwoPasts(w_hh=1.0))
    assert notebook.ask("print(a)").strip() == repr(explore.TwoPasts(w_hh=1.0))
    assert notebook.complaints() == []


def test_many_moves_in_a_row_end_where_the_reader_stops(notebook):
    slider = notebook.figure("TwoPasts").locator('[data-control="wait"] input')
    slider.press("Home")
    for _ in range(25):
        slider.press("ArrowRight", no_wait_after=True)
    now = {"w_hh": 1.0, "wait": 25}
    notebook.ask("a.w_hh.value = 1.0")
    for view in (0, 1):
        assert_shows(notebook.figure("TwoPasts", view), explore.TwoPasts(**now))


def test_a_cell_moves_the_controls_and_the_picture(notebook):
    notebook.ask("a.w_hh.value, a.wait.value = 0.5, 3")
    for view in (0, 1):
        figure = notebook.figure("TwoPasts", view)
        output = figure.locator('[data-control="wait"] output')
        expect(output).to_have_text("3", timeout=SOON)
        assert_shows(figure, explore.TwoPasts(w_hh=0.5, wait=3))


def test_after_a_reload_it_shows_where_the_reader_left_it(notebook):
    notebook.ask("a.w_hh.value, a.wait.value = 0.8, 10")
    notebook.figure("TwoPasts").locator('[data-control="w_hh"] input').press("End")
    moved = explore.TwoPasts(w_hh=2.0)
    assert_shows(notebook.figure("TwoPasts"), moved)
    notebook.reload()
    for view in (0, 1):
        figure = notebook.figure("TwoPasts", view)
        expect(figure.locator('[data-control="w_hh"] output')).to_have_text("2")
        assert_shows(figure, moved)
    notebook.figure("TwoPasts", 1).locator('[data-control="w_hh"] input').press("ArrowLeft")
    for view in (0, 1):
        assert_shows(notebook.figure("TwoPasts", view), explore.TwoPasts(w_hh=1.2))
    assert notebook.complaints() == []


def test_keys_press_buttons_and_a_switch_and_leave_the_cell_alone(notebook):
    figure, own = notebook.figure("ShapeDebugger"), explore.ShapeDebugger()
    for key in ("Enter", "Space", "Enter"):
        figure.locator('[data-control="batch_first"] [role="switch"]').press(key)
    own.batch_first.value = False
    cell = own.cell.control
    figure.locator('[data-control="cell"] [aria-checked="true"]').press("Home")
    own.cell.value = cell.values[0]
    assert_shows(figure, own)
    figure.locator('[data-control="cell"] [aria-checked="true"]').press("ArrowRight")
    own.cell.value = cell.values[1]
    assert_shows(figure, own)
    cells = notebook.page.locator(".jp-Cell")
    assert cells.count() == len(CELLS)  # no key was a command of the notebook
    assert notebook.complaints() == []


def test_what_a_function_raises_stands_in_the_figure(notebook):
    figure = notebook.figure("Broken")
    slider, trouble = figure.locator('[data-control="w_hh"] input'), figure.locator(".trouble")
    slider.press("End")
    expect(trouble).to_be_visible()
    expect(trouble).to_contain_text("no weights above 1")
    expect(figure).to_have_attribute("data-failed", "yes")
    slider.press("Home")
    expect(trouble).to_be_hidden()
    expect(figure).not_to_have_attribute("data-failed", "yes")
    assert_shows(figure, explore.TwoPasts(w_hh=0.0))


@pytest.mark.slow
def test_every_explorable_is_drawn_and_nothing_is_written_in_red(opened):
    cells = [f"display({name}())" for name in explore.NAMES]
    with opened("every", SHOW, *cells) as notebook:
        notebook.run_all()
        for name in explore.NAMES:
            assert_shows(notebook.figure(name), getattr(explore, name)())
        assert notebook.complaints() == []


@pytest.mark.slow
def test_an_exported_notebook_draws_from_a_folder_without_a_network(browser, home, write):
    _, environment = home
    path = write("export", SHOW, "display(TwoPasts())", "display(ShapeDebugger())")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute", str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    context = browser.new_context(offline=True)
    try:
        page, problems = context.new_page(), []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path.with_suffix(".html").as_uri(), wait_until="domcontentloaded")
        for name in ("TwoPasts", "ShapeDebugger"):
            figure = page.locator(f'figure.explorable[data-name="{name}"]')
            figure.scroll_into_view_if_needed(timeout=PATIENCE)
            expect(figure).to_have_attribute("data-ready", "yes", timeout=PATIENCE)
        figure = page.locator('figure.explorable[data-name="TwoPasts"]')
        figure.locator('[data-control="w_hh"] input').press("ArrowRight")
        own = explore.TwoPasts(w_hh=0.9)
        expect(figure.locator('[data-line="verdict"]')).to_have_text(str(own.answer))
        # The export holds no state of widgets, which would be another two megabytes.
        assert "widget-state+json" not in path.with_suffix(".html").read_text(encoding="utf-8")
        assert not [p for p in problems if "require" not in p and "MathJax" not in p]
    finally:
        context.close()


def test_the_playground_trains_without_asking_the_kernel(opened):
    shown = 'from unrolled.playground import Playground\ndisplay(Playground("task=echo&lag=4"))'
    with opened("playground", SHOW, shown) as notebook:
        notebook.run_all()
        root = notebook.page.locator(".playground.live")
        expect(root).to_have_attribute("data-ready", "yes", timeout=PATIENCE)
        expect(root.locator(".task")).to_contain_text("4 steps")
        root.locator(".train").click()
        expect(root.locator(".numbers")).to_contain_text("Update", timeout=SOON)
        assert notebook.complaints() == []
