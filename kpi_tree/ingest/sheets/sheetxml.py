"""Workbooks of "XML Spreadsheet 2003", which many systems write under the name .xls.

The document is read in one pass; a document type, and so every entity of its own, is refused. Bare ``&``
signs, which such systems write, are taken as what they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.parsers import expat

from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.answers.refusing import own_entities, refusal, too_wide_apart
from kpi_tree.ingest.cells.held import cell_text, number_text
from kpi_tree.ingest.cells.shapes import MACHINE

_BARE = re.compile(r"&(?!(?:#[0-9]+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DATES = re.compile(
    r"^(?:General Date|(?:Long|Medium|Short) (?:Date|Time))$|(?:^|[^a-z])(?:d{1,4}|y{2,4})(?:[^a-z]|$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
_ZERO = datetime(1899, 12, 30)
LONGEST_FORMAT = 255
"""Characters of a number format, as many as Excel takes."""
MOST_ROW, MOST_COLUMN = 1_048_576, 16_384

Merged = list[tuple[tuple[int, int], tuple[int, int]]]


@dataclass(slots=True)
class XmlSheet:
    """A sheet: its name, whether it is shown, its rows, and which cells are merged (from 0)."""

    name: str
    hidden: bool = False
    rows: list[list[str]] = field(default_factory=list)
    merged: Merged = field(default_factory=list)


def xml_sheets(text: str, place: str, limits: Limits) -> list[XmlSheet]:
    """The sheets of a workbook in XML.

    Args:
        text: the document.
        place: the file's name, for messages.

    Raises:
        Refused: it is damaged, has entities of its own, or cells far away from all others.

    >>> from kpi_tree.ingest.answers.limits import LIMITS
    >>> space = "urn:schemas-microsoft-com:office:spreadsheet"
    >>> cells = '<Cell><Data ss:Type="String">007</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">1.5</Data></Cell>'
    >>> page = f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="A"><Table><Row>{cells}</Row></Table></Worksheet></Workbook>'
    >>> xml_sheets(page, "a.xls", LIMITS)[0].rows
    [['007', '', '\\ue0001.5']]
    """  # noqa: E501 - a document in one line
    reader = _Reader(place, limits)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse_entities
    body = _BARE.sub("&amp;", _CONTROL.sub("", _DECLARATION.sub("", text.lstrip(), count=1)))
    try:
        parser.Parse(body.encode("utf-8", "replace"), True)
    except expat.ExpatError as fault:
        raise refusal(
            msg("The XML of the workbook is damaged in line {n}.", n=fault.lineno),
            place,
            msg("Export it again, or open it in a spreadsheet program and save it as XLSX."),
        ) from fault
    return reader.sheets


class _Reader:
    """Gathers sheets, rows and cells from the elements of a document."""

    def __init__(self, place: str, limits: Limits) -> None:
        self.place, self.limits = place, limits
        self.sheets: list[XmlSheet] = []
        self.formats: dict[str, str] = {}
        self.style = ""
        self.row: list[str] = []
        self.at = self.cells = self.filled = 0
        self.cell: Mapping[str, str] = {}
        self.kind = ""
        self.data: list[str] | None = None
        self.in_comment = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; names are known by their last part, with and without a prefix."""
        element = name.rsplit(" ", 1)[-1]
        said = {key.rsplit(" ", 1)[-1]: value for key, value in attributes.items()} if attributes else {}
        if element == "Cell":
            self._begin_cell(said)
        elif element == "Data" and not self.in_comment:
            self.kind, self.data = said.get("Type", ""), []
        elif element == "Row":
            self._begin_row(said)
        elif element == "Comment":
            self.in_comment = True
        elif element == "Worksheet":
            self.sheets.append(XmlSheet(said.get("Name", f"Sheet{len(self.sheets) + 1}")[:100]))
        elif element == "Style":
            self.style = said.get("ID", "")
            self.formats[self.style] = self.formats.get(said.get("Parent", ""), "")
        elif element == "NumberFormat":
            self.formats[self.style] = said.get("Format", "")[:LONGEST_FORMAT]
        elif element == "Visible":
            self.data = []

    def end(self, name: str) -> None:
        """An element ends."""
        element = name.rsplit(" ", 1)[-1]
        if element == "Data" and self.data is not None and not self.in_comment:
            self._put("".join(self.data))
            self.data = None
        elif element == "Row" and self.sheets:
            self.sheets[-1].rows.append(self.row)
        elif element == "Comment":
            self.in_comment = False
        elif element == "Visible" and self.data is not None:
            self.sheets[-1].hidden = "Hidden" in "".join(self.data) if self.sheets else False
            self.data = None

    def text(self, text: str) -> None:
        """A piece of text."""
        if self.data is not None and not self.in_comment:
            self.data.append(text)

    def refuse_entities(self, *_: object) -> None:
        """A document type begins.

        Raises:
            Refused: always.
        """
        raise own_entities(self.place)

    def _begin_row(self, said: Mapping[str, str]) -> None:
        if not self.sheets:
            self.sheets.append(XmlSheet("Sheet1"))
        rows = self.sheets[-1].rows
        ahead = self._place(said, MOST_ROW) - 1 - len(rows)
        if ahead > 0:
            self._count(ahead)
            rows += [[] for _ in range(ahead)]
        self.row, self.at = [], 0

    def _begin_cell(self, said: Mapping[str, str]) -> None:
        self.cell = said
        place = self._place(said, MOST_COLUMN)
        self.at = max(place - 1, self.at) if place else self.at
        across, down = (_number(said.get(key)) for key in ("MergeAcross", "MergeDown"))
        if down and self.sheets:
            top = len(self.sheets[-1].rows)
            self.sheets[-1].merged.append(((top, self.at), (top + min(down, MOST_ROW), self.at)))
        self.at += 1 + min(across, MOST_COLUMN)

    def _place(self, said: Mapping[str, str], most: int) -> int:
        place = _number(said.get("Index"))
        if place > most:
            raise too_wide_apart(self.place, place)
        return place

    def _put(self, text: str) -> None:
        across = _number(self.cell.get("MergeAcross"))
        column = self.at - 1 - min(across, MOST_COLUMN)
        shown = shown_cell(text, self.kind, self.formats.get(self.cell.get("StyleID", ""), ""))
        if not shown or column < 0:
            return
        self._count(max(column + 1 - len(self.row), 0))
        self.filled += 1
        self.row += [""] * (column + 1 - len(self.row))
        self.row[column] = shown

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > self.limits.sheet_cells or (
            self.cells > 2_000_000 and self.cells > 50 * max(self.filled, 1)
        ):
            raise too_wide_apart(self.place, self.cells)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def shown_cell(text: str, kind: str, style: str) -> str:
    """A cell as text: numbers are marked, days are ISO, a number shown by ``00000`` keeps its zeros.

    Args:
        kind: its type: ``Number``, ``DateTime``, ``Boolean``, ``String``, ``Error``.
        style: the number format.

    >>> shown_cell("12", "Number", "00000"), shown_cell("45322.5", "Number", "Short Date"), shown_cell("1", "Boolean", "")
    ('00012', '2024-01-31 12:00:00', 'true')
    >>> shown_cell("2024-01-31T00:00:00.000", "DateTime", ""), shown_cell("1899-12-31T01:30:00.000", "DateTime", "")
    ('2024-01-31', '1:30:00')
    """  # noqa: E501 - examples in one line
    text = text.replace("&nbsp;", " ").strip()
    if kind == "Number":
        return _number_cell(text, style)
    if kind == "DateTime":
        return _moment_cell(text)
    if kind == "Boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    return text


def _number_cell(text: str, style: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    if re.fullmatch(r"0{2,15}", style) and value == int(value) >= 0:
        return str(int(value)).zfill(len(style))
    if 0 < value < 2_958_466 and _DATES.search(_QUOTED.sub("", style)):
        return cell_text(_ZERO + timedelta(seconds=round(value * 86_400)))
    if re.fullmatch(r"-?\d{16,}", text):
        return text
    return MACHINE + number_text(value)


def _moment_cell(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.year > 1899:
        return cell_text(moment)
    zero = datetime(1899, 12, 31, tzinfo=moment.tzinfo)
    since = moment - (zero if moment >= zero else zero - timedelta(days=1))
    return cell_text(since) if since >= timedelta(0) else text
