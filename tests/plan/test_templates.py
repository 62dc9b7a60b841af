"""Templates: sound trees, in three languages, on catalogue ids."""

from __future__ import annotations

from datetime import date
from importlib import resources

import pytest
import yaml

from kpi_tree.catalogue import catalogue
from kpi_tree.errors import NotFound
from kpi_tree.plan import rules
from kpi_tree.plan.goal import understand
from kpi_tree.plan.goals.kpi_names import everyday_words
from kpi_tree.plan.lint import lint
from kpi_tree.plan.model import STRENGTHS
from kpi_tree.plan.planfile import from_json, to_json
from kpi_tree.plan.templates import build, list_templates, needs
from kpi_tree.sample import sample_plan

IDS = [template.id for template in list_templates()]


def test_the_goal_templates_and_the_shop_are_there() -> None:
    assert IDS[:5] == [
        "increase_sales",
        "increase_conversion",
        "increase_traffic",
        "fewer_calls",
        "online_shop",
    ]


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
@pytest.mark.parametrize("template", IDS)
def test_a_template_is_a_sound_tree(template: str, lang: str) -> None:
    plan = build(template, lang)
    known = set(everyday_words())
    assert [issue for issue in rules.check(plan, known) if issue.level == "error"] == []
    assert plan.root() is not None
    assert plan.tops() == [plan.root()], "nothing hangs loose"
    kinds = {edge.kind for edge in plan.edges}
    assert {"influence", "guardrail", "supports"} <= kinds
    assert plan.language == lang
    assert all(node.name for node in plan.nodes.values())
    assert from_json(to_json(plan)) == plan


@pytest.mark.parametrize("template", list_templates(), ids=IDS)
def test_its_texts_stand_in_three_languages_and_its_goal_is_understood(template: object) -> None:
    from kpi_tree.plan.templates import Template

    assert isinstance(template, Template)
    for texts in (template.name, template.about, template.goal):
        assert set(texts) == {"en", "nb", "ja"}
    root = build(template.id).root()
    for lang, sentence in template.goal.items():
        goal = understand(sentence, date(2026, 11, 22), {}, lang=lang)
        kpi = build(template.id).nodes[str(root)].kpi
        if kpi is not None:
            assert goal.kpi == kpi
            assert goal.change is not None
            assert goal.period is not None


def test_names_differ_between_languages() -> None:
    en, ja = build("online_shop", "en"), build("online_shop", "ja")
    same = [node for node in en.nodes if en.nodes[node].name == ja.nodes[node].name]
    assert len(same) <= 1, same


def test_the_catalogue_names_win() -> None:
    assert build("online_shop", "en", {"sales": "Net sales!"}).nodes["sales"].name == "Net sales!"


def test_an_unknown_template_names_the_nearest() -> None:
    with pytest.raises(NotFound, match="Did you mean online_shop"):
        build("onlineshop")


def test_what_data_a_template_needs() -> None:
    class Entry:
        wanted = ("orders",)

    found = {need.node: need for need in needs(build("increase_traffic"), {"sessions": Entry()})}
    assert found["sessions"].tables == ("orders",)
    assert found["tracked_impressions"].how == "values"


@pytest.mark.parametrize("template", IDS)
def test_a_template_is_filled(template: str) -> None:
    """Formulas that make sense, every line of influence with its hypothesis, guardrails, things to do."""
    kpis = catalogue()
    plan = build(template, "en", {kpi.id: kpi.text("name", "en") for kpi in kpis.values()})
    kinds = [edge.kind for edge in plan.edges]
    assert any(node.formula for node in plan.nodes.values())
    assert kinds.count("guardrail") >= 1
    assert kinds.count("supports") >= 2
    for edge in plan.edges:
        if edge.kind != "influence":
            continue
        kpi = plan.nodes[edge.child].kpi
        a_table = kpi in kpis and kpis[kpi].rollup == "table"  # a list has no direction
        assert edge.sign or a_table, edge.key
        assert edge.lag is not None, edge.key
        assert edge.strength in STRENGTHS, edge.key
        assert edge.hypothesis.endswith("."), edge.key
    said = [one.issue for one in lint(plan, kpis)]
    unlevered = ("no_lever", "only_lagging")
    assert not [issue for issue in said if issue.level != "info" or issue.code in unlevered]


@pytest.mark.parametrize("template", IDS)
def test_every_box_of_a_template_says_what_data_it_needs(template: str) -> None:
    found = needs(build(template), catalogue())
    assert {need.node for need in found} == {
        node.id for node in build(template).nodes.values() if node.kind != "action"
    }
    assert any(need.tables for need in found if need.how == "records")
    assert all(need.tables for need in found if need.how == "records" and need.kpi != "nps")


def test_the_common_hypotheses_are_whole_and_used() -> None:
    texts = (resources.files("kpi_tree.plan") / "hypotheses.yaml").read_text(encoding="utf-8")
    written = {
        (above, below): one for above, rest in yaml.safe_load(texts).items() for below, one in rest.items()
    }
    plans = [*map(build, IDS), sample_plan(date(2026, 11, 22))]
    used = {edge.key for plan in plans for edge in plan.edges if edge.kind == "influence"}
    assert set(written) == used
    for one in written.values():
        assert set(one) == {"lag", "strength", "why"}
        assert set(one["why"]) == {"en", "nb", "ja"}
