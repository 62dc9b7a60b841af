"""Guardrails of an experiment: what must not get worse while something else is pushed.

A guardrail is read by the same test and interval as any question of the experiment. Without a margin it is
broken where the whole interval lies on the worse side, and held where all of it lies on the better one. With
a margin (a share of the control that may be given away) it is held where the interval stays within it: that
it is not worse by more than that is then shown, not only not disproved (non-inferiority).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kpi_tree.analysis.experiment import Readout
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

State = Literal["held", "open", "broken"]


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What must not get worse. ``better``: ``up``, ``down``; ``margin``: share of the control given away."""

    metric: str
    better: Literal["up", "down"] = "up"
    margin: float = 0.0

    def state(self, found: Readout) -> State:
        """Whether it held, by the interval of arm ``b`` less arm ``a``.

        >>> from kpi_tree.analysis.arms import Arm
        >>> from kpi_tree.analysis.experiment import readout
        >>> found = readout(Arm("A", 10_000, 500), Arm("B", 10_000, 600))
        >>> Guardrail("refunded", "down").state(found), Guardrail("refunded", "down", 0.4).state(found)
        ('broken', 'held')
        """
        low, high = (-found.high, -found.low) if self.better == "up" else (found.low, found.high)
        given = self.margin * abs(found.a.mean)
        if high <= given:
            return "held"
        return "broken" if low > 0 else "open"


def guardrail(text: str) -> Guardrail:
    """A guardrail as it is typed: a name, then which way is better, then what may be given away.

    Raises:
        Refused: the way or the share can't be read, or the share isn't between 0 and 1.

    >>> guardrail("refunded:down:2%")
    Guardrail(metric='refunded', better='down', margin=0.02)
    """
    name, *rest = (part.strip() for part in text.split(":"))
    better, margin = "up", 0.0
    for part in rest:
        if part in ("up", "down"):
            better = part
            continue
        try:
            margin = float(part[:-1]) / 100 if part.endswith("%") else float(part)
        except ValueError:
            margin = -1.0
        if not 0 <= margin < 1:
            raise _unclear(text, part)
    if not name:
        raise _unclear(text, text)
    return Guardrail(name, "down" if better == "down" else "up", margin)


def _unclear(text: str, part: str) -> Refused:
    return Refused(
        msg("{text} is no guardrail: {part} cannot be read.", text=text[:80], part=part[:40]),
        place="guardrail",
        remedy=msg("Write its name, which way is better, and what may be given away: refunds:down:2%."),
    )
