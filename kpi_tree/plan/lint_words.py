"""Remarks about a tree: what they are made of, why each matters, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.issues import Issue, Level
from kpi_tree.plan.edits import Edit


class LintKpi(Protocol):
    """What is asked of a catalogue entry here."""

    @property
    def rollup(self) -> str:
        """How a longer period's value is formed."""

    @property
    def unit(self) -> str:
        """Its unit; what it counts where the program does not know better."""

    @property
    def guardrail(self) -> str | None:
        """The KPI that must not get worse while this one is pushed."""

    @property
    def name(self) -> Mapping[str, str]:
        """Its name in each language."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding.

    Attributes:
        issue: what is the matter, where (a node id), and the remedy.
        why: why it matters.
        fix: edits that mend it with one click; empty where a person has to think.
    """

    issue: Issue
    why: Msg
    fix: tuple[Edit, ...] = ()

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON, texts in the language asked."""
        return {**self.issue.to_dict(lang), "why": translate(self.why, lang), "fix": list(self.fix)}


WHY: Mapping[str, Msg] = {
    "orphan": msg("What hangs nowhere serves no goal that anyone can see."),
    "two_roots": msg("One tree answers to one goal."),
    "no_root": msg("Without a goal nobody can say what the rest is for."),
    "cycle": msg("A number that depends on itself has no value."),
    "bad_formula": msg("A formula that cannot be read gives no number."),
    "unknown_name": msg("A formula gives no value while one of its parts is missing."),
    "unknown_kpi": msg("What the catalogue does not know is never measured."),
    "wrong_edge": msg("The kind of a line says how its two ends belong together."),
    "unit_clash": msg("Adding unlike things gives a number that means nothing."),
    "unit_size": msg("Adding minutes to hours gives a number that means nothing."),
    "unit_result": msg("A number under the wrong unit is read wrongly."),
    "divides_by_zero": msg("What is divided by zero has no value."),
    "percent_added": msg("A percentage added by itself moves a large number by next to nothing."),
    "not_in_formula": msg("A part that the formula leaves out changes nothing above it."),
    "could_be_formula": msg("What is computed from its parts shows at once which of them moved it."),
    "no_lever": msg("A number that nobody can act on can only be watched."),
    "only_lagging": msg("What is known only afterwards comes too late to steer by."),
    "no_guardrail": msg("What is pushed alone is often pushed at the cost of something else."),
    "no_owner": msg("What is everybody's is nobody's."),
    "no_effect": msg("Without an expected effect nobody can say whether it was worth it."),
    "no_window": msg("An effect without days can be neither counted in a period nor measured."),
    "action_tie": msg("What waits for something that never comes is never done."),
    "near_duplicate": msg("Two names for one thing end in two numbers for it."),
    "no_data": msg("A KPI without data is never more than a wish."),
    "no_baseline": msg("Without a start there is no way to say how far it is."),
    "too_many_children": msg("More than seven at a time is more than people keep in mind."),
    "too_deep": msg("Each further level is one step further from what people do."),
    "too_many_key_kpis": msg("Where everything is important, nothing is."),
}
ROLLUP_WHY = msg("A value formed the wrong way over time is a wrong number with the right name.")

# What to do, where it is the same for every node: made once, since a tree may have thousands of remarks.
NAME_OWNER = msg("Say who answers for it.")
ADD_LEVER = msg("Hang an action below it, or break it down further.")
HANG_IT = msg("Hang it below what it moves, or take it out.")
COMPUTE_IT = msg("Let it be computed from them.")
USE_IT = msg("Put it into the formula, or make the line an influence.")
NAME_GUARD = msg("Name a KPI that must not get worse meanwhile.")
LOAD_LATER = msg("Load its data when there is some.")
LOAD_IT = msg("Load its data, type a value as an assumption, or give it a formula.")
GROUP_THEM = msg("Group them under two or three.")
KEEP_ONE = msg("Keep one and draw a second line to it.")


def remark(level: Level, code: str, text: Msg, node: str, remedy: Msg, fix: tuple[Edit, ...] = ()) -> Remark:
    """A remark of one of the kinds of :data:`WHY` about a node."""
    return Remark(Issue(level, code, text, node, remedy), WHY[code], fix)
