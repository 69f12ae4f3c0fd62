import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets import files, load_co2, load_nile, load_sunspots
from unrolled.datasets.series import co2_as_measured

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


def test_the_nile_flows_for_100_consecutive_years():
    years, flow = load_nile()
    assert years.tolist() == list(range(1871, 1971))
    assert np.issubdtype(years.dtype, np.integer)
    assert flow.dtype == np.float64
    assert (flow[0], flow[-1], flow.sum()) == (1120, 740, 91_935)


def test_the_nile_drops_near_1898():
    years, flow = load_nile()
    gain = [abs(flow[:t].mean() - flow[t:].mean()) for t in range(10, 90)]
    assert abs(years[10 + np.argmax(gain)] - 1898) <= 2
    assert flow[years < 1899].mean() - flow[years >= 1899].mean() == pytest.approx(248, abs=1)


def test_co2_is_526_consecutive_months_without_a_gap():
    months, co2 = load_co2()
    assert_array_equal(months, np.arange("1958-03", "2002-01", dtype="datetime64[M]"))
    assert co2.shape == (526,)
    assert np.isfinite(co2).all()
    assert (co2[0], co2.min(), co2.max()) == (316.1, 313.4, 373.8)


def test_months_without_a_measurement_lie_on_a_line_between_their_neighbors():
    months, measured = co2_as_measured()
    _, co2 = load_co2()
    missing = np.isnan(measured)
    names = ["1958-06", "1958-10", "1964-02", "1964-03", "1964-04"]
    assert months[missing].astype(str).tolist() == names
    assert_array_equal(co2[~missing], measured[~missing])
    assert co2[3] == pytest.approx((co2[2] + co2[4]) / 2)
    assert np.diff(co2[70:75], 2) == pytest.approx(0, abs=1e-9)


def test_co2_rises_with_a_cycle_of_a_year():
    _, co2 = load_co2()
    t = np.arange(len(co2))
    season = co2 - np.polyval(np.polyfit(t, co2, 2), t)
    power = np.abs(np.fft.rfft(season)) ** 2
    assert 526 / power.argmax() == pytest.approx(12, abs=0.15)
    assert (co2[12:] - co2[:-12] > 0).mean() > 0.95


@pytest.mark.parametrize(
    ("name", "load", "text", "said"),
    [
        ("nile.csv", load_nile, "year,flow\n1871,1120\n1873,963\n", "must hold the years 1871 to"),
        ("nile.csv", load_nile, "year,flow\n1871,much\n", "could not convert"),
        (
            "co2.csv",
            load_co2,
            "month,co2,weeks\n1958-03,316.10,1\n",
            "must hold 1958-03 to 2001-12",
        ),
        ("co2.csv", load_co2, "month,co2,weeks\n1958-03\n", "columns"),
    ],
    ids=["nile gap", "nile word", "co2 short", "co2 cells"],
)
def test_damaged_files_are_refused(shipped, name, load, text, said):
    shipped(name, text)
    with pytest.raises(ValueError, match=said):
        load()


def test_a_month_that_is_no_number_is_refused(shipped):
    content = files.path("co2.csv").read_text().replace("371.02", "many")
    shipped("co2.csv", content)
    with pytest.raises(ValueError, match="could not convert"):
        load_co2()


@pytest.mark.parametrize("name", ["nile.csv", "co2.csv"])
def test_the_shipped_copy_equals_that_of_statsmodels(name):
    datasets = pytest.importorskip("statsmodels.datasets")
    pandas = pytest.importorskip("pandas")
    if name == "nile.csv":
        assert_array_equal(datasets.nile.load_pandas().data["volume"], load_nile()[1])
    else:
        weekly = datasets.co2.load_pandas().data["co2"]
        assert isinstance(weekly, pandas.Series)
        assert_array_equal(weekly.resample("MS").mean().round(3), co2_as_measured()[1])
