"""The bet ledger: what was expected of every action beside what was measured, and the score by kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_tree.analysis.track_record import PRIOR, Outcome, Score, scores
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.store import Home
from kpi_tree.workspace.acting.ledger import ActionView, view_of
from kpi_tree.workspace.acting.measuring import Effect, measured_or_why
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.drafting.planning import plan as plan_of

RULE = msg(
    "Hit rate: confirmed ÷ measured. Next time's factor: the median of measured ÷ expected, drawn towards 1 "
    "as if {n} more actions had come out just as expected.",
    n=PRIOR,
)


@dataclass(frozen=True, slots=True)
class Bet:
    """An action with its effect, or why none can be read."""

    action: ActionView
    effect: Effect | None
    why: Msg | None = None

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "action": self.action.id,
            "name": self.action.named(lang),
            "kind": self.action.kind,
            "expected": plain(self.action.expected),
            "effect": self.effect.to_dict(lang) if self.effect else None,
            "why": translate(self.why, lang) if self.why else None,
        }


@dataclass(frozen=True, slots=True)
class BetLedger:
    """Every action whose window has closed or is open, and the score: all first, then by kind."""

    bets: tuple[Bet, ...]
    scores: tuple[Score, ...]

    def factor(self, kind: str) -> Score:
        """The score of a kind; of all actions where the kind has no case yet."""
        own = next((one for one in self.scores if one.kind == kind and kind and one.cases), None)
        return own or self.scores[0]

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "bets": [one.to_dict(lang) for one in self.bets],
            "scores": [
                {
                    "kind": one.kind or None,
                    "measured": one.judged,
                    "confirmed": one.confirmed,
                    "no_effect": one.no_effect,
                    "opposite": one.opposite,
                    "not_delivered": one.not_delivered,
                    "hit_rate": plain(one.hit_rate),
                    "cases": one.cases,
                    "ratio": plain(one.ratio),
                    "factor": plain(one.factor),
                }
                for one in self.scores
            ],
            "rule": translate(RULE, lang),
        }


@verb
def action_scores(home: Home, who: Asker, plan_id: str | None = None, *, at: date) -> BetLedger:
    """Every action's expected beside its measured effect, and how each kind of action has done so far.

    An action whose window is still open is listed as too early and counts nowhere.
    """
    plan = plan_of(home, who, plan_id)
    bets, outcomes = [], []
    for node in plan.nodes.values():
        if node.kind != "action":
            continue
        view = view_of(home, plan, node, at)
        found = measured_or_why(home, who, plan, node, at)
        effect = found if isinstance(found, Effect) else None
        if effect is None:
            why = found.message if not isinstance(found, Effect) and isinstance(found.message, Msg) else None
            bets.append(Bet(view, None, why or msg("It cannot be measured.")))
            continue
        bets.append(Bet(view, effect))
        outcomes.append(Outcome(view.kind, view.expected, effect.measured, effect.verdict))
    bets.sort(key=_order)
    return BetLedger(tuple(bets), tuple(scores(outcomes)))


def _order(bet: Bet) -> tuple[int, int, str]:
    """What was measured first, the latest on top; then what is open, was not done, or cannot be read."""
    if bet.effect is None:
        return 3, 0, bet.action.id
    place = {"too_early": 1, "not_delivered": 2}.get(bet.effect.verdict, 0)
    end = bet.effect.window.end.toordinal()
    return place, end if place == 1 else -end, bet.action.id
