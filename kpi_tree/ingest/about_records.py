"""What there is to say about the records that a layout made of a file."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.i18n import msg, nmsg
from kpi_tree.ingest.answers.reasons import cell_reason, row_reason
from kpi_tree.ingest.mapping.build import Built
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.records.names import TableName
from kpi_tree.records.tables import tables


def about_built(complaints: Complaints, built: Built) -> None:
    """Rows that the layout set apart, records that lack a value, keys that repeat, counts to mention."""
    for code, lines in built.rejected.items():
        level, message = row_reason(code, len(lines))
        complaints.apart(np.asarray(lines, np.int64), "", None, code)
        complaints.say(level, code, message, row=int(lines[0]), count=len(lines))
    for kind, found in (("missing", built.missing), ("bad_value", built.values)):
        for _, column, lines in found:
            if len(lines):
                complaints.apart(np.asarray(lines, np.int64), column, None, kind)
                message, remedy = cell_reason(kind)
                complaints.say(
                    "error",
                    kind,
                    message,
                    row=int(lines[0]),
                    column=column,
                    count=len(lines),
                    remedy=remedy,
                )
    for table, (same, changed) in built.repeated_keys.items():
        key = ", ".join(tables()[table].key)
        if same:
            complaints.say(
                "info",
                "duplicate_rows",
                nmsg(
                    "{n} row repeats another exactly; it counts once.",
                    "{n} rows repeat others exactly; they count once.",
                    same,
                ),
                column=key,
                count=same,
            )
        if changed:
            complaints.say(
                "warning",
                "repeated_key",
                nmsg(
                    "{n} row has the key of a later row; the later one counts.",
                    "{n} rows have the keys of later rows; the later ones count.",
                    changed,
                ),
                column=key,
                count=changed,
                remedy=msg("Check that the key names one record."),
            )
    for code, count in built.notes:
        level, message = row_reason(code, count)
        complaints.say(level, code, message, count=count)


def about_dates(complaints: Complaints, built: Built, today: date | None) -> None:
    """Records dated after today."""
    for name, rows in built.tables.items():
        say_late(complaints, name, late_rows(name, rows, today))


def say_late(complaints: Complaints, table: str, late: int) -> None:
    """So many records of a table are dated after today."""
    if late:
        complaints.say(
            "warning",
            "future_date",
            nmsg(
                "{n} record of {table} is dated after today.",
                "{n} records of {table} are dated after today.",
                late,
                table=TableName(table),
            ),
            column=tables()[table].time,
            count=late,
        )


def late_rows(table: str, rows: pa.Table, today: date | None) -> int:
    """How many records of a table are dated after today; two days' grace for zones."""
    time = tables()[table].time
    if today is None or time is None or not rows.num_rows:
        return 0
    days = rows.column(time).cast(pa.timestamp("us"), safe=False)
    end = pa.scalar(np.datetime64(today, "us") + np.timedelta64(2, "D"))
    return int(pc.sum(pc.greater(days, end)).as_py() or 0)
