"""The shop's settings, and whether its home is whole."""

from __future__ import annotations

import functools
from typing import Any
from zoneinfo import available_timezones

import streamlit as st
from babel import Locale
from babel.dates import get_day_names, get_month_names

from kpi_tree import workspace
from kpi_tree.i18n import LANGUAGES
from kpi_tree.i18n.formats import locale_of
from kpi_tree.ui.shell import cache, changes, start
from kpi_tree.ui.shell.parts import Fact, facts
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, nt, t
from kpi_tree.workspace import Settings
from kpi_tree.workspace.base.holiday import NO_COUNTRY, countries_of, supported

CURRENCIES = ("", "NOK", "SEK", "DKK", "EUR", "GBP", "USD", "JPY", "CHF", "PLN", "ISK", "AUD", "CAD")


def show(session: Session) -> None:
    """The form."""
    kept, plan = session.settings, cache.plan(session)
    with st.form("shop", width=560):
        name = st.text_input(t("Name of the plan"), plan.name, max_chars=200) if plan else None
        said = {**_time(kept), **_money_and_words(kept)}
        if st.form_submit_button(t("Save"), type="primary"):
            workspace.change_settings(session.home, session.who, now=now(), **_changed(kept, said))
            if plan and name is not None and name != plan.name:
                changes.edit(session, plan, [{"op": "set_plan", "field": "name", "after": name}])
            st.toast(t("Saved."), icon=":material/check:")
            st.rerun()


def _time(kept: Settings) -> dict[str, Any]:
    locale = locale_of(current_language())
    days, months = get_day_names("wide", locale=locale), get_month_names("wide", locale=locale)
    zones = _zones()
    return {
        "timezone": st.selectbox(
            t("Time zone"),
            zones,
            index=zones.index(kept.timezone),
            help=t("Decides which day an order belongs to."),
        ),
        "country": ",".join(
            st.multiselect(
                t("Public holidays of"),
                supported(),
                default=[code for code in countries_of(kept) if code in supported()],
                format_func=_country,
                help=t("Forecasts count them in, as far as they made a difference before."),
            )
        )
        or NO_COUNTRY,
        "week_start": st.selectbox(
            t("The week starts on"), range(7), index=kept.week_start, format_func=lambda day: days[day]
        ),
        "fiscal_start_month": st.selectbox(
            t("The business year starts in"),
            range(1, 13),
            index=kept.fiscal_start_month - 1,
            format_func=lambda month: months[month],
        ),
        "stale_after_days": int(
            st.number_input(
                t("Numbers are stale after this many days"), 0, 3650, kept.stale_after_days, step=1
            )
        ),
    }


def _country(code: str) -> str:
    return str(Locale.parse(locale_of(current_language())).territories.get(code, code))


@functools.cache
def _zones() -> list[str]:
    """Every time zone of this machine; finding them walks a folder of files."""
    return sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def _money_and_words(kept: Settings) -> dict[str, Any]:
    currencies = list(dict.fromkeys([*CURRENCIES, kept.currency]))
    languages = ["", *LANGUAGES]
    return {
        "currency": st.selectbox(
            t("Currency"),
            currencies,
            index=currencies.index(kept.currency),
            format_func=lambda code: code or t("as the records say"),
        ),
        "language": st.selectbox(
            t("Language where a reader has chosen none"),
            languages,
            index=languages.index(kept.language) if kept.language in languages else 0,
            format_func=lambda code: LANGUAGES.get(code) or t("as the browser asks"),
        ),
    }


def _changed(kept: Settings, said: dict[str, Any]) -> dict[str, Any]:
    if said["country"] == (",".join(countries_of(kept)) or NO_COUNTRY):
        said["country"] = kept.country  # as it was: by the time zone, if so
    return {name: value for name, value in said.items() if getattr(kept, name) != value}


def home_state(session: Session) -> None:
    """Whether journal, tables and files agree, on request; and how much there is."""
    st.header(t("This home"))
    batches = cache.batches(session)
    state = start.health()
    facts(
        [
            Fact(t("Batches"), str(len(batches))),
            Fact(t("Changes to the plan"), str(session.plan)),
            Fact(t("Database"), t("whole") if state.get("integrity") == "ok" else t("damaged")),
            Fact(t("Room on the disk"), t("{n} GB", n=round(state.get("disk_free_mb", 0) / 1024))),
        ]
    )
    if st.button(t("Check everything"), icon=":material/fact_check:", key="check_home"):
        with st.spinner(t("Checking")):
            found = workspace.check(session.home, session.who, clean=False, lang=current_language())
        if found["ok"]:
            st.success(t("Journal, tables and files agree."), icon=":material/check_circle:")
        else:
            problems = found["problems"]
            st.error(nt("{n} problem", "{n} problems", len(problems)), icon=":material/error:")
            st.dataframe(problems)
