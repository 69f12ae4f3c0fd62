"""What the chapter says of the record, and that the experiment writes one."""

import pytest
from unrolled.datasets import load_results
from unrolled.experiments import gradient_cost


def test_every_schedule_keeps_little_and_finds_the_same(monkeypatch, folder):
    monkeypatch.setattr(gradient_cost, "T", 600)
    monkeypatch.setattr(gradient_cost, "N", 8)
    monkeypatch.setattr(gradient_cost, "H", 8)
    monkeypatch.setattr(gradient_cost, "REPEATS", 1)
    monkeypatch.setattr(gradient_cost, "RTRL_H", (4,))
    gradient_cost.main()
    full, *others, rtrl = gradient_cost.record.from_file(folder / "gradient-cost.json")["results"]
    assert (full["way"], rtrl["way"], rtrl["H"]) == ("full", "RTRL", 4)
    for run in others:
        assert run["difference"] < 1e-4
        assert run["peak"] < full["peak"] / 2
        assert 1 < run["forward"] < 8
        assert run["batch time"] > 0


def test_the_record_is_of_ten_thousand_steps():
    record = load_results("gradient-cost")
    runs = {run["way"]: run for run in record["results"] if "peak" in run}
    assert record["settings"]["T"] == 10_000
    assert runs["segments"]["peak"] < runs["full"]["peak"] / 20
    assert runs["segments"]["forward"] == pytest.approx(2, abs=0.02)
    assert max(run["difference"] for run in runs.values() if "difference" in run) < 1e-3


def test_a_batch_shares_what_each_step_costs():
    runs = {run["way"]: run for run in load_results("gradient-cost")["results"]}
    assert runs["segments"]["batch time"] < 4 / 3 < runs["segments"]["time"]
    assert runs["halving"]["batch time"] < 4 < 20 < runs["halving"]["time"]
