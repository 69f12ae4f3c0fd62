"""Stories: each is on record, is told as recorded, and comes out again as recorded."""

import json
import re
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from unrolled import playground
from unrolled.datasets import load_results
from unrolled.engine import dense, losses
from unrolled.engine.bptt import blocks
from unrolled.engine.initializers import spectral_radius
from unrolled.playground.running import MODULES

RECORD = load_results("playground")
SEEDS, LIMIT = RECORD["settings"]["seeds"], RECORD["settings"]["updates at most"]
STORIES = {story.name: story for story in playground.STORIES}
each_story = pytest.mark.parametrize("story", playground.STORIES, ids=STORIES)
each_part = pytest.mark.parametrize("part", ["before", "after"])


def setting_of(story, part, **more):
    return playground.complete(story.setting | (story.button[1] if part == "after" else {}) | more)


def recorded(story, part):
    return RECORD["results"][story.name][part]


def solved(story, part):
    return story.solves[part == "after"]


@cache
def trained(name, part, seed):
    """The network of a story at the update on record, or at 100 if it is never solved."""
    story = STORIES[name]
    training = playground.Training(setting_of(story, part, seed=seed))
    limit = recorded(story, part)["updates"][seed] or 100
    training.solved = training.until_solved(limit) is not None
    return training


@each_story
@each_part
def test_a_story_solves_in_all_seeds_or_in_none_as_it_says(story, part):
    updates = recorded(story, part)["updates"]
    assert len(updates) == len(SEEDS) == 5
    assert [update is not None for update in updates] == [solved(story, part)] * 5


@pytest.mark.parametrize("seed", SEEDS)
@each_story
@each_part
def test_a_story_is_solved_at_the_update_on_record(story, part, seed):
    """The slow test looks at those that are never solved to their end."""
    expected = recorded(story, part)["updates"][seed]
    training = trained(story.name, part, seed)
    assert training.update == (expected or 100)
    assert training.solved is (expected is not None)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "story", [s for s in playground.STORIES if not s.solves[0]], ids=lambda s: s.name
)
def test_what_should_fail_fails_to_the_end_with_the_skill_on_record(story, seed):
    training = playground.Training(setting_of(story, "before", seed=seed))
    assert training.until_solved(LIMIT) is None
    if story.name != "too-fast":  # chaotic: other processors, other losses
        assert training.skill() == pytest.approx(recorded(story, "before")["skill"][seed], abs=0.15)


@each_story
def test_one_button_changes_one_thing(story):
    before, after = (setting_of(story, part) for part in ("before", "after"))
    changed = {key for key in before if before[key] != after[key]}
    assert changed == set(story.button[1])
    assert len(changed) == 1 or changed == {"cell", "gain"}
    assert story.setting["task"] == before["task"]


@each_story
def test_titles_questions_and_guesses_are_there(story):
    assert 0 <= story.right < len(story.guesses) == len(set(story.guesses)) == 3
    assert story.question.endswith("?")
    assert re.fullmatch(r"[a-z-]+", story.name)
    for text in (story.before, story.after, story.title, story.button[0]):
        assert text[0].isupper()


def test_eight_stories_and_two_in_reserve():
    assert [story.reserve for story in playground.STORIES] == [False] * 8 + [True] * 2
    assert len(STORIES) == 10


def span(story, part):
    """The least and the most updates on record."""
    updates = recorded(story, part)["updates"]
    return min(updates), max(updates)


@each_story
@each_part
def test_numbers_of_updates_that_are_told_are_those_on_record(story, part):
    """ "in 75 to 350 updates", "in 25 updates", "within 125 updates"."""
    told = story.before if part == "before" else story.after
    if not solved(story, part):
        assert not re.search(r"\b(?:in|within|after) \d+ (?:to [\d,]+ )?updates", told)
        return
    low, high = span(story, part)
    found = re.findall(r"\b(?:[iI]n|[aA]fter) (\d+)(?: to ([\d,]+))? updates", told)
    for first, last in found:
        assert (int(first), int((last or first).replace(",", ""))) == (low, high)
    for limit in re.findall(r"\bwithin (\d+) updates", told):
        assert int(limit) == high
    if story.name not in ("your-text", "waves"):
        assert found or "within" in told


