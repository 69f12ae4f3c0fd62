import numpy as np
import pytest
from unrolled.explore.lag_dial import CUTS, LAGS, SOLVED, STARTS, STYLES, TASKS, LagDial, record

CUT = CUTS[1]
LSTMS = [name for name in STYLES if name.startswith("LSTM")]
GATED = [*LSTMS, "GRU"]


def at(task, bptt, lag):
    return LagDial().at(task=task, bptt=bptt, lag=lag)


def means(task, bptt, lag, key="means"):
    """The mean skill of each network at one setting, as the bars show it."""
    return dict(zip(STYLES, at(task, bptt, lag).arrays[key], strict=True))


def test_it_replays_everything_that_was_recorded():
    results, settings = record()["results"], record()["settings"]
    assert list(results) == list(TASKS)
    assert (settings["lags"], len(settings["seeds"])) == (list(LAGS), STARTS)
    for networks in results.values():
        assert list(networks) == list(STYLES)
        for cuts in networks.values():
            assert tuple(cuts) == CUTS
            for found in cuts.values():
                skills = np.array(found["skill"])
                assert skills.shape == np.shape(found["updates"]) == (len(LAGS), STARTS)
                assert 0 <= skills.min() <= skills.max() <= 1
                assert found["mean skill"] == pytest.approx(skills.mean(axis=1), abs=6e-4)


def test_the_caption_says_what_the_experiment_was():
    settings = record()["settings"]
    assert (settings["H"], settings["updates at most"], STARTS) == (32, 1500, 3)
    assert isinstance(settings["Adam lr"], float)
    for words in ("three starts", "32 units", "1,500 updates", "one learning rate"):
        assert words in LagDial.caption


def test_bars_lines_and_starts_agree():
    for i, lag in enumerate(LAGS):
        arrays = at("adding", CUT, lag).arrays
        assert arrays["starts"].reshape(6, -1).mean(axis=1) == pytest.approx(
            arrays["means"], abs=6e-4
        )
        assert [arrays[name][i] for name in STYLES] == arrays["means"].tolist()


def test_every_network_echoes_a_bit_from_five_steps_back_with_a_cut_gradient_too():
    for bptt in CUTS:
        assert min(means("echo", bptt, 5).values()) > SOLVED
        assert at("echo", bptt, 5).facts["solvers"] == "all"


def test_a_gradient_cut_after_ten_steps_ends_echo_soon_after():
    assert (
        max(means("echo", CUT, 20).values()) < 0.25 < 0.5 < max(means("echo", "full", 20).values())
    )
    ten = means("echo", CUT, 10)
    assert ten.pop("RNN") > 0.99
    assert max(ten.values()) < 0.36


def test_echo_at_twenty_depends_on_the_start():
    assert min(means("echo", "full", 10).values()) > 0.99
    facts = at("echo", "full", 20).facts
    assert (facts["solvers"], facts["best"]) == ("none", "RNN")
    assert [facts["best_low"], facts["best_high"]] == pytest.approx([0.49, 0.92], abs=0.005)


def test_three_networks_add_far_from_where_a_cut_gradient_ends():
    found, untrained = (means("adding", CUT, 80, key) for key in ("means", "untrained"))
    assert {name for name, mean in found.items() if mean > 0.9} == {*LSTMS[1:], "GRU"}
    assert max(untrained.values()) < 0.1


def test_the_gru_copies_what_no_loss_reaches_and_what_it_did_not_hold_before():
    assert means("copy", CUT, 20)["GRU"] == pytest.approx(0.85, abs=0.005)
    assert means("copy", CUT, 20, "untrained")["GRU"] < 0.01
    assert at("copy", CUT, 20).facts["reach"] == "never"


def test_one_start_of_the_gru_has_parity_and_two_have_nothing():
    starts = np.sort(at("parity", "full", 10).arrays["starts"].reshape(-1, STARTS)[-1])
    assert starts[1] < 0.03 < 0.99 < starts[2]
    assert means("parity", "full", 10)["GRU"] == pytest.approx(0.34, abs=0.005)


def test_an_open_forget_gate_lasts_longer():
    for task in ("copy", "adding"):
        zero, one, three = (means(task, "full", 80)[name] for name in LSTMS)
        assert zero <= one < three
        assert three - zero > 0.4


def test_all_learn_the_parity_of_six_bits_and_none_that_of_forty_one():
    assert min(means("parity", "full", 5).values()) > SOLVED
    assert max(means("parity", "full", 40).values()) < 0.1


def test_where_nothing_is_cut_both_trainings_are_the_same():
    for task, lag in (("copy", 2), ("adding", 5), ("parity", 5)):
        assert means(task, "full", lag) == means(task, CUT, lag)
        assert at(task, CUT, lag).facts["reach"] == "whole"
    assert means("adding", "full", 10) != means("adding", CUT, 10)


@pytest.mark.parametrize(
    ("task", "lag", "reach", "back"),
    [("echo", 20, "never", 20), ("echo", 1, "sometimes", 1), ("copy", 20, "never", 24)],
)
def test_it_knows_what_a_loss_reaches(task, lag, reach, back):
    facts = at(task, CUT, lag).facts
    assert (facts["reach"], facts["back"]) == (reach, back)


def test_it_names_those_who_solve_it_and_the_best_of_the_others():
    facts = at("copy", "full", 20).facts
    assert (facts["solvers"], facts["solved"]) == ("some", "RNN, GRU")
    assert facts["best"] == "LSTM with bias 3"
    assert facts["best_mean"] == means("copy", "full", 20)["LSTM, forget bias 3"]


def test_the_readout_alone_is_compared_where_it_was_trained():
    for lag in LAGS:
        assert at("copy", "full", lag).facts["compared"] == (lag >= 10)
