import json

import pytest
from trials.mutants import draw, interval, report

FOUND = {"gru": {f"gru.x_{n}": None for n in range(40)}, "dense": {"dense.x_0": None}}


@pytest.mark.parametrize(
    ("killed", "total", "low", "high"),  # Newcombe, Statistics in Medicine 17 (1998), table I
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_wilson(killed, total, low, high):
    assert interval(killed, total) == pytest.approx((low, high), abs=1e-4)


def test_a_sample_is_some_of_each_module_and_the_seed_says_which():
    names = draw(FOUND, "", 15, 0)
    assert len(set(names)) == len(names) == 16
    assert "dense.x_0" in names
    assert names == draw(FOUND, "", 15, 0)
    assert set(names) != set(draw(FOUND, "", 15, 1))


def test_one_module_is_drawn_as_it_is_beside_the_others():
    alone = draw(FOUND, "gru", 15, 3)
    assert alone == [name for name in draw(FOUND, "", 15, 3) if name.startswith("gru")]
    assert draw(FOUND, "gru", 0, 3) == sorted(FOUND["gru"])


def test_what_no_test_runs_counts_as_alive(tmp_path, capfd):
    codes = {"a": 1, "b": 0, "c": 33, "d": 36, "e": None}
    folder = tmp_path / "mutants/src/unrolled/engine"
    folder.mkdir(parents=True)
    (folder / "gru.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    report(["a", "b", "c", "d"], "engine", tmp_path, show=["echo", "difference"])
    printed = capfd.readouterr().out
    assert "engine.gru" in printed
    assert "2 of 4 killed, 50.0% [15.0%, 85.0%]" in printed
    assert [line for line in printed.splitlines() if line.startswith("difference")] == [
        "difference b",
        "difference c",
    ]
