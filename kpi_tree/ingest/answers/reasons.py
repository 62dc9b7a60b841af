"""What the codes of issues mean, in words; layouts name codes, the words stand here for the catalogues."""

# ruff: noqa: E501 - word lists, patterns and SQL read better unbroken
from __future__ import annotations

from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.ingest.cells.currencies import nearest_currency
from kpi_tree.ingest.cells.datehints import date_hint
from kpi_tree.issues import Level


def cell_reason(code: str, value: str = "") -> tuple[Msg, Msg]:
    """What is wrong with a cell of a column (``value`` is its text), and the remedy.

    >>> str(cell_reason("bad_number")[0])
    'This is not a number.'
    """
    fix = msg("Correct the cell and load the row again from the quarantine.")
    if code == "fiscal_date":
        return (
            msg("This is a period of a fiscal year, and the file does not say when that year begins."),
            msg("Write the first day of the period instead, such as 2026-04-01."),
        )
    hint = date_hint(value) if code == "bad_date" and value else None
    if hint is not None:
        return hint
    if code == "bad_currency":
        return (
            msg("This is no currency of ISO 4217."),
            msg(
                "Write its code, for example {code}, and load the row again from the quarantine.",
                code=nearest_currency(value),
            ),
        )
    if code == "not_measured":
        return (
            msg("This is a target, a plan or another year's value, and is not counted."),
            msg("Nothing needs doing. Targets are set under Goals."),
        )
    words = {
        "bad_number": msg("This is not a number."),
        "bad_integer": msg("This is not a whole number."),
        "bad_date": msg("This is not a date that exists, or none from 1900 to 2200."),
        "other_unit": msg("This value is in a unit that its KPI is not measured in."),
        "bad_boolean": msg("This is neither yes nor no."),
        "bad_duration": msg("This is not a length of time."),
        "bad_time": msg("This is not a time of day."),
        "bad_value": msg("This word is none of the allowed ones."),
        "ambiguous_number": msg("This number can be read in two ways."),
        "ambiguous_date": msg("This date can be read in two ways."),
        "missing": msg("The cell must not be empty."),
        "unknown_kpi": msg("There is no KPI of this name."),
        "wide_row": msg("The row has more cells than the header."),
        "unclosed_quote": msg("A quotation mark in this row is never closed."),
    }
    return words.get(code, msg("The row is no record of this kind.")), fix


