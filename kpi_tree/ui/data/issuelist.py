"""Issues of a file, grouped by kind, the worst first; the whole list to download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from kpi_tree.i18n import msg, translate
from kpi_tree.ingest.table.quarantine import faults_of
from kpi_tree.issues import Issue
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.pieces.downloads import harmless
from kpi_tree.ui.shell.text import current_language, nt, number, plain, say, t
from kpi_tree.workspace.intake.setaside import aside_reason

ORDER = {"error": 0, "warning": 1, "info": 2}
ICONS = {"error": "block", "warning": "warning", "info": "info"}
LEVELS = {"error": msg("not used"), "warning": msg("used, but look"), "info": msg("good to know")}
SHOWN = 8
"""Kinds of issues on the page; the file to download has all."""


def show(
    issues: Sequence[Issue], *, key: str, folded: bool = False, apart: Sequence[Mapping[str, Any]] = ()
) -> None:
    """The issues, each kind once, and a button for all; those to look at stand open unless ``folded``.

    Args:
        apart: the rows that are kept out, as a receipt has them; each bad cell of them is in the download.
    """
    if not issues:
        return
    ordered = sorted(issues, key=lambda issue: (ORDER[issue.level], -issue.count))
    worst = ordered[0].level
    # Every bad cell wants a hand; a warning is one thing to look at, however many days it is about.
    places = sum(issue.count if issue.level == "error" else 1 for issue in issues if issue.level != "info")
    words = nt("{n} thing to look at", "{n} things to look at", places) if places else t("Good to know")
    with st.expander(words, icon=f":material/{ICONS[worst]}:", expanded=worst != "info" and not folded):
        shown = ordered[:SHOWN]
        for issue, after in zip(shown, [*shown[1:], None], strict=True):
            _one(issue, remedy=after is None or after.remedy != issue.remedy)
        if len(ordered) > SHOWN:
            st.caption(nt("and {n} more kind", "and {n} more kinds", len(ordered) - SHOWN))
        lang = current_language()
        downloads.button(
            t("Download the list"),
            lambda: as_csv(ordered, lang, apart),
            "issues.csv",
            "text/csv",
            key=f"issues_{key}",
            icon=":material/download:",
            type="tertiary",
        )


def _one(issue: Issue, *, remedy: bool) -> None:
    """A kind of issue; what to do about it once, behind the last of those that share it."""
    value = f"“{plain(issue.value[:60])}” – " if issue.value else ""
    place = f"  \n:small[{_place(issue)}]" if issue.place else ""
    what = f"  \n:small[{say(issue.remedy)}]" if issue.remedy and remedy else ""
    st.markdown(f":material/{ICONS[issue.level]}: **{value}{say(issue.message)}**{place}{what}")


def _place(issue: Issue) -> str:
    """Row and column where they are known: the file stands above the list already."""
    said = [t("Row {n}", n=number(issue.row, "count"))] if issue.row is not None else []
    if issue.column and said:
        said.append(t("column {name}", name=plain(issue.column)))
    if issue.count > 1 and "rows" not in issue.message.params:  # those words end with their number
        said.append(nt("{n} place", "{n} places", issue.count))
    return ", ".join(said if issue.row is not None else [plain(issue.place), *said])


def as_csv(issues: Sequence[Issue], lang: str, apart: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Every problem on a line of its own, as CSV in which no spreadsheet runs anything.

    Args:
        apart: the rows that are kept out, as a receipt has them; a kind of issue gives way to its cells.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    heads = (
        msg("What it is"), msg("Where"), msg("Row"), msg("Column"), msg("Value"),
        msg("What is wrong"), msg("What to do"), msg("Places"),
    )  # fmt: skip
    writer.writerow([translate(one, lang) for one in heads])
    lines = [*_by_cell(issues, lang, apart), *_by_kind(issues, lang, apart)]
    for line in sorted(lines, key=lambda line: (ORDER[line[0]], line[2] is None, line[2] or 0)):
        writer.writerow([harmless(cell) for cell in (translate(LEVELS[line[0]], lang), *line[1:])])
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def _cells(apart: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str, str, str]]:
    """Row, column, value and reason of every cell that keeps a row out."""
    return ((row["row"], *fault) for row in apart for fault in faults_of(row))


def _by_cell(
    issues: Sequence[Issue], lang: str, apart: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """A line for each cell that keeps a row out, with the remedy and the place of its kind."""
    kinds = {issue.code: issue for issue in issues}
    for row, column, value, code in _cells(apart):
        kind = next((each for each in issues if (each.code, each.column) == (code, column)), kinds.get(code))
        place = kind.place.partition(",")[0] if kind is not None else ""
        remedy = translate(kind.remedy, lang) if kind is not None and kind.remedy else ""
        yield (
            "error", place, row, column, value,
            translate(aside_reason(code), lang), remedy, 1,
        )  # fmt: skip


def _by_kind(
    issues: Sequence[Issue], lang: str, apart: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """A line for each kind of issue of which the single cells are not told."""
    told = {(code, row, column or None) for row, column, _, code in _cells(apart)}
    for issue in issues:
        if (issue.code, issue.row, issue.column or None) not in told:
            said = issue.to_dict(lang)
            yield (issue.level, *(said[name] for name in NAMES))


NAMES = ("place", "row", "column", "value", "message", "remedy", "count")