def test_claims_about_longer_sequences():
    odd, counting = (RECORD["results"][name] for name in ("odd-or-even", "counting"))
    assert np.min(odd["after"]["longer"]) == 1
    assert odd["after"]["T"] == counting["after"]["T"] == [20, 80, 320]
    assert np.max(np.array(counting["before"]["longer"])[:, 1:]) < 0.3


def test_a_linear_network_counts_on_and_is_off_by_as_much_as_is_told():
    """ "Off by 0.3 to 1.2 on average after 80 bits, by 8 to 24 after 320." """
    off = []
    for seed in SEEDS:
        setting = setting_of(STORIES["counting"], "after", seed=seed)
        training = playground.train(
            setting, recorded(STORIES["counting"], "after")["updates"][seed] + 200, show=False
        )
        for times in (4, 16):
            x, targets = playground.batch(setting, 128, np.random.default_rng(99), times)
            h, _ = MODULES["linear"].forward(x, training.params)
            said = dense.forward(h[:, -1:], training.params)
            off.append(10 * np.abs(said - targets[:, -1:]).mean())
    after_80, after_320 = np.array(off).reshape(-1, 2).T
    assert [round(float(v), 1) for v in (min(after_80), max(after_80))] == pytest.approx(
        [0.3, 1.2], abs=0.1
    )
    assert (min(after_320), max(after_320)) == pytest.approx((8, 24), abs=0.6)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_no_other_cell_with_a_tanh_counts_on(cell):
    training = playground.Training(playground.parse(f"task=count&cell={cell}&seed=1"))
    assert training.until_solved(400) is not None
    assert (
        max(row["skill"] for row in playground.longer(training.setting, training.params)[1:]) < 0.3
    )


def test_chance_lifts_the_skill_at_first_where_the_gradient_is_cut():
    training = playground.Training(setting_of(STORIES["how-far-back"], "before"))
    skills = []
    while training.update < 300:
        training.step()
        skills += [training.skill()] if training.update % 25 == 0 else []
    assert max(skills[:4]) > 0.3
    assert max(skills[-4:]) < 0.15


def test_the_gradient_fades_again_once_the_bit_is_held():
    training = trained("forget-bias", "after", 1)
    before = playground.Training(training.setting)
    after = playground.train(training.setting, 275, show=False)
    assert max(arriving(after)) < max(arriving(before)) / 30


def test_claims_about_what_goes_on_by_itself():
    waves, text = (RECORD["results"][name] for name in ("waves", "your-text"))
    assert min(waves["before"]["alone"]) > 0.95
    assert max(waves["after"]["alone"]) < 0.8
    assert text["before"]["alone"] == [1] * 5


def test_claims_about_what_is_never_learned():
    results = RECORD["results"]
    for name in ("how-far-back", "forget-bias", "odd-or-even", "two-numbers"):
        assert max(results[name]["before"]["skill"]) < 0.12, name
    assert sum(skill > 0.6 for skill in results["too-small"]["before"]["skill"]) == 4
    assert min(results["too-fast"]["before"]["loss"]) > 3


def arriving(training):
    """How much of the gradient of the last loss arrives at the answer: one share a state's part."""
    setting, params = training.setting, training.params
    cell = MODULES[setting["cell"]]
    x, targets = playground.batch(setting, 16, playground.stream(setting, 3))
    h, tape = cell.forward(x, params)
    measure = losses.cross_entropy if targets.dtype.kind == "i" else losses.mean_squared_error
    _, dlogits = measure(dense.forward(h[:, -1:], params), targets[:, -1:])
    after = tape.window(playground.answer_at(setting) + 1, x.shape[1])
    dh = np.zeros((16, len(after.x), setting["H"]))
    dh[:, -1:] = dlogits @ params["W_hy"].T
    _, arrived, _ = cell.backward(dh, after, params)
    return [np.linalg.norm(part) / np.linalg.norm(dh) for part in arrived]


def test_claims_about_the_gradient_that_arrives():
    for seed in SEEDS:
        low, high = (
            max(arriving(playground.Training(setting_of(STORIES["forget-bias"], part, seed=seed))))
            for part in ("before", "after")
        )
        assert low < 1e-4
        assert 10 < high / low < 1000
        before = playground.Training(setting_of(STORIES["two-numbers"], "before", seed=seed))
        assert max(arriving(before)) < 0.01
        assert max(arriving(trained("two-numbers", "before", seed))) < 0.01
        assert arriving(trained("two-numbers", "after", seed))[0] > 0.5
    assert 1 / (1 + np.exp(-1)) == pytest.approx(0.73, abs=0.005)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_matrix_has_to_grow_first(seed):
    before = playground.start(setting_of(STORIES["vanishing"], "before", seed=seed))
    assert spectral_radius(before["W_hh"]) == pytest.approx(0.5, abs=0.05)
    assert spectral_radius(trained("vanishing", "before", seed).params["W_hh"]) > 1


