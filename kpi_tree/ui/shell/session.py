"""Who looks, at what, in which language and as of which day: one value for a whole run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

import streamlit as st

from kpi_tree import clock, workspace
from kpi_tree.store import Home
from kpi_tree.ui.shell import start
from kpi_tree.workspace import Asker, Lens, Settings


@dataclass(frozen=True)
class Session:
    """What a page needs to ask the workspace anything.

    Args:
        today: the shop's own calendar day. ``at``: the day that the page looks as of.
        data, plan: the revisions this run shows (``plan`` of all plans together); part of every cache key.
        plan_id: the plan looked at; ``None`` in a home without one. ``plans``: id and name of all of them.
        lens: filter, period, comparison and past that the tree is looked through.
        remarks: the revision of check-ins and comments; what shows them has it in its key.
    """

    home: Home
    who: Asker
    settings: Settings
    today: date
    at: date
    data: int
    plan: int
    lens: Lens = field(default_factory=Lens)
    plan_id: str | None = None
    plans: tuple[tuple[str, str], ...] = ()
    remarks: int = 0

    @property
    def key(self) -> tuple[str, int, int, date, date, Lens, str | None]:
        """What a value on screen depends on, beside what was asked."""
        return (str(self.home.path), self.data, self.plan, self.today, self.at, self.lens, self.plan_id)

    @property
    def bare(self) -> Session:
        """The same without filter, period, comparison and past: for what is edited or judged as a whole."""
        return replace(self, lens=Lens())

    @property
    def looks_back(self) -> bool:
        """Whether the page looks as of another day than today."""
        return self.at != self.today or self.lens.looks_back


def open_session(at: date | None, lens: Lens | None = None, plan_id: str = "") -> Session:
    """Read once what this run stands on, and keep it for the fragments of the same page.

    Args:
        plan_id: the plan asked for; where there is none of this id, the first is taken.
    """
    opened = start.home()
    settings = workspace.settings(opened, start.OWNER)
    today = workspace.today_of(opened)
    names = workspace.plan_names(opened)
    session = Session(
        home=opened,
        who=start.OWNER,
        settings=settings,
        today=today,
        at=at or today,
        data=workspace.data_revision(opened),
        plan=workspace.plan_revision(opened),
        lens=lens or Lens(),
        plan_id=plan_id if plan_id in names else next(iter(names), None),
        plans=tuple(names.items()),
        remarks=workspace.remark_revision(opened),
    )
    st.session_state["_session"] = session
    return session


def current() -> Session:
    """The session of this run."""
    session: Session = st.session_state["_session"]
    return session


def now() -> datetime:
    """The instant of a change, taken once at the edge."""
    return clock.now()
