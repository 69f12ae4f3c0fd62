import pytest
from unrolled.datasets import load_results
from unrolled.engine import lstm
from unrolled.experiments import dropout, gap


def recorded(record, way):
    runs = [run for run in load_results(record)["results"] if run["dropout"] == way]
    tuning, test = ([r for r in runs if r["part"] == part] for part in ("tuning", "test"))
    return tuning, test


def test_the_ways_are_cells_of_every_place_and_kind(rng):
    cells = {way: dropout.cell(way, 0.5, rng) for way in dropout.MEMORY_WAYS}
    assert cells.pop("none") is lstm
    found = {(cell.place, cell.fresh, cell.scaled) for cell in cells.values()}
    places = {(place, fresh, True) for place in ("up", "h", "c") for fresh in (True, False)}
    assert found == places | {("c", fresh, False) for fresh in (True, False)}


def test_the_same_run_gives_the_same(monkeypatch):
    monkeypatch.setattr(dropout, "MEMORY", dropout.MEMORY | {"updates": 20, "letters": 12})
    monkeypatch.setattr(dropout, "FAR", 3)
    found = [dropout.keep("c, fresh", 0.1, 0) for _ in range(2)]
    assert found[0]["right"] == found[1]["right"]


@pytest.mark.parametrize("way", dropout.WAYS)
def test_every_way_was_tuned_alike_and_run_from_its_starts(way):
    tuning, test = recorded("dropout", way)
    shares = dropout.SHARES if way != "none" else [0.0]
    assert sorted(run["share"] for run in tuning) == shares
    assert [run["start"] for run in test] == dropout.SEEDS
    assert {(run["share"],) for run in test} == {gap.best_of(tuning, ["share"])}


@pytest.mark.parametrize("way", dropout.MEMORY_WAYS)
def test_every_way_of_keeping_a_letter_was_tuned_alike_and_run_from_its_starts(way):
    tuning, test = recorded("dropout-memory", way)
    assert len(tuning) == len(dropout.RATES) * len(dropout.MEMORY_TUNING)
    assert [run["start"] for run in test] == list(dropout.MEMORY_SEEDS)
    assert len({run["rate"] for run in test}) == 1
