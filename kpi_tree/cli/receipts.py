"""What loading a file did, shown on a terminal."""

from __future__ import annotations

from typing import Any

from kpi_tree.cli.face import Face
from kpi_tree.i18n import Quantity, format_number, msg


def show_receipts(face: Face, receipts: list[dict[str, Any]]) -> None:
    """The counts of each receipt, and what there is to say."""
    names = ("file", "batch", "table", "accepted", "changed", "unchanged", "rejected")
    head = [
        msg("File"), msg("Batch"), msg("Table"), msg("New rows"), msg("Changed"), msg("Unchanged"),
        msg("Rejected"),
    ]  # fmt: skip
    done = [receipt for receipt in receipts if "error" not in receipt]
    if done:
        face.table(head, [[receipt[name] for name in names] for receipt in done])
    for receipt in done:
        _show_effects(face, receipt["effects"])
        show_issues(face, receipt["issues"])


def _show_effects(face: Face, effects: list[dict[str, Any]]) -> None:
    """What a dry run says that the KPIs become."""
    if not effects:
        return
    from kpi_tree.workspace import catalogue_of

    known = catalogue_of(face.open())
    rows = []
    for one in effects:
        before, after = (Quantity(one[name], one["unit"], one["currency"]) for name in ("before", "after"))
        rows.append([known[one["kpi"]].text("name", face.lang), before, after])
    face.table([msg("KPI"), msg("Now"), msg("After loading")], rows)


def show_issues(face: Face, issues: list[dict[str, Any]]) -> None:
    """Issues on standard error, one a line."""
    for issue in issues:
        count = format_number(issue["count"], face.lang)
        told = issue["count"] == 1 or count in issue["message"].split()
        times = "" if told else f" (×{count})"
        value = f' "{issue["value"]}"' if issue["value"] else ""
        place = f"{issue['place']}{value}: " if issue["place"] else ""
        face.say(f"{issue['level']}: {place}{issue['message']}{times} {issue['remedy']}".rstrip())
