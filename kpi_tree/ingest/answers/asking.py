"""Refusals that one answer of a person settles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg


class AskError(Refused):
    """A file can be read once an option is chosen.

    Attributes:
        option: the option of the mapping to set: ``date_order``, ``decimal``, ``percent``, ``year``,
            ``either``, ``shop``, ``again``, or ``period`` for ``period_start`` and ``period_end``.
        example: the cell that can be read in several ways.
        choices: value of the option -> what the example would be.
    """

    def __init__(
        self,
        message: Msg,
        *,
        option: str,
        example: str = "",
        choices: Mapping[str, str] | None = None,
        place: str = "",
        remedy: Msg | None = None,
    ) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.option = option
        self.example = example
        self.choices = dict(choices or {})

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The refusal for JSON, with the option to set and what each choice would mean."""
        return {**super().to_dict(lang), "option": self.option, "choices": dict(self.choices)}
