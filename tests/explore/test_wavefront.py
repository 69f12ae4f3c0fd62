import numpy as np
import pytest
from unrolled.analysis import pipeline
from unrolled.explore import Wavefront
from unrolled.explore.wavefront import COLUMNS, DONE, TICKS


def test_it_opens_with_everybody_at_work_on_a_slope():
    found = Wavefront()
    assert (found.facts["working"], found.facts["way"]) == (4, "forward")
    heads = [np.flatnonzero(row == 1) for row in found.arrays["states"][:4]]
    assert all(len(head) == 8 for head in heads)
    assert [head[0] for head in heads] == [48, 40, 32, 24]
    assert np.isnan(found.arrays["states"][4:]).all()


def test_the_question_leads_to_the_answer():
    found = Wavefront()
    faster = found.at(**found.question.values).facts["faster"]
    assert found.question.choices[found.question.right] == f"{faster:.1f}"
    assert faster == pytest.approx(pipeline.ideal(4, 8))


def test_every_state_is_begun_done_and_taken_back_once():
    lab = Wavefront(layers=3, devices=2, pieces=4)
    seen = [lab.at(clock=clock).arrays["states"][:3] for clock in range(TICKS + 1)]
    order = [0, 1, DONE, -1, -DONE]
    stage = np.vectorize(order.index)(seen)
    assert (stage[0] == 0).all()
    assert (stage[-1] == 4).all()
    assert (np.diff(stage, axis=0) >= 0).all()


def test_a_layer_that_reads_both_ways_is_done_from_the_middle():
    lab = Wavefront(reads="all both", layers=2, devices=2, pieces=4)
    rows = [lab.at(clock=clock).arrays["states"] for clock in range(TICKS + 1)]
    halfway = next(row for row in rows if (row[0, 24:40] == DONE).all())
    assert not (halfway[0, :16] == DONE).any()
    reading = [row for row in rows if (row[0] >= 0).all() and not (row[0] == DONE).all()]
    assert all((row[1] == 0).all() for row in reading)


def test_what_the_devices_do_adds_up_to_the_work():
    answer = Wavefront().at(layers=5, devices=3, pieces=16, price=1)
    work = answer.arrays["work"][:3]
    assert np.isnan(answer.arrays["work"][3:]).all()
    assert (work == 0).mean() == pytest.approx(answer.facts["idle"], abs=3 / COLUMNS)
    assert (work < 0).sum() == pytest.approx(2 * (work > 0).sum(), rel=0.03)


def test_one_layer_has_no_wave_and_more_devices_than_layers_are_idle():
    lab = Wavefront()
    assert lab.at(layers=1, devices=8).facts["faster"] == pytest.approx(1)
    few, many = (lab.at(layers=3, devices=count).facts for count in (3, 8))
    assert few["faster"] == many["faster"]
    assert many["idle"] > few["idle"]


def test_stories_say_what_is_shown():
    lab = Wavefront()
    one, single, measured, both = (lab.at(**story.values) for story in lab.stories)
    assert one.facts["faster"] == both.facts["faster"] == pytest.approx(1)
    assert (one.facts["working"], both.facts["working"]) == (1, 1)
    assert single.facts["faster"] > 7
    assert measured.facts["best"] == 8
    alone = lab.at(**lab.stories[2].values | {"pieces": 64})
    assert alone.facts["faster"] < 1
    lowest = lab.at(**lab.stories[3].values | {"reads": "lowest both"})
    assert 1 < lowest.facts["faster"] < lowest.facts["bound_is"] == 2


def test_the_sentences_count():
    said = Wavefront(clock=0).answer.sentences
    assert said["moment"] == "At the start nobody has begun."
    assert "264 steps of a layer, and on one device 768: it is 2.91 times" in said["verdict"]
    assert said["verdict"].endswith("At this price best are 64 pieces: 3.82 times.")
    assert "best" not in Wavefront(pieces=64).answer.sentences["verdict"]
