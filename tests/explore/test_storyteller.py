import re

import numpy as np
import pytest
from unrolled.datasets import load_prose
from unrolled.explore import Storyteller
from unrolled.explore.storyteller import DRAWS, PLAYS, READ, SOURCES, STORIES, TEMPERATURES

TELLER = Storyteller()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("read", READ)
def test_every_letter_has_a_mark_and_every_draw_another_text(source, read):
    texts = set()
    for temperature in TEMPERATURES:
        for draw in DRAWS:
            arrays, facts, _ = TELLER.at(
                source=source, read=read, temperature=temperature, draw=draw
            )
            texts.add(facts["text"])
            assert facts["text"][0] != "\n"
            assert len(facts["text"]) > 230
            assert not arrays["marks"][len(facts["text"]) :].any()
            assert facts["share"] == pytest.approx(arrays["marks"].sum() / len(facts["text"]))
    assert len(texts) == len(TEMPERATURES) * len(DRAWS)


@pytest.mark.parametrize("source", SOURCES)
def test_the_more_it_reads_the_less_it_pays_for_what_it_reads(source):
    assert (np.diff(TELLER.at(source=source).arrays["train"]) < 0).all()


def test_new_stories_cost_more_after_a_hundred_readings_and_new_plays_less():
    stories, plays = (TELLER.at(source=source).arrays["valid"] for source in (STORIES, PLAYS))
    assert stories.argmin() < 4
    assert plays.argmin() == 5
    assert TELLER.at(source=STORIES).facts["passes"] < 2


def test_the_stories_are_copied_and_the_plays_are_not():
    usual = {s: TELLER.at(source=s, read=READ[-1]).facts["usual"] for s in SOURCES}
    assert usual[STORIES] > 0.3
    assert usual[PLAYS] < 0.01
    assert TELLER.at(source=STORIES, read=100_000).facts["usual"] == 0


def words_in_stories(texts):
    """The share of the written words that the stories have."""
    known = set(re.findall("[a-z']+", load_prose().lower()))
    written = [word for text in texts for word in re.findall("[a-z']+", text.lower())[:-1]]
    return np.mean([word in known for word in written])


def test_words_become_real():
    shares = [
        words_in_stories([TELLER.at(read=read, draw=draw).facts["text"] for draw in DRAWS])
        for read in READ
    ]
    assert (np.diff(shares) > 0).all()
    assert shares[0] < 0.1
    assert shares[4] == pytest.approx(5 / 6, abs=0.06)


def test_stories_and_question_quote_what_is_there():
    stories = {story.name: TELLER.at(**story.values).facts for story in Storyteller.stories}
    assert stories["by heart"]["share"] == pytest.approx(0.76, abs=0.01)
    assert TELLER.at(**Storyteller.question.values).facts == stories["by heart"]
    assert {"boat", "bomt", "boot", "bodt", "boxt"} <= set(
        re.findall("[a-z]+", stories["almost words"]["text"])
    )
    assert re.match("[A-Z]+:\n", stories["Shakespeare"]["text"])
    assert not stories["Shakespeare"]["quotes"]
