import pytest
from unrolled.explore import WalksAway
from unrolled.explore.walks_away import LENGTHS, RATES


@pytest.fixture(scope="module")
def w():
    return WalksAway()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("k", LENGTHS)
def test_a_cut_leaves_if_what_it_sees_is_positive_and_comes_home_if_not(w, k, rate):
    for way in ("every loss", "blocks"):
        facts = w.at(way=way, k=k, rate=rate).facts
        assert (facts["goes"] in ("away", "gone")) == (facts["sees"] > 0), way


def test_the_sign_turns_between_40_and_50_and_in_blocks_between_100_and_120(w):
    signs = {
        way: [k for k in LENGTHS if w.at(way=way, k=k).facts["sees"] > 0][-1]
        for way in ("every loss", "blocks")
    }
    assert signs == {"every loss": 40, "blocks": 100}


def test_random_cuts_of_sixteen_come_home_at_two_rates(w):
    goes = [w.at(way="random", k=16, rate=rate).facts["goes"] for rate in RATES]
    assert goes == ["on its way", "home", "home"]


def test_the_stories_say_what_happens(w):
    goes = [w.at(**story.values).facts["goes"] for story in w.stories]
    assert goes == ["away", "home", "away", "home"]
    assert w.at(**w.question.values).facts["goes"] == "gone"
    assert [w.at(way="every loss", k=k).facts["goes"] for k in (40, 50)] == ["away", "home"]
