"""The commands of the reports."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parent.parent.parent


def call(home: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kpi_tree", *words, "--home", str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def test_list_run_and_refuse(tmp_path: Path) -> None:
    listed = call(tmp_path / "h", "reports", "--json")
    assert listed.returncode == 0
    ids = [each["id"] for each in json.loads(listed.stdout)]
    assert len(ids) >= 100
    run = call(tmp_path / "h", "report", "sales_over_time", "--json", "--lang", "nb")
    assert json.loads(run.stdout)["kind"] == "over_time"
    book = call(tmp_path / "h", "report", "purchase_funnel", "--format", "xlsx")
    assert openpyxl.load_workbook(io.BytesIO(book.stdout)).worksheets
    wrong = call(tmp_path / "h", "report", "salse_over_time")
    assert wrong.returncode == 1
    assert b"sales_over_time" in wrong.stderr
    assert b"Traceback" not in wrong.stderr
    assert call(tmp_path / "h", "report", "sales_over_time", "--format", "pdf").returncode == 1
