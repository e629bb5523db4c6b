import io

import numpy
import pandas

TEXT = """day,city,temperature,rain
2026-01-01,Bern,-2.5,0
2026-01-02,Bern,0.5,3
2026-01-01,Genève,4.25,
2026-01-02,Genève,6.75,1
2026-01-03,Genève,5,
"""


def check():
    table = pandas.read_csv(io.StringIO(TEXT), parse_dates=["day"])
    assert table.shape == (5, 4) and table["rain"].isna().sum() == 2
    assert table["day"].dtype.kind == "M" and table["temperature"].dtype == float
    frames(table)
    dates(table)
    formats(table)
    errors(table)


def frames(table):
    mean = table.groupby("city")["temperature"].mean()
    assert mean.to_dict() == {"Bern": -1.0, "Genève": 16 / 3}
    both = table.groupby("city").agg(warmest=("temperature", "max"), days=("day", "nunique"), rain=("rain", "sum"))
    assert both.loc["Genève"].tolist() == [6.75, 3, 1]
    cities = pandas.DataFrame({"city": ["Bern", "Zürich"], "canton": ["BE", "ZH"]})
    merged = table.merge(cities, on="city", how="outer", indicator=True)
    assert merged["_merge"].value_counts().to_dict() == {"left_only": 3, "both": 2, "right_only": 1}
    wide = table.pivot(index="day", columns="city", values="temperature")
    assert wide.loc["2026-01-02"].tolist() == [0.5, 6.75] and numpy.isnan(wide.loc["2026-01-03", "Bern"])
    assert wide.stack().dropna().sort_values().iloc[-1] == 6.75
    ordered = table.sort_values(["rain", "temperature"], ascending=[False, True], na_position="last")
    assert ordered.index.tolist() == [1, 3, 0, 2, 4]
    assert table["city"].astype("category").cat.codes.tolist() == [0, 0, 1, 1, 1]
    assert table["city"].str.upper().str.contains("ÈV").sum() == 3
    assert table.query("rain > 0 and city == 'Bern'").index == [1]
    assert table["temperature"].rolling(2).mean().tolist()[1:] == [-1, 2.375, 5.5, 5.875]
    assert table["temperature"].quantile(0.5) == 4.25 and round(table["temperature"].skew(), 6) == -0.683186
    assert pandas.cut(table["temperature"], [-5, 0, 5, 10]).value_counts(sort=False).tolist() == [1, 3, 1]
    assert pandas.concat([table, table]).drop_duplicates().equals(table)
    numbers = pandas.Series([1, None, 3], dtype="Int64")
    assert (numbers + 1).tolist() == [2, pandas.NA, 4] and numbers.interpolate().tolist() == [1, 2, 3]


def dates(table):
    daily = table.groupby("day")["temperature"].mean()
    assert daily.resample("2D").sum().tolist() == [4.5, 5.0]
    zone = pandas.Timestamp("2026-03-28 12:00", tz="Europe/Zurich")
    assert zone + pandas.Timedelta(days=1) == pandas.Timestamp("2026-03-29 13:00+02:00")
    assert zone + pandas.DateOffset(days=1) == pandas.Timestamp("2026-03-29 12:00+02:00")
    assert pandas.date_range("2026-01-30", periods=3, freq="BME").day.tolist() == [30, 27, 31]
    assert (pandas.Period("2026Q1") + 1).start_time == pandas.Timestamp(2026, 4, 1)
    assert table["day"].dt.day_name().iloc[0] == "Thursday" and str(table["day"].diff().max()) == "1 days 00:00:00"
    assert pandas.to_datetime("3 February 2026", dayfirst=True).month == 2
    assert pandas.to_datetime("31/12/2026", format="%d/%m/%Y").strftime("%j") == "365"


def formats(table):
    assert table.to_csv(index=False, date_format="%Y-%m-%d").splitlines()[3] == "2026-01-01,Genève,4.25,"
    again = pandas.read_json(io.StringIO(table.to_json(orient="table")), orient="table")
    assert again["temperature"].equals(table["temperature"])
    assert table.head(1).to_json(orient="records", date_format="iso").startswith('[{"day":"2026-01-01T00:00:00')
    assert table.to_string(columns=["city", "rain"]).splitlines()[3] == "2  Genève   NaN"
    chunks = pandas.read_csv(io.StringIO("a;b\n1,5;x\n2;'y;z'\n"), sep=";", decimal=",", quotechar="'", chunksize=1)
    assert [chunk.values.tolist() for chunk in chunks] == [[[1.5, "x"]], [[2, "y;z"]]]


def errors(table):
    for kind, call in [
        (KeyError, lambda: table["none"]),
        (pandas.errors.ParserError, lambda: pandas.read_csv(io.StringIO("a,b\n1,2\n1,2,3\n"))),
        (pandas.errors.OutOfBoundsDatetime, lambda: pandas.Timestamp("2026-01-01").as_unit("ns").replace(year=9999)),
        (ValueError, lambda: pandas.to_datetime("2026-13-01")),
        (pandas.errors.MergeError, lambda: table.merge(table, on="city", validate="one_to_one")),
    ]:
        try:
            call()
        except kind:
            continue
        raise AssertionError(f"{kind.__name__} is not raised")
