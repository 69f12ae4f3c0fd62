import gzip

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets import DownloadError, load_air_quality, load_co2, registry

TWO_HOURS = (
    b"No,year,month,day,hour,pm2.5,DEWP,TEMP,PRES,cbwd,Iws,Is,Ir\r\n"
    b"1,2010,1,1,23,NA,-21,-11,1021,NW,1.79,2,0\r\n"
    b"2,2010,1,2,0,129,-16,-4.5,1020,cv,0.89,0,3\r\n"
)


def check(data):
    assert data.times.tolist() == np.array(["2010-01-01T23", "2010-01-02T00"], "M8[h]").tolist()
    column = dict(zip(data.columns, data.values.T.tolist(), strict=True))
    assert np.isnan(column["PM2.5"][0])
    assert column["PM2.5"][1] == 129
    assert (column["dew point"], column["temperature"]) == ([-21, -16], [-11, -4.5])
    assert (column["pressure"], column["accumulated wind"]) == ([1021, 1020], [1.79, 0.89])
    assert (column["accumulated snow"], column["accumulated rain"]) == ([2, 0], [0, 3])
    winds = [column[f"wind {direction}"] for direction in ("NE", "NW", "SE", "cv")]
    assert winds == [[0, 0], [1, 0], [0, 0], [0, 1]]
    assert data.columns[:2] == ("PM2.5", "dew point")
    assert data.units == ("µg/m³", "°C", "°C", "hPa", "m/s", "h", "h", *["0 or 1"] * 4)


def test_hours_and_columns_are_read_from_the_plain_file(in_cache, capsys):
    in_cache("air_quality", TWO_HOURS)
    check(load_air_quality(offline=False))
    assert capsys.readouterr().out == (
        "Beijing air: 2 times from 2010-01-01T23 to 2010-01-02T00, 11 columns, 1 values missing.\n"
    )


def test_the_same_is_read_from_behind_gzip(in_cache, cache, monkeypatch):
    place = in_cache("air_quality", gzip.compress(TWO_HOURS))
    place.rename(place.with_name(place.name + ".gz"))
    entry = registry.FILES["air_quality"]
    entry = entry._replace(also=((entry.path + ".gz", entry.sha256),))
    monkeypatch.setitem(registry.FILES, "air_quality", entry)
    check(load_air_quality(offline=False))


def test_without_a_network_the_shipped_co2_stands_in(no_network, capsys):
    data = load_air_quality()
    why, what = capsys.readouterr().out.splitlines()
    assert why.startswith(
        "The small shipped data stands in: PRSA_data_2010.1.1-2014.12.31.csv could"
    )
    assert what == (
        "Shipped CO2: 526 times from 1958-03-01T00 to 2001-12-01T00, 1 column, 5 values missing."
    )
    assert (data.columns, data.units, data.values.shape) == (("CO2",), ("ppm",), (526, 1))
    with pytest.raises(DownloadError, match=r"PRSA_data_.* could not be downloaded"):
        load_air_quality(offline=False)


def test_the_shipped_series_is_the_co2_series_with_its_gaps():
    data = load_air_quality(offline=True)
    months, co2 = load_co2()
    measured = ~np.isnan(data.values[:, 0])
    assert_array_equal(data.times, months)
    assert_array_equal(data.values[measured, 0], co2[measured])
    assert (~measured).sum() == 5


def test_the_real_series_is_five_years_without_a_missing_hour(on_real_data, capsys):
    data = load_air_quality(offline=False)
    assert data.values.shape == (43_824, 11)
    assert_array_equal(data.times, np.arange("2010-01-01", "2015-01-01", dtype="datetime64[h]"))
    assert np.isnan(data.values[:, 0]).sum() == np.isnan(data.values).sum() == 2067
    assert_array_equal(data.values[:, -4:].sum(axis=1), 1)
    summer = (data.times.astype("datetime64[M]").astype(int) % 12) == 6
    temperature = data.values[:, data.columns.index("temperature")]
    assert temperature[summer].mean() > 25 > 0 > temperature[:24].mean()
