"""Parsed files are kept, and found again only as long as their source is the same."""

import os
import sys
from pathlib import Path

import pytest

from kpi_tree import yamlfiles


def test_a_parsed_file_is_kept_until_its_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    source = tmp_path / "a.yaml"
    source.write_text("a: [1, two]\n2: true\n", encoding="utf-8")
    first = yamlfiles.load(source)
    [kept] = (path for path in tmp_path.rglob("*") if path.is_file() and path != source)
    monkeypatch.setattr(yamlfiles, "parse", lambda _: pytest.fail("parsed again"))
    assert yamlfiles.load(source) == first == {"a": [1, "two"], 2: True}
    assert yamlfiles.load(source)["a"] is not yamlfiles.load(source)["a"]
    monkeypatch.undo()

    source.write_text("a: 9\n", encoding="utf-8")
    assert yamlfiles.load(source) == {"a": 9}
    kept.write_bytes(b"cut short")
    os.utime(source, ns=(5, 5))
    assert yamlfiles.load(source) == {"a": 9}


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    source = tmp_path / "a.yaml"
    source.write_text("2020-01-01: a", encoding="utf-8")
    yamlfiles.load(source)
    assert list(tmp_path.iterdir()) == [source]
