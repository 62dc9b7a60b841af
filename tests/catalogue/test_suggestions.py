"""Every KPI of the catalogue has something to do about it, in three languages."""

from __future__ import annotations

from kpi_tree.catalogue import catalogue
from kpi_tree.catalogue.suggestions import KINDS, suggested_for, suggestions
from kpi_tree.plan.action_fields import COURSES


def test_every_kpi_has_one_that_is_about_it() -> None:
    known = catalogue()
    without = [name for name, kpi in known.items() if not suggested_for(kpi)]
    assert without == []
    own = {name for one in suggestions() for name in one.kpis}
    assert own == set(known)


def test_each_is_whole() -> None:
    ids = [one.id for one in suggestions()]
    assert len(ids) == len(set(ids))
    for one in suggestions():
        assert set(one.name) == {"en", "nb", "ja"}
        assert all(0 < len(text) <= 120 for text in one.name.values()), one.id
        assert one.kind in KINDS
        assert one.course in (None, *COURSES)
        assert len(one.kpis) == len(set(one.kpis))
    for lang in ("en", "nb", "ja"):
        names = [one.text(lang) for one in suggestions()]
        assert len(names) == len(set(names))
