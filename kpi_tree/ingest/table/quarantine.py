"""Rows set apart, with the reason and all their cells, so that they can be corrected and loaded again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.table.complaints import Cell
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.text.outline import plain_cell

FAULT = {"column": pa.string(), "value": pa.string(), "reason": pa.string()}
SCHEMA = pa.schema(
    {"row": pa.int64(), **FAULT, "cells": pa.string(), "also": pa.list_(pa.struct(list(FAULT.items())))}
)
"""A row set apart: its line, its first fault, its cells as JSON, and every other fault of it."""

Fault = tuple[str, str, str]
"""Column, value and reason of a cell that keeps its row out."""


def quarantine_table(raw: Raw, found: list[Cell]) -> pa.Table:
    """One row for each row of the file that is not used, with every cell to blame, so that one repair is
    enough."""
    if not found:
        return SCHEMA.empty_table()
    faults: dict[int, dict[tuple[str, str], Fault]] = {}
    for cell in found:
        values = cell.values or [""] * len(cell.lines)
        for line, value in zip(cell.lines.tolist(), values, strict=True):
            told = (cell.column, plain_cell(value or ""), cell.code)
            faults.setdefault(line, {}).setdefault((cell.column, cell.code), told)
    lines = np.array(sorted(faults), np.int64)
    place = {name: number for number, name in enumerate(raw.table.names)}
    rows = [
        sorted(faults[line].values(), key=lambda fault: place.get(fault[0], len(place)))
        for line in lines.tolist()
    ]
    first = [[row[0][part] for row in rows] for part in range(len(FAULT))]
    also = [[dict(zip(FAULT, fault, strict=True)) for fault in row[1:]] for row in rows]
    return pa.table([lines, *first, _json(raw, lines, dict(raw.table.wide)), also], schema=SCHEMA)


def faults_of(row: Mapping[Any, Any]) -> list[Fault]:
    """Every fault of a row of the quarantine; those of earlier releases name one.

    >>> faults_of({"column": "Price", "value": "x", "reason": "bad_number", "also": None})
    [('Price', 'x', 'bad_number')]
    """
    every = [row, *(row.get("also") or ())]
    return [(one["column"] or "", one["value"] or "", one["reason"]) for one in every]


def _json(raw: Raw, lines: np.ndarray, wide: dict[int, list[str]]) -> list[str]:
    names = raw.table.names
    where = np.searchsorted(raw.table.lines, lines)
    where = np.clip(where, 0, max(raw.table.rows - 1, 0))
    inside = np.array(
        [raw.table.rows > 0 and raw.table.lines[w] == line for w, line in zip(where, lines, strict=True)],
        bool,
    )
    taken = [column.take(pa.array(where[inside])).to_pylist() for column in raw.table.columns]
    rows = iter(zip(*taken, strict=True)) if taken else iter(())
    out = []
    for line, known in zip(lines, inside, strict=True):
        cells = list(next(rows)) if known else wide.get(int(line), [])
        keys = names + [f"column {i + 1}" for i in range(len(names), len(cells))]
        out.append(
            json.dumps({k: plain_cell(c) for k, c in zip(keys, cells, strict=False)}, ensure_ascii=False)
        )
    return out
