"""The museum draws what moves, along wires that are there, and says whose answers should move."""

import numpy as np
import pytest
from unrolled.explore import BugMuseum
from unrolled.explore.bug_museum import PADDED, WIRED, WIRES, compute, wires
from unrolled.museum.touched import LENGTHS, MODELS, N, T, touched

EVERY = [(e, m, n, t) for e in MODELS for m in (False, True) for n in range(N) for t in range(T)]


def drawn(shown):
    """How strongly each state is drawn, (N, T)."""
    return np.stack([shown[f"moved_{n}"] for n in range(N)])


def reached(exhibit, mended, n, t):
    """All states that the wires lead to from one of them, (N, T)."""
    there, found = wires(exhibit, mended), np.zeros((N, T), bool)
    waiting = [(n, t)]
    while waiting:
        at = waiting.pop()
        found[at] = True
        for name, (rows, steps) in WIRES.items():
            if there[name][at]:
                waiting.append(((at[0] + rows) % N, at[1] + steps))
    return found


@pytest.mark.parametrize("at", EVERY[::5])
def test_what_moves_is_what_the_wires_lead_to(at):
    exhibit, mended, n, t = at
    moved = drawn(compute(*at)) > 0
    np.testing.assert_array_equal(moved, touched(*at)[0] > 0)
    unread = exhibit == PADDED and mended and t >= LENGTHS[n]
    np.testing.assert_array_equal(moved, reached(*at) & (not unread))


def test_a_larger_change_is_drawn_more_strongly_and_every_wire_carries_its_state():
    for at in EVERY[::7]:
        shown, change = compute(*at), touched(*at)[0]
        order = np.argsort(change, axis=None)
        assert (np.diff(drawn(shown).ravel()[order]) >= 0).all()
        for name, n in WIRED:
            there = wires(*at[:2])[name][n]
            np.testing.assert_array_equal(np.isnan(shown[f"{name}_{n}"]), ~there)
            np.testing.assert_array_equal(shown[f"{name}_{n}"][there], drawn(shown)[n][there])


def test_the_facts_are_whose_answers_move_and_whether_they_should():
    for at in EVERY:
        exhibit, mended, n, t = at
        found, (_, answers, read, expected) = compute(*at), touched(*at)
        heard = np.flatnonzero(answers).tolist()
        count = {"none": 0, "one": 1, "two": 2}.get(found["moved"], len(heard))
        assert count == len(heard)
        assert heard == list(range(found["first"], found["last"] + 1))[: len(heard)]
        assert found["right"] == np.array_equal(answers > 0, expected)
        assert found["right"] or not mended
        assert found["padding"] == (exhibit == PADDED and t >= LENGTHS[n])
        signs = [found[f"signs_{row}"] for row in range(N)]
        assert signs[n][t] == "×"
        assert all(signs[row][read[row]] in "A×" for row in range(N))


def test_it_opens_on_a_touch_that_ends_in_the_answer_to_another_example():
    facts = BugMuseum().facts
    assert (facts["moved"], facts["first"], facts["right"]) == ("one", 3, False)


def test_the_stories_and_the_question_tell_what_happens():
    strangers, across, padding, lucky = (BugMuseum(**s.values) for s in BugMuseum.stories)
    assert strangers.at(mended=True).facts["right"]
    heard = [across.at(t=t).facts["moved"] for t in range(T)]
    assert heard == ["none"] * (T - 1) + ["more"]
    assert padding.facts["padding"]
    assert padding.facts["moved"] == "one"
    assert lucky.facts["right"]
    assert lucky.at(t=10).facts["moved"] == "none"
    assert BugMuseum(**BugMuseum.question.values).facts["moved"] == "none"
