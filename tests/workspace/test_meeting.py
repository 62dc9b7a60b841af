"""A meeting in a file: what it says is what the workspace says; plain text, no network, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.analysis.verdict import STATUS_NAMES
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import MEETING_SECTIONS, Asker, Lens
from kpi_tree.workspace.news.weeklywords import gap_words

AT = date(2026, 2, 14)
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOSTILE = '</style></script><img src="http://evil.example/x"> & "quoted" \\'
KNOWN_NOW: dict[str, Any] = {"at": AT, "now": NOW, "lens": Lens()}
DRAWN = {"tree", "why", "forecast"}
FAST = [name for name in MEETING_SECTIONS if name not in DRAWN]


class Page(HTMLParser):
    """The page's parts, its numbers, its text, its elements."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.numbers: dict[str, list[float]] = {}
        self.titles: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._in = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        self._in = tag
        if named.get("data-part"):
            self.parts.append(str(named["data-part"]))
        if tag == "data":
            self.numbers.setdefault(self.parts[-1], []).append(float(str(named["value"])))

    def handle_data(self, data: str) -> None:
        if self._in != "style":
            self.text += f" {data}"
        if self._in == "h2":
            self.titles.append(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._in = ""


def _target(node: str, value: float, **more: Any) -> dict[str, Any]:
    after = {
        "id": f"t_{node}", "node": node, "period": {"start": "2026-02-01", "end": "2026-03-01"},
        "value": value, "trajectory": "linear", **more,
    }  # fmt: skip
    return {"op": "set_target", "target": f"t_{node}", "after": after}


@pytest.fixture
def shop(
    home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan, owner: Asker
) -> Home:
    """Two orders of 100 a day; targets, an action that is late, a check-in, a comment and a decision."""
    put(trade(date(2025, 1, 20), 391))
    mail = {"id": "mail", "kind": "action", "name": HOSTILE, "owner": "Ola", "state": "doing",
            "due": "2026-02-10", "expected_effect": 20.0}  # fmt: skip
    edits = [
        _target("sales", 8000.0),
        _target("orders", 64.0),
        _target("aov", 120.0, baseline=90.0),
        {
            "op": "add_node",
            "after": mail,
            "edges": [{"parent": "orders", "child": "mail", "kind": "supports"}],
        },
        {"op": "set_plan", "field": "name", "after": HOSTILE},
    ]
    workspace.edit_plan(home, owner, None, edits, base_revision=small_plan.revision, now=NOW)
    said: dict[str, Any] = {"day": AT, "now": NOW}
    workspace.check_in(home, owner, "orders", value=40, confidence="low", changed="fewer visits", **said)
    workspace.comment(home, owner, "aov", "too dear <b>", **said)
    workspace.comment(home, owner, "sales", "free freight", decision=True, next_step="Ola asks", **said)
    workspace.comment(home, owner, "sales", "long ago", day=AT - timedelta(20), now=NOW)
    return home


def _page(home: Home, **asked: Any) -> Page:
    return Page(workspace.meeting(home, Asker("Kari", "viewer"), **{**KNOWN_NOW, **asked}))


def test_what_it_says_is_what_the_workspace_says(shop: Home, owner: Asker) -> None:
    content = workspace.meeting(shop, owner, **KNOWN_NOW)
    page, text = Page(content), " ".join(Page(content).text.split())
    assert list(dict.fromkeys(page.parts)) == [
        "attention", "tree", "verdicts", "why", "forecast", "actions", "effects", "decisions", "remarks",
        "changes", "freshness",
    ]  # fmt: skip

    def told(*messages: Any) -> bool:
        return all(" ".join(translate(one, "en").split()) in text for one in messages)

    views = [view for view in workspace.tree(shop, owner, at=AT) if view.target is not None]
    wanted = [one for view in views for one in (view.actual, view.target, view.expected)]
    assert page.numbers["verdicts"] == wanted
    assert told(*(view.reason for view in views), *(STATUS_NAMES[view.status or ""] for view in views))
    landing = {view.outlook.value for view in views if view.outlook and view.outlook.value is not None}
    assert landing <= set(page.numbers.get("forecast", []))
    february, last_year = (Period(date(year, 2, 1), date(year, 3, 1)) for year in (2026, 2025))
    for before in (last_year, None):
        found = workspace.explain_change(
            shop, owner, "sales", after=february, before=before, at=AT, same_days=True
        )
        assert {part.value for part in found.drivers} <= set(page.numbers["why"])
        assert told(*found.words())
    covered = workspace.gap_coverage(shop, owner, "sales", at=AT)
    assert told(gap_words(covered, "en"))
    assert page.numbers["actions"] == [20.0], "the expected effect of the one open action"
    assert "Being done · late" in text
    assert content == workspace.meeting(shop, owner, **{**KNOWN_NOW, "now": NOW + timedelta(hours=1)})


def test_what_was_said_and_decided_in_the_week(shop: Home) -> None:
    page = _page(shop, sections=["decisions", "remarks"])
    assert page.parts == ["decisions", "remarks"]
    decided, said = page.text.split("Check-ins and comments")
    assert "free freight" in decided
    assert "Next: Ola asks" in decided
    assert "fewer visits" in said
    assert "confidence: low" in said
    assert "too dear <b>" in said, "text, letter by letter"
    assert "long ago" not in page.text


def test_names_are_text_and_nothing_comes_from_elsewhere(shop: Home, owner: Asker) -> None:
    content = workspace.meeting(
        shop, owner, **KNOWN_NOW, sections=FAST, by=HOSTILE, since=AT - timedelta(30)
    ).decode()
    page = Page(content.encode())
    assert "long ago" in page.text, "told as new since an earlier day"
    named = page.text.replace("\xa0", " ")
    assert named.count(HOSTILE) >= 3, "title, plan, action and maker"
    assert {"script", "img", "iframe", "link"}.isdisjoint(tag for tag, _ in page.tags)
    for tag, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "action"):
            assert not attributes.get(name), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")]
    content = workspace.meeting(
        shop, Asker("Kari", "viewer"), at=AT, now=NOW, sections=["freshness"]
    ).decode()
    style = content[content.index("<style>") : content.index("</style>")]
    assert "evil.example/x" not in style, "a title on paper is a string without a letter that ends it"
    assert not re.search(r"url\((?!\"?data:)", content)
    assert "default-src 'none'" in content


