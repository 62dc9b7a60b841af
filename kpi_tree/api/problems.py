"""What went wrong, as ``application/problem+json`` (RFC 9457): what, where and what to do, in words."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kpi_tree.errors import Conflict, Denied, KpiTreeError, NotFound
from kpi_tree.i18n import LANGUAGES, Msg, language_of
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.workspace import DriftedError, NothingUsableError

MEDIA = "application/problem+json"
NO_STORE = {"cache-control": "no-store"}


class Problem(KpiTreeError):
    """A refusal that belongs to HTTP: its status, and headers that go with it."""

    def __init__(
        self,
        status: int,
        message: Msg,
        *,
        place: str = "",
        remedy: Msg | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.status, self.headers = status, dict(headers or {})


def language(request: Request) -> str:
    """The language of ours that the client likes best.

    >>> from starlette.requests import Request
    >>> head = [(b"accept-language", b"fr, ja;q=0.4, nb-NO;q=0.8")]
    >>> language(Request({"type": "http", "headers": head}))
    'nb'
    """
    best: tuple[float, str] | None = None
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        known = language_of(name)
        ours = name.split("-")[0].lower() in {*LANGUAGES, "no", "nn"}
        if ours and weight > 0 and (best is None or weight > best[0]):
            best = (weight, known)
    return best[1] if best else "en"


def status_of(error: KpiTreeError) -> int:
    """The HTTP status that a refusal stands for."""
    if isinstance(error, Problem):
        return error.status
    for kind, status in ((Denied, 403), (NotFound, 404), (Conflict, 409), (DriftedError, 409)):
        if isinstance(error, kind):
            return status
    return 422


def _answers(error: AskError) -> list[dict[str, Any]]:
    """What can be answered: each choice with the mapping to send the file again with; its options go beside
    those of a mapping that was sent already."""
    return [
        {"means": reading, "mapping": {"options": {error.option: value}}}
        for value, reading in error.choices.items()
    ]


def answer(error: KpiTreeError, lang: str) -> Response:
    """A refusal as an answer."""
    status, said = status_of(error), error.to_dict(lang)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": said["message"],
        "where": said["place"],
        "remedy": said["remedy"],
    }
    if isinstance(error, AskError):
        body |= {"option": error.option, "choices": error.choices, "answers": _answers(error)}
    if isinstance(error, NothingUsableError):
        body["receipt"] = error.receipt.to_dict(lang)
    headers = {**NO_STORE, "content-language": lang, "vary": "Accept-Language"}
    if isinstance(error, Problem):
        headers |= error.headers
    return JSONResponse(body, status_code=status, media_type=MEDIA, headers=headers)
