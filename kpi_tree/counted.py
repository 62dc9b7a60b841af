"""What is counted, in the reader's language: an order in a denominator, orders in a numerator."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kpi_tree.i18n import LANGUAGES, Msg, msg, pmsg, translate

THINGS: Mapping[str, tuple[Msg, Msg]] = {
    "order": (pmsg("unit", "order"), pmsg("unit", "orders")),
    "session": (pmsg("unit", "session"), pmsg("unit", "sessions")),
    "visitor": (pmsg("unit", "visitor"), pmsg("unit", "visitors")),
    "visit": (pmsg("unit", "visit"), pmsg("unit", "visits")),
    "customer": (pmsg("unit", "customer"), pmsg("unit", "customers")),
    "subscriber": (pmsg("unit", "subscriber"), pmsg("unit", "subscribers")),
    "follower": (pmsg("unit", "follower"), pmsg("unit", "followers")),
    "user": (pmsg("unit", "user"), pmsg("unit", "users")),
    "member": (pmsg("unit", "member"), pmsg("unit", "members")),
    "person": (pmsg("unit", "person"), pmsg("unit", "people")),
    "employee": (pmsg("unit", "employee"), pmsg("unit", "employees")),
    "lead": (pmsg("unit", "lead"), pmsg("unit", "leads")),
    "quote": (pmsg("unit", "quote"), pmsg("unit", "quotes")),
    "item": (pmsg("unit", "item"), pmsg("unit", "items")),
    "unit": (pmsg("unit", "unit"), pmsg("unit", "units")),
    "product": (pmsg("unit", "product"), pmsg("unit", "products")),
    "page": (pmsg("unit", "page"), pmsg("unit", "pages")),
    "post": (pmsg("unit", "post"), pmsg("unit", "posts")),
    "review": (pmsg("unit", "review"), pmsg("unit", "reviews")),
    "newsletter": (pmsg("unit", "newsletter"), pmsg("unit", "newsletters")),
    "email": (pmsg("unit", "e-mail"), pmsg("unit", "e-mails")),
    "event": (pmsg("unit", "event"), pmsg("unit", "events")),
    "keyword": (pmsg("unit", "keyword"), pmsg("unit", "keywords")),
    "click": (pmsg("unit", "click"), pmsg("unit", "clicks")),
    "impression": (pmsg("unit", "impression"), pmsg("unit", "impressions")),
    "view": (pmsg("unit", "view"), pmsg("unit", "views")),
    "ticket": (pmsg("unit", "ticket"), pmsg("unit", "tickets")),
    "call": (pmsg("unit", "call"), pmsg("unit", "calls")),
    "chat": (pmsg("unit", "chat"), pmsg("unit", "chats")),
    "return": (pmsg("unit", "return"), pmsg("unit", "returns")),
    "seller": (pmsg("unit", "seller"), pmsg("unit", "sellers")),
    "listing": (pmsg("unit", "listing"), pmsg("unit", "listings")),
    "share_of_post": (pmsg("unit", "share"), pmsg("unit", "shares")),
    "campaign": (pmsg("unit", "campaign"), pmsg("unit", "campaigns")),
    "store": (pmsg("unit", "store"), pmsg("unit", "stores")),
    "point": (pmsg("unit", "point"), pmsg("unit", "points")),
    "second": (pmsg("unit", "second"), pmsg("unit", "seconds")),
    "minute": (pmsg("unit", "minute"), pmsg("unit", "minutes")),
    "hour": (pmsg("unit", "hour"), pmsg("unit", "hours")),
    "day": (pmsg("unit", "day"), pmsg("unit", "days")),
    "week": (pmsg("unit", "week"), pmsg("unit", "weeks")),
    "month": (pmsg("unit", "month"), pmsg("unit", "months")),
    "year": (pmsg("unit", "year"), pmsg("unit", "years")),
}
"""A thing as :mod:`kpi_tree.units` names it → one of it, and several."""

_PLAIN = msg("plain number")
_MONEY = msg("money")


def counted(thing: str, lang: str, *, several: bool, currency: str | None = None) -> str:
    """A thing's name; one that nobody knows as it was typed. ``currency`` stands for money without a name.

    >>> counted("order", "en", several=True), counted("box", "en", several=True)
    ('orders', 'box')
    """
    if thing == "money":
        return currency or translate(_MONEY, lang)
    found = THINGS.get(thing)
    return translate(found[several], lang) if found else thing


def plain_number(lang: str) -> str:
    """What a formula comes out in that counts nothing.

    >>> plain_number("en")
    'plain number'
    """
    return translate(_PLAIN, lang)


def thing_of(word: str) -> str | None:
    """The thing that a word of any of our languages stands for; ``None`` where it is none of ours.

    >>> thing_of("Orders"), thing_of("box")
    ('order', None)
    """
    name = word.casefold()
    if name in _named("en"):  # the other catalogues are read for words that no program file uses
        return _named("en")[name]
    return next((_named(lang)[name] for lang in LANGUAGES if name in _named(lang)), None)


@cache
def _named(lang: str) -> Mapping[str, str]:
    """Every name of a thing in a language → the thing; the first where two have one name."""
    found: dict[str, str] = {"money": "money", translate(_MONEY, lang).casefold(): "money"}
    for thing, names in THINGS.items():
        for name in (thing, *(translate(each, lang) for each in names)):
            found.setdefault(name.casefold(), thing)
    return found
