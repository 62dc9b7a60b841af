"""Sentences that the overview and the digest share: what changed, and what the actions bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kpi_tree.analysis.verdict import IN_A_SENTENCE, STATUS_NAMES
from kpi_tree.i18n import Msg, Quantity, format_percent, msg, nmsg
from kpi_tree.workspace.acting.coverage import Coverage
from kpi_tree.workspace.base.naming import NodeName
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.news.sincethen import Changed

MOST_TURNED = 6
GOOD = ("ahead", "on_track", "achieved")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that changed. ``kind``: turned, closed, loaded, edited; ``node`` and ``batch`` lead to it."""

    kind: str
    words: Msg
    node: str = ""
    batch: str = ""
    good: bool | None = None


def change_lines(found: Changed, views: Mapping[str, NodeView]) -> Iterator[ChangeLine]:
    """What changed, the verdicts first, one line a thing; many of a kind are counted."""
    for one in found.turned[:MOST_TURNED]:
        view = views[one.node]
        parts = {
            "name": NodeName(view.name, view.names),
            "after": _status(one.after),
            "before": _status(one.before),
        }
        words = msg("{name} is {after}; it was {before}.", **parts)
        yield ChangeLine("turned", words, one.node, good=one.after in GOOD if one.after else None)
    more = len(found.turned) - MOST_TURNED
    if more > 0:
        yield ChangeLine("turned", nmsg("{n} more status turned.", "{n} more statuses turned.", more))
    for action in found.closed:
        done = action.state == "done"
        words = (
            msg("{name} is done.", name=action.name) if done else msg("{name} was dropped.", name=action.name)
        )
        yield ChangeLine("closed", words, action.id, good=done or None)
    if found.loaded:
        rows = sum(one.accepted + one.changed for one in found.loaded)
        words = nmsg("{n} file came in, the last one {file}: {rows} rows new or changed.",
                     "{n} files came in, the last one {file}: {rows} rows new or changed.",
                     len(found.loaded), file=found.loaded[0].file, rows=rows)  # fmt: skip
        yield ChangeLine("loaded", words, batch=found.loaded[0].batch)
    if found.edits:
        last = found.edits[0]
        words = nmsg("{n} change of the plan, by {who}: {what}",
                     "{n} changes of the plan, the last one by {who}: {what}",
                     len(found.edits), who=last.who, what=last.words[0])  # fmt: skip
        yield ChangeLine("edited", words)


def _status(status: str | None) -> Msg:
    return IN_A_SENTENCE.get(status or "") or STATUS_NAMES.get(status or "") or msg("without a verdict")


def gap_words(found: Coverage, lang: str) -> Msg:
    """How much is missing by the end, and how much of it has an action behind it."""

    def value(amount: float | None) -> Quantity:
        return Quantity(amount, found.unit, found.currency, compact=True)

    if found.gap is not None and found.gap <= 0:
        return msg("As it looks now, the target is reached without more.")
    if found.together is None:
        if not found.gap:
            return msg("No open action says what it is to bring.")
        return msg(
            "Missing by the end: {gap}. No open action says what it is to bring.", gap=value(found.gap)
        )
    if found.gap is None:
        return msg("Together they are expected to bring {value}.", value=value(found.together))
    return msg(
        "Missing by the end: {gap}. The open actions are expected to bring {value} ({share}).",
        gap=value(found.gap),
        value=value(found.together),
        share=format_percent(found.share, lang, decimals=0),
    )
