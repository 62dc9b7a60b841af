"""The few segments that explain most of a difference, as every face shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpi_tree.i18n import InLanguage, Msg, Quantity, apart, format_percent, msg, translate
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.causes.explained import Part, in_words
from kpi_tree.workspace.judged.lens import dimension_words
from kpi_tree.workspace.judged.sides import Side

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Segments:
    """A set of segments: few, and most of the difference.

    Attributes:
        dims: the dimensions. parts: the segments, biggest first; ``where``: each one's values by dimension.
        share: of the difference. size: of the whole, on the mean of both sides.
    """

    dims: Key
    parts: tuple[Part, ...]
    where: tuple[Mapping[str, str], ...]
    share: float
    size: float


@dataclass(frozen=True, slots=True)
class Found:
    """What few segments explain most of a difference; ``sets`` the most telling first, none if none does.

    Attributes:
        looked: the dimensions looked at. new, gone: segments that are there on one side only.
        against: where none does, the dimension that tells most, and what pulled hardest up and down in it.
    """

    node: str
    name: str | InLanguage
    unit: str | None
    currency: str | None
    before: Side
    after: Side
    sets: tuple[Segments, ...]
    looked: tuple[str, ...]
    new: tuple[tuple[str, Part], ...]
    gone: tuple[tuple[str, Part], ...]
    against: tuple[str, Part, Part] | None = None

    @property
    def delta(self) -> float:
        """After less before."""
        return self.after.value - self.before.value

    def words(self, lang: str = "en") -> list[Msg]:
        """What stands out, or that nothing does; what is new, and what is gone."""
        spread = msg("No few segments stand out: the difference is spread over them as the whole is.")
        said = [self._set_words(self.sets[0], lang) if self.sets else spread]
        if not self.sets and self.against is not None:
            dim, up, down = self.against
            parts = {"up": self._named(up, lang), "down": self._named(down, lang)}
            said = [msg("Segments pulled against each other: by {dim}, {up} and {down} the hardest.",
                        dim=dimension_words(dim), **parts)]  # fmt: skip
        for dim, part in self.new[:1]:
            said.append(msg("New: {dim} {name}.", dim=dimension_words(dim), name=self._named(part, lang)))
        for dim, part in self.gone[:1]:
            said.append(msg("Gone: {dim} {name}.", dim=dimension_words(dim), name=self._named(part, lang)))
        return said

    def _named(self, part: Part, lang: str) -> str:
        unit = apart(self.unit)
        value = Quantity(part.value, unit, self.currency, signed=True).in_language(lang)
        return f"{in_words(part.name, lang)} ({value})"

    def _set_words(self, one: Segments, lang: str) -> Msg:
        parts = {
            "dims": " × ".join(dimension_words(dim).in_language(lang) for dim in one.dims),
            "names": ", ".join(self._named(part, lang) for part in one.parts),
            "share": format_percent(one.share, lang, decimals=0),
            "size": format_percent(one.size, lang, decimals=0),
        }
        return msg("By {dims}: {names} made {share} of the difference, being {size} of the whole.", **parts)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "node": self.node,
            "unit": self.unit,
            "delta": plain(self.delta),
            "sets": [
                {
                    "dims": list(one.dims), "share": plain(one.share), "size": plain(one.size),
                    "segments": [
                        {"where": dict(where), "value": plain(part.value), "share": plain(part.share),
                         "before": plain(part.before), "after": plain(part.after), "noise": part.noise}
                        for where, part in zip(one.where, one.parts, strict=True)
                    ],
                }
                for one in self.sets
            ],
            "looked": list(self.looked),
            "new": [{"dim": dim, "segment": part.id, "value": plain(part.value)} for dim, part in self.new],
            "gone": [{"dim": dim, "segment": part.id, "value": plain(part.value)} for dim, part in self.gone],
            "text": " ".join(translate(one, lang) for one in self.words(lang)),
        }  # fmt: skip
