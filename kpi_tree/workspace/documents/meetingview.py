"""A meeting's parts about where things stand: the goal, what asks for somebody, tree, verdicts, forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kpi_tree.exchange.drawing import Drawing, Look, to_svg
from kpi_tree.exchange.minutes import Cell, Part, Table
from kpi_tree.exchange.weekly import Entry, Weekly
from kpi_tree.i18n import Msg, Quantity, format_percent, msg, nmsg, translate
from kpi_tree.periods import Period, label
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.documents.meetinglook import Looked
from kpi_tree.workspace.judged.cards import cards, lines
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.news.weeklychart import finding, line_svg, path_svg
from kpi_tree.workspace.targeting.atstake import Stake, stakes

MOST_CARDS = 60
MOST_ASKING = 8


def headline(looked: Looked) -> Weekly:
    """The goal with its verdict and chart; what to do where there is none."""
    view, said = looked.goal, looked.said
    title = looked.plan.name or said(msg("KPI tree"))
    day = said(msg("As of {day}", day=looked.at))
    if view is None:
        return Weekly(title, day, lang=looked.lang, empty=said(msg("The plan has no goal yet.")))
    drawn = view.points and view.target is not None
    if drawn:
        looked.draws("goal", partial(path_svg, view, looked.lang, letters=False))
    calendar = calendar_of(current_settings(looked.home))
    span = Period(view.start, view.end, None, calendar) if view.start and view.end else None
    period = f" · {label(span, looked.lang)}" if span else ""
    return Weekly(
        title,
        day,
        goal=f"{view.named(looked.lang)}{period}",
        value=looked.number(view, view.actual, view.target).text or "–",
        target=looked.number(view, view.target, view.actual).text,
        status=view.status or "",
        status_word=looked.status(view.status).text,
        sentences=[said(one) for one in _sentences(looked, view)],
        chart="goal" if drawn else "",
        chart_alt=finding(view, looked.lang),
        lang=looked.lang,
    )


def _sentences(looked: Looked, view: NodeView) -> list[Msg]:
    found = [view.reason, *([view.turned.words()] if view.turned is not None else [])]
    return [*found, *landing_words(looked, view), *([view.needed_words] if view.needed_words else [])]


def landing_words(looked: Looked, view: NodeView) -> list[Msg]:
    """Where the period is likely to end and how likely it reaches the target, or why nobody can say."""
    seen = view.outlook
    if seen is None:
        return []
    if seen.value is None:
        return [msg("No forecast: {reason}", reason=seen.withheld)] if seen.withheld else []

    def value(amount: float | None) -> Quantity:
        return Quantity(amount, view.unit, view.currency, compact=True)

    if seen.low is None:
        return [msg("It lands at {value}.", value=value(seen.value))]
    parts = {"value": value(seen.value), "low": value(seen.low), "high": value(seen.high)}
    between = msg("It lands at {value}, between {low} and {high} in {n}% of cases.",
                  n=round(seen.level * 100), **parts)  # fmt: skip
    if seen.probability is None:
        return [between]
    share = chance(seen.probability, looked.lang)
    return [between, msg("The probability of reaching the target is {share}.", share=share)]


def chance(probability: float, lang: str) -> str:
    """A probability without false precision: simulated paths prove neither 0 nor 100 percent.

    >>> chance(0.001, "en"), chance(0.42, "en"), chance(1.0, "en")
    ('under 1%', '42%', 'over 99%')
    """
    least, most = (format_percent(share, lang, decimals=0) for share in (0.01, 0.99))
    if probability < 0.01:
        return translate(msg("under {share}", share=least), lang)
    if probability > 0.99:
        return translate(msg("over {share}", share=most), lang)
    return format_percent(probability, lang, decimals=0)


def attention(looked: Looked) -> list[Part]:
    """What asks for somebody, what costs the goal most first."""
    goal, said = looked.goal, looked.said
    found = [one for one in _stakes(looked) if one.node in looked.views]
    entries: list[Entry] = []
    for one in found[:MOST_ASKING]:
        view = looked.views[one.node]
        picture = looked.draws(f"line{len(entries)}", partial(line_svg, view)) if view.points else ""
        costs = said(one.words(goal.named(looked.lang))) if goal is not None and not looked.past else ""
        entries.append(
            Entry(
                view.named(looked.lang),
                f"{said(view.reason)} {costs}".strip(),
                " / ".join(
                    Quantity(value, view.unit, view.currency, compact=True).in_language(looked.lang)
                    for value in (view.actual, view.target)
                    if value is not None
                ),
                view.status or "",
                looked.status(view.status).text,
                picture=picture,
            )
        )
    more = len(found) - MOST_ASKING
    return [
        Part(
            "attention",
            said(msg("Needs attention")),
            entries=entries,
            note=said(nmsg("{n} more in the tree.", "{n} more in the tree.", more)) if more > 0 else "",
            empty=said(msg("No other indicator is off its path.")),
        )
    ]


def _stakes(looked: Looked) -> Sequence[Stake]:
    if not looked.past:
        return stakes(looked.home, looked.who, at=looked.at, plan_id=looked.plan.id)
    # What a miss costs is only known of the plan as it is; who asks for somebody is known of any day.
    from kpi_tree.workspace.targeting.atstake import WEIGHTS

    goal = looked.goal
    asking = [
        view for view in looked.views.values()
        if view.kind != "action" and view is not goal and view.status in WEIGHTS
        and (view.target is not None or view.status == "stale")
    ]  # fmt: skip
    asking.sort(key=lambda view: (-WEIGHTS[view.status or ""], view.id))
    return [Stake(view.id, view.status or "", None, None, None, goal.id if goal else "") for view in asking]


def drawn_tree(looked: Looked) -> list[Part]:
    """The tree as it is drawn, without actions: they have a part of their own; as a list for a phone."""
    said = looked.said
    levels = _levels([view for view in looked.views.values() if view.kind != "action"])
    shown = list(looked.views.values())
    pairs = [
        ({**card, "name": view.named(looked.lang)}, view)
        for card, view in zip(cards(looked.plan, shown, looked.at, looked.lang), shown, strict=True)
    ]
    boxes = [card for card, view in pairs if view.kind != "action"]
    there = {card["id"] for card in boxes}
    edges = [one for one in lines(looked.plan) if {one["parent"], one["child"]} <= there]
    drawing = Drawing(boxes, edges, "", "", looked.lang)

    def picture(list_: bool, *, dark: bool) -> str:
        look = Look("list" if list_ else "lr", "compact", "dark" if dark else "light", levels)
        return to_svg(drawing, look, letters=False)

    title = said(msg("The tree"))
    if not boxes:
        return [Part("tree", title, empty=said(msg("The plan has no goal yet.")))]
    return [
        Part(
            "tree",
            title,
            picture=looked.draws("tree", partial(picture, False)),
            narrow=looked.draws("list", partial(picture, True)),
            alt=_tree_words(looked),
            broad=True,
            note=said(msg("Drawn down to level {n}; the table has all with a target.", n=levels + 1))
            if levels is not None
            else "",
        )
    ]


def _levels(views: Sequence[NodeView]) -> int | None:
    """How many levels below the goal are drawn, so that the cards stay few enough to read; None for all."""
    if len(views) <= MOST_CARDS:
        return None
    deepest = max(view.depth for view in views)
    fitting = [n for n in range(1, deepest) if sum(view.depth <= n for view in views) <= MOST_CARDS]
    return max(fitting, default=1)


def _tree_words(looked: Looked) -> str:
    shown = [
        f"{view.named(looked.lang)}: {looked.status(view.status).text}"
        for view in looked.views.values()
        if view.kind != "action" and view.status
    ]
    return "; ".join(shown[:MOST_CARDS])


def verdicts(looked: Looked) -> list[Part]:
    """Every indicator with a target: its numbers, its status, and why."""
    said = looked.said
    rows = [
        [
            Cell(view.named(looked.lang), below=view.owner, depth=view.depth),
            looked.status(view.status),
            looked.number(view, view.actual, view.target),
            looked.number(view, view.target, view.actual),
            looked.number(view, view.expected, view.actual),
            Cell(said(view.reason)),
        ]
        for view in looked.views.values()
        if view.target is not None
    ]
    head = [msg("Indicator"), msg("Status"), msg("Actual"), msg("Target"), msg("Expected by now"), msg("Why")]
    table = Table([said(one) for one in head], rows, wide=True)
    return [
        Part(
            "verdicts", said(msg("Verdicts")), table=table, empty=said(msg("No indicator has a target yet."))
        )
    ]


def forecasts(looked: Looked) -> list[Part]:
    """Where each indicator with a target is likely to land."""
    said, goal = looked.said, looked.goal
    rows = []
    for view in looked.views.values():
        seen = view.outlook
        if view.target is None or seen is None or seen.value is None:
            continue
        low, high = (looked.number(view, one, seen.value) for one in (seen.low, seen.high))
        share = "" if seen.probability is None else chance(seen.probability, looked.lang)
        rows.append(
            [
                Cell(view.named(looked.lang), depth=view.depth),
                looked.number(view, seen.value, view.target), low, high,
                looked.number(view, view.target, seen.value),
                Cell(share, seen.probability, number=True),
            ]
        )  # fmt: skip
    head = [msg("Indicator"), msg("Lands at"), msg("Low"), msg("High"), msg("Target"), msg("Probability")]
    words = []
    if goal is not None and goal.outlook is not None and goal.outlook.value is not None:
        words = [said(msg("Method: {method}.", method=goal.outlook.method))]
        words += [said(goal.outlook.backtest.words())] if goal.outlook.backtest else []
    return [
        Part(
            "forecast",
            said(msg("Where it is likely to land")),
            table=Table([said(one) for one in head], rows),
            note=" ".join(words),
            empty=said(msg("No forecast can be made yet.")),
        )
    ]
