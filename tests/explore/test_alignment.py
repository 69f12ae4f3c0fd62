import datetime
import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.dates import DATES, SPELLINGS, days, spell_date
from unrolled.datasets.pairs import END, batch
from unrolled.engine import gru
from unrolled.engine.seq2seq import Seq2Seq
from unrolled.explore import Alignment
from unrolled.explore.alignment import (
    ANSWERS,
    EXAMPLES,
    KINDS,
    STAGES,
    T,
    U,
    compute,
    parameters,
    run,
)

LAST = STAGES[-1]
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
        shown = compute(example, kind, LAST, step)
        size = len(example)
        np.testing.assert_allclose(shown["weights"][:, :size], tape.decoder.weights[0], atol=1e-5)
        assert np.isnan(shown["weights"][:, size:]).all()
        assert ANSWERS[shown["p"].argmax()] == [*EXAMPLES[example], "end"][step]
        e = np.exp(logits[0, step] - logits[0, step].max())
        assert shown["p"].max() == pytest.approx((e / e.sum()).max(), abs=1e-5)


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


def test_letters_stand_side_by_side_and_what_is_left_takes_no_room():
    for k, example in enumerate(EXAMPLES):
        x = compute(example, "dot", LAST, 0)["x"]
        assert len(x) == T
        assert (np.diff(x) > 0.015).all()  # or 16 bits would not tell them apart
        np.testing.assert_allclose(x[: len(example)], 100 * k + np.arange(len(example)))
        assert x[-1] - x[len(example) - 1] < 1.5


def test_every_setting_has_rows_of_its_own_with_its_letters_beside_them():
    w = Alignment()
    axis = w.panes[0].layout.yaxis
    names = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    assert len(names) == len(axis.tickvals)
    for example in EXAMPLES:
        y = compute(example, "additive", LAST, 0)["y"]
        assert [names[place] for place in y] == [*EXAMPLES[example], "end"]


def test_the_columns_are_labeled_with_what_is_read():
    axis = Alignment().panes[0].layout.xaxis
    names = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    for example in EXAMPLES:
        x = compute(example, "dot", LAST, 0)["x"][: len(example)]
        assert "".join(names[place] for place in x).replace("·", " ") == example


def test_the_box_stands_around_the_step():
    for step in (0, 6, U - 1):
        shown = compute("14 july 1961", "dot", LAST, step)
        assert shown["box_y"].mean() == pytest.approx(shown["y"][step], abs=0.2)
        assert shown["box_x"].min() == shown["x"][0] - 0.5
        assert shown["box_x"].max() == shown["x"][11] + 0.5


def test_the_sentences_say_what_the_arrays_show():
    for stage in (STAGES[2], LAST):
        for step in range(U):
            shown = compute("mar 18 2033", "dot", stage, step)
            ids, weights, p = run("mar 18 2033", "dot", stage)
            text = DATES.text(ids)
            assert f"writes “{text}”" in shown["written"]
            assert ("which is right." in shown["written"]) == (text == "2033-03-18")
            if step < len(ids):
                assert f"letter {weights[step].argmax() + 1}, " in shown["look"]
                assert f"weight {weights[step].max():.2f}." in shown["look"]
                assert f"probability {p[step, ids[step]]:.2f}," in shown["look"]
                assert ("writes the end" in shown["look"]) == (ids[step] == END)


def test_every_slider_changes_a_figure_from_the_start():
    w = Alignment()
    before = {key: np.array(w.result[key]) for key in ("weights", "p", "box_y")}
    changes = {"example": "14 july 1961", "kind": "additive", "stage": 300, "step": 6}
    for name, value in changes.items():
        other = Alignment(**{name: value}).result
        same = [np.array_equal(before[key], other[key], equal_nan=True) for key in before]
        assert not all(same), name


def test_the_stages_are_those_that_were_recorded():
    with open(files.path("results/dates.json"), encoding="utf-8") as file:
        recorded = json.load(file)["results"]["dates"]
    for kind in KINDS:
        assert list(map(int, recorded[kind][0])) == STAGES
