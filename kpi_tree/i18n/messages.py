"""Messages that are translated late, from gettext catalogues read by Babel."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES: Mapping[str, str] = {"en": "English", "nb": "Norsk bokmål", "ja": "日本語"}
"""Language code → the language's own name, in the order of the switch."""

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


@dataclass(frozen=True, slots=True)
class Msg:
    """A message id with its values, not yet in any language.

    >>> str(Msg("{n} rows", params={"n": 3}))
    '3 rows'
    """

    id: str
    plural: str | None = None
    n: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    context: str = ""

    def __str__(self) -> str:
        return translate(self, "en")


def msg(text: str, /, **params: Any) -> Msg:
    """Mark a text for the catalogues and carry its values (``{name}`` fields).

    >>> str(msg("No KPI is named {id}.", id="salse"))
    'No KPI is named salse.'
    """
    return Msg(text, params=params)


def nmsg(singular: str, plural: str, n: int, /, **params: Any) -> Msg:
    """The same with a count; ``{n}`` is filled in by itself.

    >>> str(nmsg("{n} row", "{n} rows", 1)), str(nmsg("{n} row", "{n} rows", 1200))
    ('1 row', '1,200 rows')
    """
    return Msg(singular, plural=plural, n=n, params={"n": n, **params})


def pmsg(context: str, text: str, /, **params: Any) -> Msg:
    """The same for a text that means two things: the context tells translators which ("Change", noun).

    >>> str(pmsg("noun", "Change"))
    'Change'
    """
    return Msg(text, params=params, context=context)


def translate(message: Msg | str | None, lang: str = "en") -> str:
    """The message in a language, its numbers and dates in that language's format.

    Values may be numbers, dates, other messages, plain text (put in as it is), or anything with an
    ``in_language(lang)`` method, such as :class:`kpi_tree.i18n.Quantity`.
    An unknown language falls back to English.
    """
    if message is None:
        return ""
    if isinstance(message, str):
        message = Msg(message)
    catalogue = _catalogue(language_of(lang))
    if message.plural is not None and message.n is not None:
        text = catalogue.ngettext(message.id, message.plural, message.n)
    elif message.id:
        text = _single(catalogue, message)
    else:
        return ""
    if not message.params:
        return text
    return text.format(**{key: _shown(value, lang) for key, value in message.params.items()})


def _single(catalogue: gettext.NullTranslations, message: Msg) -> str:
    """A text of one form; where its context has no translation of its own, the one without."""
    if message.context:
        text = catalogue.pgettext(message.context, message.id)
        if text != message.id:
            return text
    return catalogue.gettext(message.id)


def language_of(locale: str | None) -> str:
    """The language of ours that suits a browser's locale best.

    >>> [language_of(x) for x in ("nb-NO", "no", "nn-NO", "ja-JP", "en-GB", "fr", None)]
    ['nb', 'nb', 'nb', 'ja', 'en', 'en', 'en']
    """
    head = (locale or "en").replace("_", "-").split("-")[0].lower()
    head = {"no": "nb", "nn": "nb"}.get(head, head)
    return head if head in LANGUAGES else "en"


def _shown(value: Any, lang: str) -> str:
    from kpi_tree.i18n import formats
    from kpi_tree.i18n.quantity import InLanguage

    if isinstance(value, Msg):
        return translate(value, lang)
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float):
        return formats.format_number(value, lang)
    if isinstance(value, datetime):
        return formats.format_datetime(value, lang)
    if isinstance(value, date):
        return formats.format_date(value, lang)
    # Last, because it looks at the value's methods, which takes longer than all of the above.
    return value.in_language(language_of(lang)) if isinstance(value, InLanguage) else str(value)


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    path = LOCALE_DIR / lang / "LC_MESSAGES" / "kpi_tree.po"
    if lang == "en" or not path.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
