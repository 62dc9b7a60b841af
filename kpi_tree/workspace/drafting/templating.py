"""Trees to begin with: the program's and a home's own; keeping one, throwing it away, bringing it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import language_of, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.model import Plan
from kpi_tree.plan.templates import build, list_templates, needs
from kpi_tree.plan.templates.build import Need
from kpi_tree.store import Home, shelf
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.keeping import short_name
from kpi_tree.workspace.drafting.planning import free_id, plan_id_of


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template as a list shows it, in one language."""

    id: str
    name: str
    about: str
    goal: str
    nodes: int
    own: bool
    needs: tuple[Need, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The record tables that fill it, each once."""
        return tuple(dict.fromkeys(table for need in self.needs for table in need.tables))

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        asked = [
            {"node": need.node, "name": need.name, "how": need.how, "tables": list(need.tables)}
            for need in self.needs
        ]
        return {
            "id": self.id,
            "name": self.name,
            "about": self.about,
            "goal": self.goal,
            "nodes": self.nodes,
            "own": self.own,
            "tables": list(self.tables),
            "needs": asked,
        }


@verb
def templates(home: Home, who: Asker, *, lang: str = "en", away: bool = False) -> list[TemplateView]:  # noqa: ARG001
    """Every template with what data it needs; this home's own last. ``away``: only those thrown away."""
    lang = language_of(lang)
    known = catalogue_of(home)
    own = [_own_view(one, known) for one in shelf.templates(home, away=away).values()]
    if away:
        return own
    words = {kpi.id: kpi.text("name", lang) for kpi in known.values()}
    made = [
        TemplateView(
            one.id,
            one.name.get(lang) or one.name["en"],
            one.about.get(lang) or one.about["en"],
            one.goal.get(lang) or one.goal.get("en", ""),
            one.nodes,
            False,
            tuple(needs(build(one.id, lang, words), known)),
        )
        for one in list_templates()
    ]
    return [*made, *own]


def _own_view(one: Plan, known: Mapping[str, Kpi]) -> TemplateView:
    return TemplateView(one.id, one.name, one.notes, "", len(one.nodes), True, tuple(needs(one, known)))


@verb
def save_template(
    home: Home, who: Asker, name: str, *, plan_id: str | None = None, now: datetime | None = None
) -> str:
    """Keep a tree as a template of this home, without targets, owners and dates. Gives its id.

    The same name again replaces the earlier one.
    """
    words = short_name(name)
    own = shelf.templates(home)
    again = next((one.id for one in own.values() if one.name == words), None)
    taken = {one.id for one in list_templates()} | set(own)
    bare = plan_cached(home, plan_id_of(home, plan_id))
    nodes = {
        node.id: replace(node, owner="", informed=(), start=None, due=None, state=None, assumption=None)
        for node in bare.nodes.values()
    }
    made = bare.with_(id=again or free_id(words, taken), name=words, nodes=nodes, targets={})
    shelf.keep_template(home, made, who=who.name, now=moment(now))
    return made.id


@verb
def forget_template(home: Home, who: Asker, template: str, *, now: datetime | None = None) -> None:
    """Throw away a template of this home; :func:`restore_template` brings it back.

    Raises:
        Refused: it is one of the program's own.
        NotFound: there is no such template.
    """
    if template in {one.id for one in list_templates()}:
        raise Refused(
            msg("This template is part of the program."),
            place=template,
            remedy=msg("Only your own templates can be deleted."),
        )
    _own_template(home, template)
    shelf.forget_template(home, template, who=who.name, now=moment(now))


@verb
def restore_template(home: Home, who: Asker, template: str, *, now: datetime | None = None) -> None:
    """Bring back a template that was thrown away.

    Raises:
        NotFound: none of this id was.
    """
    plan = shelf.templates(home, away=True).get(template)
    if plan is None:
        raise NotFound(
            msg("There is no template {id}.", id=template[:80]),
            place=template[:80],
            remedy=msg("See the list of templates."),
        )
    shelf.keep_template(home, plan, who=who.name, now=moment(now))


def _own_template(home: Home, template: str) -> Plan:
    own = shelf.templates(home)
    if template not in own:
        raise NotFound(
            msg("There is no template {id}.", id=template[:80]),
            place=template[:80],
            remedy=did_you_mean(template, own, msg("See the list of templates.")),
        )
    return own[template]


def template_plan(home: Home, template: str, lang: str) -> Plan:
    """The tree of a template, a home's own or the program's, its KPIs named in a language.

    Raises:
        NotFound: there is no such template.
    """
    own = shelf.templates(home).get(template)
    if own is not None:
        return own
    words = {kpi.id: kpi.text("name", lang) for kpi in catalogue_of(home).values()}
    return build(template, language_of(lang), words)
