"""The addresses that programs call. No cookie is read or set, and no other site's page may ask."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kpi_tree import workspace
from kpi_tree.api.bearer import Guesses, authorised
from kpi_tree.api.openapi import description
from kpi_tree.api.problems import NO_STORE, Problem, answer, language
from kpi_tree.api.uploads import Sent, receive
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import msg
from kpi_tree.records.leftovers import folder_of_own
from kpi_tree.store import Home
from kpi_tree.workspace import Receipt
from kpi_tree.workspace.intake.api_tokens import Bearer

LOG = logging.getLogger("kpi_tree.api")
KNOWN = re.compile(r"/api/(?:openapi\.json|batches/[^/]+)")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class ApiLimits:
    """What programs may ask of this server.

    Args:
        file_bytes: size of one file; it is written to disk as it comes, and read from there.
        loads: files that are read at the same time; others wait.
    """

    file_bytes: int = 2048 * 1024 * 1024
    loads: int = 2


class _Api:
    def __init__(self, home: Callable[[], Home], limits: ApiLimits) -> None:
        self.home, self.limits = home, limits
        self.guesses = Guesses()
        self._turns: anyio.CapacityLimiter | None = None

    async def post(self, request: Request) -> Response:
        """Load a file; 201 with its receipt, 200 where nothing was changed."""
        home, bearer = await self._opened(request)
        if home.read_only:
            raise Problem(
                503, msg("This home can only be read."), remedy=msg("Try again when it can be written to.")
            )
        with folder_of_own() as folder:
            sent = await receive(request, folder, self.limits.file_bytes)
            if self._turns is None:
                self._turns = anyio.CapacityLimiter(self.limits.loads)
            receipt = await anyio.to_thread.run_sync(self._load, home, bearer, sent, limiter=self._turns)
        made = not receipt.repeated and not receipt.dry_run
        headers = {"location": f"/api/batches/{receipt.batch}"} if made else {}
        return _json(request, receipt.to_dict(language(request)), 201 if made else 200, headers)

    def _load(self, home: Home, bearer: Bearer, sent: Sent) -> Receipt:
        return workspace.load_file(
            home, bearer.asker, sent.path, sent.name, only=bearer.only, **sent.arguments
        )

    async def batch(self, request: Request) -> Response:
        """A batch that the same token sent."""
        home, bearer = await self._opened(request)
        found = await run_in_threadpool(workspace.batch, home, bearer.asker, request.path_params["batch"])
        return _json(request, found.to_dict())

    async def described(self, request: Request) -> Response:
        """What there is to call."""
        return _json(request, description(self.limits.file_bytes), headers={"cache-control": "max-age=300"})

    async def nothing(self, request: Request) -> Response:
        """Every other address below ``/api``: not a page of the app; a known one is called otherwise."""
        path = request.url.path
        method = "POST" if path == "/api/batches" else "GET" if KNOWN.fullmatch(path) else ""
        if method:
            raise Problem(
                405,
                msg("This address takes no {method}.", method=request.method),
                place=path[:100],
                remedy=msg("Send it as {method}.", method=method),
                headers={"allow": method},
            )
        raise Problem(
            404,
            msg("There is nothing at this address."),
            place=request.url.path[:100],
            remedy=msg("The description is at {path}.", path="/api/openapi.json"),
        )

    async def _opened(self, request: Request) -> tuple[Home, Bearer]:
        home = await run_in_threadpool(self.home)
        return home, await run_in_threadpool(authorised, home, request, self.guesses)


def _json(request: Request, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    kept = {**NO_STORE, "content-language": language(request), "vary": "Accept-Language", **(headers or {})}
    return JSONResponse(body, status_code=status, headers=kept)


def _guarded(handler: Handler) -> Handler:
    """Every refusal as an answer in words; what nobody expected with a number that the log knows."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except KpiTreeError as error:
            return answer(error, language(request))
        except ClientDisconnect:
            return Response(status_code=400)  # nobody listens any more, and nothing was kept
        except Exception:
            number = secrets.token_hex(4)
            LOG.exception("Error %s in the API", number)
            failed = Problem(
                500,
                msg("Something went wrong here. Nothing was left half-done."),
                remedy=msg("Give the person who runs this app the number {number}.", number=number),
            )
            return answer(failed, language(request))

    return guarded


def routes(home: Callable[[], Home], limits: ApiLimits | None = None) -> list[Route]:
    """The routes of the API.

    Args:
        home: opens the home that files go into.
    """
    api = _Api(home, limits or ApiLimits())
    return [
        Route("/api/batches", _guarded(api.post), methods=["POST"]),
        Route("/api/batches/{batch}", _guarded(api.batch), methods=["GET"]),
        Route("/api/openapi.json", _guarded(api.described), methods=["GET"]),
        Route("/api/{path:path}", _guarded(api.nothing), methods=METHODS),
    ]
