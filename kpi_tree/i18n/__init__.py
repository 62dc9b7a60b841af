"""Words, numbers and dates in the reader's language.

A layer below the screen never speaks: it makes a :class:`Msg` (a message id with its values) and
the face that shows it (page, command line, HTTP) calls :func:`translate`. The English text is the
message id; ``kpi_tree/locale/<lang>/LC_MESSAGES/kpi_tree.po`` holds the others.
"""

from kpi_tree.i18n.formats import (
    format_apart,
    format_change,
    format_date,
    format_datetime,
    format_money,
    format_number,
    format_percent,
    format_value,
)
from kpi_tree.i18n.messages import LANGUAGES, Msg, language_of, msg, nmsg, pmsg, translate
from kpi_tree.i18n.quantity import InLanguage, Quantity, apart

__all__ = [
    "LANGUAGES",
    "InLanguage",
    "Msg",
    "Quantity",
    "apart",
    "format_apart",
    "format_change",
    "format_date",
    "format_datetime",
    "format_money",
    "format_number",
    "format_percent",
    "format_value",
    "language_of",
    "msg",
    "nmsg",
    "pmsg",
    "translate",
]
