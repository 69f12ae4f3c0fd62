"""The playground's trainer in JavaScript, held to `unrolled.playground` in a real Chromium.

`pytest -s` prints the largest deviation of each comparison. No built book is needed.
"""

import hashlib
import re

import numpy as np
import pytest
from unrolled import playground
from unrolled.engine import lstm
from unrolled.playground.catalogue import catalogue
from unrolled.playground.running import Training, gradients, outputs, start, stream
from unrolled.playground.tasks import TASKS, batch

PRELUDE = """async (catalogue) => {
  globalThis.catalogue = catalogue;
  globalThis.trainer = (setting) => new m.trainer.Trainer(setting, catalogue);
  globalThis.plain = (value) => {
    if (ArrayBuffer.isView(value)) return Array.from(value);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  };
  globalThis.m = { streams: await import("/engine/streams.js") };
  for (const name of ["network", "tasks", "trainer"]) {
    m[name] = await import(`/playground/${name}.js`);
  }
}"""
PARTS = ("before", "after")
STORIES = {
    f"{story.name}, {part}": playground.complete(story.setting | changes)
    for story in playground.STORIES
    for part, changes in zip(PARTS, ({}, story.button[1]), strict=True)
}
CHAOTIC = ("too-fast, before",)  # rounding grows to full size within some ten updates
SMALL = [
    {"task": "echo", "lag": 3},
    {"task": "one-bit", "lag": 9},
    {"task": "parity", "T": 12, "asked": "end"},
    {"task": "parity", "T": 13, "asked": "every"},
    {"task": "count", "T": 11},
    {"task": "waves", "T": 12, "waves": 3},
    {"task": "adding", "lag": 7},
    {"task": "text", "T": 10, "text": "so it goes on, \u00e9t\u00e9 \U0001f431 on"},
]
CUTS = [(0, 0), (1, 6), (5, 5), (4, 11), (0, 3)]
CELLS = ("rnn", "lstm", "gru", "linear")


@pytest.fixture(scope="module")
def known():
    return catalogue()


@pytest.fixture(scope="module")
def page(browser, web, known):
    page = browser.new_page()
    page.goto(web)
    page.evaluate(PRELUDE, known)
    yield page
    page.close()


def worst(pairs):
    """The largest deviation of arrays, each measured by its own largest element."""
    found = 0.0
    for got, expected in pairs:
        expected = np.ravel(expected).astype(float)
        got = np.array(got, float).reshape(expected.shape)
        assert np.isfinite(got).all()
        scale = max(np.abs(expected).max(), np.finfo(float).tiny)
        found = max(found, np.abs(got - expected).max() / scale)
    return found


def curve(page, setting, updates):
    """Losses in the page and in NumPy, and the largest relative deviation."""
    got = page.evaluate("([s, n]) => trainer(s).step(n).losses", [setting, updates])
    training = Training(setting)
    expected = [training.step() for _ in range(updates)]
    assert len(got) == updates
    return max(abs(a / b - 1) for a, b in zip(got, expected, strict=True))


@pytest.mark.parametrize("changes", SMALL, ids=lambda changes: changes["task"])
def test_sequences_are_those_of_the_package(page, changes):
    setting = playground.complete(changes | {"seed": 3})
    function = """([setting, times]) => {
      const drawn = new m.streams.Stream([3, 1]);
      return times.map((n) => m.tasks.batch(setting, 7, drawn, catalogue.constants, n)).map(plain);
    }"""
    rng, times = stream(setting, 1), [1, 2, 4]
    for got, n in zip(page.evaluate(function, [setting, times]), times, strict=True):
        x, targets = batch(setting, 7, rng, n)
        if changes["task"] == "waves":  # a sine may differ in its last bit
            assert worst([(got["x"], x), (got["targets"], targets)]) < 1e-15
        else:
            assert got["x"] == x.ravel().tolist()
            assert got["targets"] == targets.ravel().tolist()
    answer = page.evaluate("(s) => m.tasks.answerAt(s, catalogue.constants)", setting)
    assert answer == playground.answer_at(setting)