@pytest.mark.parametrize(("lang", "number"), [("nb", "5 600,00"), ("ja", "5,600")])
def test_it_speaks_the_readers_language(shop: Home, lang: str, number: str) -> None:
    page = _page(shop, lang=lang, sections=FAST)
    assert page.tags[0] == ("html", {"lang": lang})
    shown = " ".join(page.text.replace("\xa0", " ").split())
    assert re.sub(r"[.,]00\b", "", number) in re.sub(r"[.,]00\b", "", shown)


def test_a_past_day_shows_plan_and_targets_of_then(shop: Home, owner: Asker) -> None:
    then, later = date(2026, 3, 8), NOW + timedelta(days=9)
    plan = workspace.plan(shop, owner)
    workspace.edit_plan(shop, owner, None, [_target("sales", 9999.0)], base_revision=plan.revision, now=later)
    asked: dict[str, Any] = {"now": later, "sections": ["verdicts"]}
    past, young = (Page(workspace.meeting(shop, owner, **{**asked, "at": day})) for day in (then, AT))
    assert 8000.0 in past.numbers["verdicts"]
    assert 9999.0 not in past.numbers["verdicts"]
    assert "those of that day" in past.text
    assert "made after this day" in young.text
    assert 9999.0 in young.numbers["verdicts"], "there was no plan on that day: it is as known now"


def test_no_plan_no_data_no_such_section(home: Home, owner: Asker) -> None:
    with pytest.raises(NotFound, match="no plan"):
        workspace.meeting(home, owner, at=AT, now=NOW)
    workspace.new_plan(home, owner, template=None, name="Sales", now=NOW)
    page = _page(home, at=date(2026, 3, 5))
    for words in ("No indicator has a target yet", "No forecast", "No action is open", "Nothing was decided",
                  "No numbers yet", "no value to explain"):  # fmt: skip
        assert words in page.text, words
    with pytest.raises(Refused, match="no section verdict") as caught:
        workspace.meeting(home, owner, sections=["verdict"])
    assert "verdicts" in str(caught.value.remedy)
    with pytest.raises(Refused, match="first day"):
        workspace.meeting(home, owner, at=AT, since=AT + timedelta(1))
