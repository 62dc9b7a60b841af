"""Actions to begin with for a KPI, and the kinds that actions are sorted into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi_tree import yamlfiles
from kpi_tree.catalogue.model import Kpi, Words
from kpi_tree.i18n import Msg, msg

KINDS: Mapping[str, Msg] = {
    "campaign": msg("Ads and campaigns"),
    "checkout": msg("Checkout"),
    "content": msg("Content and posts"),
    "mail": msg("E-mail and messages"),
    "offer": msg("Prices and offers"),
    "page": msg("Pages"),
    "process": msg("Ways of working"),
    "product": msg("Products and parcels"),
    "search": msg("Search"),
    "service": msg("Customer service"),
    "stock": msg("Stock and purchasing"),
    "technical": msg("Technical"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An action that is known to move some KPIs.

    Attributes:
        kind: one of :data:`KINDS`, or empty. course: as in
            :class:`kpi_tree.plan.action_fields.ActionFields`.
    """

    id: str
    name: Words
    kind: str = ""
    course: str | None = None
    kpis: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """Its name in a language."""
        return self.name.get(lang) or self.name["en"]


@lru_cache(maxsize=1)
def suggestions() -> tuple[Suggestion, ...]:
    """All of them, in the order of their file."""
    path = Path(__file__).with_name("suggestions.yaml")
    found: list[dict[str, Any]] = yamlfiles.load(path)
    return tuple(
        Suggestion(one["id"], one["name"], one["kind"], one.get("course"), tuple(one["kpis"]))
        for one in found
    )


def suggested_for(kpi: Kpi | None, kpi_id: str | None = None) -> list[Suggestion]:
    """What to do about a KPI, what is mainly about it first; its own advice where nothing else is known.

    >>> from kpi_tree.catalogue import catalogue
    >>> suggested_for(catalogue()["bounce_rate"])[0].text("en").startswith("Find the part")
    True
    """
    name = kpi.id if kpi is not None else kpi_id or ""
    found = [one for one in suggestions() if name in one.kpis]
    found.sort(key=lambda one: one.kpis.index(name))
    if not found and kpi is not None and kpi.action:
        return [Suggestion(f"advice_{name}", kpi.action, kpis=(name,))]
    return found


def kind_words(kind: str) -> Msg:
    """A kind for people; one that a person named stands as typed.

    >>> str(kind_words("mail")), str(kind_words("Radio"))
    ('E-mail and messages', 'Radio')
    """
    return KINDS.get(kind) or Msg("{kind}", params={"kind": kind})
