import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.experiments import number_rivals as rivals


@pytest.fixture(scope="module")
def runs():
    return load_results("number-rivals")["results"]


def part(runs, name, size=None):
    return [r for r in runs if r["part"] == name and size in (None, r["size"])]


def test_the_tenths_follow_each_other_and_the_last_begins_where_no_number_was_read():
    words, seen, valid, test = rivals.texts()
    assert (len(words), len(seen), len(valid), len(test)) == (30, 8815, 1102, 1102)
    text = [words[i] for i in np.concatenate([seen, valid])]
    after = {text[i + 1] for i in range(len(text) - 1) if text[i] == "thousand"}
    asked = {words[test[i + 1]] for i in range(len(test) - 1) if words[test[i]] == "thousand"}
    assert asked == {"eight", "nine"}
    read = [words[i] for i in seen]
    hundreds = {
        read[i + 1] for i in range(len(read) - 2)
        if read[i] == "thousand" and read[i + 2] == "hundred"
    }  # fmt: skip
    assert not asked & hundreds
    assert asked <= after


def test_jumbled_numbers_are_the_same_numbers():
    words, seen, *_ = rivals.texts()
    period = words.index(".")
    mixed = rivals.jumbled(seen, period, 0)
    assert sorted(mixed) == sorted(seen)
    assert (mixed != seen).any()
    text = " ".join(words[i] for i in mixed)
    whole = set(" ".join(words[i] for i in seen).split(" . ")[:-1])
    assert set(text.split(" . ")[:-1]) == whole


def test_a_run_is_the_same_again_and_another_start_is_not(monkeypatch):
    monkeypatch.setattr(rivals, "EPOCHS", 1)
    found = [rivals.train(8, 0.01, seed) for seed in (0, 0, 1)]
    assert found[0] == found[1] != found[2]


def test_every_size_has_its_own_search_and_ten_starts(runs):
    for size in rivals.SIZES:
        assert len(part(runs, "tuning", size)) == len(rivals.RATES) * len(rivals.TUNING)
        tested = part(runs, "test", size)
        assert [run["start"] for run in tested] == rivals.STARTS
        assert {run["rate"] for run in tested} == {rivals.best_rate(runs, size)[0]}
    best = min(rivals.SIZES, key=lambda size: rivals.best_rate(runs, size)[1])
    assert {run["size"] for run in part(runs, rivals.JUMBLED)} == {best}
    assert len(part(runs, rivals.JUMBLED)) == len(rivals.STARTS)


def test_all_starts_are_ahead_of_counting_and_the_larger_count_better_and_pay_more(runs):
    (counting,) = part(runs, "counting")
    tested = {size: part(runs, "test", size) for size in rivals.SIZES}
    for key in ("test", "elsewhere"):
        assert max(run[key] for found in tested.values() for run in found) < counting[key]
    tens = [np.mean([run["tens"] for run in found]) for found in tested.values()]
    cost = [np.mean(np.exp([run["test"] for run in found])) for found in tested.values()]
    assert sorted(tens) == tens
    assert sorted(cost) == cost
    assert np.mean([run["tens"] for run in part(runs, rivals.JUMBLED)]) < 0.15
