"""The arms of an experiment out of a file: one row an arm with its counts, or one row a unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.columns import Column, Context, look
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.reading import rows

Floats = npt.NDArray[np.float64]

ROLES: Mapping[str, str] = {
    "arm": "arm|variant|variation|group|bucket|gruppe|variante|グループ|群",
    "units": "units|exposures|exposed|visitors|users|sessions|n|size|besøkende|brukere|対象数|訪問者数",
    "conversions": "conversions|converters|orders|purchases|successes|kjøp|ordrer|コンバージョン数|購入数",
    "converted": "converted|conversion|success|purchased|konvertert|kjøpte|コンバージョン|購入",
    "value": "value|revenue|amount|sales|verdi|beløp|omsetning|金額|売上",
}
"""What a header means; the first that fits counts."""

TRUE = frozenset({"1", "true", "yes", "y", "ja", "sann", "はい", "t"})
FALSE = frozenset({"0", "false", "no", "n", "nei", "usann", "いいえ", "f", ""})


@dataclass(frozen=True)
class ArmsFile:
    """What a file says of an experiment, an entry a row.

    Attributes:
        arms: the arm's name. units, conversions: counts of an arm. converted: 1 or 0 of a unit.
        value: of a unit; 0 where it is empty. All but ``arms`` None where the file has no such column.
        others: the headers of further columns, which a guardrail can name. guarded: those that were asked
            for, with whether they are a yes or no of each unit, or a count of an arm.
    """

    arms: tuple[str, ...]
    units: Floats | None = None
    conversions: Floats | None = None
    converted: Floats | None = None
    value: Floats | None = None
    others: tuple[str, ...] = ()
    guarded: Mapping[str, tuple[Floats, bool]] = field(default_factory=dict)


def read_arms(source: Path | bytes, name: str, guarded: Collection[str] = ()) -> ArmsFile:
    """Reads a file of arms or of units, and of its other columns those named.

    Raises:
        Refused: no column of arms, nothing to compare, a cell that is no number (with its row).

    >>> found = read_arms(b"variant;visitors;orders\\nA;1 000;100\\nB;1 010;130\\n", "test.csv")
    >>> found.arms, found.units.tolist(), found.conversions.tolist()
    (('A', 'B'), [1000.0, 1010.0], [100.0, 130.0])
    """
    head, *body = rows(source, name)
    places = _places(head)
    if "arm" not in places:
        raise Refused(
            msg("No column names the arm of a row."),
            place=name,
            remedy=msg(
                "Call it arm, variant or group; the columns are: {names}.", names=", ".join(head[:20])
            ),
        )
    body = [row for row in body if len(row) > places["arm"] and row[places["arm"]].strip()]
    cells = {role: _column(body, at) for role, at in places.items()}
    arms = tuple(one.strip() for one in cells.pop("arm"))
    counted = "units" in cells and len(set(arms)) == len(arms)
    if counted and "converted" in cells and "conversions" not in cells:
        # A row an arm beside its size: "converted" then is a count, not a unit's yes or no.
        cells["conversions"], places["conversions"] = cells.pop("converted"), places["converted"]
    found = {
        role: _yes_no(texts, head[places[role]], name)
        if role == "converted"
        else _numbers(texts, head[places[role]], name)
        for role, texts in cells.items()
    }
    if counted and "conversions" not in found and "value" in found:
        raise Refused(
            msg("A sum or a mean of values an arm does not say how much its units differ."),
            place=name,
            remedy=msg("Give units and conversions an arm, or a row a unit with converted or value."),
        )
    if not ({"conversions", "units"} <= set(found) or "converted" in found or "value" in found):
        raise Refused(
            msg("The file says nothing that arms could be compared by."),
            place=name,
            remedy=msg("Give units and conversions an arm, or a row a unit with converted or value."),
        )
    others = {header: at for at, header in enumerate(head) if at not in places.values() and header.strip()}
    asked = {
        header: _guarded(_column(body, at), header, name, counted)
        for header, at in others.items()
        if header in guarded
    }
    return ArmsFile(arms, **found, others=tuple(others), guarded=asked)


def _column(body: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at] if at < len(row) else "" for row in body]


def _guarded(texts: Sequence[str], header: str, name: str, counted: bool) -> tuple[Floats, bool]:
    """A further column: counts of the arms, else a yes or no or a number of each unit."""
    if counted:
        return _numbers(texts, header, name), True
    if {text.strip().lower() for text in texts} <= TRUE | FALSE:
        return _yes_no(texts, header, name), True
    return _numbers(texts, header, name), False


def _places(head: Sequence[str]) -> dict[str, int]:
    known = {normal(word): role for role, words in ROLES.items() for word in words.split("|")}
    found: dict[str, int] = {}
    for place, header in enumerate(head):
        role = known.get(normal(header))
        if role is not None:
            found.setdefault(role, place)
    return found


def _numbers(texts: Sequence[str], header: str, name: str) -> Floats:
    column: Column = look(header, pa.chunked_array([pa.array(texts, pa.string())]), Context())
    if column.kind == "empty":
        return np.zeros(len(texts))
    numbers = column.numbers
    if numbers is None:
        raise _no_number(texts, np.zeros(len(texts), bool), header, name)
    if numbers.ambiguous.size and numbers.ambiguous.any() and not numbers.evidence:
        raise Refused(
            msg("{example} can be read two ways.", example=numbers.example),
            place=f"{name}: {header}",
            remedy=msg("Write the numbers without thousands separators."),
        )
    blank, ok = column.blank[column.cells.index], numbers.ok[column.cells.index]
    if not (blank | ok).all():
        raise _no_number(texts, blank | ok, header, name)
    return np.where(blank, 0.0, numbers.floats()[column.cells.index])


def _yes_no(texts: Sequence[str], header: str, name: str) -> Floats:
    words = [text.strip().lower() for text in texts]
    ok = np.array([word in TRUE or word in FALSE for word in words])
    if not ok.all():
        raise _no_number(texts, ok, header, name)
    return np.array([word in TRUE for word in words], dtype=np.float64)


def _no_number(texts: Sequence[str], ok: npt.NDArray[np.bool_], header: str, name: str) -> Refused:
    row = int(np.flatnonzero(~ok)[0])
    return Refused(
        msg("{text} in row {n} is no number here.", text=texts[row][:40], n=row + 1),
        place=f"{name}: {header}",
        remedy=msg("Give a count, an amount, or yes and no."),
    )
