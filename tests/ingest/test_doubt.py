"""Where a file leaves a value open it is refused or set apart, never guessed."""

from __future__ import annotations

import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import Reading, read


def costs(text: str, **options: object) -> Reading:
    columns = {"A": "kind", "B": "incurred_on", "C": "amount"}
    mapping = {"table": "costs", "columns": columns, "options": options}
    return read(text.encode(), "costs.csv", mapping=mapping, timezone="UTC")


@pytest.mark.parametrize(
    "text",
    [
        "A;B;C\nx;2024-01-01;1.234\ny;2024-01-02;2.500\n",
        "A;B;C\nx;2024-01-01;1,234\ny;2024-01-02;2,500\n",
        "A;B;C\nx;2024-01-01;1.234,50\ny;2024-01-02;1,234.50\nz;2024-01-02;1,234\n",
        "A;B;C\nx;13/05/2024;1\ny;05/13/2024;2\nz;05/06/2024;3\n",
        "A;B;C\nx;01/02/03;5\n",
    ],
)
def test_two_readings_are_refused_with_both(text: str) -> None:
    with pytest.raises(Refused, match="two ways"):
        costs(text)


def test_a_choice_settles_it() -> None:
    text = "A;B;C\nx;2024-01-01;1.234\n"
    assert str(costs(text, decimal=",").tables["costs"].column("amount")[0].as_py()) == "1234.0000"
    assert str(costs(text, decimal=".").tables["costs"].column("amount")[0].as_py()) == "1.2340"


@pytest.mark.parametrize("cell", ["10²", "123456789012345678901", "1.2M", "5 %", "12,34,5", "5-3", "1 23"])
def test_odd_numbers_are_set_apart(cell: str) -> None:
    done = costs(f'A;B;C\nx;2024-01-01;"{cell}"\ny;2024-01-02;7\nz;2024-01-02;8.25\n')
    assert "bad_number" in done.quarantine.column("reason").to_pylist()


@pytest.mark.parametrize("cell", ["2024-02-30", "2024-13-01", "31.04.2024", "2024-01-01 25:00", "soon", "99"])
def test_days_that_do_not_exist_are_set_apart(cell: str) -> None:
    done = costs(f"A;B;C\nx;{cell};1.5\ny;2024-01-02;7\n")
    assert done.quarantine.column("reason").to_pylist() == ["bad_date"]
    assert done.tables["costs"].num_rows == 1


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(Refused, match="mixes currencies"):
        costs("A;B;C\nx;2024-02-20;€ 5\ny;2024-02-29;$ 5\n")


def test_numbers_rounded_by_a_spreadsheet_are_noticed() -> None:
    done = costs("A;B;C\n8,32E+12;2024-02-20;5\n0012;2024-02-29;5\n")
    assert "rounded_number" in [issue.code for issue in done.issues]
    assert done.tables["costs"].column("kind").to_pylist() == ["0012"]
    assert done.quarantine.column("row").to_pylist() == [2]


def test_a_name_that_looks_like_a_total_is_kept() -> None:
    data = "Product,Day,Clicks\nTotal War,2024-05-01,5\nAll,2024-05-02,7\nAlle kjoler,2024-05-03,1\n"
    mapping = {"table": "costs", "columns": {"Product": "kind", "Day": "incurred_on", "Clicks": "amount"}}
    assert read(data.encode(), "a.csv", mapping=mapping).tables["costs"].num_rows == 3