@pytest.mark.parametrize("cell", CELLS)
def test_start_is_that_of_the_package(page, cell):
    for how, gain in (("gaussian", 1.0), ("gaussian", 0.7), ("orthogonal", 1.1), ("identity", 0.9)):
        changes = {"cell": cell, "start": how, "gain": gain, "bias": 2.5, "seed": 8, "H": 17}
        for other in SMALL:
            setting = playground.complete(other | changes)
            got = page.evaluate("(s) => plain(trainer(s).params)", setting)
            expected = start(setting)
            assert list(got) == list(expected)
            if how == "orthogonal":
                assert worst(zip(got.values(), expected.values(), strict=True)) < 1e-14
            else:
                assert got == {name: value.ravel().tolist() for name, value in expected.items()}


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_are_those_of_the_package(page, cell):
    rng, losses, pairs, settings = np.random.default_rng(3), [], [], 0
    for changes in SMALL:
        for k1, k2 in CUTS:
            N, H = map(int, rng.integers(1, 8, 2))
            sizes = {"cell": cell, "N": N, "H": H, "k1": k1, "k2": k2, "seed": settings}
            setting = playground.complete(changes | sizes)
            function = """(setting) => {
              const t = trainer(setting);
              const drawn = m.tasks.batch(setting, setting.N, t.batches, catalogue.constants);
              return plain(m.network.gradients(drawn, t.params, t.network));
            }"""
            got = page.evaluate(function, setting)
            x, targets = batch(setting, N, stream(setting, 1))
            loss, expected = gradients(setting, start(setting), x, targets)
            losses.append((got["value"], loss))
            assert got["grads"].keys() == expected.keys()
            pairs += [(got["grads"][name], expected[name]) for name in expected]
            settings += 1
    print(f"{cell}: loss {worst(losses):.1e}, gradients {worst(pairs):.1e}, {settings} settings")
    assert worst(losses) <= 1e-12
    assert worst(pairs) <= 1e-12


@pytest.mark.parametrize("story", STORIES)
def test_curves_are_those_of_the_package(page, story):
    for seed in (0, 3):
        updates = 5 if story in CHAOTIC else 50
        apart = curve(page, STORIES[story] | {"seed": seed}, updates)
        print(f"{story}, seed {seed}: {apart:.1e} over {updates} updates")
        assert apart <= 1e-9


CHECKSUMS = {
    "task=echo&lag=10&k1=4&k2=16": "dfa9045a0959c906",
    "task=one-bit": "96e81da831804542",
    "task=count&cell=linear&gain=0.5": "bbe165908b7b423d",
    "task=waves&waves=3&optimizer=momentum&start=orthogonal": "47cec7cc93d6ba2f",
    "task=adding&lag=20": "c7c851a6df0f8891",
    "task=text&optimizer=sgd&lr=1&seed=9": "055c7310f2d771a5",
}


@pytest.mark.parametrize("address", CHECKSUMS)
def test_hundred_updates_are_the_same_bits_everywhere(page, address):
    function = "(s) => { const t = trainer(s); return [t.step(100).losses, plain(t.params)]; }"
    losses, params = page.evaluate(function, playground.parse(address))
    numbers = np.concatenate([losses, *params.values()]).astype("<f8")
    assert hashlib.sha256(numbers.tobytes()).hexdigest()[:16] == CHECKSUMS[address]


FRAMES = [
    {"task": "echo", "lag": 4, "k1": 3, "k2": 5, "H": 9},
    {"task": "one-bit", "lag": 6, "H": 7},
    {"task": "count", "T": 9, "H": 5, "cell": "linear"},
    {"task": "parity", "T": 9, "asked": "end", "cell": "gru", "clip": 0.0},
    {"task": "text", "T": 7, "text": "abcab da", "H": 5},
]


