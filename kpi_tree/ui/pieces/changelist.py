"""What differs between two states of a tree: added, removed, changed, moved; by colour, sign and word."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi_tree.i18n import Msg
from kpi_tree.plan.diff import compare
from kpi_tree.plan.edit_values import Words
from kpi_tree.plan.edit_words import field_words
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import plain, say, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.workspace.drafting.telling import words_of


def show(before: Plan, after: Plan) -> None:
    """The differences as a list."""
    found = compare(before, after)
    if found.same:
        st.caption(t("There is no difference."))
        return
    words = words_of(current().home, (*before.nodes.values(), *after.nodes.values()))
    for node in found.added:
        _line("add_circle", t("Added"), _name(after, node))
    for node in found.removed:
        _line("remove_circle", t("Removed"), _name(before, node))
    for node, (was, now) in found.moved.items():
        _line(
            "drive_file_move",
            t("Moved"),
            f"{_name(after, node)}: {_names(before, was)} → {_names(after, now)}",
        )
    for node, fields in found.changed.items():
        for field, (old, new) in fields.items():
            if field == "order":
                continue
            what = f"{_name(after, node)}, {say(field_words(field))}"
            old_words, new_words = (_shown(words, field, one, node) for one in (old, new))
            _line("edit", t("Changed"), f"{what}: {old_words} → {new_words}")
    for old_target, new_target in found.targets.values():
        said = new_target or old_target or {}
        owner = after if new_target else before
        what = f"{t('Target')} {_name(owner, str(said.get('node')))}"
        old_words, new_words = (_value(words, one) for one in (old_target, new_target))
        _line("flag", t("Changed"), f"{what}: {old_words} → {new_words}")
    lines = ((found.edges_added, t("Line added")), (found.edges_removed, t("Line removed")))
    for edges, word in lines:
        for parent, child in edges:
            if child not in found.moved:
                _line("link", word, f"{_name(after, parent)} → {_name(after, child)}")
    for parent, child in found.edges_changed:
        _line("link", t("Line changed"), f"{_name(after, parent)} → {_name(after, child)}")


def _line(icon: str, word: str, what: str) -> None:
    st.markdown(f":material/{icon}: **{word}** {what}")


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
