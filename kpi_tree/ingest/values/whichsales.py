"""*Omsetning*, *Umsatz*, *売上*: sales after discounts and returns, or before? No file tells."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.values.kpinames import kpi_of
from kpi_tree.ingest.values.kpiwords import words_for

OPTION = "either"
CHOICES = ("sales", "gross_sales")


def with_either(ids: Mapping[str, str], kpi: str = CHOICES[0]) -> dict[str, str]:
    """Names of KPIs with the words that may mean either, taken for one of them.

    Args:
        ids: as :func:`~kpi_tree.ingest.values.kpinames.kpi_ids` gives them.

    >>> with_either({}, "gross_sales")["umsatz"]
    'gross_sales'
    """
    return {**dict.fromkeys(map(normal, words_for("either")), kpi), **ids}


def may_be_either(ids: Mapping[str, str], text: str) -> bool:
    """Whether a text names sales, and not which."""
    return kpi_of(ids, text) is None and kpi_of(with_either(ids), text) is not None


def settled(
    ids: Mapping[str, str], texts: Mapping[str, str], said: object, kpis: Mapping[str, Kpi], place: str
) -> dict[str, str]:
    """Names of KPIs in which such words mean what somebody has said.

    Args:
        texts: what names KPIs in the file, and the column where it stands.
        said: the value of the option, if any. place: the file's name.

    Raises:
        AskError: one of the texts is such a word, and nobody has said which it is.
    """
    if said in CHOICES:
        return with_either(ids, str(said))
    open_still = next((text for text in texts if may_be_either(ids, text)), None)
    if open_still is None:
        return dict(ids)
    names = {kpi: kpis[kpi].text("name") if kpi in kpis else kpi for kpi in CHOICES}
    raise AskError(
        msg(
            '"{example}" may mean sales after discounts and returns (net), or before them (gross).',
            example=open_still,
        ),
        option=OPTION,
        example=open_still,
        choices=names,
        place=f"{place}, column {texts[open_still]}",
        remedy=msg("Choose one: set the option either to {a} or {b}.", a=CHOICES[0], b=CHOICES[1]),
    )
