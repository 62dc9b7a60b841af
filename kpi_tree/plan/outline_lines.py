"""The lines of an outline: what each says, read letter by letter; and names that are read back as names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period, parse_shared_period
from kpi_tree.plan.field_readers import MAX_NAME
from kpi_tree.plan.outline_pasted import COMMENT, Plain, dressed, plain_lines, without_dress
from kpi_tree.plan.outline_values import FIELDS, NUMBER, read_number
from kpi_tree.plan.targets import TARGET_KINDS, Target

OPERATORS = "*/+-"
MAX_LINES = 5000
_SAME = {"×": "*", "÷": "/", "−": "-", "·": "*"}
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
MARK = re.compile(
    r"(?P<mark>[~～][+\-＋－]?|[*/+\-|>.×÷−·＊／＋－｜＞])(?:\s+|$)"
    r"|(?P<close>[*×÷+＊／＋｜＞])(?=[^\W\d_][^*]*$)"
)
"""The sign before a name; one that hardly any name begins with needs no blank behind it."""
_WORDS = rf"(?:{'|'.join(FIELDS)}):"
_PARTS = re.compile(
    r'\s*(?:\[(?P<id>[^\]\n]*)\]|@(?:"(?P<quoted>[^"\n]*)"|(?P<owner>[^\s@!\[=]+(?:\s+[^\s@!\[=:]+)*?)'
    rf"(?=\s*$|\s+(?:[\[@!=]|:=|{_WORDS})))"
    rf"|!(?P<target>{NUMBER}(?:\.\.{NUMBER})?)(?::(?P<period>[\w./-]+))?(?::(?P<kind>\w+))?(?=\s|$)"
    rf"|:=\s*(?P<formula>[^\n]+)|=\s*(?P<assumption>{NUMBER})(?=\s|$)"
    rf"|(?P<field>{'|'.join(FIELDS)}):(?P<said>[^\s@!\[=]+)(?=\s|$))"
)
_OPENS = r"(?:\[|@|![-+\d]|:=|=\s*[-+\d]|[!=](?=\s*$))"
_OPENS_OF_ACTION = rf"(?:{_OPENS}|{_WORDS})"
# A Japanese keyboard sets no blank before its own signs, and "visits=12000" is hardly a name.
_CLOSE = r"(?:[＠［]|[！＝]\s*[-+－＋\d]|=\s*[-+]?\d[\d.,]*(?=\s|$))"


@dataclass(frozen=True)
class Wanted:
    """A target as a line says it: ``!1200``, ``!1200:2026-Q3``, ``!900:2026-Q3:floor``, ``!3%..5%:2026``."""

    value: float
    period: Period | None = None
    kind: str = "goal"
    low: float | None = None
    high: float | None = None

    def on(self, target: Target) -> Target:
        """That target with what the line says; all else of it stays."""
        if self.low is not None and (self.low, self.high) == (target.low, target.high):
            return target
        return replace(target, value=self.value, low=self.low, high=self.high)


@dataclass
class Line:
    """One line as read."""

    number: int
    indent: int
    mark: str
    name: str
    id: str = ""
    owner: str = ""
    targets: list[Wanted] = field(default_factory=list)
    assumption: float | None = None
    formula: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        said = self.name[:40] or self.id[:40]
        return f"{self.number}: {said}" if said else str(self.number)


def read_lines(text: str, calendar: Calendar = DEFAULT_CALENDAR) -> list[Line]:
    """Every line that says something; FY is a year of the calendar. Raises Refused with the line's number."""
    found: list[Line] = []
    if text.count("\n") > MAX_LINES:
        raise Refused(
            msg("The outline has {n} lines; the limit is {limit}.", n=text.count("\n"), limit=MAX_LINES),
            remedy=msg("Split it into several plans."),
        )
    found += [_line(plain, calendar) for plain in plain_lines(text)]
    if not found:
        raise Refused(msg("The outline is empty."), remedy=msg("Write one KPI a line, parts indented below."))
    marks = {line.mark for line in found}
    if marks <= {"-", ""} or (len(marks) == 1 and found[0].mark in OPERATORS):  # no operators, but bullets
        found = [replace(line, mark="") for line in found]
    return found


def _line(plain: Plain, calendar: Calendar) -> Line:
    body, mark = plain.text, ""
    if match := MARK.match(body):
        mark = (match["mark"] or match["close"]).translate(_NARROW)
        mark = _SAME.get(mark, mark)
        body = body[match.end() :]
    body, ticked = without_dress(body)
    tail = _tail(mark == ">").search(f" {body}")
    at = tail.start() - (not tail[0]) if tail else len(body)
    made = Line(plain.number, plain.indent, mark, unsafe(body[:at].strip(), action=mark == ">"))
    if ticked and mark == ">":
        made.fields["state"] = "done"
    _read_tail(made, _narrow(body[at:]), calendar)
    if len(made.name) > MAX_NAME:
        raise Refused(
            msg("The name is {n} characters long; the limit is {limit}.", n=len(made.name), limit=MAX_NAME),
            place=made.place,
            remedy=msg("Shorten it."),
        )
    if not made.name and not made.id:
        raise Refused(
            msg("Line {line} has no name.", line=made.number),
            place=str(made.number),
            remedy=msg("Write one."),
        )
    return made


