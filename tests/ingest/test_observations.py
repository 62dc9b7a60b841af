"""Values of KPIs straight from a file, long and wide."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

from datetime import date

import pytest

from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest import inspect, read
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.table.quarantine import faults_of


def values(data: str, **how: object) -> list[tuple[object, ...]]:
    found = read(data.encode(), "values.csv", **how).observations  # type: ignore[arg-type]
    assert found is not None
    return [(r["kpi"], r["start"], r["grain"], r["value"]) for r in found.to_pylist()]


def test_long() -> None:
    done = read(
        b"KPI;Dato;Verdi;Butikk\nsales;2024-05-01;1 234,50;Oslo\nOrders;2024-05-02;7;Bergen\nnonsense;2024-05-02;7;\n",
        "v.csv",
    )
    assert done.observations is not None
    rows = done.observations.to_pylist()
    assert [(r["kpi"], r["start"], r["value"], r["store"], r["_row"]) for r in rows] == [
        ("sales", date(2024, 5, 1), 1234.5, "Oslo", 2),
        ("orders", date(2024, 5, 2), 7.0, "Bergen", 3),
    ]
    assert done.quarantine.column("reason").to_pylist() == ["unknown_kpi"]
    assert done.inspection.table == "observations"


def test_every_bad_cell_of_a_row_is_named_by_its_own_column() -> None:
    done = read(b"KPI,2024-01,2024-02,2024-03\norders,5,6,7\nsales,x,120,y\nsessions,7,8,9\n", "v.csv")
    [row] = done.quarantine.to_pylist()
    assert [(row["row"], *fault) for fault in faults_of(row)] == [
        (3, "2024-01", "x", "bad_number"),
        (3, "2024-03", "y", "bad_number"),
    ]


def test_words_that_a_column_may_hold_are_named_and_their_case_is_nothing() -> None:
    head = "Response id,Answered at,Type,Score\n"
    done = read((head + "1,2026-05-01,NPS,9\n2,2026-05-33,npx,9\n").encode(), "s.csv", as_table="surveys")
    assert done.tables["surveys"].column("kind").to_pylist() == ["nps"]
    [row] = done.quarantine.to_pylist()
    assert [fault[::2] for fault in faults_of(row)] == [("Answered at", "bad_date"), ("Type", "bad_value")]
    assert "csat, nps" in str(next(issue.remedy for issue in done.issues if issue.code == "bad_value"))


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("Date,Country,sales\n2026-05-01,NO,10\n2026-05-01,SE,20\n", [{"country": "NO"}, {"country": "SE"}]),
        ("Butikknr;Dato;sales\n101;2026-05-01;10\n102;2026-05-01;20\n", [{"store": "101"}, {"store": "102"}]),
        ("店舗,日付,sales\n新宿,2026-05-01,10\n", [{"store": "新宿"}]),
        (
            "KPI;Datum;Wert;Warengruppe;Gerät\nsales;2026-05-01;1;Lampen;Handy\n",
            [{"category": "Lampen", "device": "Handy"}],
        ),
    ],
)
def test_dimensions_are_known_by_their_names_in_many_languages(
    data: str, wanted: list[dict[str, str]]
) -> None:
    found = read(data.encode(), "v.csv").observations
    assert found is not None
    known = {"country", "store", "category", "device"}
    assert [{k: v for k, v in row.items() if k in known} for row in found.to_pylist()] == wanted


def test_dates_across() -> None:
    assert values("KPI,2024-01,2024-02\nsales,100,120\norders,5,\n") == [
        ("sales", date(2024, 1, 1), "month", 100.0),
        ("orders", date(2024, 1, 1), "month", 5.0),
        ("sales", date(2024, 2, 1), "month", 120.0),
    ]


def test_dates_down() -> None:
    assert values("Week,sales,orders\n2024-W05,100,3\n2024-W06,50,2\n")[0] == (
        "sales",
        date(2024, 1, 29),
        "week",
        100.0,
    )


def test_one_kpi_by_option() -> None:
    assert values("Måned;Beløp\nmai 2024;1.234,50\n", kpi="sales") == [
        ("sales", date(2024, 5, 1), "month", 1234.5)
    ]


def test_a_percentage_without_its_sign_is_asked_about() -> None:
    data = "Date,Value\n2024-05-01,2.5\n2024-05-02,3.1\n"
    with pytest.raises(KpiTreeError, match="percent sign"):
        values(data, kpi="conversion_rate")
    assert values(data, kpi="conversion_rate", mapping={"options": {"percent": True}})[0][3] == 0.025
    assert values("Date,Value\n2024-05-01,2.5 %\n", kpi="conversion_rate")[0][3] == 0.025


def test_an_unknown_kpi_names_the_nearest() -> None:
    with pytest.raises(KpiTreeError, match="Did you mean sales"):
        values("Date,Value\n2024-05-01,2.5\n", kpi="salse")


LONG = "KPI;Dato;Verdi;Butikk;Notat\n" + "".join(
    f"{'nonsense' if n % 11 == 5 else 'sales'};2024-05-{n % 28 + 1:02};{n} 000,{n % 10};"
    f"{'Oslo' if n % 3 else ''};{'kampanje' if n % 7 == 0 else ''}\n"
    for n in range(60)
)
DOWN = "Date,sales,orders\n" + "".join(
    f"2024-{n % 12 + 1:02}-{n % 28 + 1:02},{n}.5,{'x' if n == 7 else n}\n" for n in range(60)
)
ACROSS = "KPI,2024-01,2024-02\n" + "".join(
    f"{'nonsense' if n == 7 else 'orders' if n % 2 else 'sales'},{n}.5,{n if n % 3 else ''}\n"
    for n in range(60)
)


@pytest.mark.parametrize("data", [LONG, DOWN, ACROSS])
def test_a_large_file_gives_the_same(data: str) -> None:
    small = read(data.encode(), "v.csv")
    with read(data.encode(), "v.csv", limits=Limits(whole_bytes=100, part_bytes=200)) as large:
        assert small.observations is not None
        assert large.observations is not None
        assert large.observations.to_pylist() == small.observations.to_pylist()
        assert large.quarantine.to_pylist() == small.quarantine.to_pylist()
        assert (large.issues, large.rows) == (small.issues, small.rows)
    assert small.quarantine.num_rows


def test_a_large_file_is_inspected_as_values() -> None:
    found = inspect(LONG.encode(), "v.csv", limits=Limits(whole_bytes=100, part_bytes=200))
    assert (found.table, found.known) == ("observations", True)


def test_too_many_values_to_be_held_are_refused() -> None:
    with pytest.raises(KpiTreeError, match="read up to 1 megabytes"):
        read(LONG.encode(), "v.csv", limits=Limits(whole_bytes=100, values_bytes=200))


def test_a_value_that_no_number_holds_is_set_apart() -> None:
    done = read(b"KPI,Date,Value\nsales,2024-05-01,1E+999\nsales,2024-05-02,5\n", "v.csv")
    assert done.quarantine.column("reason").to_pylist() == ["bad_number"]


def test_a_value_is_made_of_its_numerator_and_denominator() -> None:
    done = read(
        b"KPI,Date,Value,Numerator,Denominator\n"
        b"conversion_rate,2024-05-01,,1,4\nconversion_rate,2024-05-02,,1,0\nconversion_rate,2024-05-03,50 %,1,2\n",
        "v.csv",
    )
    assert done.observations is not None
    assert done.observations.column("value").to_pylist() == [0.25, None, 0.5]


@pytest.mark.parametrize("limits", [Limits(), Limits(whole_bytes=10, part_bytes=64)])
def test_comments_inside_the_table_are_counted(limits: Limits) -> None:
    data = "# made by the till\nKPI,Date,Value\nsales,2024-05-01,1.5\n# the till stood still\nsales,2024-05-03,2\n"
    with read(data.encode(), "v.csv", limits=limits) as done:
        assert [(one.code, one.level, one.count) for one in done.issues if one.code == "comment_lines"] == [
            ("comment_lines", "info", 1)
        ]
        assert done.observations is not None
        assert done.observations.num_rows == 2


def test_a_total_beside_dates_across_is_no_value() -> None:
    data = b"KPI;jan. 2024;feb. 2024;Totalt\nvisitors;1 234;2 000;3 234\norders;12;15;27\n"
    found = read(data, "a.csv").observations
    assert found is not None
    assert sorted(found.column("value").to_pylist()) == [12, 15, 1234, 2000]


def test_fiscal_quarters_of_values_say_what_is_missing() -> None:
    done = read(b"KPI;Period;Value\nvisitors;Q1 FY2024;12\n", "a.csv")
    assert [issue.code for issue in done.issues] == ["fiscal_date"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("KPI;Dato;Verdi\nSalg;01.05.2026;1 100,50\nAntall transaksjoner;13.05.2026;5\n", [1100.5, 5]),
        ('指標,日付,実績\n売上高（純額）,2026年5月1日,"1,200"\n注文件数,2026年5月2日,5\n', [1200, 5]),
        ("Metric,Date,Value\nNet sales,2026-05-01,100\n", [100]),
        (
            "Date,Sales (NOK),Conversion rate (%)\n2026-05-01,100,2.5\n2026-05-02,90,0.5\n",
            [100, 90, 0.025, 0.005],
        ),
        (
            "KPI,Unit,Country,2026-01,2026-02,YTD\nsales,NOK,NO,100,120,220\nsales,NOK,SE,5,6,11\n",
            [100, 5, 120, 6],
        ),
        ("Date,sales,orders\n2026-05-01,100,5\n2026-05-02,90,4\nAverage,95,4.5\n", [100, 90, 5, 4]),
        ("Date,Sales (kNOK),CVR %,AOV\n2026-05-01,12.5,2.5,250\n", [12500, 0.025, 250]),
        ("Month,Net revenue in 1000 NOK\n2026-01,12.5\n", [12500]),
        ("年月,純売上（千円）\n2026年1月,1200\n2026年2月,1300\n", [1_200_000, 1_300_000]),
        (
            "KPI;Enhet;2026-01;2026-02\nsales;TNOK;100;\nKonverteringsrate;%;2,5;\nresolution_time;min;90;\n",
            [100_000, 0.025, 1.5],
        ),
        ("KPI,Year,Month,Value\nvisitor,2026,5,5\nSessions,2026,6,7\n", [5, 7]),
        ("KPIs,Period,Value\nAOV,202605,5\nCVR,202605,1 %\n客単価,202606,6\n", [5, 0.01, 6]),
        (
            ",Oslo,,Bergen,\nDate,sales,orders,sales,orders\n2026-05-01,5,1,6,2\n2026-05-02,7,3,8,4\n",
            [5, 7, 1, 3, 6, 8, 2, 4],
        ),
        ("Date,Store,sales\n2026-05-01,Oslo,5\n2026-05-01,Bergen,6\n2026-05-01,Total,11\n", [5, 6]),
        ("KPI,Date,Store,Value\nsales,2026-05-01,Oslo,5\nsales,2026-05-01,Alle butikker,11\n", [5]),
    ],
)
def test_names_units_and_columns_beside_the_dates(text: str, wanted: list[float]) -> None:
    assert [row[3] for row in values(text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "codes"),
    [
        ("KPI,Type,2026-01,2026-02\nsales,Actual,100,\nsales,Budget,150,150\nsales,Last year,90,90\n", [100], ["not_measured"]),
        ("指標,区分,2026年1月,2026年2月\n謎,実績,100,\n純売上,目標,150,150\n純売上,実績,90,\n", [90], ["not_measured", "unknown_kpi"]),
        ("KPI,Date,Value,Target\nsales,2026-01-01,100,120\n", [100], ["column_not_read"]),
        ("KPI,Date,Value,Unit\nsales,2026-01-01,100,NOK\n", [100], []),
        ("Dato;Salg;Antall transaksjoner;Conversion rate %\n31.01.2026;1 234,50;5;2,5\n", [1234.5, 5, 0.025], []),
        ("KPI,Date,Value\nfirst_response_time,2026-01-01,2d 4h\nfirst_response_time,2026-01-02,90 sec\n", [3120, 1.5], []),
        ("KPI,Date,Value\nfirst_response_time,2026-01-01,1:30\n", [], ["bad_number"]),
        ("KPI,Date,Value\nsales,2026-01-01,2d 4h\n", [], ["bad_number"]),
        ("KPI,Date,Value\nsales,2026-01-01,12 %\norders,2026-01-01,kr 5\n", [], ["other_unit"]),
        ("KPI,Date,Value\nconversion_rate,2026-01-01,0.12\n", [0.12], ["percent_as_share"]),
        ("KPI,Date,Value\nconversion_rate,2026-01-01,0.1234\n", [0.1234], []),
        ("KPI,Type,2026-01,2026-02\nsales,Actual,5,\nsales,Budget,7,\nsales,Variance,-2,\n", [5], ["not_measured"]),
        ("KPI,2026-01,2026-02\nsales,5,\nSales budget,7,8\n", [5], ["not_measured"]),
        ("Dato;Salg;Budsjett;Avvik\n31.01.2026;5;6;-1\n", [5], ["not_measured"]),
    ],
)  # fmt: skip
def test_what_is_no_value_is_not_counted_and_lengths_of_time_are(
    text: str, wanted: list[float], codes: list[str]
) -> None:
    found = read(text.encode(), "v.csv")
    assert found.observations is not None
    assert found.observations.column("value").to_pylist() == wanted
    assert not [name for name in found.observations.column_names if name in ("type", "unit", "区分")]
    assert sorted({issue.code for issue in found.issues}) == codes


def test_remarks_break_nothing_down_and_stores_may_stand_across() -> None:
    text = "KPI,Date,Value,Note,Weather,Why\nsales,2026-05-01,5,ok,rain,\nsales,2026-05-02,6,,,closed early\n"
    found = read(text.encode(), "v.csv").observations
    assert found is not None
    assert found.column("note").to_pylist() == ["ok; rain", "closed early"]
    assert not {"weather", "why"} & set(found.column_names)
    across = read(b"Date,Oslo,Bergen,Total,Budget\n2026-05-01,5,6,11,9\n", "v.csv", kpi="sales")
    assert across.observations is not None
    rows = across.observations.to_pylist()
    assert [(row["store"], row["value"]) for row in rows] == [("Oslo", 5.0), ("Bergen", 6.0)]
    assert {issue.code for issue in across.issues} == {"members_across", "not_measured"}


def test_a_value_given_twice_is_told_with_both() -> None:
    head = "KPI,Date,Value,Numerator,Denominator\n"
    done = read(
        (head + "orders,2026-05-01,5,,\norders,2026-05-02,6,,\norders,2026-05-01,7,,\n").encode(), "v.csv"
    )
    assert [(one.code, one.row, one.value) for one in done.issues] == [("repeated_key", 4, "5 → 7")]
    rates = "conversion_rate,2026-05-01,,1,0\nconversion_rate,2026-05-01,50 %,1,2\n"
    assert [one.row for one in read((head + rates).encode(), "v.csv").issues] == [None]


def test_a_question_has_its_answers() -> None:
    with pytest.raises(AskError) as asked:
        read(b"KPI,Uke 18,Uke 19\nsales,5,6\n", "v.csv", today=date(2026, 6, 1))
    assert asked.value.choices == {"2026": "2026-W18", "2025": "2025-W18"}
    found = values("KPI,Uke 18,Uke 19\nsales,5,6\n", mapping={"options": {"year": "2026"}})
    assert found[0] == ("sales", date(2026, 4, 27), "week", 5.0)


def test_each_value_has_the_length_of_its_own_period() -> None:
    found = values("KPI,Period,Value\nsales,2026-Q1,100\nsales,2026-04,10\nsales,2026-05-01,1\n")
    assert [row[2] for row in found] == ["quarter", "month", "day"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KPI,2026-01,2026-02,Q1 2026\nsales,1,2,9\n", "for a quarter and for a month inside it"),
        ("KPI,Date,Value\nsales,2026-05,50\nsales,2026-05-31,2\n", "for a month and for a day inside it"),
    ],
)
def test_periods_inside_each_other_are_read_and_told(text: str, words: str) -> None:
    (told,) = [issue for issue in read(text.encode(), "v.csv").issues if issue.code == "two_lengths"]
    assert words in str(told.message)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "KPI,Date,Value,Valuta\nsales,2026-05-01,5,NOK\nsales,2026-05-01,2,EUR\n",
            "several currencies: EUR, NOK",
        ),
        ("KPI,Date,Value\nsales,2026-05-01,kr 5\nsales,2026-05-02,€ 2\n", "several currencies: EUR, KR"),
        ("KPI,2024,2025\nsales,5,6\n", "whole years: 2024, 2025"),
        ("KPI,Uke 18,Uke 19\nsales,5,6\n", "have no year"),
        ("Date,Sales,CVR\n2026-05-01,5,6\n", "writes no percent sign"),
    ],
)
def test_values_that_would_count_twice_or_wrong_are_refused(text: str, words: str) -> None:
    with pytest.raises(KpiTreeError, match=words):
        values(text)


def test_a_period_given_twice_and_a_name_nearly_right_are_told() -> None:
    data = (
        b"KPI,Date,Value\nsales,2026-05-01,100\nsales,2026-05-01,90\nordrs,2026-05-02,5\nsales,2027-01-01,3\n"
    )
    found = read(data, "v.csv", today=date(2026, 11, 22))
    said = {issue.code: issue for issue in found.issues}
    assert (said["repeated_key"].count, said["future_date"].count) == (1, 1)
    assert "Did you mean orders?" in str(said["unknown_kpi"].remedy)
