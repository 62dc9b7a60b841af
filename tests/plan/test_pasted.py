"""Milestones pasted from a spreadsheet, in the forms of three languages."""

from __future__ import annotations

from datetime import date

import pytest

from kpi_tree.errors import Refused
from kpi_tree.periods import parse_period
from kpi_tree.plan.pasted import read_points

QUARTER = parse_period("2026-Q4")
OCT, NOV = date(2026, 10, 31), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "lang", "values"),
    [
        ("2026-10-31\t1200\n2026-11-30\t2500", "en", (1200.0, 2500.0)),
        ("Date\tValue\n31/10/2026\t1,200.50\n30/11/2026\t2,500", "en", (1200.5, 2500.0)),
        ("10/31/2026\t1,200\n11/30/2026\t2,500", "en", (1200.0, 2500.0)),
        ("Dato;Verdi\n31.10.2026;1 200,5\n30.11.2026;2 500", "nb", (1200.5, 2500.0)),
        ("31.10.2026\t1.200\n30.11.2026\t2.500", "en", (1.2, 2.5)),
        ("31.10.2026\t1.200\n30.11.2026\t2.500", "nb", (1200.0, 2500.0)),
        ("2026年10月31日\t1,200円\n2026年11月30日\t¥2,500", "ja", (1200.0, 2500.0)),
        ("2026-10 1200\n2026-11 2500", "en", (1200.0, 2500.0)),
        ("2026-10-31, 12.5%\r\n2026-11-30, 25 %\r\n", "en", (0.125, 0.25)),
        ("2026-10-31 | kr -1200\n\n2026-11-30 | −2500,00 kr", "nb", (-1200.0, -2500.0)),
    ],
)
def test_two_months(text: str, lang: str, values: tuple[float, float]) -> None:
    assert read_points(text, QUARTER, lang=lang) == ((OCT, values[0]), (NOV, values[1]))


def test_percents_without_a_sign_are_percents_where_the_kpi_is_one() -> None:
    assert read_points("2026-10-31\t3,5", QUARTER, lang="nb", in_percent=True) == ((OCT, 0.035),)


def test_days_that_can_be_read_in_two_ways_are_asked_about() -> None:
    with pytest.raises(Refused, match="two ways"):
        read_points("10/11/2026\t5\n11/10/2026\t6", QUARTER)
    assert len(read_points("10/11/2026\t5\n31/10/2026\t6", QUARTER)) == 2, "one line says it for all"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no milestone"),
        ("Date\tValue", "no milestone"),
        ("2026-10-31\t5\nrubbish", "line 2"),
        ("2026-10-31\tmany", "not a number"),
        ("2026-10-31\t1.2.3,4,5", "not a number"),
        ("2026-13-45\t5", "not a day"),
        ("2027-10-31\t5", "outside"),
        ("2026-10-31\t5\n31.10.2026\t6", "stands twice"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_points(text, QUARTER)
