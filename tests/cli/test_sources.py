"""The commands source, tick and token."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.cli import run

Told = tuple[int, Any, str]
Call = Callable[..., Told]


@pytest.fixture
def call(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command line on a home; its status, its JSON, and what it said beside that."""
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(tmp_path / "secrets.toml"))

    def made(*words: str) -> Told:
        status = run([*words, "--home", str(tmp_path / "home"), "--json"])
        said = capfdbinary.readouterr()
        return status, json.loads(said.out) if said.out else None, said.err.decode()

    return made


def laid(path: Path, text: str) -> None:
    """A file that was written a while ago, so that nobody waits for its end."""
    path.write_text(text)
    os.utime(path, (1_700_000_000,) * 2)


def test_a_source_is_set_up_run_and_taken_away(call: Call, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    laid(drop / "m.csv", "market,month,value\nno,2026-01-01,5\n")
    status, made, _ = call(
        "source", "add", "Market", "--folder", str(drop), "--as", "market_size", "--every", "2h"
    )
    assert (status, made["schedule"], made["where"]) == (0, "2h", str(drop))
    status, done, _ = call("source", "run", "Market")
    assert (status, done["outcome"], done["receipts"][0]["accepted"]) == (0, "loaded", 1)
    assert call("tick")[1] == [], "it has just run"
    laid(drop / "bad.csv", "what,ever\n1,2\n")
    status, failed, said = call("source", "run", "Market")
    assert (status, failed["outcome"], said) == (1, "failed", "")
    assert failed["problem"]["remedy"]
    (listed,) = call("source", "list")[1]
    assert (listed["state"], listed["tables"]) == ("failing", ["market_size"])
    assert [one["outcome"] for one in call("source", "runs", "Market")[1]] == ["failed", "loaded"]
    assert call("source", "pause", "Market")[1]["state"] == "paused"
    assert call("source", "resume", "Market")[1]["state"] == "failing"
    assert call("source", "remove", "Market")[0] == 0
    assert call("source", "list")[1] == []
    assert [one["who"] for one in call("batches")[1]] == ["Market"]


def test_what_is_due_is_run_by_tick(call: Call, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    call("source", "add", "Drop", "--folder", str(drop), "--every", "15m")
    status, done, _ = call("tick", "--lang", "nb")
    assert (status, [run["outcome"] for run in done]) == (0, ["unchanged"])
    assert call("tick")[1] == []


def test_wrong_use_is_told(call: Call, tmp_path: Path) -> None:
    assert call("source", "add", "X")[0] == 2
    assert call("source", "add", "X", "--folder", "a", "--url", "b")[0] == 2
    status, said, _ = call("source", "add", "X", "--url", "http://localhost:1/x", "--every", "1h")
    assert (status, said["error"]["place"]) == (1, "localhost")
    status, said, _ = call(
        "source", "add", "X", "--connection", "shop", "--query", "select 1", "--as", "orders"
    )
    assert (status, said["error"]["place"]) == (1, "shop")
    (tmp_path / "secrets.toml").write_text('[connections.shop]\nurl = "sqlite:///x.db"\n')
    assert call("source", "connections")[1] == ["shop"]
    status, said, _ = call(
        "source", "add", "X", "--connection", "shop", "--query", "drop table a", "--as", "orders"
    )
    assert (status, said["error"]["place"]) == (1, "query")
    assert call("source", "run", "X")[0] == 1


def test_a_template_is_written_filled_in_and_loaded(call: Call, tmp_path: Path) -> None:
    file, empty = tmp_path / "mine.csv", tmp_path / "sizes.xlsx"
    words = ["template", "values", "sales", "--grain", "month", "--periods", "1", "--to", str(file)]
    assert call(*words, "--each", "store")[0] == 2, "no store is known"
    assert call(*words, "--each", "store", "--member", "Oslo")[:2] == (
        0,
        {"file": str(file), "bytes": file.stat().st_size},
    )
    file.write_text(file.read_text(encoding="utf-8").replace("Oslo,,", "Oslo,7,"), encoding="utf-8")
    assert call("load", str(file))[1][0]["accepted"] == 1
    assert call("template", "table", "market_size", "--to", str(empty))[0] == 0
    assert empty.read_bytes().startswith(b"PK")
    assert call("template", "table", "market_size", "--to", str(tmp_path / "x.txt"))[0] == 2


def test_a_token_is_shown_once(call: Call) -> None:
    status, made, said = call("token", "make", "till", "--table", "orders")
    assert (status, made["tables"], made["in_force"]) == (0, ["orders"], True)
    assert call("token", "make", "other", "--no-end")[1]["expires_at"] is None
    assert call("token", "make", "never", "--days", "0")[0] == 1
    assert made["token"].startswith("kt_")
    assert "cannot be shown again" in said
    listed = call("token", "list")[1][0]
    assert "token" not in listed
    assert call("token", "revoke", "till")[1]["revoked_at"]
    assert call("token", "revoke", "till")[0] == 1
