import datetime
import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.dates import DATES, SPELLINGS, days, spell_date
from unrolled.datasets.pairs import END, batch
from unrolled.engine import gru
from unrolled.engine.seq2seq import Seq2Seq
from unrolled.explore import face
from unrolled.explore.alignment import (
    ANSWERS,
    EXAMPLES,
    KINDS,
    LOOKS,
    MATTERS,
    SHADES,
    STAGES,
    U,
    compute,
    mattered,
    panes,
    parameters,
    run,
)

LAST = STAGES[-1]
SHADE = 0.51 / SHADES  # how far what is drawn may be from what was computed
every = pytest.mark.parametrize("kind", list(KINDS))


def share_right(kind, stage):
    return np.mean([DATES.text(run(e, kind, stage)[0]) == a for e, a in EXAMPLES.items()])


def test_no_example_was_trained_on_and_each_says_what_it_says():
    test = set(days("test"))
    for text, answer in EXAMPLES.items():
        day = datetime.date.fromisoformat(answer)
        assert day in test
        assert text in {spell_date(day, spelling) for spelling in SPELLINGS}


@every
def test_after_all_updates_every_date_is_right_and_after_few_none(kind):
    assert share_right(kind, LAST) == 1
    assert share_right(kind, STAGES[0]) == share_right(kind, STAGES[1]) == 0


@every
@pytest.mark.parametrize("example", list(EXAMPLES))
def test_the_weights_and_chances_are_those_of_the_network_that_reads_what_it_wrote(kind, example):
    data = batch([example], [EXAMPLES[example]], DATES)
    params = parameters(kind, LAST)
    model = Seq2Seq(gru, params["encoder.W_e"].shape[1], scoring=KINDS[kind])
    logits, tape = model.forward(data.x, data.read, params)
    for step in range(U):
        shown = compute(example, kind, LAST, LOOKS, step)
        size = len(example)
        np.testing.assert_allclose(shown["weights"][:, :size], tape.decoder.weights[0], atol=SHADE)
        assert np.isnan(shown["weights"][:, size:]).all()
        assert ANSWERS[shown["p"].argmax()] == [*EXAMPLES[example], "end"][step]
        e = np.exp(logits[0, step] - logits[0, step].max())
        assert shown["p"].max() == pytest.approx((e / e.sum()).max(), abs=SHADE / 2)


@every
def test_the_decoder_looks_at_the_year_first_then_elsewhere(kind):
    for example in EXAMPLES:
        looked = run(example, kind, LAST)[1].argmax(axis=1)
        year = example.rindex(EXAMPLES[example][:4])
        assert np.mean(looked[1:4] >= year) >= 2 / 3
        assert np.mean(looked[[5, 6, 8, 9]] < year) >= 3 / 4


@every
def test_it_is_sharp_at_digits_and_vague_where_nothing_is_asked(kind):
    weights = np.array([run(example, kind, LAST)[1].max(axis=1) for example in EXAMPLES])
    digits, others = weights[:, [2, 3, 5, 6, 8, 9]].mean(), weights[:, [4, 7, 10]].mean()
    assert digits > others + 0.2


@every
def test_after_few_updates_it_looks_nowhere_in_particular_and_writes_much_the_same(kind):
    starts = set()
    for example in EXAMPLES:
        ids, weights, _ = run(example, kind, STAGES[0])
        assert weights.max() < 0.3
        assert run(example, kind, LAST)[1].max() > 0.8
        starts.add(tuple(ids[:4]))
    assert len(starts) == 1


def test_the_map_has_the_letters_that_were_read_and_written_beside_it():
    for example in EXAMPLES:
        shown = compute(example, "additive", LAST, LOOKS, 0)
        assert shown["read_letters"].replace(" ", "").replace("·", " ") == example
        assert shown["written_letters"].split() == [*EXAMPLES[example], "end"]
        assert np.ptp(shown["columns"]) == len(example)
    labels = face.pane(panes()[0])["labels"]
    assert labels == {"xaxis": "read_letters", "yaxis": "written_letters"}


@pytest.mark.parametrize("stage", [STAGES[2], LAST])
def test_the_facts_say_what_the_arrays_show(stage):
    for step in range(U):
        shown = compute("mar 18 2033", "dot", stage, LOOKS, step)
        ids, weights, p = run("mar 18 2033", "dot", stage)
        assert shown["written"] == DATES.text(ids)
        assert shown["right"] == (shown["written"] == shown["answer"] == "2033-03-18")
        assert shown["place"] == weights[step].argmax()
        assert shown["weight"] == pytest.approx(weights[step].max(), abs=6e-4)
        assert shown["chance"] == pytest.approx(p[step, ids[step]], abs=6e-4)
        assert shown["writes"] == ("end" if ids[step] == END else "letter")


def test_july_is_told_from_june_at_its_third_letter():
    shown = compute("14 july 1961", "dot", LAST, LOOKS, 6)
    assert (shown["letter"], shown["looked_at"]) == ("7", "l")
    assert shown["weight"] == pytest.approx(0.85, abs=0.01)


def test_but_june_is_told_from_july_at_its_second():
    """For every June of the test and in every spelling, where the u could still be July's."""
    junes = [day for day in days("test") if day.month == 6][::10]
    for text in {spell_date(day, spelling) for day in junes for spelling in SPELLINGS}:
        if "jun" in text:
            assert run(text, "dot", LAST)[1][6].argmax() == text.index("jun") + 1


def test_the_letter_that_matters_is_not_always_the_one_it_looks_at():
    date, kind = "the 26th of october 1987", "additive"
    looks, matters = (compute(date, kind, LAST, shows, 0) for shows in (LOOKS, MATTERS))
    assert (looks["letter"], looks["looked_at"], matters["looked_at"]) == ("1", "9", "1")
    assert looks["place"] == matters["place"] + 1
    assert looks["weight"] == pytest.approx(0.80, abs=0.01)
    assert matters["weight"] == pytest.approx(0.98, abs=0.01)


def test_a_weight_may_lie_where_nothing_matters():
    date = "the 26th of october 1987"
    shown = compute(date, "dot", LAST, LOOKS, 1)  # the 9, which follows from the 1 before it
    assert shown["weight"] > 0.7
    assert mattered(date, "dot", LAST)[1].max() < 0.02


@every
def test_what_matters_is_drawn_as_it_is_measured(kind):
    for example in EXAMPLES:
        shown, lost = compute(example, kind, LAST, MATTERS, 3), mattered(example, kind, LAST)
        drawn = shown["weights"][: len(lost), : len(example)]
        np.testing.assert_allclose(drawn, np.clip(lost, 0, 1), atol=SHADE)
        assert np.isnan(shown["weights"][:, len(example) :]).all()
        assert lost[8:10].max(axis=1).min() > 0.25  # no day can be guessed


def test_the_stages_are_those_that_were_recorded():
    with open(files.path("results/dates.json"), encoding="utf-8") as file:
        recorded = json.load(file)["results"]["dates"]
    for kind in KINDS:
        assert tuple(map(int, recorded[kind][0])) == STAGES
