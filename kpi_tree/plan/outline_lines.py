"""The lines of an outline: what each says, read letter by letter; and names that are read back as names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period, parse_period
from kpi_tree.plan.field_readers import MAX_NAME
from kpi_tree.plan.targets import TARGET_KINDS, Target

OPERATORS = "*/+-"
MAX_LINES = 5000
_SAME = {"×": "*", "÷": "/", "−": "-", "·": "*", "x ": "* "}
MARK = re.compile(r"(?P<mark>~[+-]?|[*/+\-|>.×÷−·])(?:\s+|$)")
_NUMBER = r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?"
_PARTS = re.compile(
    r'\s*(?:\[(?P<id>[^\]\n]*)\]|@(?:"(?P<quoted>[^"\n]*)"|(?P<owner>[^\s@!\[=]+))'
    rf"|!(?P<target>{_NUMBER}(?:\.\.{_NUMBER})?)(?::(?P<period>[\w./-]+))?(?::(?P<kind>\w+))?(?=\s|$)"
    rf"|:=\s*(?P<formula>[^\n]+)|=\s*(?P<assumption>{_NUMBER})(?=\s|$))"
)
_TAIL = re.compile(r"\s(?=\[|@|![-+\d]|:=|=\s*[-+\d])")


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

    @property
    def place(self) -> str:
        said = self.name[:40] or self.id[:40]
        return f"{self.number}: {said}" if said else str(self.number)


def read_lines(text: str) -> list[Line]:
    """Every line that says something. Raises Refused with the line's number."""
    found: list[Line] = []
    if text.count("\n") > MAX_LINES:
        raise Refused(
            msg("The outline has {n} lines; the limit is {limit}.", n=text.count("\n"), limit=MAX_LINES),
            remedy=msg("Split it into several plans."),
        )
    for number, raw in enumerate(text.expandtabs(4).splitlines(), 1):
        line = raw.replace("\u3000", "  ").rstrip()
        if not line.strip() or line.strip().startswith("# "):
            continue
        found.append(_line(number, line))
    if not found:
        raise Refused(msg("The outline is empty."), remedy=msg("Write one KPI a line, parts indented below."))
    marks = [line.mark for line in found]
    if "-" in marks and set(marks) <= {"-", ""}:  # a plain list: nothing is ever only subtracted
        found = [replace(line, mark="") for line in found]
    return found


def _line(number: int, line: str) -> Line:
    body = line.lstrip()
    indent = len(line) - len(body)
    mark = ""
    if match := MARK.match(body):
        mark = _SAME.get(match["mark"], match["mark"])
        body = body[match.end() :]
    tail = _TAIL.search(f" {body}")
    at = tail.start() if tail else len(body)
    made = Line(number, indent, mark, unsafe(body[:at].strip()))
    _read_tail(made, body[at:])
    if len(made.name) > MAX_NAME:
        raise Refused(
            msg("The name is {n} characters long; the limit is {limit}.", n=len(made.name), limit=MAX_NAME),
            place=made.place,
            remedy=msg("Shorten it."),
        )
    if not made.name and not made.id:
        raise Refused(
            msg("Line {line} has no name.", line=number), place=str(number), remedy=msg("Write one.")
        )
    return made


def _read_tail(line: Line, tail: str) -> None:
    at = 0
    while at < len(tail) and tail[at:].strip():
        match = _PARTS.match(tail, at)
        if match is None or match.end() == at:
            raise Refused(
                msg(
                    "Line {line} cannot be read from {text} on.",
                    line=line.number,
                    text=tail[at:].strip()[:30],
                ),
                place=line.place,
                remedy=msg(
                    "After the name: [id], @owner, !target (or !target:2026-Q3), = assumption or := formula."
                ),
            )
        at = match.end()
        if match["id"] is not None:
            line.id = match["id"].strip()
        line.owner = match["quoted"] or match["owner"] or line.owner
        if match["target"]:
            line.targets.append(_wanted(match, line))
        if match["assumption"]:
            line.assumption = _number(match["assumption"], line)
        line.formula = (match["formula"] or line.formula).strip()


def _wanted(match: re.Match[str], line: Line) -> Wanted:
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
    first = _number(low, line)
    last = _number(high, line) if span else first
    if span and not first < last:
        raise Refused(
            msg("A range runs from its lower end to its upper end."),
            place=line.place,
            remedy=msg("Write it as {example}.", example="!3..5:2026-Q3"),
        )
    ends = (first, last) if span else (None, None)
    return Wanted((first + last) / 2, _period(period, line) if period else None, kind or "goal", *ends)


def _period(text: str, line: Line) -> Period:
    try:
        return parse_period(text)
    except KpiTreeError as error:
        raise Refused(error.message, place=line.place, remedy=error.remedy) from None


def _number(text: str, line: Line) -> float:
    plain, share = (text[:-1], 100.0) if text.endswith("%") else (text, 1.0)
    plain = plain.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", plain) else plain
    try:
        return float(plain.replace(",", ".")) / share
    except ValueError:
        raise Refused(
            msg("{text} is not a number.", text=text[:30]),
            place=line.place,
            remedy=msg("Write it as 1234.5 or 3%."),
        ) from None


_OPENS = r"(?:\[|@|![-+\d]|:=|=\s*[-+\d])"


def safe(name: str) -> str:
    """A name that is read as a name: a backslash before what would open a tail, a mark or a comment."""
    made = re.sub(rf"(^|\s)(?=\\*{_OPENS})", r"\1\\", name)
    return f"\\{made}" if MARK.match(made.lstrip("\\")) or made.lstrip("\\").startswith("# ") else made


def unsafe(name: str) -> str:
    """The name that :func:`safe` wrote."""
    plain = re.sub(rf"(^|\s)\\(?=\\*{_OPENS})", r"\1", name)
    bare = plain.lstrip("\\")
    return plain[1:] if plain != bare and (MARK.match(bare) or bare.startswith("# ")) else plain
