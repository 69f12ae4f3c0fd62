"""The figure of quiet bugs says what it draws, and its stories and its question are true."""

import numpy as np
from unrolled.explore import QuietBugs
from unrolled.explore.quiet_bugs import DECAYS, DIVIDED, GATE, MODES, SHIFT, TRACES
from unrolled.museum.quiet import LEVELS, SCENES, T

quiet = QuietBugs()


def test_it_opens_on_a_bug_that_shows_and_that_one_step_hides():
    assert quiet.facts["seen"] == "off"
    assert quiet.facts["first"] == quiet.facts["setting"] == 12
    right, broken = quiet.arrays["right"], quiet.arrays["broken"]
    np.testing.assert_array_equal(right[:12], broken[:12])
    assert abs(broken[-1] - right[-1]) < 0.5 * quiet.facts["off"]


def test_what_is_said_is_what_is_drawn():
    for bug in SCENES:
        for level in LEVELS:
            answer = quiet.at(bug=bug, level=level)
            broken, right = answer.arrays["broken"], answer.arrays["right"]
            far = np.abs(broken - right)
            seen = answer.facts["seen"]
            assert (seen == "lost") == (not np.isfinite(broken).all())
            assert (seen == "same") == bool((far < 1e-4).all())
            first = answer.facts["first"]
            assert (np.nan_to_num(far[:first]) < 1e-4).all()
            low, high = answer.arrays["ends"]
            assert low < right.min() < right.max() < high
            words = answer.sentences["verdict"]
            assert ("passes it" in words) == (seen == "same")


def test_the_stories_tell_what_happens():
    stories = {story.name: story.values for story in quiet.stories}
    assert quiet.at(**stories["one step at a time"]).facts["seen"] == "same"
    assert quiet.at(bug=MODES, level=2).facts["seen"] == "off"
    assert quiet.at(**stories["all decays equal"]).facts["seen"] == "same"
    assert quiet.at(bug=SHIFT, level=1).facts["seen"] == "off"
    assert quiet.at(**stories["one layer is enough"]).facts["seen"] == "same"
    assert quiet.at(bug=TRACES, level=1).facts["seen"] == "off"
    zero = quiet.at(**stories["a plausible zero"])
    assert zero.facts["seen"] == "off"
    assert (zero.arrays["broken"] == 0).sum() > 2
    assert quiet.at(bug=GATE, level=5).facts["seen"] == "lost"


def test_the_answer_to_the_question_is_right():
    assert quiet.at(**quiet.question.values).facts["seen"] == "lost"
    for level in range(DECAYS.index(0.01)):
        assert quiet.at(bug=DIVIDED, level=level).facts["seen"] == "same"
    product = np.cumprod(np.full(200, 0.5, np.float32))
    with np.errstate(all="ignore"):
        lost = ~np.isfinite(product * np.cumsum(np.float32(1) / product))
    assert 120 < np.flatnonzero(lost)[0] < 140
    assert T == 24
