"""Alerts: what was told, what is waited for, and by which ways people hear of it."""

from __future__ import annotations

from kpi_tree.ui.news import alertchannels, alertdigests, alertnews, alertrules
from kpi_tree.ui.pieces import planbar
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import t

session = current()
plan = cache.plan(session)
planbar.title(session, plan, t("Alerts"))
words = {"news": t("News"), "rules": t("Alerts"), "channels": t("Channels"), "digest": t("Digest")}
view = address.pick(
    t("View"), "view", list(words), "news", lambda one: words[one], label_visibility="collapsed"
)
with refusals():
    if view == "rules":
        alertrules.show(session, plan)
    elif view == "channels":
        alertchannels.show(session)
    elif view == "digest":
        alertdigests.show(session, plan)
    else:
        alertnews.show(session, plan)
