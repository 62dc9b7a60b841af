"""What if: the drivers of a number moved by hand, and what it would be then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from kpi_tree import workspace
from kpi_tree.i18n import Quantity, apart
from kpi_tree.ui.causes import scenariocharts, scenariokeep, supposing
from kpi_tree.ui.shell import cache, parts
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.parts import Fact
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, number, percent, plain, pt, say, t
from kpi_tree.workspace import Change, NodeView, Sought, WhatIf
from kpi_tree.workspace.causes.explained import in_words
from kpi_tree.workspace.causes.supposed import Lever

MOST, FARTHEST, SAMPLES = 8, 50, 4000
"""Drivers shown, the strongest first; percent that a slider moves each; draws of chance."""


def show(session: Session, view: NodeView) -> None:
    """The section: a slider and a value for each driver, the result beside them, kept scenarios below."""
    if not view.formula or view.actual is None or session.lens.where or session.lens.looks_back:
        return
    if st.query_params.get(supposing.SET) or st.query_params.get(supposing.SCENARIO):
        st.session_state.setdefault(f"whatif_{view.id}", True)
    _work(session, view)


@st.fragment
def _work(session: Session, view: NodeView) -> None:
    """Opening the box or moving a slider computes this part of the page only, a closed box nothing."""
    box = st.expander(t("What if"), icon=":material/tune:", key=f"whatif_{view.id}", on_change="rerun")
    if not box.open:
        return
    with box, refusals():
        changes = supposing.asked(session, view.id)
        start = found_for(session, view.id, {})
        found = found_for(session, view.id, changes) if changes else start
        scenariokeep.bar(session, view.id, changes)
        left, right = st.columns([3, 2], gap="large")
        with left:
            st.caption(t("Move what it is made of: in percent of what it is now, or to a value."))
            for lever in start.levers[:MOST]:
                lever_row(session, view.id, lever, changes, start.currency)
        with right:
            result(found, bool(changes))
            _seek(session, view, start, changes)
        one, other = st.columns(2, gap="large")
        with one:
            scenariocharts.tornado(session, start)
        with other:
            scenariocharts.density(session, found, supposing.write(changes))
        scenariokeep.beside(session, view.id, found)


def found_for(session: Session, node: str, changes: Mapping[str, Change]) -> WhatIf:
    """A scenario, once for a revision."""
    found: WhatIf = cache.kept(
        session, "whatif", node, supposing.write(dict(sorted(changes.items()))),
        make=lambda: workspace.whatif(
            session.home, session.who, node, changes, at=session.at, samples=SAMPLES,
            plan_id=session.plan_id,
        ),
    )  # fmt: skip
    return found


def lever_row(
    session: Session, node: str, lever: Lever, changes: Mapping[str, Change], currency: str | None
) -> None:
    """One driver: a slider in percent and its value; what is moved last counts."""
    if lever.base is None:
        return
    name = plain(in_words(lever.name, current_language()))
    by, value = amounts(lever, changes.get(lever.id))
    scale = 100.0 if lever.unit == "percent" else 1.0
    big = abs(lever.base * scale) >= 100
    slider = _hand(f"whatif_{node}_{lever.id}", _on_slider(by), 0.5)
    box = _hand(f"whatif_{node}_{lever.id}_value", value * scale, 0.5 if big else 0.005)
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    left.slider(
        name, -FARTHEST, FARTHEST, int(slider.shown), format="%+d%%", key=slider.key,
        help=_usual(lever, currency), on_change=lambda: _slid(session, node, lever, slider),
    )  # fmt: skip
    right.number_input(
        _unit(lever, currency), value=box.shown, key=box.key, step=_step(lever.base * scale),
        format="%.0f" if big else "%.2f", on_change=lambda: _typed(session, node, lever, box, scale),
    )  # fmt: skip


@dataclass
class _Hand:
    """A widget that a person moves while the page is still answering its last move.

    It is not told its own value again: that would take back what was done meanwhile. What another one
    changed is shown by a new widget, so that an old answer of this one is never taken for a new one.

    Attributes:
        shown: what it began with. last: what it said last.
    """

    name: str
    shown: float
    last: float
    count: int = 0

    @property
    def key(self) -> str:
        return f"{self.name}_{self.count}" if self.count else self.name

    def says_more(self) -> bool:
        """Whether it says something else than last time; a run that was broken off makes it speak again."""
        said = float(st.session_state[self.key])
        again, self.last = said == self.last, said
        return not again


def _hand(name: str, value: float, digit: float) -> _Hand:
    """The widget for a value; another one where the value is not what this one said last."""
    known = st.session_state.get(f"_hand_{name}")
    if not isinstance(known, _Hand):
        known = _Hand(name, value, value)
    elif abs(known.last - value) > digit or known.key not in st.session_state:  # the box was closed meanwhile
        known = _Hand(name, value, value, known.count + 1)
    st.session_state[f"_hand_{name}"] = known
    return known


def amounts(lever: Lever, change: Change | None) -> tuple[float, float]:
    """How far a driver is moved, as a share, and its value then.

    >>> lever = Lever("orders", "Orders", None, None, None, base=200.0)
    >>> amounts(lever, Change(0.1, relative=True)), amounts(lever, Change(250.0)), amounts(lever, None)
    ((0.1, 220.00000000000003), (0.25, 250.0), (0.0, 200.0))
    """
    base = lever.base or 0.0
    if change is None:
        return 0.0, base
    if change.relative:
        return change.value, base * (1 + change.value)
    return (change.value / base - 1 if base else 0.0), change.value


def _slid(session: Session, node: str, lever: Lever, slider: _Hand) -> None:
    if not slider.says_more():
        return
    change = Change(slider.last / 100, relative=True) if slider.last else None
    supposing.put(session, node, lever.id, change)


def _typed(session: Session, node: str, lever: Lever, box: _Hand, scale: float) -> None:
    if not box.says_more():
        return
    value = box.last / scale
    same = lever.base is not None and abs(value - lever.base) <= 1e-9 * abs(lever.base)
    supposing.put(session, node, lever.id, None if same else Change(value))


def _on_slider(by: float) -> int:
    return max(-FARTHEST, min(FARTHEST, round(by * 100)))


def _unit(lever: Lever, currency: str | None) -> str:
    if lever.unit == "percent":
        return t("Value in %")
    return t("Value in {unit}", unit=currency) if lever.unit == "money" and currency else t("Value")


def _step(size: float) -> float:
    """About a hundredth, a round number.

    >>> _step(25_022.0), _step(2.9)
    (100.0, 0.01)
    """
    if not size:
        return 1.0
    return float(10 ** max(-2, len(str(int(abs(size)))) - 3)) if abs(size) >= 10 else 0.01


def _usual(lever: Lever, currency: str | None) -> str:
    """What its own weeks ever were."""
    if lever.low is None or lever.high is None:
        return t("Too little history to say what is usual.")
    low, high = (plain(number(one, lever.unit, currency)) for one in (lever.low, lever.high))
    return t("Its weeks so far lay between {low} and {high}, counted over as many days.", low=low, high=high)


def result(found: WhatIf, moved: bool) -> None:
    """The number then, beside the number now; what chance does to it; warnings."""

    def said(value: float | None) -> str:
        return number(value, found.unit, found.currency)

    parts.headline(said(found.result), said(found.base) if moved else "", t("So far, if it were so"))
    unit = apart(found.unit)
    change = Quantity(found.change, unit, found.currency, signed=True).in_language(current_language())
    facts = [Fact(pt("noun", "Change"), change)] if moved else []
    if found.samples:
        low, high = (number(one, found.unit, found.currency, compact=True) for one in (found.p10, found.p90))
        facts.append(Fact(t("By chance alone"), f"{low} – {high}", t("8 cases of 10, from its own past")))
    if found.aimed is not None and found.aimed.chance is not None:
        words = (
            t("Chance of the target") if found.aimed.kind == "target" else t("Chance of being on the path")
        )
        aim = number(found.aimed.value, found.unit, found.currency, compact=True)
        facts.append(Fact(words, percent(found.aimed.chance), t("at least {value}", value=aim)
                          if found.direction == "up" else t("at most {value}", value=aim)))  # fmt: skip
    parts.facts(facts)
    for flag in found.flags:
        st.markdown(f":material/{'block' if flag.kind == 'impossible' else 'history'}: {say(flag.message)}")
    if found.withheld is not None:
        st.caption(say(found.withheld))


def _seek(session: Session, view: NodeView, start: WhatIf, changes: Mapping[str, Change]) -> None:
    """What one driver would have to be for the goal; a click supposes it."""
    lang = current_language()
    names = {one.id: in_words(one.name, lang) for one in start.levers}
    with st.popover(t("What would it take?"), icon=":material/my_location:", key="whatif_seek"):
        leaf = st.selectbox(
            t("Driver that moves"), list(names), format_func=names.__getitem__, key="seek_leaf"
        )
        usual = start.aimed.value if start.aimed else start.base * 1.1
        scale = 100.0 if start.unit == "percent" else 1.0
        goal = st.number_input(
            t("For {name} to be", name=plain(in_words(start.name, lang))),
            value=usual * scale, key="seek_goal", step=_step(start.base * scale),
            format="%.0f" if abs(start.base * scale) >= 100 else "%.2f",
        )  # fmt: skip
        others = {name: one for name, one in changes.items() if name != leaf}
        found: Sought = cache.kept(
            session, "seek", view.id, leaf, goal, supposing.write(others),
            make=lambda: workspace.seek_value(
                session.home, session.who, view.id, str(leaf), goal=goal / scale, at=session.at,
                changes=others, plan_id=session.plan_id,
            ),
        )  # fmt: skip
        name = plain(names[str(leaf)])
        if found.value is None:
            st.markdown(t("{name} alone cannot bring it there.", name=name))
            return
        value, base = (plain(number(one, found.unit, start.currency)) for one in (found.value, found.base))
        by = percent(found.change, 1) if found.change is not None else "–"
        st.markdown(t("{name} would have to be **{value}** instead of {base} ({by}).", name=name, value=value,
                      base=base, by=f"{'+' if (found.change or 0) > 0 else ''}{by}"))  # fmt: skip
        for flag in found.flags:
            st.caption(
                f":material/{'block' if flag.kind == 'impossible' else 'history'}: {say(flag.message)}"
            )
        st.button(t("Suppose it"), key="seek_take", type="primary", on_click=supposing.put,
                  args=(session, view.id, found.leaf, Change(found.value)))  # fmt: skip
