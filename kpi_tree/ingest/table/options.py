"""What a layout's SQL may ask for beside the rows: currency, period, day, the file's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.cells.quantities import iso_currency
from kpi_tree.ingest.cells.told import header_currency, told_currency
from kpi_tree.ingest.mapping.layout import Layout, place
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.oneday import day_of_rows
from kpi_tree.ingest.table.preamble import currency_of_file, period_of_file
from kpi_tree.ingest.table.raw import Raw


def options_of(raw: Raw, layout: Layout, said: FileMapping) -> dict[str, Any]:
    """The options of one file; what a person has said wins over what the file says."""
    options: dict[str, Any] = {
        "currency": None,
        "period_start": None,
        "period_end": None,
        "file_name": raw.source.name,
        # Of which order a row is that was set apart for its width, nobody knows.
        "whole": not raw.table.wide_count and said.options.get("whole", True) is not False,
    }
    signs: list[str] = []
    named: dict[str, str] = {}
    for key, header in place(layout, raw.table.names).items():
        column = raw.column(header)
        if layout.columns[key].type != "money" or column is None:
            continue
        if column.numbers is not None and column.numbers.currencies:
            signs += column.numbers.currencies
        elif code := header_currency(header):
            signs.append(code.lower())
            named[header] = code
        elif column.told and (sign := told_currency(column.told)):
            signs.append(sign.lower())
            named[header] = sign
    if not layout.vendor and not said.options.get("currency"):
        _refuse_two_currencies(raw, named)
    if not signs and (above := currency_of_file(raw.outline.preamble)):
        signs.append(above)
    found = iso_currency(sorted(set(signs))) if signs else None
    period = raw.period or period_of_file(raw.outline.preamble)
    if period:
        options["period_start"], options["period_end"] = period
    if found or "currency" not in layout.options:
        options["currency"] = found
    elif "currency" in layout.options:
        del options["currency"]
    for name in ("currency", "period_start", "period_end", "shop", "again", "day_of"):
        if said.options.get(name):
            options[name] = said.options[name]
    return options


def _refuse_two_currencies(raw: Raw, named: Mapping[str, str]) -> None:
    """Refuse amounts of one record that their headers, or the units below, give in several currencies.

    Raises:
        Refused: so they are.
    """
    if len({code for code in named.values() if len(code) == 3}) > 1:
        raise Refused(
            msg(
                "The amounts of a row are in different currencies: {names}.",
                names=", ".join(f"{header} {code}" for header, code in named.items()),
            ),
            place=raw.source.name,
            remedy=msg("Leave out the columns of the other currency, or load them as a file of their own."),
        )


def ask_for_days(
    raw: Raw, layout: Layout, options: dict[str, Any], timezone: str, today: date | None
) -> None:
    """A report without days must name those it covers; a count of what there is now is of the day it is
    loaded."""
    have = place(layout, raw.table.names)
    if layout.asks and not any(key in have for key in layout.asks) and not options.get("period_start"):
        raise AskError(
            msg("The file does not say which days it covers."),
            option="period",
            place=raw.source.name,
            remedy=msg("Set the options period_start and period_end to its first and last day."),
        )
    if layout.dated_today or layout.asks_day:
        day = options.get("period_end") or today
        if layout.asks_day and not options.get("period_end"):
            day = day_of_rows(raw, options.get("day_of"), today)
        if day is None:
            raise Refused(
                msg("The file does not say of which day it is."),
                place=raw.source.name,
                remedy=msg("Set the option period_end to the day."),
            )
        at = datetime.combine(date.fromisoformat(str(day)), time(), ZoneInfo(timezone))
        options["day"] = at.astimezone(UTC)
