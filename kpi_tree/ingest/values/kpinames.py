"""Which KPI a text names, and which ones a text that names none may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from kpi_tree.catalogue import Kpi, catalogue
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.values.kpiwords import also as more_names
from kpi_tree.ingest.values.kpiwords import words_for
from kpi_tree.ingest.values.observedunits import split_unit

PERCENT_HEADER = re.compile(r"(?:[(\[（]\s*(?:i |in |en )?[%％]\s*[)\]）]|\S\s*[%％])\s*$")
_MARKED = re.compile(r"(?P<name>.*\S)\s*\[(?P<id>[a-z][a-z0-9_]*)\]\s*")
"""A name with the id behind it, as templates carry it: it may be called otherwise when they are back."""
CLOSE = 0.8
"""How alike a name must be to be offered; of shorter words below it any two are alike."""


def kpi_ids(own: Mapping[str, Kpi] | None) -> dict[str, str]:
    """Normalised ids and names of KPIs, in every language, to their ids; see :func:`kpi_of`."""
    found: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for kpi in catalogue(own).values():
        for name in kpi.name.values():
            found.setdefault(normal(str(name)), kpi.id)
            loose.setdefault(_words_of(str(name)), set()).add(kpi.id)
            loose.setdefault(_singular(str(name)), set()).add(kpi.id)
        loose.setdefault(_singular(kpi.id.replace("_", " ")), set()).add(kpi.id)
    for kpi in catalogue(own).values():
        found[normal(kpi.id)] = kpi.id
    for name, ids in loose.items():
        if len(ids) == 1:
            found.setdefault(name, next(iter(ids)))
    return found


def kpi_of(ids: Mapping[str, str], text: str, *, also: bool = True) -> str | None:
    """The KPI that a text names: by its id or name, words in any order, without a unit in brackets behind it.

    Args:
        also: whether what it is called besides counts; not where a name alone makes a file one of KPI values.

    >>> found = kpi_ids(None)
    >>> [kpi_of(found, text) for text in ("sales", "Net sales", "Gross sales (NOK)", "Sales (all)", "NOK")]
    ['sales', 'sales', 'gross_sales', None, None]
    """
    if (mark := marked(text)) is not None:
        return _told_twice(ids, *mark, also=also)
    known = ids.get(normal(text)) or ids.get(_words_of(text))
    if known is None and also:
        known = ids.get(normal(more_names().get(normal(text), ""))) or ids.get(_singular(text))
    if known is None:
        short, unit = split_unit(text)
        return kpi_of(ids, short, also=also) if unit is not None and short != text else None
    return known


def with_id(name: str, kpi: str) -> str:
    """How a template names a KPI, so that it reads back whatever the KPI is called by then.

    >>> with_id("Net sales", "sales")
    'Net sales [sales]'
    """
    return f"{name} [{kpi}]" if name and name != kpi else kpi


def marked(text: str) -> tuple[str, str] | None:
    """The name and the id of :func:`with_id`; None for any other text.

    >>> marked("Net sales [sales]"), marked("Sales [NOK]")
    (('Net sales', 'sales'), None)
    """
    found = _MARKED.fullmatch(text)
    return (found["name"], found["id"]) if found else None


def _told_twice(ids: Mapping[str, str], name: str, kpi: str, *, also: bool) -> str | None:
    """The KPI of an id behind a name. The id counts, but not against a name that is
    another KPI's today: nobody knows which of them the person meant."""
    today = ids.get(normal(name)) or ids.get(_words_of(name))
    if ids.get(normal(kpi)) != kpi:
        return today or kpi_of(ids, name, also=also)
    return kpi if today in (None, kpi) else None


def _singular(name: str) -> str:
    """The words of a name without the ``s`` of a plural, told from a plain name by a mark."""
    words = re.findall(r"[^\W_]+", normal(name))
    return "\x1e".join(["", *(word.removesuffix("s") if len(word) > 3 else word for word in words)])


def _words_of(name: str) -> str:
    """The words of a name in one order, told from a plain name by a mark."""
    return "\x1f".join(["", *sorted(re.findall(r"[^\W_]+", normal(name)))])


def meant(ids: Mapping[str, str], text: str) -> list[str]:
    """The KPIs that a text which names none may mean, the likeliest first.

    >>> ids = kpi_ids(None)
    >>> meant(ids, "ordrs"), meant(ids, "Umsatz"), meant(ids, "Gizmo index")
    (['orders'], ['sales', 'gross_sales'], [])
    """
    said = normal(text)
    if said in words_for("either"):
        return ["sales", "gross_sales"]
    near = get_close_matches(said, [*ids, *more_names()], 1, CLOSE)
    return [ids.get(near[0]) or more_names()[near[0]]] if near else []


def remedy_for(text: str, ids: Mapping[str, str]) -> Msg:
    """What to do about a text that names no KPI."""
    if (mark := marked(text)) is not None:
        if ids.get(normal(mark[1])) == mark[1]:
            return msg(
                "The name is that of another KPI than {kpi} by now. Write the name alone, or {kpi} alone.",
                kpi=mark[1],
            )
        return msg(
            "The KPI {kpi} of the template is not there any more. Define it anew, or leave the row out.",
            kpi=mark[1],
        )
    if names := meant(ids, text):
        return msg(
            "Did you mean {name}? Correct the cell and load the row again from the quarantine.",
            name=" / ".join(names),
        )
    return msg("Define it on the page KPIs, or see there what it is called; then load the file again.")
