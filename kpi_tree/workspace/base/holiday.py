"""The days known beforehand of a shop: public holidays of its country, and the plan's own events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.core import get_global

from kpi_tree.analysis.known_days import KnownDay
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.targets import Event
from kpi_tree.workspace.base.types import Settings

NO_COUNTRY = "none"
"""The setting of a shop that no public holiday touches."""


def countries_of(settings: Settings) -> tuple[str, ...]:
    """The countries whose public holidays count: as set, else the one that the time zone lies in.

    >>> countries_of(Settings(timezone="Asia/Tokyo")), countries_of(Settings(country="NO, SE"))
    (('JP',), ('NO', 'SE'))
    """
    if settings.country == NO_COUNTRY:
        return ()
    if settings.country:
        return tuple(code.strip() for code in settings.country.split(",") if code.strip())
    found = get_global("zone_territories").get(settings.timezone, "")
    return (found,) if found in supported() else ()


@lru_cache(maxsize=1)
def supported() -> tuple[str, ...]:
    """Two-letter codes of the countries whose holidays are known."""
    import holidays  # takes a third of a second: only where somebody forecasts

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def refuse_unknown_countries(value: str) -> None:
    """Refuses a setting that names a country without known holidays."""
    if value == NO_COUNTRY:
        return
    for code in filter(None, (part.strip() for part in value.split(","))):
        if code not in supported():
            raise Refused(
                msg("{value} is not a country whose public holidays are known.", value=code[:20]),
                place="country",
                remedy=msg("Give two capital letters, such as NO, or several: NO,SE."),
            )


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> tuple[tuple[date, str], ...]:
    """A country's public holidays of a year, by day; none where none are known.

    >>> public_holidays("NO", 2026)[0]
    (datetime.date(2026, 1, 1), "New Year's Day")
    """
    import holidays

    if country not in supported():
        return ()
    found = holidays.country_holidays(country, years=[year], language=_language(country), observed=False)
    return tuple(sorted(found.items()))


def _language(country: str) -> str | None:
    """English names where the library has them: they only tell one holiday from another."""
    import holidays

    languages = holidays.country_holidays(country).supported_languages
    return "en_US" if "en_US" in languages else None


OURS: Mapping[str, tuple[str, ...]] = {"en": ("en_GB", "en_US"), "nb": ("no",), "ja": ("ja",)}
"""Languages of ours -> what the library calls them."""
NAMED_YEARS = range(2016, 2033)
"""Years whose holidays lend their names: more than one, because some fall on each other in one year."""


@lru_cache(maxsize=64)
def _names(country: str, lang: str) -> Mapping[str, str]:
    """The name that tells a holiday from others -> its name in a language, else in the country's own."""
    import holidays

    known = holidays.country_holidays(country)
    found = [one for one in OURS.get(lang, ()) if one in known.supported_languages]
    language = found[0] if found else known.default_language
    shown = holidays.country_holidays(country, years=NAMED_YEARS, language=language, observed=False)
    keys = {day: name for year in NAMED_YEARS for day, name in public_holidays(country, year)}
    return {name: shown[day] for day, name in sorted(keys.items(), reverse=True) if day in shown}


def day_words(names: Iterable[str], lang: str) -> list[str]:
    """Known days as :meth:`Unlike.days` names them, in a language; two of one name say of which country.

    >>> day_words(["NO Christmas Day", "Sale"], "nb"), day_words(["NO Good Friday"], "ja")
    (['Første juledag', 'Sale'], ['Langfredag'])
    """
    found: list[tuple[str, str]] = []
    for name in names:
        country, _, holiday = name.partition(" ")
        shown = _names(country, lang).get(holiday) if country in supported() else None
        found.append((shown, country) if shown else (name, ""))
    said = [name for name, _ in found]
    return [f"{name} ({of})" if of and said.count(name) > 1 else name for name, of in found]


@dataclass(frozen=True)
class Unlike:
    """What is known beforehand of single days.

    Attributes:
        countries: whose public holidays count. events: the plan's campaigns and closures.
        weighted: whether the weights of events are meant for these values: for a flow. What a campaign does
            to a rate or a stock only history can tell.
    """

    countries: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    weighted: bool = True

    def days(self, first: date, last: date, end: date) -> tuple[KnownDay, ...]:
        """The known days from ``first``, counted from the end of the data on ``last``, before ``end``."""
        found = []
        for country in self.countries:
            for year in range(first.year, end.year + 1):
                found += [
                    KnownDay((day - last).days - 1, f"{country} {name}")
                    for day, name in public_holidays(country, year)
                    if first <= day < end
                ]
        for event in self.events:
            day = max(event.period.start, first)
            while day < min(event.period.end, end):
                weight = event.weight if self.weighted else None
                found.append(KnownDay((day - last).days - 1, event.name, weight))
                day += timedelta(days=1)
        return tuple(found)
