"""The digest: where the goal stands, what asks for somebody, what changed in the week, what is being done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from kpi_tree.alerts import Line, Message
from kpi_tree.analysis.verdict import STATUS_NAMES
from kpi_tree.errors import KpiTreeError, NotFound, Refused
from kpi_tree.exchange.weekly import Entry, Pictures, Section, Weekly, to_weekly
from kpi_tree.i18n import Msg, Quantity, format_date, format_percent, msg, nmsg, translate
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.acting.coverage import gap_coverage
from kpi_tree.workspace.acting.ledger import actions
from kpi_tree.workspace.base.homes import end_of, moment, today_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.judged.cards import age
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.trees import seen_through
from kpi_tree.workspace.news.sincethen import Changed, changed, snapshot
from kpi_tree.workspace.news.weeklychart import finding, line_svg, path_svg
from kpi_tree.workspace.news.weeklywords import change_lines, gap_words
from kpi_tree.workspace.targeting.atstake import Stake, stakes

DAYS = 7
MOST = 8
READER = Asker("digest", "viewer")


@verb
def digest(
    home: Home,
    who: Asker,  # noqa: ARG001
    *,
    at: date | None = None,
    plan_id: str | None = None,
    lang: str = "en",
    link: str = "",
    now: datetime | None = None,
) -> bytes:
    """The digest as a page of its own, UTF-8: light and dark, with charts, and for paper.

    Args:
        at: the last day of the week; without it the shop's today. link: the app's own address.

    Raises:
        NotFound: there is no such plan.
    """
    made = _Digest(home, plan_of(home, READER, plan_id), at or today_of(home, now), moment(now), lang, link)
    week = made.week()
    light, dark = made.drawn(dark=False), made.drawn(dark=True)
    return to_weekly(week, Pictures(light, dark)).encode()


def letter(home: Home, plan_id: str, *, lang: str, key: str, now: datetime, link: str) -> Message:
    """The digest as a message: a page with its pictures for e-mail, lines for everything else."""
    from kpi_tree.exchange.drawing import to_png

    made = _Digest(home, plan_of(home, READER, plan_id), today_of(home, now), now, lang, link)
    week = made.week()
    pictures: dict[str, bytes] = {}
    with suppress(Refused):  # a machine without the letters: the words say it all
        pictures = {name: to_png(svg) for name, svg in made.drawn(dark=False).items()}
    shown = Pictures(dict.fromkeys(pictures, ""), in_mail=True)
    lines = made.lines(week)
    title = f"{week.title} · {week.days}"
    page = to_weekly(week if pictures else made.without_pictures(week), shown)
    return Message(key, title, lines, week.note, now.isoformat(), link, lang, page=page, pictures=pictures)


class _Digest:
    def __init__(self, home: Home, plan: Plan, at: date, now: datetime, lang: str, link: str) -> None:
        self.home, self.plan, self.at, self.now, self.lang, self.link = home, plan, at, now, lang, link
        self.views = {view.id: view for view in seen_through(home, plan.id, at, Lens())}
        self.goal = next((view for view in self.views.values() if view.kind == "kgi"), None)
        self.stakes: Sequence[Stake] = stakes(home, READER, at=at, plan_id=plan.id)

    def said(self, message: Msg | str | None) -> str:
        return translate(message, self.lang)

    def week(self) -> Weekly:
        first = self.at - timedelta(days=DAYS - 1)
        title = self.plan.name or self.said(msg("KPI tree"))
        days = f"{format_date(first, self.lang)} – {format_date(self.at, self.lang)}"
        note = self.said(msg("Made on {day} from the numbers that were there.", day=self.at))
        base = Weekly(
            title, days, note=note, lang=self.lang, link=self.link,
            link_word=self.said(msg("Open in KPI Tree")), sections=self.sections(),
        )  # fmt: skip
        return self._with_goal(base) if self.goal else base

    def _with_goal(self, week: Weekly) -> Weekly:
        view = self.goal
        assert view is not None
        pictures = bool(view.target is not None and view.points)
        return replace(
            week,
            goal=view.named(self.lang),
            value=self._amount(view, view.actual, view.target),
            target=self._amount(view, view.target, view.actual) if view.target is not None else "",
            status=view.status or "",
            status_word=self.said(STATUS_NAMES.get(view.status or "", "")),
            sentences=[self.said(one) for one in self._sentences(view)],
            chart="goal" if pictures else "",
            chart_alt=finding(view, self.lang),
        )

    def _amount(self, view: NodeView, value: float | None, beside: float | None = None) -> str:
        return Quantity(value, view.unit, view.currency, beside=beside).in_language(self.lang)

    def _short(self, view: NodeView) -> str:
        value, target = (
            Quantity(one, view.unit, view.currency, compact=True).in_language(self.lang)
            for one in (view.actual, view.target)
        )
        return value if view.target is None else f"{value} / {target}"

    def _sentences(self, view: NodeView) -> Iterable[Msg]:
        yield view.reason
        seen = view.outlook
        if seen is not None and seen.value is not None:
            lands = Quantity(seen.value, view.unit, view.currency, compact=True)
            if seen.probability is not None:
                chance = min(max(seen.probability, 0.01), 0.99)
                yield msg(
                    "It lands at {value}, with a probability of {share} to reach the target.",
                    value=lands, share=format_percent(chance, self.lang, decimals=0),
                )  # fmt: skip
            else:
                yield msg("It lands at {value}.", value=lands)
        if view.needed_words is not None:
            yield view.needed_words

    def sections(self) -> list[Section]:
        return [self._attention(), self._changes(), self._actions(), self._freshness()]

    def _attention(self) -> Section:
        goal = self.goal.named(self.lang) if self.goal else ""
        entries: list[Entry] = []
        for one in self.stakes[:MOST]:
            view = self.views[one.node]
            entries.append(
                Entry(
                    view.named(self.lang),
                    f"{self.said(view.reason)} {self.said(one.words(goal))}".strip(),
                    self._short(view),
                    one.status,
                    self.said(STATUS_NAMES[one.status]),
                    self._to(view.id),
                    f"line{len(entries)}" if view.points else "",
                )
            )
        more = len(self.stakes) - MOST
        return Section(
            self.said(msg("Needs attention")),
            entries,
            self.said(msg("No other indicator is off its path.")),
            self.said(nmsg("{n} more in the tree.", "{n} more in the tree.", more)) if more > 0 else "",
        )

    def _to(self, node: str) -> str:
        return f"{self.link}/kpi?{urlencode({'id': node, 'plan': self.plan.id})}" if self.link else ""

    def changed(self) -> Changed | None:
        """Against the tree as it was known a week ago; None where there was none."""
        day = self.at - timedelta(days=DAYS)
        then = end_of(self.home, day)
        assert then is not None
        try:
            views = seen_through(self.home, self.plan.id, day, Lens(as_known=day, structure=day, targets=day))
        except NotFound:
            return None
        was = {**snapshot(views, []), "actions": self._states_then(views)}
        return changed(self.home, READER, self.plan.id, self.at, then, was)

    def _states_then(self, views: Iterable[NodeView]) -> dict[str, str]:
        plan = plan_of(self.home, READER, self.plan.id, as_of=self.at - timedelta(days=DAYS))
        return {one.id: plan.nodes[one.id].state or "planned" for one in views if one.kind == "action"}

    def _changes(self) -> Section:
        found = self.changed()
        title = self.said(msg("What changed in the week"))
        if found is None:
            return Section(title, (), self.said(msg("The plan is younger than a week.")))
        lines = [
            Entry(self.said(one.words), link=self._to(one.node), plain=True)
            for one in change_lines(found, self.views)
        ]
        return Section(title, lines, self.said(msg("Nothing changed.")))

    def _actions(self) -> Section:
        title, text = self.said(msg("What is being done")), ""
        if self.goal is not None:
            with suppress(KpiTreeError):
                found = gap_coverage(self.home, READER, self.goal.id, at=self.at, plan_id=self.plan.id)
                text = self.said(gap_words(found, self.lang))
        late = [one for one in actions(self.home, READER, self.plan.id, at=self.at) if one.late]
        entries = [Entry(text, plain=True)] if text else []
        for one in late[:MOST]:
            due = self.said(msg("late since {day}", day=one.due)) if one.due else ""
            entries.append(Entry(one.name, " · ".join(part for part in (one.owner, due) if part)))
        return Section(title, entries, self.said(msg("No action is late.")))

    def _freshness(self) -> Section:
        dated = [view.data_through for view in self.views.values() if view.data_through]
        title = self.said(msg("Freshness"))
        if not dated:
            return Section(title, (), self.said(msg("No numbers yet.")))
        ago = age(max(dated), self.at, self.lang)
        words = self.said(msg("Numbers go through {day} ({age}).", day=max(dated), age=ago))
        late = [view.named(self.lang) for view in self.views.values() if view.stale]
        return Section(title, [Entry(words, ", ".join(late[:MOST]), plain=True)])

    def drawn(self, *, dark: bool) -> dict[str, str]:
        """The pictures by name, as SVG."""
        found: dict[str, Callable[[], str]] = {}
        goal = self.goal
        if goal is not None and goal.target is not None and goal.points:
            found["goal"] = lambda: path_svg(goal, self.lang, dark=dark)
        for place, one in enumerate(self.stakes[:MOST]):
            view = self.views[one.node]
            if view.points:
                found[f"line{place}"] = partial(line_svg, view, dark=dark)
        return {name: make() for name, make in found.items()}

    def without_pictures(self, week: Weekly) -> Weekly:
        """The same where no picture can be made."""
        sections = [
            replace(one, entries=[replace(entry, picture="") for entry in one.entries])
            for one in week.sections
        ]
        return replace(week, chart="", sections=sections)

    def lines(self, week: Weekly) -> tuple[Line, ...]:
        """The digest for a place that shows a few lines of text."""
        told = []
        if week.goal:
            against = f" / {week.target}" if week.target else ""
            title = f"{week.goal}: {week.value}{against}"
            told.append(Line(title, " ".join(week.sentences), week.status, self.goal.id if self.goal else ""))
        for section in week.sections:
            told += [Line(one.title, one.text, one.status, "", one.link) for one in section.entries[:3]]
        return tuple(told)
