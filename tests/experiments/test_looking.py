import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.dates import DATES
from unrolled.datasets.pairs import END, START
from unrolled.engine.decoding import Draft
from unrolled.experiments import dates, looking


def test_everything_is_recorded(monkeypatch, folder):
    few = {"dot": ([0], [3]), "none": ([0], [3]), "mean": ([0], []), "dot, both ways": ([0], [])}
    for name, value in {"STAGES": [3], "NETWORKS": few, "TESTED": 6, "OCCLUDED": 2}.items():
        monkeypatch.setattr(looking, name, value)
    looking.main()
    runs = json.loads((folder / "looking.json").read_text())["results"]
    assert [run["network"] for run in runs] == list(few)
    dot, none, mean, both = runs
    assert list(dot["beams"]["3"]) == ["1", "2", "8"]
    assert none["beams"].keys() == {"3"}
    assert mean["beams"] == {}
    assert "looks at" not in none
    for run in (dot, both):
        assert {len(row) for row in run["looks at"]} == {11}
        assert sum(run["looked and mattered"].values()) == pytest.approx(1, abs=1e-3)
    looking.main()
    assert json.loads((folder / "looking.json").read_text())["results"] == runs


def test_a_beam_is_counted_beside_width_one(monkeypatch):
    texts = {1: ["1998-03-05", "1998-03-06", "x"], 8: ["1998-03-05", "1998-03-04", "1998-03-07"]}

    def draft(model, ids, params, width, **how):
        n = len(ids) - 1
        return [Draft((*DATES.ids(texts[width][n]), END), -2.0 / width)]

    monkeypatch.setattr(looking, "beam_of", draft)
    monkeypatch.setattr(looking, "WIDTHS", [1, 8])
    answers = ["1998-03-05", "1998-03-06", "1998-03-07"]
    found = looking.beams(None, {}, (["a", "ab", "abc"], answers))["8"]
    assert found == {
        "right": 2, "likelier": 3, "mended": 1, "spoiled": 1, "of another length": 0
    }  # fmt: skip


def test_where_it_looks_is_compared_with_what_matters(monkeypatch):
    lost = np.zeros((11, 4))
    lost[:, 1] = 1
    monkeypatch.setattr(looking.looking, "occluded", lambda *_: lost)
    weights = np.zeros((1, 11, 6))
    weights[0, :4, 1] = weights[0, 4:7, 0] = weights[0, 7:, 3] = 1
    found = looking.compared(None, {}, ["abcd"], [[START] * 11], weights)
    assert found == {
        "the same letter": 0.5,
        "an earlier letter matters most": 0.25,
        "a later letter matters most": 0.25,
    }


def recorded():
    return json.loads(files.path("results/looking.json").read_text())["results"]


def test_the_networks_are_those_of_dates():
    before = json.loads(files.path("results/dates.json").read_text())["results"]["dates"]
    for run in recorded():
        if run["network"] in ("dot", "none") and run["start"] < 3:
            for stage, right in run["right"].items():
                earlier = before[run["network"]][run["start"]][stage]["whole answers"]
                assert right == pytest.approx(earlier, abs=0.02)


def test_the_digits_that_stay_are_those_of_the_kept_weights():
    """The record's first start is the network whose weights came with `dates`."""
    with np.load(files.path("results/dates.npz"), allow_pickle=False) as file:
        names = [name for name in file.files if name.startswith("dot/1500/")]
        params = {name.split("/")[2]: file[name].astype(np.float32) for name in names}
    pairs = tuple(part[:300] for part in looking.exam())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "OCCLUDED", 40)
        found = looking.looked_at(dates.model_of("dot"), params, pairs)
    (run,) = [r for r in recorded() if r["network"] == "dot" and r["start"] == 0]
    for part in ("digits that stay", "looked and mattered"):
        for name, share in run[part].items():
            assert found[part][name] == pytest.approx(share, abs=0.08), name
    assert np.mean([a == b for a, b in zip(found["looks at"], run["looks at"], strict=False)]) > 0.8
