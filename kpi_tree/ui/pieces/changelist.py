"""What differs between two states of a tree: added, removed, changed, moved; by colour, sign and word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from kpi_tree.i18n import Msg
from kpi_tree.plan.diff import Comparison, compare
from kpi_tree.plan.edit_values import Words
from kpi_tree.plan.edit_words import field_words
from kpi_tree.plan.edits import describe
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import nt, plain, say, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.workspace.drafting.telling import words_of

SHOWN = 60
Line = tuple[str, str, str]
"""An icon, a word for what happened, and to what."""


def show(before: Plan, after: Plan) -> None:
    """The differences as a list; of a very long one its beginning."""
    found = compare(before, after)
    if found.same:
        st.caption(t("There is no difference."))
        return
    words = words_of(current().home, (*before.nodes.values(), *after.nodes.values()))
    lines = list(_lines(before, after, found, words))
    for icon, word, what in lines[:SHOWN]:
        st.markdown(f":material/{icon}: **{word}** {what}")
    if len(lines) > SHOWN:
        st.caption(t("and {n} more", n=len(lines) - SHOWN))


def summary(found: Comparison) -> str:
    """How many boxes came, went, changed and moved, and how many targets and lines differ."""
    changed = sum(bool(fields.keys() - {"order"}) for fields in found.changed.values())
    lines = len({*found.edges_added, *found.edges_removed, *found.edges_changed})
    counts = (
        (len(found.added), nt("{n} box added", "{n} boxes added", len(found.added))),
        (len(found.removed), nt("{n} box removed", "{n} boxes removed", len(found.removed))),
        (len(found.moved), nt("{n} box moved", "{n} boxes moved", len(found.moved))),
        (changed, nt("{n} box changed", "{n} boxes changed", changed)),
        (len(found.targets), nt("{n} target differs", "{n} targets differ", len(found.targets))),
        (lines, nt("{n} line differs", "{n} lines differ", lines)),
    )
    return " · ".join(words for n, words in counts if n)


def _lines(before: Plan, after: Plan, found: Comparison, words: Words) -> Iterator[Line]:
    for edit in found.head:
        yield "edit", t("Plan"), say(describe(edit, words))
    for node in found.added:
        yield "add_circle", t("Added"), _name(after, node)
    for node in found.removed:
        yield "remove_circle", t("Removed"), _name(before, node)
    for node, (was, now) in found.moved.items():
        what = f"{_name(after, node)}: {_names(before, was)} → {_names(after, now)}"
        yield "drive_file_move", t("Moved"), what
    for node, fields in found.changed.items():
        for field, (old, new) in fields.items():
            if field == "order":
                continue
            what = f"{_name(after, node)}, {say(field_words(field))}"
            old_words, new_words = (_shown(words, field, one, node) for one in (old, new))
            yield "edit", t("Changed"), f"{what}: {old_words} → {new_words}"
    for old_target, new_target in found.targets.values():
        said = new_target or old_target or {}
        owner = after if new_target else before
        what = f"{t('Target')} {_name(owner, str(said.get('node')))}"
        old_words, new_words = (_value(words, one) for one in (old_target, new_target))
        yield "flag", t("Changed"), f"{what}: {old_words} → {new_words}"
    lines = ((found.edges_added, t("Line added")), (found.edges_removed, t("Line removed")))
    for edges, word in lines:
        for parent, child in edges:
            if child not in found.moved:
                yield "link", word, f"{_name(after, parent)} → {_name(after, child)}"
    for parent, child in found.edges_changed:
        yield "link", t("Line changed"), f"{_name(after, parent)} → {_name(after, child)}"


def _name(plan: Plan, node: str) -> str:
    return plain(node_name(plan.nodes[node]) if node in plan.nodes else node)


def _names(plan: Plan, nodes: tuple[str, ...]) -> str:
    return ", ".join(_name(plan, node) for node in nodes) or "–"


def _shown(words: Words, field: str, value: object, node: str) -> str:
    if value in (None, "", [], ()):
        return "–"
    return say(Msg("{value}", params={"value": words.value(field, value, node)}))


def _value(words: Words, target: Mapping[str, object] | None) -> str:
    """A target's value, and its path where that is not the usual one."""
    if not target:
        return "–"
    return say(Msg("{value}", params={"value": words.amount(target.get("node"), target.get("value"))}))
