"""A plan as a file: JSON or YAML, versioned, read with the place of whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan import rules
from kpi_tree.plan.model import Plan

FORMAT = "kpi-tree plan"
VERSION = 1
MAX_CHARACTERS = 20_000_000
_FIELDS = (
    "format",
    "version",
    "id",
    "name",
    "notes",
    "language",
    "events",
    "capacity",
    "capacity_unit",
    "revision",
    "nodes",
    "edges",
    "targets",
    "actions",
)


def to_dict(plan: Plan) -> dict[str, Any]:
    """The plan as the file has it: format and version first, actions only once (they are nodes)."""
    body = plan.to_dict()
    del body["actions"]
    return {"format": FORMAT, "version": VERSION, **body}


def to_json(plan: Plan) -> str:
    """The plan as a JSON file's text, for people too: indented, letters as they are."""
    return json.dumps(to_dict(plan), ensure_ascii=False, indent=2) + "\n"


def to_yaml(plan: Plan) -> str:
    """The plan as a YAML file's text."""
    return yaml.safe_dump(to_dict(plan), allow_unicode=True, sort_keys=False, width=100)


def from_json(text: str) -> Plan:
    """Reads a plan file, JSON or YAML.

    Raises:
        Refused: not such a file, of a newer version, or with something wrong in it; names the line or the
            field, and the remedy. Nothing is half-read.

    >>> from_json('{"format": "kpi-tree plan", "version": 99}')
    Traceback (most recent call last):
    ...
    kpi_tree.errors.Refused: version: The plan file is of version 99; this program reads up to version 1. \
Update the program, or export the plan from the older one.
    """
    if len(text) > MAX_CHARACTERS:
        raise Refused(
            msg("The file has {n} characters; the limit is {limit}.", n=len(text), limit=MAX_CHARACTERS),
            remedy=msg("Split the plan."),
        )
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise Refused(msg("The file is empty."), remedy=msg("Choose a plan file that was exported here."))
    try:
        data = _parse_json(text) if text.lstrip()[0] in "{[" else _parse_yaml(text)
    except RecursionError:
        raise Refused(
            msg("The file is nested too deeply to be a plan."),
            remedy=msg("Choose a plan file that was exported here."),
        ) from None
    return from_dict(data)


from_text = from_json
"""The same function under the name that says it reads both forms."""


def from_dict(data: Any) -> Plan:
    """A plan from a file's content, its version and rules checked. Raises Refused with the place."""
    _check_head(data)
    plan = Plan.from_dict(data)
    wrong = [issue for issue in rules.check(plan) if issue.level == "error"]
    if wrong:
        raise Refused(wrong[0].message, place=f"nodes[{wrong[0].place}]", remedy=wrong[0].remedy)
    return plan


def _check_head(data: Any) -> None:
    remedy = msg("Choose a plan file that was exported here.")
    if not isinstance(data, Mapping) or not ({"format", "nodes"} & set(data)):
        raise Refused(msg("This is not a plan file."), remedy=remedy)
    if data.get("format", FORMAT) != FORMAT:
        raise Refused(msg("This is not a plan file."), place="format", remedy=remedy)
    version = data.get("version", VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise Refused(msg("The version is not a number."), place="version", remedy=remedy)
    if version > VERSION:
        raise Refused(
            msg(
                "The plan file is of version {version}; this program reads up to version {known}.",
                version=version,
                known=VERSION,
            ),
            place="version",
            remedy=msg("Update the program, or export the plan from the older one."),
        )
    for field in data:
        if field not in _FIELDS:
            raise Refused(
                msg("There is no field {name}.", name=str(field)[:40]),
                place=str(field)[:40],
                remedy=did_you_mean(str(field), _FIELDS, msg("Leave it out.")),
            )


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Refused(
            msg(
                "The file is not good JSON at line {line}, column {column}.",
                line=error.lineno,
                column=error.colno,
            ),
            place=_snippet(text, error.lineno),
            remedy=msg("Correct it there, or export the plan again."),
        ) from None
    except ValueError as error:  # an integer of thousands of digits
        raise Refused(msg("The file holds a number that is too long."), remedy=msg("Shorten it.")) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(
            msg("The field {name} stands twice.", name=twice[:40]), place=twice[:40], remedy=msg("Keep one.")
        )
    return made


def _no_number(text: str) -> float:
    raise Refused(msg("{text} is not a number.", text=text), remedy=msg("Use null where there is no value."))


def _snippet(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1].strip()[:60] if 0 < line <= len(lines) else ""


class _Loader(yaml.SafeLoader):
    """Plain values only; no aliases (they can blow up), no key twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(names)) != len(names):
            raise yaml.constructor.ConstructorError(None, None, "a field stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _parse_yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            raise Refused(
                msg("This is not a plan file."), remedy=msg("Choose a plan file that was exported here.")
            ) from None
        raise Refused(
            msg(
                "The file is not good YAML at line {line}, column {column}.",
                line=mark.line + 1,
                column=mark.column + 1,
            ),
            place=_snippet(text, mark.line + 1),
            remedy=msg("Correct it there, or export the plan again."),
        ) from None
    except ValueError as error:  # an impossible date, a number too long
        raise Refused(
            msg("The file holds a value that cannot be read: {why}.", why=str(error)[:100]),
            remedy=msg("Put it in quotes, or correct it."),
        ) from None