def row_reason(code: str, n: int) -> tuple[Level, Msg]:
    """What to say about rows that a layout sets apart or counts.

    >>> row_reason("stock_write_off", 3)[0]
    'info'
    """
    known: dict[str, tuple[Level, Msg]] = {
        "stock_write_off": (
            "info",
            nmsg(
                "{n} row takes stock away without a sale; it is not counted.",
                "{n} rows take stock away without a sale; they are not counted.",
                n,
            ),
        ),
        "cancellation_without_value": (
            "info",
            nmsg(
                "{n} cancellation row has no value to pay back; it is not counted.",
                "{n} cancellation rows have no value to pay back; they are not counted.",
                n,
            ),
        ),
        "order_without_sale": (
            "info",
            nmsg(
                "{n} row belongs to an order that sells nothing; it is not counted.",
                "{n} rows belong to orders that sell nothing; they are not counted.",
                n,
            ),
        ),
        "order_not_read": (
            "error",
            nmsg(
                "{n} row belongs to an order whose first row can't be read.",
                "{n} rows belong to orders whose first row can't be read.",
                n,
            ),
        ),
        "order_told_again": (
            "info",
            nmsg(
                "{n} row belongs to an order that is told once more further down; the later rows count.",
                "{n} rows belong to orders that are told once more further down; the later rows count.",
                n,
            ),
        ),
        "missing_price": (
            "error",
            nmsg("{n} row has no price.", "{n} rows have no price.", n),
        ),
        "missing_created": ("error", nmsg("{n} row has no order date.", "{n} rows have no order date.", n)),
        "lines_without_customer": (
            "info",
            nmsg(
                "{n} line has no customer; it counts as sold to an unknown one.",
                "{n} lines have no customer; they count as sold to unknown ones.",
                n,
            ),
        ),
        "exact_duplicates_kept": (
            "info",
            nmsg(
                "{n} line repeats another exactly; it is kept, as a second sale of the same thing.",
                "{n} lines repeat another exactly; they are kept, as further sales of the same thing.",
                n,
            ),
        ),
        "postage_and_fees_are_sold_lines": (
            "info",
            nmsg(
                "{n} line is postage or a fee; it counts in gross sales, and a breakdown by line type shows goods alone.",
                "{n} lines are postage or fees; they count in gross sales, and a breakdown by line type shows goods alone.",
                n,
            ),
        ),
        "adjustments_not_counted": (
            "info",
            nmsg(
                "{n} line adjusts bad debt; it is kept as an adjustment and not counted as a sale.",
                "{n} lines adjust bad debt; they are kept as adjustments and not counted as sales.",
                n,
            ),
        ),
        "free_lines_kept": (
            "info",
            nmsg(
                "{n} line has the price zero; it is kept.", "{n} lines have the price zero; they are kept.", n
            ),
        ),
        "cancellations_as_refunds": (
            "info",
            nmsg(
                "{n} line of a cancellation is a refund on the day of the cancellation.",
                "{n} lines of cancellations are refunds on the day of the cancellation.",
                n,
            ),
        ),
        "cancelled_orders": (
            "info",
            nmsg(
                "{n} order is cancelled; it is kept and not counted.",
                "{n} orders are cancelled; they are kept and not counted.",
                n,
            ),
        ),
        "orders_without_customer": (
            "info",
            nmsg(
                "{n} order has no customer; it counts as unknown.",
                "{n} orders have no customer; they count as unknown.",
                n,
            ),
        ),
        "refunds_dated_by_order": (
            "info",
            nmsg(
                "{n} refund carries no date of its own and is dated by its order.",
                "{n} refunds carry no date of their own and are dated by their orders.",
                n,
            ),
        ),
        "negative_lines_as_refunds": (
            "info",
            nmsg(
                "{n} line with a negative quantity is a refund.",
                "{n} lines with a negative quantity are refunds.",
                n,
            ),
        ),
        "failed_payment": (
            "info",
            nmsg(
                "{n} payment did not succeed; it is no order.",
                "{n} payments did not succeed; they are no orders.",
                n,
            ),
        ),
        "payout_not_sale": (
            "info",
            nmsg(
                "{n} row is a payout, transfer or fee and no sale.",
                "{n} rows are payouts, transfers or fees and no sales.",
                n,
            ),
        ),
        "refund_row": (
            "info",
            nmsg(
                "{n} row is a refund on the day it was paid back.",
                "{n} rows are refunds on the day they were paid back.",
                n,
            ),
        ),
        "told_elsewhere": (
            "info",
            nmsg(
                "{n} record of sales is left out, as you said: another file tells it.",
                "{n} records of sales are left out, as you said: another file tells them.",
                n,
            ),
        ),
        "duplicate_event": (
            "info",
            nmsg(
                "{n} event repeats another exactly; it is counted once.",
                "{n} events repeat others exactly; they are counted once.",
                n,
            ),
        ),
        "not_stocked": (
            "info",
            nmsg(
                "{n} row is an item not stocked at its place.",
                "{n} rows are items not stocked at their place.",
                n,
            ),
        ),
        "not_sent": ("info", nmsg("{n} row was never sent.", "{n} rows were never sent.", n)),
        "summary_row": (
            "info",
            nmsg(
                "{n} row sums up others; it is not counted.",
                "{n} rows sum up others; they are not counted.",
                n,
            ),
        ),
        "image_row": ("info", nmsg("{n} row holds only a picture.", "{n} rows hold only pictures.", n)),
        "no_period": (
            "error",
            nmsg(
                "{n} row has no date, and the file names no single day.",
                "{n} rows have no date, and the file names no single day.",
                n,
            ),
        ),
        "time_spread": (
            "info",
            nmsg(
                "{n} row covers several days; it is dated by its first.",
                "{n} rows cover several days; they are dated by their first.",
                n,
            ),
        ),
        "nothing_sold": ("info", nmsg("{n} row sells nothing.", "{n} rows sell nothing.", n)),
        "zero_seconds": (
            "info",
            nmsg(
                "{n} value of a minutes column is in seconds.",
                "{n} values of minutes columns are in seconds.",
                n,
            ),
        ),
        "not_time": ("info", nmsg("{n} issue has no time on it.", "{n} issues have no time on them.", n)),
    }
    return known.get(
        code, ("info", nmsg("{n} row is no record of this kind.", "{n} rows are no records of this kind.", n))
    )
