import json

import pytest
from unrolled import playground
from unrolled.experiments import playground as experiment

STORY = playground.Story(
    name="small",
    title="Small",
    question="Does it?",
    guesses=("yes", "no"),
    right=0,
    setting={"task": "text", "T": 5, "text": "ab", "H": 8},
    button=("Never", {"H": 1, "lr": 0.0001}),
    before="It does.",
    after="It does not.",
    solves=(True, False),
)


@pytest.fixture
def small(monkeypatch, folder):
    """One story that is solved in no time, and 50 updates at most."""
    monkeypatch.setattr(playground, "STORIES", (STORY,))
    monkeypatch.setattr(experiment, "LIMIT", 50)
    monkeypatch.setattr(experiment, "SEEDS", range(2))
    return folder


def test_both_settings_of_a_story_are_recorded(small):
    experiment.main()
    record = json.loads((small / "playground.json").read_text())
    assert record["settings"]["updates at most"] == 50
    assert record["settings"]["seeds"] == [0, 1]
    before, after = (record["results"]["small"][part] for part in ("before", "after"))
    assert before["updates"] == [25, 25]
    assert before["T"] == [5, 20, 80]
    assert before["alone"] == [1, 1]
    assert before["longer"] == [[1, 1, 1]] * 2
    assert "skill" not in before
    assert after["updates"] == [None, None]
    assert set(after) == {"updates", "skill", "loss"}


def test_what_is_recorded_is_what_training_gives(small):
    """At update 25 it is solved, at 125 it goes on by itself, at 225 it hears longer sequences."""
    found = experiment.run(playground.complete(STORY.setting | {"seed": 1, "cell": "linear"}))
    training = playground.train(STORY.setting | {"seed": 1, "cell": "linear"}, 225, show=False)
    rows = playground.longer(training.setting, training.params)
    assert found["updates"] == 25
    assert found["longer"] == [row["skill"] for row in rows]
    assert (
        found["loss"]
        == playground.train(STORY.setting | {"seed": 1, "cell": "linear"}, 25, show=False).loss
    )