@pytest.mark.parametrize("changes", FRAMES, ids=lambda changes: changes["task"])
def test_frame_is_what_numpy_computes(page, changes):
    setting = playground.complete(changes | {"seed": 2})
    frame = page.evaluate(
        "(s) => { const t = trainer(s); t.step(25); return plain(t.frame()); }", setting
    )
    training = Training(setting)
    for _ in range(25):
        training.step()
    skill, params = training.skill(), training.params
    x, targets = batch(setting, 1, stream(setting, 3))
    cell = playground.running.MODULES[setting["cell"]]
    h, tape = cell.forward(x, params)
    logits = outputs(setting, params, x, x.shape[1])
    shown = frame["shown"]
    said = playground.running.losses.softmax(logits) if targets.dtype.kind == "i" else logits
    pairs = [
        (shown["x"], x),
        (shown["outputs"], said),
        (shown["h"], h),
        (frame["loss"], training.loss),
    ]
    pairs += [(shown["c"], tape.c[1:])] if cell is lstm else []
    assert worst(pairs) <= 1e-9
    assert shown["targets"] == targets.ravel().tolist()
    assert shown["asked"] == x.shape[1] - targets.shape[1]
    assert (frame["update"], frame["skill"]) == (25, pytest.approx(skill))
    full, k2 = lengths(setting, params, logits, targets, tape), playground.reach(setting)[1]
    cut = np.where(np.arange(len(full)) >= len(full) - k2, full, 0)
    assert worst([(frame["reach"]["full"], full), (frame["reach"]["cut"], cut)]) <= 1e-9
    if "W_hh" in params:
        found = np.array(frame["eigenvalues"]["re"]) + 1j * np.array(frame["eigenvalues"]["im"])
        expected = np.linalg.eigvals(params["W_hh"])
        assert np.abs(np.poly(found) - np.poly(expected)).max() < 1e-9
    gates = [name for name in params if name.startswith("W_h") and name not in ("W_hh", "W_hy")]
    assert list(frame["matrices"]) == gates
    assert not gates or worst([(frame["matrices"][name], params[name]) for name in gates]) <= 1e-9


def lengths(setting, params, logits, targets, tape):
    """How long the gradient of the last loss is at each step, by finite steps of the cell."""
    cell, measure = playground.running.MODULES[setting["cell"]], TASKS[setting["task"]].loss
    loss = getattr(playground.running.losses, measure)
    dlogits = loss(logits[:, -1:], targets[:, -1:])[1]
    dh = (dlogits @ params["W_hy"].T)[:, 0]
    dstate = (dh, *(np.zeros_like(dh) for _ in cell.STATE[1:]))
    found = []
    for t in range(len(tape.x) - 1, -1, -1):
        if cell is lstm:
            o, c = tape.gate("o")[:, t], tape.c[t + 1]
            found.append(np.linalg.norm(dstate[1] + dstate[0] * o * (1 - np.tanh(c) ** 2)))
        else:
            found.append(np.linalg.norm(dstate[0]))
        before = (tape.h[t],) if cell is not lstm else (tape.h[t], tape.c[t])
        _, dstate, _ = cell.step_backward(dstate, tape.x[t], before, params)
    return np.array(found[::-1])


@pytest.mark.parametrize("changes", [SMALL[5], SMALL[7]], ids=lambda changes: changes["task"])
def test_what_it_does_with_longer_sequences_and_alone(page, changes):
    setting = playground.complete(changes | {"seed": 1, "H": 12})
    function = """(s) => {
      const t = trainer(s);
      t.step(30);
      return [t.longer(), plain(t.alone())];
    }"""
    rows, alone = page.evaluate(function, setting)
    params = playground.train(setting, 30, show=False).params
    expected = playground.longer(setting, params)
    assert [row["T"] for row in rows] == [row["T"] for row in expected]
    assert [row["skill"] for row in rows] == pytest.approx([row["skill"] for row in expected])
    said, truth, skill = playground.alone(setting, params)
    assert alone["skill"] == pytest.approx(skill)
    assert worst([(alone["said"], said[0]), (alone["truth"], truth[0])]) <= 1e-9


def test_what_blows_up_is_told_in_a_sentence(page):
    setting = playground.complete({"task": "waves", "optimizer": "sgd", "lr": 10.0, "clip": 0.0})
    function = """(s) => {
      const t = trainer(s);
      while (!t.failed) t.step(1), t.frame();
      const before = t.update;
      const { losses } = t.step(5);
      return [before, t.update, losses.length, plain(t.frame())];
    }"""
    before, after, more, frame = page.evaluate(function, setting)
    assert (after, more) == (before, 0)
    with pytest.raises(ValueError, match=r"after \d+ updates the loss is inf") as told:
        playground.train(setting, 500, show=False)
    # The run is chaotic: it need not end at the same update.
    found, expected = (re.sub(r"\d+", "", text) for text in (frame["failed"], str(told.value)))
    assert found == expected.capitalize() + "."
    assert len(frame["shown"]["outputs"]) == setting["T"]


