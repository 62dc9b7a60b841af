"""When to tell somebody, how often, and in which form: rules as pure values, and the ways out.

Nothing here knows of KPIs or of the store: a rule says what it waits for, :func:`step` says whether it is
time to tell, and a :class:`Message` goes out by :func:`post` or :func:`mail`.
"""

from kpi_tree.alerts.channels import CHANNEL_KINDS, Channel, channel_from
from kpi_tree.alerts.hooks import post
from kpi_tree.alerts.mails import mail
from kpi_tree.alerts.messages import Line, Message
from kpi_tree.alerts.quiet import Quiet
from kpi_tree.alerts.rules import KINDS, Rule, rule_from
from kpi_tree.alerts.steps import Sight, Standing, step

__all__ = [
    "CHANNEL_KINDS",
    "KINDS",
    "Channel",
    "Line",
    "Message",
    "Quiet",
    "Rule",
    "Sight",
    "Standing",
    "channel_from",
    "mail",
    "post",
    "rule_from",
    "step",
]
