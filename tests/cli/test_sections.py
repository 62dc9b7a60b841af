"""One of several tables of a file, chosen on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi_tree.cli import run

TWO = """Ordrer

Ordrenr;Dato;Antall;Pris
1;2024-05-01;2;99,50
2;2024-05-02;1;10,00

Kostnader

Dato;Type;Beløp
2024-05-01;husleie;5000,00
"""
MAPPING = {"table": "costs", "columns": {"Dato": "incurred_on", "Type": "kind", "Beløp": "amount"}}


def test_a_section_by_number_or_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    file = tmp_path / "to.csv"
    file.write_text(TWO, encoding="utf-8")

    def call(*words: str, status: int = 0) -> str:
        capfd.readouterr()
        assert run(list(words)) == status
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return out or err

    found = json.loads(call("inspect", str(file), "--section", "2", "--json"))
    assert [(one["number"], one["chosen"]) for one in found["sections"]] == [(1, False), (2, True)]
    assert [column["name"] for column in found["columns"]] == ["Dato", "Type", "Beløp"]
    assert call("rows", str(file), "--section", "Kostnader").split() == [
        "Dato,Type,Beløp",
        '2024-05-01,husleie,"5000,00"',
    ]
    assert "1: Ordrer, 2: Kostnader" in call("rows", str(file), "--section", "9", status=1)
    costs = json.loads(call("load", str(file), "--section", "2", "--mapping", json.dumps(MAPPING), "--json"))
    assert (costs[0]["table"], costs[0]["accepted"], costs[0]["repeated"]) == ("costs", 1, False)
    orders = json.loads(call("load", str(file), "--section", "Ordrer", "--json"))
    assert (orders[0]["table"], orders[0]["accepted"], orders[0]["repeated"]) == ("order_lines", 2, False)