SOLVED = [
    f"{story.name}, {part}"
    for story in playground.STORIES
    for part, solved in zip(PARTS, story.solves, strict=True)
    if solved
]
LONG = "vanishing, before"


def updates_to_solve(page, name, seed):
    function = """([setting, most]) => {
      const t = trainer(setting);
      while (t.update < most && t.solved === null && t.failed === null) t.step(25);
      return t.solved;
    }"""
    return page.evaluate(function, [STORIES[name] | {"seed": seed}, 1500])


def recorded(known, name):
    story, part = name.split(", ")
    (found,) = (one["recorded"] for one in known["stories"] if one["name"] == story)
    return found[part]["updates"]


@pytest.mark.parametrize("story", [story for story in SOLVED if story != LONG])
def test_stories_are_solved_when_the_record_says(page, known, story):
    assert updates_to_solve(page, story, 0) == recorded(known, story)[0]


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES)
def test_stories_are_solved_or_not_with_every_seed(page, known, story):
    found = [updates_to_solve(page, story, seed) for seed in range(5)]
    assert found == recorded(known, story)
    assert (None not in found) == (story in SOLVED)


# --------------------------------------------------------------- would these tests see a mistake?

TINY = {"N": 4, "H": 6, "clip": 0.05, "seed": 5}
CUT = {"task": "echo", "lag": 4, "k1": 2, "k2": 5} | TINY
FAULTS = {
    "forget gate opens the other way": ("engine/lstm.js", "i * g + f * c", "i * g - f * c", "lstm"),
    "sign in the input gate": ("engine/lstm.js", "da[at] = (1 - i)", "da[at] = -(1 - i)", "lstm"),
    "sign in the forget gate": ("engine/lstm.js", "= (1 - f)", "= -(1 - f)", "lstm"),
    "sign in the candidate": ("engine/lstm.js", "= (1 - g * g)", "= -(1 - g * g)", "lstm"),
    "sign in the output gate": ("engine/lstm.js", "= (1 - o)", "= -(1 - o)", "lstm"),
    "sign in the reset gate": ("engine/gru.js", "= (1 - r)", "= -(1 - r)", "gru"),
    "sign in the update gate": ("engine/gru.js", "= (1 - z) * z", "= -(1 - z) * z", "gru"),
    "sign in the GRU's candidate": ("engine/gru.js", "(1 - z) * (1 -", "(1 - z) * (1 +", "gru"),
    "slope of the tanh": ("engine/rnn.js", "(1 - h_t * h_t)", "(1 + h_t * h_t)", "rnn"),
    "k2 off by one": ("engine/bptt.js", "stop - k2)", "stop - k2 + 1)", "rnn"),
    "k1 off by one": ("engine/bptt.js", "first += k1", "first += k1 + 1", "rnn"),
    "k2 never used": ("playground/network.js", "setting.k2 || T", "T", "rnn"),
    "clip skipped": ("playground/trainer.js", "clipped.grads", "grads", "rnn"),
    "batches from another stream": ("playground/trainer.js", "BATCHES = 1", "BATCHES = 5", "rnn"),
    "outer state kept": ("engine/linear.js", "dh_t.fill(0);", "", "linear"),
    "Adam counts double": ("engine/optimizers.js", "this.steps += 1", "this.steps += 2", "rnn"),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_noticed(browser, web, known, fault):
    file, right, wrong, cell = FAULTS[fault]
    setting = playground.complete(CUT | {"cell": cell})
    page = browser.new_page()

    def plant(route):
        text = route.fetch().text()
        assert right in text
        route.fulfill(body=text.replace(right, wrong), content_type="text/javascript")

    page.goto(web)
    page.route(f"**/{file}", plant)
    page.evaluate(PRELUDE, known)
    assert curve(page, setting, 10) > 1e-9
    page.close()


def test_without_a_fault_nothing_is_noticed(page):
    for cell in CELLS:
        assert curve(page, playground.complete(CUT | {"cell": cell}), 10) <= 1e-12
