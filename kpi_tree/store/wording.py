"""Messages as JSON, so that what is kept today can be read in another language tomorrow."""

from __future__ import annotations

import json
from typing import Any

from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg


def packed(message: Msg | str | None) -> Any:
    """A message as JSON data.

    >>> packed(Msg("{n} rows", params={"n": 3}))
    {'id': '{n} rows', 'plural': None, 'n': None, 'params': {'n': 3}}
    """
    if message is None:
        return None
    if isinstance(message, str):
        message = Msg(message)
    params = {name: _value(value) for name, value in message.params.items()}
    return {"id": message.id, "plural": message.plural, "n": message.n, "params": params}


def _value(value: Any) -> Any:
    if isinstance(value, Msg):
        return {"message": packed(value)}
    return value if isinstance(value, bool | int | float | str) else str(value)


def unpacked(said: Any) -> Msg | None:
    """The message that :func:`packed` made.

    >>> str(unpacked(packed(Msg("{what} here", params={"what": Msg("no")}))))
    'no here'
    """
    if not said:
        return None
    params = {
        name: unpacked(value["message"]) if isinstance(value, dict) else value
        for name, value in said["params"].items()
    }
    return Msg(said["id"], plural=said["plural"], n=said["n"], params=params)


def packed_error(error: KpiTreeError) -> str:
    """A refusal as JSON text."""
    said = {"message": packed(error.message), "place": error.place, "remedy": packed(error.remedy)}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def unpacked_error(text: str | None) -> KpiTreeError | None:
    """The refusal that :func:`packed_error` kept."""
    if not text:
        return None
    said = json.loads(text)
    return KpiTreeError(unpacked(said["message"]) or "", place=said["place"], remedy=unpacked(said["remedy"]))
