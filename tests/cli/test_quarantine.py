"""Rows set aside on the command line: written to a file, corrected there, loaded again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi_tree.cli import run

ORDERS = """Ordrenr;Ordredato;Varenr;Antall;Pris
1;03.04.2026;A;2;1 250,50
1;03.04.2026;B;to;99,00
2;14.04.2026;A;1;1.000,00
"""


def test_out_corrected_and_in_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    source, aside = tmp_path / "ordre.csv", tmp_path / "aside.csv"
    source.write_text(ORDERS)

    def call(*words: str, status: int = 0) -> object:
        capfd.readouterr()
        assert run([*words, "--json"]) == status
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return json.loads(out) if out else err

    loaded = call("load", str(source))
    assert isinstance(loaded, list)
    assert (loaded[0]["number"], loaded[0]["rejected"]) == (1, 1)
    call("quarantine", "1", "--to", str(aside))
    call("quarantine", "1", "--fix", str(aside), status=1)
    aside.write_text(aside.read_text(encoding="utf-8-sig").replace(",to,", ",3,"))
    dry = call("quarantine", "1", "--fix", str(aside), "--dry-run")
    assert isinstance(dry, dict)
    assert (dry["batch"], dry["accepted"]) == (None, 1)
    done = call("quarantine", "#1", "--fix", str(aside))
    assert isinstance(done, dict)
    assert (done["number"], done["accepted"], done["rejected"]) == (2, 1, 0)
    assert call("quarantine", "1") == []
    listed = call("batches")
    assert isinstance(listed, list)
    assert [(one["number"], one["mends"]) for one in listed] == [(2, loaded[0]["batch"]), (1, None)]
    call("quarantine", "1", "--fix", str(tmp_path / "nothing.csv"), status=1)
