import numpy as np
import pytest
from unrolled.datasets import files, load_sunspots

HEADER = "year,sunspots\n"


@pytest.fixture
def file_with(tmp_path, monkeypatch):
    """Put text in the place of the shipped file."""

    def put(text):
        (tmp_path / "sunspots.csv").write_text(text)
        monkeypatch.setattr(files, "_PLACES", (tmp_path,))

    return put


def test_sunspots_are_309_consecutive_years():
    years, sunspots = load_sunspots()
    assert years.shape == sunspots.shape == (309,)
    assert years.tolist() == list(range(1700, 2009))
    assert np.issubdtype(years.dtype, np.integer)
    assert sunspots.dtype == np.float64


def test_sunspot_numbers_are_those_on_record():
    years, sunspots = load_sunspots()
    number = dict(zip(years.tolist(), sunspots.tolist(), strict=True))
    assert (number[1700], number[1957], number[2008]) == (5.0, 190.2, 2.9)
    assert sunspots.min() == 0
    assert years[sunspots.argmax()] == 1957


def test_the_sun_has_a_cycle_of_about_eleven_years():
    _, sunspots = load_sunspots()
    power = np.abs(np.fft.rfft(sunspots - sunspots.mean())) ** 2
    assert 309 / power.argmax() == pytest.approx(11, abs=0.5)


@pytest.mark.parametrize(
    "rows",
    ["1700,5\n1702,16\n", "1700,5\n1700,5\n", "1701,11\n1700,5\n", "1700,5\nnan,11\n1702,16\n"],
    ids=["gap", "repeat", "backward", "nan"],
)
def test_years_that_do_not_follow_each_other_are_refused(file_with, rows):
    file_with(HEADER + rows)
    with pytest.raises(ValueError, match=r"sunspots\.csv must hold the years 1700 to 2008"):
        load_sunspots()


@pytest.mark.parametrize(
    "content",
    [HEADER + "1700,5\n1701,many\n", HEADER + "1700,5\n1701\n", HEADER + "1700,5\n1701,\n"],
    ids=["word", "short", "empty"],
)
def test_a_damaged_row_is_refused(file_with, content):
    file_with(content)
    with pytest.raises(ValueError, match=r"convert|columns"):
        load_sunspots()


def test_a_file_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_PLACES", (tmp_path,))
    with pytest.raises(FileNotFoundError, match=r"no shipped file 'sunspots\.csv' in "):
        load_sunspots()
