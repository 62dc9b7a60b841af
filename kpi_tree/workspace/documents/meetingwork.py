"""A meeting's parts about people: what is done, said, decided, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta

from kpi_tree.errors import KpiTreeError, NotFound
from kpi_tree.exchange.minutes import Cell, Part, Quote, Table
from kpi_tree.exchange.weekly import Entry
from kpi_tree.i18n import Msg, Quantity, format_date, msg, nmsg, pmsg
from kpi_tree.plan.action_fields import OPEN_STATES
from kpi_tree.workspace.acting.coverage import Coverage, gap_coverage
from kpi_tree.workspace.acting.ledger import ActionView, effect_words, view_of
from kpi_tree.workspace.acting.measuring import VERDICTS, Effect
from kpi_tree.workspace.acting.remarked import RemarkView, remarks
from kpi_tree.workspace.acting.remarking import CONFIDENCE
from kpi_tree.workspace.acting.scoring import action_scores
from kpi_tree.workspace.base.homes import current_settings, end_of
from kpi_tree.workspace.causes.explained import in_words
from kpi_tree.workspace.documents.meetinglook import Looked
from kpi_tree.workspace.drafting.past import history
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.intake.inbox_batches import batches
from kpi_tree.workspace.judged.cards import age
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.trees import seen_through
from kpi_tree.workspace.news.sincethen import CLOSED, Changed, Turned
from kpi_tree.workspace.news.weeklywords import change_lines, gap_words

STATES: Mapping[str, Msg] = {
    "planned": msg("Planned"),
    "doing": msg("Being done"),
    "done": pmsg("action", "Done"),
    "dropped": msg("Dropped"),
}
MOST_NAMED = 8


def work(looked: Looked) -> list[Part]:
    """The open actions with what they are to bring, those closed since, and what earlier ones did."""
    return [_actions(looked), _effects(looked)]


def _actions(looked: Looked) -> Part:
    said = looked.said
    found = _all(looked)
    open_ones = sorted(
        (one for one in found if one.state in OPEN_STATES),
        key=lambda one: (not one.late, one.due is None, one.due or looked.at, one.id),
    )
    head = [msg("Action"), msg("State"), msg("Due"), msg("Expected effect"), msg("Moves")]
    rows = [_action(looked, one) for one in [*_closed(looked, found), *open_ones]]
    return Part(
        "actions",
        said(msg("Actions")),
        _coverage(looked),
        table=Table([said(one) for one in head], rows),
        empty=said(msg("No action is open.")),
    )


def _action(looked: Looked, one: ActionView) -> list[Cell]:
    state = looked.said(STATES[one.state])
    late = looked.said(msg("late")) if one.late else ""
    return [
        Cell(one.named(looked.lang), below=one.owner),
        Cell(f"{state} · {late}" if late else state, status="off_track" if late else
             "achieved" if one.state == "done" else ""),
        Cell(format_date(one.due, looked.lang) if one.due else ""),
        _effect(looked, one, one.expected),
        Cell(in_words(one.kpi_name, looked.lang)),
    ]  # fmt: skip


def _effect(looked: Looked, one: ActionView, value: float | None) -> Cell:
    if value is None:
        return Cell("", number=True)
    return Cell(effect_words(one, value, looked.lang, signed=True), value, number=True)


def _coverage(looked: Looked) -> list[str]:
    """How much of the gap has an action behind it, and which drivers have none."""
    if looked.goal is None:
        return []
    found: Coverage | None = None
    with suppress(KpiTreeError):
        found = gap_coverage(looked.home, looked.who, looked.goal.id, at=looked.at, plan_id=looked.plan.id)
    if found is None:
        return []
    words = [looked.said(gap_words(found, looked.lang))]
    if found.bare:
        named = ", ".join(in_words(name, looked.lang) for _, name in found.bare[:MOST_NAMED])
        more = len(found.bare) - MOST_NAMED
        bare = msg("Drivers without an open action: {names}.", names=named) if more <= 0 else nmsg(
            "Drivers without an open action: {names}, and {n} more.",
            "Drivers without an open action: {names}, and {n} more.", more, names=named)  # fmt: skip
        words.append(looked.said(bare))
    return words


def _all(looked: Looked) -> list[ActionView]:
    """The actions of the plan as it stands in the meeting."""
    plan = looked.plan
    return [view_of(looked.home, plan, one, looked.at) for one in plan.nodes.values() if one.kind == "action"]


def _closed(looked: Looked, found: Iterable[ActionView]) -> list[ActionView]:
    """Those done or dropped since the week began; none where the plan was not there before."""
    was: dict[str, str] = {}
    with suppress(NotFound):
        plan = plan_of(looked.home, looked.who, looked.plan.id, as_of=looked.since - timedelta(days=1))
        was = {one.id: one.state or "planned" for one in plan.nodes.values()}
    return [one for one in found if one.state in CLOSED and was.get(one.id, one.state) not in CLOSED]


def _effects(looked: Looked) -> Part:
    said = looked.said
    found = action_scores(looked.home, looked.who, looked.plan.id, at=looked.at)
    measured = [one for one in found.bets if one.effect is not None and one.effect.verdict != "too_early"]
    rows = [_bet(looked, one.action, one.effect) for one in measured if one.effect is not None]
    head = [msg("Action"), msg("Verdict"), msg("Expected"), msg("Measured"), msg("Interval"), msg("Window")]
    return Part(
        "effects",
        said(msg("What earlier actions did")),
        table=Table([said(one) for one in head], rows),
        empty=said(msg("No action's window is over yet.")),
    )


_LOOKS = {"confirmed": "achieved", "opposite": "off_track", "not_delivered": "at_risk"}


def _bet(looked: Looked, action: ActionView, effect: Effect) -> list[Cell]:
    low, high = (_effect(looked, action, one).text for one in (effect.low, effect.high))
    days = [format_date(one, looked.lang) for one in (effect.window.start, effect.window.last)]
    verdict = looked.said(VERDICTS[effect.verdict])
    return [
        Cell(action.named(looked.lang), below=in_words(action.kpi_name, looked.lang)),
        Cell(verdict, status=_LOOKS.get(effect.verdict, "")),
        _effect(looked, action, action.expected),
        _effect(looked, action, effect.measured),
        Cell(f"{low} – {high}" if low and high else "", number=True),
        Cell(" – ".join(days)),
    ]


def decisions(looked: Looked) -> list[Part]:
    """What was decided since the week began."""
    return [_spoken(looked, "decisions", msg("Decisions"), ("decision",), msg("Nothing was decided."))]


def spoken(looked: Looked) -> list[Part]:
    """Check-ins and comments since the week began."""
    kinds, nothing = ("check_in", "comment"), msg("Nothing was said.")
    return [_spoken(looked, "remarks", msg("Check-ins and comments"), kinds, nothing)]


def _spoken(looked: Looked, key: str, title: Msg, kinds: Iterable[str], nothing: Msg) -> Part:
    found = remarks(looked.home, looked.who, looked.plan.id, since=looked.since, until=looked.at)
    quotes = [_quote(looked, one) for one in found if one.kind in kinds]
    since = msg("Since {day}", day=looked.since)
    return Part(key, looked.said(title), quotes=quotes, note=looked.said(since) if quotes else "",
                empty=f"{looked.said(nothing)} {looked.said(since)}.")  # fmt: skip


def _quote(looked: Looked, one: RemarkView) -> Quote:
    said = looked.said
    by = [one.person, format_date(one.day, looked.lang)]
    if one.value is not None:
        currency = current_settings(looked.home).currency or None
        by.append(Quantity(one.value, one.unit, currency).in_language(looked.lang))
    if one.confidence:
        by.append(said(msg("confidence: {word}", word=CONFIDENCE[one.confidence])))
    following = said(msg("Next: {text}", text=one.next)) if one.next else ""
    return Quote(one.node_name.in_language(looked.lang), " · ".join(by), one.said, following)


def changes(looked: Looked) -> list[Part]:
    """What is not as it was before the week began."""
    said = looked.said
    title = said(msg("What changed"))
    found = changed(looked)
    if found is None:
        return [Part("changes", title, empty=said(msg("The plan is younger than a week.")))]
    entries = [Entry(said(one.words), plain=True) for one in change_lines(found, looked.views)]
    return [Part("changes", title, entries=entries, empty=said(msg("Nothing changed.")))]


def changed(looked: Looked) -> Changed | None:
    """Against the tree as it was known the day before the week began; None where there was none."""
    day = looked.since - timedelta(days=1)
    since, until = end_of(looked.home, day), end_of(looked.home, looked.at)
    assert since is not None
    assert until is not None
    try:
        then = seen_through(looked.home, looked.plan.id, day, Lens(as_known=day, structure=day, targets=day))
    except NotFound:
        return None
    was = {view.id: view.status for view in then if view.kind != "action"}
    turned = [
        Turned(view.id, was[view.id], view.status)
        for view in looked.views.values()
        if view.id in was and was[view.id] != view.status
    ]
    lines = history(looked.home, looked.who, looked.plan.id)
    return Changed(
        since,
        tuple(turned),
        tuple(one for one in batches(looked.home, looked.who) if since < one.at <= until and one.active),
        tuple(line for line in lines if since < line.at <= until and not line.undone and line.words),
        tuple(_closed(looked, _all(looked))),
    )


def freshness(looked: Looked) -> list[Part]:
    """Until when the numbers go, and which lie behind."""
    said = looked.said
    title = said(msg("Freshness"))
    dated = [view.data_through for view in looked.views.values() if view.data_through]
    if not dated:
        return [Part("freshness", title, empty=said(msg("No numbers yet.")))]
    newest = max(dated)
    ago = age(newest, looked.at, looked.lang)
    words = [said(msg("Numbers go through {day} ({age}).", day=newest, age=ago))]
    late = [view.named(looked.lang) for view in looked.views.values() if view.stale]
    if late:
        names = ", ".join(late[:MOST_NAMED])
        words.append(said(nmsg("{n} indicator is stale: {names}", "{n} indicators are stale: {names}",
                               len(late), names=names)))  # fmt: skip
    return [Part("freshness", title, words)]
