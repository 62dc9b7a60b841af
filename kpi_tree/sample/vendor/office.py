"""Exports of service and office: Zendesk's tickets, Toggl's hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kpi_tree.sample.vendor.cut import Cut, header, to_csv

_WAITS = (
    "First reply time in minutes", "First resolution time in minutes", "Full resolution time in minutes",
)  # fmt: skip
VIA = {"email": "Mail", "phone": "Phone Call (incoming)", "chat": "Chat"}
SCORES = {"good": "Good", "bad": "Bad", None: "Not Offered"}


def zendesk(cut: Cut) -> str:
    """Tickets; times without a zone, waits in whole minutes, business hours left empty."""
    names = header("zendesk_tickets")
    rows: list[list[Any]] = [names]
    for ticket in cut.rows("tickets"):
        opened, answered, solved = (
            ticket[name] for name in ("opened_at", "first_response_at", "resolved_at")
        )
        cells = {
            "Summation column": 1, "Id": ticket["ticket_id"], "Requester": "Customer",
            "Requester email": ticket["customer_id"] or "", "Subject": ticket["category"],
            "Tags": "escalated" if ticket["escalated"] else "", "Status": "Solved" if solved else "Open",
            "Priority": "-", "Via": VIA[ticket["channel"]], "Ticket type": "-",
            "Created at": _minute(opened), "Updated at": _minute(solved or answered or opened),
            "Solved at": _minute(solved), "Satisfaction Score": SCORES[ticket["satisfaction"]], "Reopens": 0,
            "Replies": int(answered is not None), _WAITS[0]: _minutes(opened, answered),
            _WAITS[1]: _minutes(opened, solved), _WAITS[2]: _minutes(opened, solved),
        }  # fmt: skip
        rows.append([cells.get(name, "") for name in names])
    return to_csv(rows)


def _minute(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if when else ""


def _minutes(start: datetime, end: datetime | None) -> int | str:
    return round((end - start).total_seconds() / 60) if end else ""


def toggl(cut: Cut) -> str:
    """Hours by person and project; each entry begins at nine."""
    names = {row["project_id"]: row["name"] for row in Cut(cut.tables).rows("projects")}
    rows: list[list[Any]] = [header("toggl_detailed")]
    for entry in cut.rows("time_entries"):
        start = datetime.combine(entry["worked_on"], datetime.min.time()) + timedelta(hours=9)
        end = start + timedelta(hours=entry["hours"])
        rows.append([
            entry["person"], f"{entry['person'].lower()}@lyngheim.example", "", names[entry["project_id"]],
            entry["task"], "", "Yes" if entry["billable"] else "No", start.date(), f"{start:%H:%M:%S}",
                end.date(),
            f"{end:%H:%M:%S}", _clock(end - start), "", "",
        ])  # fmt: skip
    return to_csv(rows)


def _clock(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"