@pytest.mark.parametrize(
    ("changes", "updates"),
    [
        ({"task": "one-bit", "bias": 3.0}, 25),
        ({"task": "echo", "lag": 5, "optimizer": "sgd", "lr": 1.0, "clip": 0.0}, 25),
    ],
)
def test_other_ways_that_are_told(changes, updates):
    for seed in SEEDS:
        training = playground.Training(playground.complete(changes | {"seed": seed}))
        assert training.until_solved(updates) == updates


def test_eight_units_are_on_the_edge():
    """ "Of seven networks, six learned it, with 350 to 675 updates." """
    setting = playground.parse("task=echo&lag=8&H=8")
    runs = [playground.Training(setting | {"seed": seed}) for seed in range(7)]
    updates = [run.until_solved(700) for run in runs]
    assert updates.count(None) == 1
    solved = [n for n in updates if n]
    assert (min(solved), max(solved)) == (350, 675)


def test_with_16_steps_most_losses_reach_the_bit_and_with_8_none_does():
    """ "From at least six of" the eight that travel back together, where so many are asked."""

    def reaching(part):
        setting = setting_of(STORIES["how-far-back"], part)
        k1, k2 = playground.reach(setting)
        lag = setting["lag"]
        return [
            sum(step - lag >= stop - k2 for step in range(max(first, lag), stop))
            for first, stop in blocks(playground.steps(setting), k1)
            if stop - first == k1 and first >= lag
        ]

    assert max(reaching("before")) == 0
    assert min(reaching("after")) >= 6


def test_no_linear_network_learns_odd_and_even():
    training = playground.Training(playground.parse("task=parity&cell=linear"))
    assert training.until_solved(400) is None
    assert training.skill() < 0.12


def test_the_catalogue_is_json_and_whole():
    catalogue = playground.catalogue()
    assert json.loads(json.dumps(catalogue)) == catalogue
    assert list(catalogue["controls"]) == catalogue["keys"]
    assert len(catalogue["layers"]) == 256
    for task in catalogue["tasks"].values():
        assert playground.complete(task["defaults"]) == task["defaults"]
        assert set(re.findall(r"\{(\w+)\}", task["sentence"])) <= {*task["defaults"], "steps"}
    for story in catalogue["stories"]:
        before = playground.complete(story["setting"])
        assert playground.parse(story["hash"]["before"]) == before
        after = playground.complete(story["setting"] | story["button"]["setting"])
        assert playground.parse(story["hash"]["after"]) == after


@pytest.mark.parametrize("key", [key for key in playground.catalogue()["keys"] if key != "task"])
def test_all_that_a_control_offers_is_allowed(key):
    catalogue = playground.catalogue()
    control = catalogue["controls"][key]
    tasks = control.get("for", {}).get("task", ["echo"])
    assert all(key in playground.defaults(task) for task in tasks)
    for value in control.get("options", control.get("values", [])):
        assert playground.complete({"task": tasks[0], key: value})[key] == value
    if control["kind"] == "number":
        ends = [catalogue["tasks"][task]["limits"].get(key) for task in tasks]
        if ends[0]:
            assert control["min"] == min(low for low, _ in ends)
            assert control["max"] == max(high for _, high in ends)


@each_story
def test_what_is_read_before_training_fits_the_first_screen_of_a_phone(story):
    setting = setting_of(story, "before")
    sentence = playground.TASKS[setting["task"]].sentence
    told = sentence.format(**setting, steps=playground.steps(setting))
    assert len(told + story.question) <= 150
    assert max(map(len, story.guesses)) <= 26
    assert max(len(story.before), len(story.after)) <= 220


def test_the_playground_needs_numpy_alone():
    look = "import sys, unrolled.playground as p; p.train('task=text', 1); p.catalogue(); "
    look += "print(sorted(set(sys.modules) & {'pandas', 'plotly', 'anywidget', 'torch', 'keras'}))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
