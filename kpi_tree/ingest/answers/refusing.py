"""The refusals of whole files that several readers share, and a warning."""

from __future__ import annotations

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.issues import Issue


def refusal(message: Msg, place: str, remedy: Msg) -> Refused:
    """A refusal of a file."""
    return Refused(message, place=place, remedy=remedy)


def locked(name: str) -> Refused:
    """The refusal of a file that only opens with a password."""
    return refusal(msg("The file is protected by a password."), name, msg("Save it without a password."))


def not_opened(name: str) -> Refused:
    """The refusal of a workbook that its reader can't open."""
    return refusal(
        msg("The workbook can't be opened; it is damaged or of an unknown kind."),
        name,
        msg("Open it in a spreadsheet program and save it as XLSX."),
    )


def damaged(name: str) -> Refused:
    """The refusal of a packed file that does not unpack."""
    return refusal(msg("The packed file is damaged."), name, msg("Send it again."))


def too_large(name: str, limits: Limits) -> Refused:
    """The refusal of a file beyond the limit."""
    return refusal(
        msg("The file is larger than {n} megabytes.", n=limits.file_bytes // MEGABYTE),
        name,
        msg("Split it, for example by month."),
    )


def unpacks_too_far(name: str, limit: int, ratio: int) -> Refused:
    """The refusal of a packed file that is a bomb, or too large: beyond ``limit`` bytes."""
    return refusal(
        msg(
            "The file unpacks to more than {n} megabytes, or to {ratio} times its size.",
            n=limit // MEGABYTE,
            ratio=ratio,
        ),
        name,
        msg("Send the table itself, unpacked."),
    )


def too_many_files(name: str, files: int, most: int) -> Refused:
    """The refusal of a ZIP of more files than are read."""
    return refusal(
        msg("The ZIP holds {n} files; {limit} is the most.", n=files, limit=most),
        name,
        msg("Divide them among several ZIPs, or join their tables."),
    )


def too_wide_apart(name: str, cells: int) -> Refused:
    """The refusal of a sheet that spans a rectangle of cells that nobody fills."""
    return refusal(
        msg("A sheet spans {n} cells, nearly all of them empty.", n=cells),
        name,
        msg("Delete the lone cells far from the table, or save the table as CSV."),
    )


def too_many_cells(name: str, cells: int, most: int) -> Refused:
    """The refusal of a workbook larger than can be held."""
    return refusal(
        msg("The workbook holds {n} cells; {limit} is the most.", n=cells, limit=most),
        name,
        msg("Save each sheet as CSV, which may be of any length."),
    )


def too_many_columns(name: str, columns: int, most: int) -> Refused:
    """The refusal of a table wider than can be mapped."""
    return refusal(
        msg("The table has {n} columns; {limit} is the most.", n=columns, limit=most),
        name,
        msg("Leave out the columns that no KPI needs."),
    )


def too_much_together(name: str, megabytes: int, most: int) -> Refused:
    """The refusal of a ZIP whose tables together are more than is held in memory."""
    return refusal(
        msg("The files of the ZIP unpack to {n} megabytes; {limit} is the most.", n=megabytes, limit=most),
        name,
        msg("Send them one by one: a table that is alone in its file or ZIP may be of any length."),
    )


def too_many_parts(name: str, parts: int, most: int) -> Refused:
    """The refusal of a web archive of nothing but parts."""
    return refusal(
        msg("The web archive holds {n} parts; {limit} is the most.", n=parts, limit=most),
        name,
        msg("Export the table again, or save it as CSV or XLSX."),
    )


def not_all_sheets(place: str, sheets: int, most: int) -> Issue:
    """What is said of a workbook with more sheets than are looked at."""
    return Issue(
        "warning",
        "more_sheets",
        msg("The workbook holds {n} sheets; only the first {limit} are read.", n=sheets, limit=most),
        place,
        msg("Divide the workbook, and load the rest of its sheets as a file of their own."),
    )


def hidden_tables(place: str, names: list[str]) -> Issue:
    """What is said of sheets that nobody sees and that hold tables of a known kind."""
    return Issue(
        "info",
        "hidden_sheets",
        msg("Hidden sheets are not read: {names}.", names=", ".join(names[:10])),
        place,
        msg("If they count, show them in a spreadsheet program and save the workbook again."),
        count=len(names),
    )


def hardly_a_cell(name: str, tags: int) -> Refused:
    """The refusal of a web page of nothing but tags."""
    return refusal(
        msg("The web page holds {n} tags, and hardly a cell with something in it.", n=tags),
        name,
        msg("Export the table again, or save it as CSV or XLSX."),
    )


def hardly_a_row(place: str, lines: int) -> Refused:
    """The refusal of a text of comments, lone words or the same line again and again."""
    return refusal(
        msg("The file holds {n} lines that are no rows of a table, and hardly a row among them.", n=lines),
        place,
        msg("Delete these lines, or export the table again as CSV."),
    )


def own_entities(name: str) -> Refused:
    """The refusal of a document with XML entities of its own."""
    return refusal(
        msg("The workbook defines its own XML entities."),
        name,
        msg("Save it again from a spreadsheet program."),
    )


def cut_short(place: str) -> Issue:
    """What is said of a page that ends in the middle of its table, though it closes its rows."""
    return Issue(
        "warning",
        "cut_short",
        msg("The page ends in the middle of its table: rows may be missing."),
        place,
        msg("Export it again, and compare the number of rows."),
    )
