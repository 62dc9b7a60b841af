"""Who sends a request: the token in its header, and how often it may come."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict

from starlette.requests import Request

from kpi_tree.api.problems import Problem
from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.store import Home
from kpi_tree.workspace.intake.api_tokens import Bearer, OverError, bearer_of, count_use

GUESSES, SECONDS = 20, 60.0
PLACES = 10_000


class Guesses:
    """Wrong tokens, counted by where they come from and which token they guess at. Kept in the process.

    Only guessing is slowed down: a right token of the same place goes through all the time.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: tuple[str, str], now: float) -> float:
        """Seconds to wait before the next guess; 0 when it may come."""
        with self._lock:
            times = [at for at in self._seen.get(key, []) if now - at < SECONDS]
            return SECONDS - (now - times[0]) if len(times) >= GUESSES else 0.0

    def wrong(self, key: tuple[str, str], now: float) -> None:
        """Count a wrong one."""
        with self._lock:
            self._seen[key] = [at for at in self._seen.pop(key, []) if now - at < SECONDS] + [now]
            while len(self._seen) > PLACES:
                self._seen.popitem(last=False)


def authorised(home: Home, request: Request, guesses: Guesses) -> Bearer:
    """Who the request speaks for; the request is counted.

    Raises:
        Problem: 401 without a token in force, 429 when too many requests come.
    """
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise _unknown(msg("This needs a token."))
    host = request.client.host if request.client else ""
    key, now = (host, text.strip().split("_", 2)[1][:20] if text.count("_") > 1 else ""), time.monotonic()
    wait = guesses.wait(key, now)
    if wait:
        raise too_many(wait)
    try:
        found = bearer_of(home, text)
    except OverError as error:
        guesses.wrong(key, now)
        raise _unknown(error.message, error.remedy, refused=True) from error
    if found is None:
        guesses.wrong(key, now)
        raise _unknown(msg("This token is not in force."), refused=True)
    wait = count_use(home, found.token)
    if wait:
        raise too_many(wait)
    return found


def _unknown(message: Msg, remedy: Msg | None = None, *, refused: bool = False) -> Problem:
    usual = msg(
        "Make a token on the data page and send it as {example}.", example="Authorization: Bearer kt_…"
    )
    asked = 'Bearer realm="kpi-tree"' + (', error="invalid_token"' if refused else "")
    return Problem(
        401, message, place="Authorization", remedy=remedy or usual, headers={"www-authenticate": asked}
    )


def too_many(wait: float) -> Problem:
    """A refusal that says when to come again."""
    seconds = max(1, math.ceil(wait))
    return Problem(
        429,
        msg("Too many requests."),
        place="Authorization",
        remedy=nmsg("Wait a second.", "Wait {n} seconds.", seconds),
        headers={"retry-after": str(seconds)},
    )
