"""The commands of the reports."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kpi_tree.cli import run

Call = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def call(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Runs a command line in an empty home: its status, its standard output, its standard error."""

    def line(*words: str) -> tuple[int, bytes, str]:
        capfdbinary.readouterr()
        status = run([*words, "--home", str(tmp_path / "home")])
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in out + err
        return status, out, err.decode()

    return line


def test_the_list_names_over_a_hundred(call: Call) -> None:
    status, out, _ = call("reports", "--json")
    ids = [each["id"] for each in json.loads(out)]
    assert status == 0
    assert len(set(ids)) == len(ids) >= 100
    assert [each["id"] for each in json.loads(call("reports", "--json", "--search", "funnel")[1])]


def test_one_is_run_as_json_and_as_a_workbook(call: Call) -> None:
    status, out, _ = call("report", "sales_over_time", "--json", "--lang", "nb")
    assert (status, json.loads(out)["kind"]) == (0, "over_time")
    status, out, _ = call("report", "purchase_funnel", "--format", "xlsx")
    assert status == 0
    assert openpyxl.load_workbook(io.BytesIO(out)).worksheets


def test_an_unknown_report_or_form_is_refused_with_the_nearest(call: Call) -> None:
    status, _, err = call("report", "salse_over_time")
    assert status == 1
    assert "sales_over_time" in err
    status, out, err = call("report", "sales_over_time", "--format", "pdf")
    assert (status, out) == (1, b"")
    assert "xlsx" in err