@lru_cache(maxsize=2)
def _tail(action: bool) -> re.Pattern[str]:
    """Where the name ends and the rest of a line begins."""
    return re.compile(rf"\s(?={_OPENS_OF_ACTION if action else _OPENS})|(?<!\\)(?={_CLOSE})")


def _narrow(tail: str) -> str:
    """What stands after the name, full-width signs as plain ones; a formula reads its own."""
    before, sign, formula = tail.partition(":=")
    parts = before.split('"')
    parts[::2] = [part.translate(_NARROW) for part in parts[::2]]
    return '"'.join(parts) + sign + formula


def _read_tail(line: Line, tail: str, calendar: Calendar) -> None:
    at = 0
    while at < len(tail) and tail[at:].strip():
        match = _PARTS.match(tail, at)
        if match is None or match.end() == at or (match["field"] and line.mark != ">"):
            raise _unreadable(line, tail[at:].strip())
        at = match.end()
        if match["id"] is not None:
            line.id = match["id"].strip()
        line.owner = match["quoted"] or match["owner"] or line.owner
        if match["target"]:
            line.targets.append(_wanted(match, line, calendar))
        if match["field"]:
            line.fields[match["field"]] = match["said"]
        if match["assumption"]:
            line.assumption = read_number(match["assumption"], line.place)
        line.formula = (match["formula"] or line.formula).strip()


def _unreadable(line: Line, rest: str) -> Refused:
    remedy = msg("After the name: [id], @owner, !target (or !target:2026-Q3), = assumption or := formula.")
    numbered = line.assumption is not None or bool(line.targets)
    if re.match(r"[!=]\s*[-+]?\d[\d.,\s]*[^\W\d_]", rest) or (numbered and rest[:1].isalpha()):
        remedy = msg("Write the number alone, without its unit: 12000, 3.5%, 1.2M.")
    elif line.mark == ">":
        remedy = msg(
            "After an action's name: @owner, state:doing, start:2026-10-01, due:2026-12-01, effect:5000, "
            "cost:2000, effort:12."
        )
    return Refused(
        msg("Line {line} cannot be read from {text} on.", line=line.number, text=rest[:30]),
        place=line.place,
        remedy=remedy,
    )


def _wanted(match: re.Match[str], line: Line, calendar: Calendar) -> Wanted:
    period, kind = match["period"], match["kind"]
    if kind is None and period in TARGET_KINDS:
        period, kind = None, period
    if kind is not None and kind not in TARGET_KINDS:
        raise Refused(
            msg("{text} is not a kind of target.", text=kind[:30]),
            place=line.place,
            remedy=msg("Choose one of: {names}.", names=", ".join(TARGET_KINDS)),
        )
    low, span, high = match["target"].partition("..")
    first = read_number(low, line.place)
    last = read_number(high, line.place) if span else first
    if span and not first < last:
        raise Refused(
            msg("A range runs from its lower end to its upper end."),
            place=line.place,
            remedy=msg("Write it as {example}.", example="!3..5:2026-Q3"),
        )
    ends = (first, last) if span else (None, None)
    asked = _period(period, line, calendar) if period else None
    return Wanted((first + last) / 2, asked, kind or "goal", *ends)


def _period(text: str, line: Line, calendar: Calendar) -> Period:
    try:
        return parse_shared_period(text, calendar)
    except KpiTreeError as error:
        raise Refused(error.message, place=line.place, remedy=error.remedy) from None


def safe(name: str, *, action: bool = False) -> str:
    """A name that is read as a name: a backslash before what would open a tail, a mark or a comment."""
    made = re.sub(_runs(action), r"\\\g<0>", name)
    return f"\\{made}" if _opens_line(name.lstrip("\\")) else made


def unsafe(name: str, *, action: bool = False) -> str:
    """The name that :func:`safe` wrote."""
    plain = re.sub(_runs(action), lambda run: run[0][1:], name)
    bare = plain.lstrip("\\")
    return plain[1:] if plain != bare and _opens_line(bare) else plain


def _runs(action: bool) -> str:
    """The backslashes, none or more, before what would open a tail."""
    opens = _OPENS_OF_ACTION if action else _OPENS
    return rf"(?<!\\)(?:(?<!\S)\\*(?={opens})|\\*(?={_CLOSE}))"


def _opens_line(bare: str) -> bool:
    """Whether a name would be read otherwise, alone or with something behind it."""
    return any(MARK.match(one) or one.startswith(COMMENT) or dressed(one) for one in (bare, f"{bare} x"))
