import datetime
import re

import numpy as np
import pytest
from unrolled.datasets.dates import (
    DATES,
    FIRST,
    LAST,
    MONTHS,
    SPELLINGS,
    WEEKDAYS,
    date_pairs,
    days,
    spell_date,
)


def read(text):
    """A date in any of the spellings, read by rules."""
    if match := re.fullmatch(r"(\d+)/(\d+)/(\d{4})", text):
        month, day, year = map(int, match.groups())
    elif match := re.fullmatch(r"(\d+)\.(\d+)\.(\d{4})", text):
        day, month, year = map(int, match.groups())
    else:
        word = next(w for w in re.findall(r"[a-z]+", text) if w[:3] in [m[:3] for m in MONTHS])
        month = [m[:3] for m in MONTHS].index(word[:3]) + 1
        day, year = (int(n) for n in re.findall(r"\d+", text))
    return datetime.date(year, month, day)


def test_each_spelling_is_named_by_how_it_writes_the_fifth_of_march():
    for spelling in SPELLINGS:
        assert spell_date(datetime.date(1998, 3, 5), spelling) == spelling


@pytest.mark.parametrize(
    ("day", "written"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (22, "22nd"), (23, "23rd"), (30, "30th")],
)  # fmt: skip
def test_ordinals(day, written):
    spelled = spell_date(datetime.date(2001, 5, day), "the 5th of march 1998")
    assert spelled == f"the {written} of may 2001"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_can_be_read_in_one_way_only(spelling):
    texts = set()
    for day in days("test"):
        text = spell_date(day, spelling)
        assert read(text) == day
        texts.add(text)
    assert len(texts) == len(days("test"))


def test_the_weekday_is_that_of_the_date():
    text = spell_date(datetime.date(2024, 2, 29), "thursday, march 5, 1998")
    assert text == "thursday, february 29, 2024"
    assert len(WEEKDAYS) == 7


def test_the_two_splits_share_no_day_and_leave_none_out():
    train, test = set(days("train")), set(days("test"))
    assert not train & test
    assert len(train | test) == (LAST - FIRST).days + 1
    assert min(test) == datetime.date(1950, 1, 3)  # whoever recorded results held out these days
    assert len(test) == pytest.approx(len(train) / 9, abs=1)


@pytest.mark.parametrize("split", ["train", "test"])
def test_pairs_belong_together_and_to_their_split(rng, split):
    sources, answers = date_pairs(300, rng=rng, split=split)
    own = set(days(split))
    for source, answer in zip(sources, answers, strict=True):
        assert read(source).isoformat() == answer
        assert read(source) in own
        assert DATES.text(DATES.ids(source)) == source
        assert len(answer) == 10
    assert len(set(sources)) > 250


def test_all_spellings_occur_or_only_those_that_are_asked_for(rng):
    forms = {re.sub(r"[a-z]+", "w", re.sub(r"\d+", "0", s)) for s in date_pairs(300, rng=rng)[0]}
    assert len(forms) == len(SPELLINGS)
    sources, _ = date_pairs(50, rng=rng, spellings=["3/5/1998"])
    assert all(source.count("/") == 2 for source in sources)


def test_the_first_and_the_last_day_are_drawn_too(rng):
    _, answers = date_pairs(40_000, rng=rng, split="test", spellings=["3/5/1998"])
    assert {days("test")[0].isoformat(), days("test")[-1].isoformat()} <= set(answers)
    assert len(date_pairs(1, rng=rng)[0]) == 1


def test_the_generator_decides():
    first, again, other = (date_pairs(5, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_what_there_is_not_is_refused(rng):
    with pytest.raises(ValueError, match="N must be at least 1"):
        date_pairs(0, rng=rng)
    with pytest.raises(ValueError, match="split must be one of"):
        date_pairs(1, rng=rng, split="valid")
    with pytest.raises(ValueError, match="spelling must be one of"):
        date_pairs(1, rng=rng, spellings=["5/3/98"])
