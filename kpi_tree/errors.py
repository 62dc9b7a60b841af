"""The one base of every refusal: what is wrong, where, and what to do about it."""

from __future__ import annotations

from typing import Any

from kpi_tree.i18n import Msg, msg, translate


class KpiTreeError(Exception):
    """A refusal that a person can act on.

    Args:
        message: what is wrong, made by :func:`kpi_tree.i18n.msg`.
        place: where, as plain text: a file and cell, a node id, an option's name. May be empty.
        remedy: what to do about it. May be left out only where the message says it.

    >>> str(KpiTreeError(msg("The file is empty."), place="a.csv", remedy=msg("Choose another file.")))
    'a.csv: The file is empty. Choose another file.'
    """

    def __init__(self, message: Msg | str, *, place: str = "", remedy: Msg | str | None = None) -> None:
        self.message = message if isinstance(message, Msg) else Msg(message)
        self.place = place
        self.remedy = remedy if isinstance(remedy, Msg) or remedy is None else Msg(remedy)
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """The whole refusal as one line in the language asked."""
        words = translate(self.message, lang)
        if self.place:
            words = f"{self.place}: {words}"
        return f"{words} {translate(self.remedy, lang)}" if self.remedy else words

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The refusal for JSON: ``message``, ``place``, ``remedy``."""
        return {
            "message": translate(self.message, lang),
            "place": self.place,
            "remedy": translate(self.remedy, lang) if self.remedy else "",
        }


class Refused(KpiTreeError):
    """The request is understood and not carried out; nothing was changed."""


class Cancelled(Refused):
    """A person stopped a long job; nothing was changed.

    >>> str(Cancelled())
    'You stopped it. Nothing was changed.'
    """

    def __init__(self) -> None:
        super().__init__(msg("You stopped it. Nothing was changed."))


class NotFound(KpiTreeError):
    """A name that nothing here carries."""


class Conflict(KpiTreeError):
    """Somebody else changed the same field since the caller looked.

    Attributes:
        mine: the value that was to be written.
        theirs: the value that stands now.
    """

    def __init__(
        self,
        message: Msg | str,
        *,
        mine: Any,
        theirs: Any,
        place: str = "",
        remedy: Msg | str | None = None,
    ) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.mine = mine
        self.theirs = theirs


class Denied(KpiTreeError):
    """The person who asks may not do this."""


__all__ = ["Cancelled", "Conflict", "Denied", "KpiTreeError", "NotFound", "Refused", "msg"]
