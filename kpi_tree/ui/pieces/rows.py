"""Records behind a number, as a reader wants them: file and row first, own columns after."""

from __future__ import annotations

import pandas as pd

from kpi_tree.ui.shell.text import t
from kpi_tree.ui.shell.words import column_name

HIDDEN = ("_measure",)


def for_reader(frame: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """File, row, batch and day first; columns without any value left out; times on the shop's clock."""
    first = {"_file": t("File"), "_row": t("Row"), "_batch": t("Batch"), "_day": t("Day")}
    order = [name for name in first if name in frame.columns]
    order += [name for name in frame.columns if name not in first and name not in HIDDEN]
    made = pd.DataFrame(index=frame.index)
    for name in order:
        column = frame[name]
        if name not in first and not column.notna().any():
            continue
        made[_free(first.get(name) or column_name("orders", name), made)] = _local(column, name, timezone)
    return made


def _local(column: pd.Series, name: str, timezone: str) -> pd.Series:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_convert(timezone).dt.strftime("%Y-%m-%d %H:%M")
    if name == "_day":
        return pd.to_datetime(column).dt.strftime("%Y-%m-%d")
    return column


def _free(title: str, made: pd.DataFrame) -> str:
    """A title that no column carries yet."""
    count, found = 1, title
    while found in made.columns:
        count += 1
        found = f"{title} {count}"
    return found
