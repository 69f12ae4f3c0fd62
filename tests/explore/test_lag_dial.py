import numpy as np
import pytest
from unrolled.explore.lag_dial import ASKED, SOLVED, STYLES, LagDial, record

CUT = "truncated at 10"
LSTMS = [name for name in STYLES if name.startswith("LSTM")]
GATED = [*LSTMS, "GRU"]


@pytest.fixture(scope="module")
def dial():
    return LagDial()


def means(dial, task, bptt, lag):
    """The mean skill of each network at one setting, as the bars show it."""
    return dict(zip(STYLES, dial.compute(task=task, bptt=bptt, lag=lag)["bars"], strict=True))


def test_it_replays_everything_that_was_recorded(dial):
    results, settings = record()["results"], record()["settings"]
    assert list(results) == list(ASKED) == dial.sliders[0].values
    for networks in results.values():
        assert list(networks) == list(STYLES)
        for cuts in networks.values():
            assert list(cuts) == dial.sliders[1].values == ["full", CUT]
            for found in cuts.values():
                shape = len(settings["lags"]), len(settings["seeds"])
                skills = np.array(found["skill"])
                assert skills.shape == np.shape(found["updates"]) == shape
                assert 0 <= skills.min() <= skills.max() <= 1
                assert found["mean skill"] == pytest.approx(skills.mean(axis=1), abs=6e-4)


def test_bars_lines_and_seeds_agree(dial):
    for lag in dial.sliders[2].values:
        result = dial.compute(task="adding", bptt=CUT, lag=lag)
        assert result["seeds"].reshape(6, -1).mean(axis=1) == pytest.approx(
            result["bars"], abs=6e-4
        )
        at = dial.sliders[2].values.index(lag)
        assert [result[name][at] for name in STYLES] == result["bars"].tolist()
        assert 10 ** result["lag_x"] == pytest.approx([lag, lag])


def test_every_network_echoes_a_bit_from_five_steps_back_with_a_cut_gradient_too(dial):
    for bptt in ("full", CUT):
        assert min(means(dial, "echo", bptt, 5).values()) > SOLVED


def test_a_gradient_cut_after_ten_steps_ends_echo_soon_after(dial):
    full, cut = means(dial, "echo", "full", 20), means(dial, "echo", CUT, 20)
    assert max(cut.values()) < 0.25 < 0.5 < max(full.values())
    assert sorted(cut.values())[3] < 0.05


def test_adding_is_learned_near_the_end_and_works_far_from_it(dial):
    cut = means(dial, "adding", CUT, 40)
    assert min(cut[name] for name in GATED) > 0.9
    assert max(cut["RNN"], cut["identity RNN"]) < 0.5


def test_an_open_forget_gate_lasts_longer(dial):
    for task in ("copy", "adding"):
        zero, one, three = (means(dial, task, "full", 80)[name] for name in LSTMS)
        assert zero <= one < three
        assert three - zero > 0.4


def test_all_learn_the_parity_of_six_bits_and_none_that_of_forty_one(dial):
    assert min(means(dial, "parity", "full", 5).values()) > SOLVED
    none = means(dial, "parity", "full", 40)
    assert max(none.values()) < 0.1


def test_where_nothing_is_cut_both_trainings_are_the_same(dial):
    for task, lag in (("copy", 2), ("adding", 5), ("parity", 5)):
        assert means(dial, task, "full", lag) == means(dial, task, CUT, lag)
        verdict = dial.compute(task=task, bptt=CUT, lag=lag)["verdict"]
        assert "reaches back to the first" in verdict
    assert means(dial, "adding", "full", 10) != means(dial, "adding", CUT, 10)


def test_it_says_in_words_who_solves_it_and_what_a_loss_reaches(dial):
    verdict = dial.compute(task="echo", bptt=CUT, lag=20)["verdict"]
    assert verdict.startswith("No network solves it")
    assert "never that bit, 20 steps back" in verdict
    verdict = dial.compute(task="echo", bptt=CUT, lag=1)["verdict"]
    assert verdict.startswith("All 6 networks solve it")
    assert "at best also that bit, 1 step back" in verdict
    verdict = dial.compute(task="copy", bptt=CUT, lag=20)["verdict"]
    assert "never the symbol, 24 steps back" in verdict
    some = dial.compute(task="copy", bptt="full", lag=20)["verdict"]
    assert some.startswith("Solved by RNN and GRU. The best of the others")
