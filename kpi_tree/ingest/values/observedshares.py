"""Values of KPIs in percent: ``0.12``, ``12`` or ``12 %`` in a file are told apart, asked about, or told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.shapes import BoolArray, IntArray
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.sheets.percentcells import percent_cells
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.text.beside import PART
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.ingest.values.kpinames import PERCENT_HEADER

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """Values of which some are of KPIs in percent, one entry a row in each.

    Attributes:
        signed: a percent sign stands behind it. told: its unit says percent.
        mine: it is of a KPI in percent. lines: where it stands in the file. ids: of which KPI it is.
    """

    column: Column
    signed: BoolArray
    told: BoolArray
    mine: BoolArray
    lines: IntArray
    ids: pa.Array


def as_shares(raw: Raw, said: FileMapping, complaints: Complaints, rows: Shares, found: Floats) -> Floats:
    """Percentages written without the sign as shares.

    Args:
        found: the numbers as written, those with a sign taken as hundredths.

    Raises:
        AskError: there are numbers over 1 that nothing says are percentages.
    """
    bare = rows.mine & ~rows.signed
    if not bare.any():
        return found
    if raw.source.kind == "workbook" and raw.sheet is not None:
        shown = percent_cells(raw.source.data, raw.sheet)
        cells = zip((rows.lines % PART).tolist(), found.tolist(), strict=True)
        bare &= ~np.array([cell in shown for cell in cells], bool)
    open_still = bare & ~_told(rows, found, bare)
    option = said.options.get("percent")
    if option is not None:
        taken = bare if str(option).lower() in ("true", "1") else bare & ~open_still
        return np.where(taken, found / 100, found)
    if (np.abs(found[open_still]) > 1).any():
        raise _question(complaints, rows, found, open_still)
    _tell(complaints, rows, found, open_still)
    return np.where(bare & ~open_still, found / 100, found)


def _told(rows: Shares, found: Floats, bare: BoolArray) -> BoolArray:
    """Which are percentages by their unit, or by a header with a percent sign above numbers over 1."""
    headed = PERCENT_HEADER.search(rows.column.name) is not None
    large = bool((np.abs(found[bare]) > 1).any())
    return bare if headed and large else rows.told & bare if not headed else np.zeros(len(bare), bool)


def _question(complaints: Complaints, rows: Shares, found: Floats, bare: BoolArray) -> AskError:
    at = int(np.flatnonzero(bare & (np.abs(found) > 1))[0])
    return AskError(
        msg(
            "The KPI {name} is a percentage, and the file writes no percent sign.", name=rows.ids[at].as_py()
        ),
        option="percent",
        example=plain_cell(rows.column.cells.texts[int(rows.column.cells.index[at])].as_py()),
        choices={"true": f"{found[at]:.10g} %", "false": f"{found[at] * 100:.10g} %"},
        place=f"{complaints.name}, column {rows.column.name}",
        remedy=msg("Say whether 5 means 5 %: set the option percent to true or false."),
    )


def _tell(complaints: Complaints, rows: Shares, found: Floats, bare: BoolArray) -> None:
    """Numbers of two decimals up to 1 may be either; those of more were worked out, and are shares."""
    some = np.flatnonzero(bare & (found != 0))
    hundredths = found[some] * 100
    if not len(some) or (np.abs(hundredths - np.round(hundredths)) > 1e-9).any():
        return
    complaints.say(
        "warning",
        "percent_as_share",
        msg(
            "The KPI {name} is a percentage, and the file writes no percent sign: "
            "{example} counts as {share} %.",
            name=rows.ids[int(some[0])].as_py(),
            example=f"{found[some[0]]:.10g}",
            share=f"{hundredths[0]:.10g}",
        ),
        column=rows.column.name,
        count=int(bare.sum()),
        remedy=msg("If 5 means 5 % here, set the option percent to true."),
    )
