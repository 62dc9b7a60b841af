"""Check-ins that count: the value that a person says of a KPI no data speak of is an observation of its day.

It is loaded like a file of one row, under a name that says whose check-in it is, so that it has a receipt, is
found from the number, and can be withdrawn. Where data speak of the KPI, it stays a remark beside them.
"""

from __future__ import annotations

from datetime import datetime

from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Node
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.store import remarks as remarks_kept
from kpi_tree.store.batch_rows import Batch
from kpi_tree.store.remarks import Remark
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker
from kpi_tree.workspace.figuring.figures import engine_of


def typed_by_hand(home: Home, node: Node | None) -> bool:
    """Whether a check-in's value counts: a KPI, no formula, no records of it, and no file of its values."""
    if node is None or node.kind == "action" or node.formula or not node.kpi:
        return False
    kpi = catalogue_of(home).get(node.kpi)
    if kpi is None or any(engine_of(home).has(table) for table in kpi.tables):
        return False
    if node.kpi not in observations.known(home):
        return True
    by_hand = kept.check_ins(home)
    return all(one.batch in by_hand for one in observations.of(home, node.kpi))


def counting(home: Home) -> frozenset[str]:
    """Ids of the check-ins whose value counts now."""
    said = kept.check_ins(home)
    return frozenset(
        said[one.id] for one in kept.all_batches(home) if one.status == "active" and one.id in said
    )


def count(home: Home, who: Asker, node: Node, said: Remark, at: datetime) -> None:
    """Load a check-in's value as an observation of its day.

    Raises:
        Refused: the data cannot be written; the check-in is then taken back, so that none is half said.
    """
    # With all that reads files: most remarks need none of it.
    from kpi_tree.workspace.intake.filereading import Said
    from kpi_tree.workspace.intake.inbox import keep

    name = said.person.replace("/", " ").replace("\\", " ")  # a file's name ends at its last stroke
    row = f"date,value,note\n{said.day.isoformat()},{said.value!r},check-in {said.id}\n"
    told = Said(kpi=node.kpi, mapping={"options": {"percent": False, "grain": "day", "decimal": "."}})
    try:
        keep(home, who, row.encode(), f"check-in {said.id} {name}", told, now=at, check_in=said.id)
    except KpiTreeError:
        remarks_kept.put(home, said.id, None, who=who.name, now=at, action="delete")
        raise


def follow(home: Home, who: Asker, node: Node | None, now_said: Remark, before: Remark, at: datetime) -> None:
    """A check-in that counts was changed: its value of before goes, the one that is said now comes."""
    if (before.value, before.day) == (now_said.value, now_said.day):
        return
    if discount(home, who, now_said.id, at) and node is not None and now_said.value is not None:
        count(home, who, node, now_said, at)


def discount(home: Home, who: Asker, remark_id: str, at: datetime) -> bool:
    """Withdraw a check-in's value where it counts; whether it did."""
    found = [one for one in _of(home, remark_id) if one.status == "active"]
    for one in found:
        kept.withdraw(home, one.id, who=who.name, now=at)
    return bool(found)


def count_again(home: Home, who: Asker, remark_id: str, at: datetime) -> None:
    """A deleted check-in is back: so is its value, where it counted."""
    found = _of(home, remark_id)
    if found and all(one.status != "active" for one in found):
        kept.restore(home, max(found, key=lambda one: one.seq).id, who=who.name, now=at)


def _of(home: Home, remark_id: str) -> list[Batch]:
    said = kept.check_ins(home)
    return [one for one in kept.all_batches(home) if said.get(one.id) == remark_id]
